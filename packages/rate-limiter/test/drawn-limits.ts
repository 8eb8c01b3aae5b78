import fc from 'fast-check';
import type { LimitDefinition, LimitWindow, LinkedLimit, PolicyName } from '../src/limit-definition.ts';
import { ceilingOf, chargesOf, shareOf } from './models/limit-rules.ts';

/** What kinds of limits are drawn. */
export interface LimitDraw {
  readonly policies: readonly PolicyName[];
  readonly maxCapacity: number;
  readonly hasReserves: boolean;
  readonly hasShares: boolean;
}

/** Everything that the contract knows. */
export const everyLimit: LimitDraw = {
  policies: ['sliding-window', 'sliding-window', 'sliding-window', 'token-bucket', 'concurrent'],
  maxCapacity: 12,
  hasReserves: true,
  hasShares: true,
};

const ids = ['a', 'b', 'c', 'd'] as const;

interface RawWindow {
  readonly policy: PolicyName;
  readonly capacity: number;
  readonly windowMs: number;
  readonly reserves: readonly [number, number, number] | undefined;
}

interface RawLimit {
  readonly windows: readonly RawWindow[];
  readonly weight: number | undefined;
  readonly links: readonly (number | undefined)[];
  readonly percent: number | undefined;
  readonly sharesScope: boolean;
}

/** One to four limits, linked from earlier to later ones, that a limiter accepts. */
export function drawnLimits(draw: LimitDraw): fc.Arbitrary<readonly LimitDefinition[]> {
  const limit: fc.Arbitrary<RawLimit> = fc.record({
    windows: fc.array(windowOf(draw), { maxLength: 3 }),
    weight: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    // For each later limit: no link, a link without a weight, or one with.
    links: fc.array(fc.option(fc.integer({ min: -2, max: 3 }), { nil: undefined }), {
      minLength: 3,
      maxLength: 3,
    }),
    percent: draw.hasShares
      ? fc.option(fc.integer({ min: 50, max: 100 }), { nil: undefined, freq: 2 })
      : fc.constant(undefined),
    sharesScope: fc.boolean(),
  });
  return fc.array(limit, { minLength: 1, maxLength: 4 }).map(toDefinitions);
}

function windowOf(draw: LimitDraw): fc.Arbitrary<RawWindow> {
  const few = fc.integer({ min: 0, max: 2 });
  return fc.record({
    policy: fc.constantFrom(...draw.policies),
    capacity: fc.integer({ min: 2, max: draw.maxCapacity }),
    windowMs: fc.integer({ min: 1, max: 200 }),
    reserves: draw.hasReserves
      ? fc.option(fc.tuple(few, few, few), { nil: undefined, freq: 3 })
      : fc.constant(undefined),
  });
}

function toDefinitions(raw: readonly RawLimit[]): readonly LimitDefinition[] {
  const definitions: LimitDefinition[] = [];
  // From the last to the first, so that what a limit links to is known.
  for (let index = raw.length - 1; index >= 0; index -= 1) {
    const limit = raw[index];
    if (limit !== undefined) definitions.push(toDefinition(limit, index, definitions));
  }
  return definitions.reverse();
}

function toDefinition(raw: RawLimit, index: number, later: readonly LimitDefinition[]): LimitDefinition {
  const percent = raw.percent ?? 100;
  const isMereKind = raw.windows.length === 0 && later.length > 0;
  const windows = raw.windows.map((window) => toWindow(window, percent));
  const links = toLinks(raw, later, isMereKind);
  const bare: LimitDefinition = {
    id: ids[index] ?? 'a',
    ...(isMereKind ? {} : { windows: windows.length > 0 ? windows : [{ capacity: 3, windowMs: 50 }] }),
    links,
    ...(raw.sharesScope ? { scope: 'shared' } : {}),
    ...(raw.percent === undefined ? {} : { sharePercent: raw.percent }),
  };
  const most = Math.min(...[bare, ...later].map((each) => lightest(each)));
  return raw.weight === undefined ? bare : { ...bare, weight: Math.min(raw.weight, most) };
}

function toLinks(raw: RawLimit, later: readonly LimitDefinition[], isMereKind: boolean): LinkedLimit[] {
  const links: LinkedLimit[] = [];
  // Definitions are made from the last on: the first of the list is the last limit.
  for (const [index, target] of later.entries()) {
    const drawn = raw.links[index] ?? (isMereKind && index === 0 ? 0 : undefined);
    if (drawn === undefined) continue;
    const weight = Math.min(drawn, lightest(target));
    links.push(drawn <= 0 ? { id: target.id } : { id: target.id, weight });
  }
  return links;
}

function toWindow(raw: RawWindow, percent: number): LimitWindow {
  const share = shareOf({ capacity: raw.capacity }, percent);
  let free = share - 1;
  const reserved: { cancel?: number; place?: number; query?: number } = {};
  for (const [index, lane] of (['cancel', 'place', 'query'] as const).entries()) {
    const amount = Math.min(raw.reserves?.[index] ?? 0, free);
    free -= amount;
    if (amount > 0) reserved[lane] = amount;
  }
  return {
    capacity: raw.capacity,
    ...(raw.policy === 'concurrent' ? {} : { windowMs: raw.windowMs }),
    ...(raw.policy === 'sliding-window' ? {} : { policy: raw.policy }),
    ...(Object.keys(reserved).length === 0 ? {} : { reserved }),
  };
}

/** What the last lane may use at most at one time, in each window. */
function lightest({ windows = [], sharePercent = 100 }: LimitDefinition): number {
  const ceilings = windows.map((window) => ceilingOf(window, shareOf(window, sharePercent), 3));
  return Math.min(Number.MAX_SAFE_INTEGER, ...ceilings);
}

/** The shortest window that a request of any limit is counted in, in milliseconds. */
export function shortestWindowMs(definitions: readonly LimitDefinition[]): number {
  const lengths = definitions.flatMap(({ windows = [] }) =>
    windows.map(({ windowMs = Number.MAX_SAFE_INTEGER }) => windowMs),
  );
  return Math.min(...lengths);
}

/** The same limits with buckets so slow that the allowance holds back at most a quarter of them, if they are still accepted. */
export function withSlowBuckets(
  definitions: readonly LimitDefinition[],
  allowanceMs: number,
): readonly LimitDefinition[] {
  return definitions.map((definition) => {
    const { windows } = definition;
    if (windows === undefined) return definition;
    const slow = windows.map((window) =>
      window.policy === 'token-bucket'
        ? { ...window, windowMs: Math.max(window.windowMs ?? 0, 4 * allowanceMs) }
        : window,
    );
    return { ...definition, windows: slow };
  });
}

/** True if a request that states nothing fits into every window, whatever an allowance holds back of buckets. */
export function hasRoomForDefaults(definitions: readonly LimitDefinition[], allowanceMs: number): boolean {
  return definitions.every(({ id }) =>
    [...chargesOf(definitions, id, undefined)].every(([charged, weight]) => {
      const { windows = [], sharePercent = 100 } = definitions.find((each) => each.id === charged) ?? {};
      return windows.every((window) => {
        const share = shareOf(window, sharePercent);
        const isBucket = window.policy === 'token-bucket';
        const held = isBucket ? Math.ceil((share * allowanceMs) / (window.windowMs ?? 1)) : 0;
        return weight <= ceilingOf(window, share, 3) - held;
      });
    }),
  );
}
