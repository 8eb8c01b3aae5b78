import fc from 'fast-check';
import type { Bar } from '../src/history/bar.ts';
import type { BarInterval } from '../src/history/bar-interval.ts';
import type { KeptTrade } from '../src/history/bar-keeper.ts';
import { BarTree } from '../src/history/bar-tree.ts';
import { createPricePath } from '../src/history/made-up-path.ts';
import { MonthRoots } from '../src/history/month-roots.ts';
import type { PathOptions } from '../src/history/path-options.ts';
import type { PricePath } from '../src/history/price-path.ts';
import { TreePath } from '../src/history/tree-path.ts';
import { slowNextMs, slowStartMs } from './models/slow-bars.ts';

/** All intervals, the shortest first; written down here, so that none goes missing. */
export const intervals: readonly BarInterval[] = [
  ...(['1m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1w', '1M'] as const),
];

/** Milliseconds of a time in UTC. */
export function utc(text: string): number {
  return Date.parse(text.length === 10 ? `${text}T00:00:00Z` : `${text}Z`);
}

/** A market as busy as a large one, listed for years. */
const ordinary: PathOptions = {
  seed: 'history',
  symbol: 'BTC/USDT',
  homeTicks: 6_425_000,
  listedAtMs: utc('2006-03-14T15:09:26'),
  lotsPerDay: 300_000_000,
  volatility: 0.03,
};

/** A path like the ordinary one, but for some options. */
export function pathOf(options: Partial<PathOptions> = {}): PricePath {
  return createPricePath({ ...ordinary, ...options });
}

/** The same, with the tree that it goes by, which says how much it has done. */
export function pathAndTree(options: Partial<PathOptions> = {}): { path: PricePath; tree: BarTree } {
  const tree = new BarTree(
    new MonthRoots({ ...ordinary, listedAtMs: utc('2006-03-14T15:09'), ...options }),
    'tree',
  );
  return { path: new TreePath(tree), tree };
}

/** Bars of a path whose start is from `fromMs` to `toMs`, both included, one period of the calendar after the other. */
export function* barsOf(
  path: PricePath,
  interval: BarInterval,
  fromMs: number,
  toMs: number,
): Generator<Bar> {
  const sinceMs = Math.max(fromMs, slowStartMs(interval, path.firstMs));
  let startMs = slowStartMs(interval, sinceMs);
  if (startMs < fromMs) startMs = slowNextMs(interval, startMs);
  while (startMs <= toMs) {
    const nextMs = slowNextMs(interval, startMs);
    const bar = path.over(startMs, nextMs);
    if (bar !== undefined) yield bar;
    startMs = nextMs;
  }
}

/** Markets of all kinds: coarse and fine ticks, busy and nearly dead, calm and wild. */
export const anyMarket: fc.Arbitrary<PathOptions> = fc.record({
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  symbol: fc.constantFrom('BTC/USDT', 'XRP/BTC'),
  homeTicks: fc.constantFrom(20, 4_210, 6_425_000, 42_590_000_000),
  listedAtMs: fc.integer({ min: utc('2005-01-01'), max: utc('2010-01-01') }),
  lotsPerDay: fc.constantFrom(1, 40, 5_000, 300_000_000, 1_000_000_000_000),
  volatility: fc.constantFrom(0.0005, 0.03, 0.2),
});

/** Some time after all listings of {@link anyMarket}. */
export const anyTimeMs: fc.Arbitrary<number> = fc.integer({ min: utc('2010-02-01'), max: utc('2035-01-01') });

/** How many periods of an interval are looked at in one case: what a slow sum of minutes can bear. */
export function countFor(interval: BarInterval): number {
  return { m: 12, h: 6, d: 3, w: 2, M: 1 }[interval.slice(-1) as 'm' | 'h' | 'd' | 'w' | 'M'];
}

/** Trades in ascending order, from an array of drawn steps. */
export function tradesFrom(startMs: number, steps: readonly DrawnStep[]): readonly KeptTrade[] {
  let atMs = startMs;
  return steps.map(([pauseMs, priceTicks, sizeLots]) => {
    atMs += pauseMs;
    return { priceTicks, sizeLots, atMs };
  });
}

type DrawnStep = readonly [pauseMs: number, priceTicks: number, sizeLots: number];

/** Steps that trades are made from: some follow at once, some after days. */
export const anySteps: fc.Arbitrary<readonly DrawnStep[]> = fc.array(
  fc.tuple(
    fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 90_000 }),
      fc.integer({ min: 60_000, max: 9_000_000 }),
      fc.integer({ min: 3_600_000, max: 200_000_000 }),
    ),
    fc.integer({ min: 1, max: 1_000 }),
    fc.integer({ min: 1, max: 50 }),
  ),
  { maxLength: 60 },
);
