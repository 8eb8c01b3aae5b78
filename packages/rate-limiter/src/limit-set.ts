import { createLimit, type Limit, type Scope, type WindowMeters } from './limit.ts';
import { type CheckedLimit, checkDefinition, type LimitDefaults, limitFault, shown } from './limit-check.ts';
import { type LimitDefinition, lanes, type Patience } from './limit-definition.ts';
import { LimitError } from './limit-error.ts';
import { type Charge, chargesOf } from './limit-links.ts';
import type { Meter } from './meter.ts';
import { type Charges, type RequestCounts, RequestQueue } from './request-queue.ts';
import { tokenBucket } from './token-bucket.ts';

/** What requests name: its queues, one for each lane. */
export interface RequestKind {
  readonly id: string;
  readonly queues: readonly RequestQueue[];
  /**
   * The shortest allowance of all windows that count it, in milliseconds; `Infinity` if none does. A bucket without one is a pace of
   * our own choice, which no server counts.
   */
  readonly allowanceMs: number;
  /** The same, of the windows that end with the reply: a bucket has none that could be missed. */
  readonly lateAfterMs: number;
  readonly counts: RequestCounts;
}

/** All limits of a limiter, ready for use. */
export interface LimitSet {
  readonly limits: ReadonlyMap<string, Limit>;
  readonly kinds: ReadonlyMap<string, RequestKind>;
  readonly scopes: ReadonlyMap<string, Scope>;
}

/** What a set is made with. */
export interface LimitSetOptions {
  readonly defaults: LimitDefaults;
  readonly patience: Patience;
  readonly nowMs: number;
  /** The set before a change: what is in use stays in use. */
  readonly before?: LimitSet | undefined;
}

/**
 * Checks definitions, each by itself and against each other, and makes what counts them. Nothing is changed if anything is wrong.
 * @throws LimitError `invalid-limits`.
 */
export function createLimitSet(definitions: readonly LimitDefinition[], options: LimitSetOptions): LimitSet {
  const checked = checkAll(definitions, options.defaults);
  const charges = new Map([...checked.keys()].map((id) => [id, chargesOf(id, checked)]));
  for (const [id, all] of charges) checkWeights(id, all, checked);
  const scopes = scopesOf(checked, options.before);
  const limits = limitsOf(checked, scopes, options);
  const kinds = [...checked].map(([id, { weight }]) => {
    const kind = kindOf(id, charges.get(id) ?? [], weight, limits, options);
    return [id, kind] as const;
  });
  return { limits, scopes, kinds: new Map(kinds) };
}

function checkAll(
  definitions: readonly LimitDefinition[],
  defaults: LimitDefaults,
): Map<string, CheckedLimit> {
  if (!Array.isArray(definitions)) throw limitFault('list', 'limits', 'a list', definitions);
  const checked = new Map<string, CheckedLimit>();
  for (const [at, definition] of definitions.entries()) {
    if (typeof definition !== 'object' || definition === null)
      throw limitFault(`${at}`, 'definition', 'an object', definition);
    const limit = checkDefinition(definition, defaults);
    if (checked.has(limit.id)) throw limitFault(limit.id, 'id', 'each id once', limit.id);
    checked.set(limit.id, limit);
  }
  if (checked.size === 0) throw limitFault('list', 'limits', 'at least one limit', 'none');
  return checked;
}

/** A request of the usual weight has to fit into every window that counts it, or nobody could ever make one. */
function checkWeights(
  id: string,
  charges: readonly Charge[],
  checked: ReadonlyMap<string, CheckedLimit>,
): void {
  const weight = checked.get(id)?.weight ?? 1;
  for (const charge of charges) {
    const needed = Math.max(charge.fixed, charge.own ? weight : 0);
    for (const [at, { policy, byLane }] of (checked.get(charge.limit)?.windows ?? []).entries()) {
      const options = byLane[0];
      const most = options === undefined ? 0 : policy.createMeter(options).capacity;
      if (most >= needed) continue;
      const expected = `at least ${needed}, the weight of a request of ${id}`;
      const got = most === options?.ceiling ? most : `${most}, as the allowance takes the rest`;
      throw limitFault(charge.limit, `windows[${at}].capacity`, expected, got === most ? most : got);
    }
  }
}

function scopesOf(
  checked: ReadonlyMap<string, CheckedLimit>,
  before: LimitSet | undefined,
): Map<string, Scope> {
  const scopes = new Map<string, Scope>();
  for (const { scope: id } of checked.values()) {
    if (scopes.has(id)) continue;
    scopes.set(id, before?.scopes.get(id) ?? { id, closedUntilMs: Number.NEGATIVE_INFINITY, reason: '' });
  }
  return scopes;
}

function limitsOf(
  checked: ReadonlyMap<string, CheckedLimit>,
  scopes: ReadonlyMap<string, Scope>,
  { before, nowMs }: LimitSetOptions,
): Map<string, Limit> {
  const limits = new Map<string, Limit>();
  for (const [id, limit] of checked) {
    const scope = scopes.get(limit.scope);
    if (scope !== undefined) limits.set(id, createLimit(limit, scope, before?.limits.get(id), nowMs));
  }
  return limits;
}

function kindOf(
  id: string,
  all: readonly Charge[],
  weight: number,
  limits: ReadonlyMap<string, Limit>,
  { before, patience }: LimitSetOptions,
): RequestKind {
  const patiences = [0, patience.place, patience.query, patience.background];
  const counts = before?.kinds.get(id)?.counts ?? { admitted: 0, refused: 0, late: 0 };
  const queues = lanes.map((_, lane) => {
    const charges = laneCharges(all, weight, limits, lane);
    return new RequestQueue(id, lane, charges, patiences[lane] ?? 0, counts);
  });
  const windows = (queues[0]?.charges.limits ?? []).flatMap((limit) => limit.windows);
  const timed = windows.filter(({ checked: { policy, byLane } }) => {
    const isOurs = policy === tokenBucket && byLane[0]?.allowanceMs === 0;
    return policy.hasWindow !== false && !isOurs;
  });
  return {
    id,
    queues,
    allowanceMs: shortestAllowance(timed),
    lateAfterMs: shortestAllowance(timed.filter(({ checked }) => checked.policy !== tokenBucket)),
    counts,
  };
}

function shortestAllowance(windows: readonly WindowMeters[]): number {
  const allowances = windows.map(({ checked }) => checked.byLane[0]?.allowanceMs ?? 0);
  return Math.min(Number.POSITIVE_INFINITY, ...allowances);
}

function laneCharges(
  all: readonly Charge[],
  ownWeight: number,
  limits: ReadonlyMap<string, Limit>,
  lane: number,
): Charges {
  const concerned = all.flatMap(({ limit }) => limits.get(limit) ?? []);
  const charged = concerned.flatMap((limit, at) =>
    limit.windows.flatMap(({ byLane }) => metersFor(lane, byLane).map((meter) => ({ meter, at }))),
  );
  const weightsOf = (weight: number) => all.map(({ fixed, own }) => Math.max(fixed, own ? weight : 0));
  const weights = weightsOf(ownWeight);
  return {
    limits: concerned,
    meters: charged.map(({ meter }) => meter),
    limitOf: charged.map(({ at }) => at),
    weights,
    usualFits: charged.every(({ meter, at }) => (weights[at] ?? 0) <= meter.capacity),
    weightsOf,
  };
}

/** A lane takes of its own meter and of all above it, which count the lanes below them too. */
function metersFor(lane: number, byLane: readonly Meter[]): readonly Meter[] {
  return [...new Set(byLane.slice(0, lane + 1).reverse())];
}

/** The kind of request with an id. */
export function requireKind(set: LimitSet, id: string): RequestKind {
  const kind = set.kinds.get(id);
  if (kind !== undefined) return kind;
  const known = [...set.kinds.keys()].slice(0, 20).join(', ');
  throw new LimitError({ code: 'unknown-limit', message: `expected a limit of ${known}, got ${shown(id)}` });
}
