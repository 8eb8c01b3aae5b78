import { type CheckedLimit, isCount, limitFault } from './limit-check.ts';

/** What a request is charged at one limit: the greater of the two. */
export interface Charge {
  readonly limit: string;
  /** A weight that a link states; 0 if none does. */
  readonly fixed: number;
  /** True if the weight of the request itself counts. */
  readonly own: boolean;
}

type Limits = ReadonlyMap<string, CheckedLimit>;

/**
 * Everything that a request of `id` is charged to, its own limit first, then in the order of the links.
 * @throws LimitError `invalid-limits` for a link to nothing, a link twice, a cycle, and a weight that is none.
 */
export function chargesOf(id: string, limits: Limits): readonly Charge[] {
  const charges = new Map<string, Charge>();
  follow({ limit: id, fixed: 0, own: true }, [], limits, charges);
  return [...charges.values()];
}

function follow(charge: Charge, path: readonly string[], limits: Limits, charges: Map<string, Charge>): void {
  const { limit: id } = charge;
  const before = charges.get(id);
  // A way that adds nothing to an earlier one is not gone again: many ways between few limits would take for ever.
  if (before !== undefined && charge.fixed <= before.fixed && (before.own || !charge.own)) return;
  charges.set(id, {
    limit: id,
    fixed: Math.max(charge.fixed, before?.fixed ?? 0),
    own: charge.own || before?.own === true,
  });
  const onward = [...path, id];
  const named = new Set<string>();
  for (const [at, link] of (limits.get(id)?.links ?? []).entries()) {
    const field = `links[${at}]`;
    if (typeof link !== 'object' || link === null) throw limitFault(id, field, 'an object', link);
    if (!limits.has(link.id)) throw limitFault(id, `${field}.id`, 'the id of a limit', link.id);
    if (onward.includes(link.id)) {
      const cycle = [...onward.slice(onward.indexOf(link.id)), link.id].join(' > ');
      throw limitFault(id, `${field}.id`, 'no cycle', cycle);
    }
    if (named.has(link.id)) throw limitFault(id, `${field}.id`, 'each limit once', link.id);
    named.add(link.id);
    if (link.weight !== undefined && !isCount(link.weight))
      throw limitFault(id, `${field}.weight`, 'a whole number from 1', link.weight);
    const passedOn = {
      limit: link.id,
      fixed: link.weight ?? charge.fixed,
      own: link.weight === undefined && charge.own,
    };
    follow(passedOn, onward, limits, charges);
  }
}
