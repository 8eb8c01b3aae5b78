import { expect, test } from 'vitest';
import { selectPairs } from '../src/world/world-pairs.ts';
import { observe, observeWorld, type PairView } from './traders-observation.ts';

const timeout = 300_000;
const hour = 3_600;
/** Six worlds for an hour, and one with all pairs for ten minutes. `VENUEKIT_TRADER_SEEDS=100` looks at a hundred. */
const seeds = Array.from({ length: Number(process.env.VENUEKIT_TRADER_SEEDS ?? 6) }, (_, index) => index + 1);
const observations = [
  ...seeds.map((seed) => [`seed ${seed}`, () => observeWorld(seed, hour)] as const),
  ['all pairs', () => observeWorld(7, hour / 6, 60)] as const,
];
/** Several changes a second, and one in half a minute. */
const busy = ['BTC/USDT', 'ETH/USDT'];
const quiet = ['PAXG/USDT', 'ADA/BTC'];

test.each(observations)(
  'both sides of every book stand at any moment and never cross: %s',
  { timeout },
  (_, look) => {
    for (const { pair, emptySides, crossed } of look().pairs.values())
      expect([pair.symbol, emptySides, crossed]).toEqual([pair.symbol, 0, 0]);
  },
);

test.each(observations)(
  'an ordinary order and more stands near every best price at any moment: %s',
  { timeout },
  (_, look) => {
    for (const { pair, leastNearLots } of look().pairs.values())
      expect(leastNearLots, pair.symbol).toBeGreaterThanOrEqual(pair.typicalLots);
  },
);

test.each([1, 2, 3, 4])(
  'an ordinary order and more stands near every best price even where orders are far apart and trades large: seed %i',
  { timeout },
  (seed) => {
    const pairs = selectPairs(8).map((pair) => ({
      ...{ ...pair, volatility: 0.3, lotsPerDay: 20 * pair.lotsPerDay },
    }));
    for (const { pair, leastNearLots } of observe(seed, hour / 3, pairs).pairs.values())
      expect(leastNearLots, pair.symbol).toBeGreaterThanOrEqual(pair.typicalLots);
  },
);

test.each(observations)('the engine refuses nothing that traders ask for: %s', { timeout }, (_, look) => {
  expect(look().stage.refused).toEqual([]);
});

test.each(observations)(
  'a middle price moves by less than half a percent in any second and stays near its reference: %s',
  { timeout },
  (_, look) => {
    for (const { pair, mostMove, mostAway } of look().pairs.values()) {
      expect(mostMove, pair.symbol).toBeLessThan(0.005);
      expect(mostAway, pair.symbol).toBeLessThan(0.003);
    }
  },
);

test.each(observations)(
  'books are bounded, and those of busy pairs about fifty levels deep: %s',
  { timeout },
  (_, look) => {
    for (const { pair, levels, leastLevels, mostLevels } of look().pairs.values()) {
      expect(mostLevels, pair.symbol).toBeLessThanOrEqual(70);
      expect(leastLevels, pair.symbol).toBeGreaterThanOrEqual(10);
      if (!busy.includes(pair.symbol)) continue;
      expect(quantile(levels, 0.01), pair.symbol).toBeGreaterThanOrEqual(40);
      expect(quantile(levels, 0.99), pair.symbol).toBeLessThanOrEqual(60);
    }
  },
);

test.each(observations)(
  'more than four fifths of the orders of a world end canceled: %s',
  { timeout },
  (_, look) => {
    const views = [...look().pairs.values()];
    expect(sum(views.map(({ canceled }) => canceled)) / sum(views.map(({ ended }) => ended))).toBeGreaterThan(
      0.8,
    );
  },
);

test.each(seeds)(
  'busy pairs change several times a second, quiet ones rest: seed %i',
  { timeout },
  (seed) => {
    const { pairs } = observeWorld(seed, hour);
    for (const { pair, gaps } of ofSymbols(pairs, busy)) {
      expect(gaps.length / hour, pair.symbol).toBeGreaterThan(2);
      expect(Math.max(...gaps), pair.symbol).toBeLessThan(10_000);
    }
    for (const { pair, gaps } of ofSymbols(pairs, quiet)) {
      expect(gaps.filter((gap) => gap > 10_000).length, pair.symbol).toBeGreaterThan(20);
      expect(gaps.filter((gap) => gap > 60_000).length, pair.symbol).toBeGreaterThan(0);
    }
  },
);

test.each(seeds)('calm and bursts change places: seed %i', { timeout }, (seed) => {
  for (const { pair, gaps } of ofSymbols(observeWorld(seed, hour).pairs, busy)) {
    const minutes = changesByMinute(gaps);
    expect(quantile(minutes, 0.9), pair.symbol).toBeGreaterThan(1.7 * quantile(minutes, 0.1));
  }
});

test.each(seeds)(
  'spreads are mostly a few ticks where much is done, and wider where little is: seed %i',
  { timeout },
  (seed) => {
    const { pairs } = observeWorld(seed, hour);
    for (const { pair, spreads } of ofSymbols(pairs, busy)) {
      expect(modeOf(spreads), pair.symbol).toBeLessThanOrEqual(5);
      expect(Math.max(...spreads) / pair.homeTicks, pair.symbol).toBeLessThan(0.001);
    }
    for (const { pair, spreads } of ofSymbols(pairs, quiet)) {
      expect(quantile(spreads, 0.5) / pair.homeTicks, pair.symbol).toBeGreaterThan(0.0001);
      expect(Math.max(...spreads) / pair.homeTicks, pair.symbol).toBeLessThan(0.006);
    }
  },
);

test.each(seeds)(
  'trades are of all sizes, some go through several levels, and a day has about its volume: seed %i',
  { timeout },
  (seed) => {
    for (const { pair, tradeLots, sweeps } of ofSymbols(observeWorld(seed, hour).pairs, busy)) {
      expect(quantile(tradeLots, 0.95), pair.symbol).toBeGreaterThan(7 * quantile(tradeLots, 0.25));
      expect(sweeps, pair.symbol).toBeGreaterThan(5);
      expect(sweeps, pair.symbol).toBeLessThan(tradeLots.length / 10);
      const ofDay = (sum(tradeLots) * 24) / pair.lotsPerDay;
      expect(ofDay, pair.symbol).toBeGreaterThan(0.5);
      expect(ofDay, pair.symbol).toBeLessThan(2);
    }
  },
);

function ofSymbols(pairs: ReadonlyMap<string, PairView>, symbols: readonly string[]): readonly PairView[] {
  return [...pairs.values()].filter(({ pair }) => symbols.includes(pair.symbol));
}

function changesByMinute(gaps: readonly number[]): readonly number[] {
  const minutes = Array.from({ length: 60 }, () => 0);
  let atMs = 0;
  for (const gap of gaps) {
    atMs += gap;
    const minute = Math.floor(atMs / 60_000);
    minutes[minute] = (minutes[minute] ?? 0) + 1;
  }
  return minutes;
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length * share)] ?? Number.NaN;
}

function modeOf(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? Number.NaN;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
