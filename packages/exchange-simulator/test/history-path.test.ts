import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bar } from '../src/history/bar.ts';
import type { BarInterval } from '../src/history/bar-interval.ts';
import {
  anyMarket,
  anyTimeMs,
  barsOf,
  countFor,
  intervals,
  pathAndTree,
  pathOf,
  utc,
} from './history-stage.ts';
import { slowNextMs, slowStartMs, slowSum } from './models/slow-bars.ts';

const minuteMs = 60_000;

test.each(intervals)('bars of %s are the sums of their minutes, in any market at any time', (interval) => {
  fc.assert(
    fc.property(anyMarket, anyTimeMs, (options, atMs) => {
      const path = pathOf(options);
      const fromMs = slowStartMs(interval, atMs);
      let endMs = fromMs;
      for (let count = countFor(interval); count > 0; count -= 1) endMs = slowNextMs(interval, endMs);
      const minutes = [...barsOf(path, '1m', fromMs, endMs - 1)];
      expect(minutes.length).toBe((endMs - fromMs) / minuteMs);
      expect([...barsOf(path, interval, fromMs, endMs - 1)]).toEqual(slowSum(minutes, interval));
    }),
    { numRuns: interval === '1M' ? 8 : 15 },
  );
});

test.each(intervals)('bars of %s join: each opens where the one before closed', (interval) => {
  fc.assert(
    fc.property(anyMarket, anyTimeMs, (options, atMs) => {
      const path = pathOf(options);
      const bars = [...firstOf(barsOf(path, interval, atMs, Number.POSITIVE_INFINITY), 120)];
      expect(bars.length).toBe(120);
      for (const [index, bar] of bars.entries()) {
        expectSound(bar);
        const before = bars[index - 1];
        if (before === undefined) continue;
        expect(bar.openTicks).toBe(before.closeTicks);
        expect(bar.startMs).toBe(slowNextMs(interval, before.startMs));
      }
    }),
    { numRuns: 6 },
  );
});

test('what is traded in no minute moves no price', () => {
  const path = pathOf({ lotsPerDay: 40 });
  const bars = [...barsOf(path, '1m', utc('2020-05-05'), utc('2020-05-07'))];
  const empty = bars.filter(({ volumeLots }) => volumeLots === 0);
  expect(empty.length).toBeGreaterThan(bars.length / 2);
  for (const bar of empty) expect(bar.highTicks).toBe(bar.lowTicks);
});

test('the first bars of all intervals begin with the minute of the listing', () => {
  const path = pathOf();
  const listedMs = utc('2006-03-14T15:09');
  expect(path.firstMs).toBe(listedMs);
  const minutes = [...barsOf(path, '1m', 0, utc('2006-04-30T23:59'))];
  expect(minutes[0]?.startMs).toBe(listedMs);
  for (const interval of intervals) {
    const all = slowSum(minutes, interval);
    const whole = all.filter(({ startMs }) => slowNextMs(interval, startMs) <= utc('2006-05-01'));
    expect([...barsOf(path, interval, 0, whole.at(-1)?.startMs ?? 0)]).toEqual(whole);
  }
});

test('the same bars come in any order of asking, also after much was forgotten', () => {
  const questions: readonly (readonly [BarInterval, string])[] = [
    ['1m', '2011-11-11T11:11'],
    ['1w', '2019-01-07'],
    ['30m', '2015-06-01'],
    ['1M', '2010-01-01'],
    ['4h', '2015-05-28'],
  ];
  const ask = (order: typeof questions): Map<string, readonly Bar[]> => {
    const path = pathOf();
    return new Map(
      order.map(([interval, from]) => {
        const fromMs = utc(from);
        return [
          `${interval} ${from}`,
          [...firstOf(barsOf(path, interval, fromMs, Number.POSITIVE_INFINITY), 700)],
        ];
      }),
    );
  };
  const answers = ask(questions);
  expect(new Map([...ask(questions.toReversed())].reverse())).toEqual(answers);
  expect(new Map([...ask([...questions, ...questions])])).toEqual(answers);
});

test('seeds and symbols have paths of their own', () => {
  const closes = [{}, { seed: 'other' }, { symbol: 'ETH/USDT' }].map((options) =>
    [...barsOf(pathOf(options), '1d', utc('2020-01-01'), utc('2020-01-03'))]
      .map((bar) => bar.closeTicks)
      .join(),
  );
  expect(new Set(closes).size).toBe(3);
});

test('the bars are the same on every engine', () => {
  const path = pathOf();
  const [month] = barsOf(path, '1M', utc('2024-02-01'), utc('2024-02-01'));
  const [minute] = barsOf(path, '1m', utc('2024-02-29T23:59'), utc('2024-02-29T23:59'));
  expect([month, minute]).toMatchInlineSnapshot(`
    [
      {
        "closeTicks": 4279303,
        "highTicks": 4987790,
        "lowTicks": 4182408,
        "openTicks": 4781080,
        "startMs": 1706745600000,
        "volumeLots": 7819317378,
      },
      {
        "closeTicks": 4279303,
        "highTicks": 4280355,
        "lowTicks": 4279036,
        "openTicks": 4279495,
        "startMs": 1709251140000,
        "volumeLots": 86348,
      },
    ]
  `);
});

test('twenty years of months are made without any division, and one minute of long ago with three', () => {
  const { path, tree } = pathAndTree();
  expect([...barsOf(path, '1M', utc('2006-03-01'), utc('2026-02-01'))].length).toBe(240);
  expect(tree.work).toEqual({ divided: 0, kept: 0 });
  expect([...barsOf(path, '1m', utc('2009-09-09T09:09'), utc('2009-09-09T09:09'))].length).toBe(1);
  expect(tree.work).toEqual({ divided: 3, kept: 3 });
});

test('500 bars of any interval take no more divisions than there are periods above them, and none again', () => {
  const most = { m: 500 / 2 + 13, h: 500 / 2 + 10, d: 18, w: 116, M: 0 };
  for (const interval of intervals) {
    const { path, tree } = pathAndTree();
    const ask = (): Bar[] => [
      ...firstOf(barsOf(path, interval, utc('2010-01-01'), Number.POSITIVE_INFINITY), 500),
    ];
    expect(ask().length).toBe(500);
    const { divided } = tree.work;
    expect(divided).toBeLessThanOrEqual(most[interval.slice(-1) as keyof typeof most]);
    ask();
    expect(tree.work.divided).toBe(divided);
  }
});

test('what is kept stays within its bound', () => {
  const { path, tree } = pathAndTree();
  for (let day = 0; day < 3_000; day += 1) path.priceAt(utc('2010-01-01') + day * 5 * 86_400_000);
  expect(tree.work.divided).toBeGreaterThan(6_000);
  expect(tree.work.kept).toBeLessThanOrEqual(3 * 288);
});

test('a price goes from open to close by both extremes, and never far within a second', () => {
  fc.assert(
    fc.property(fc.integer(), anyTimeMs, (seed, atMs) => {
      const path = pathOf({ seed });
      const startMs = slowStartMs('1m', atMs);
      const [minute] = barsOf(path, '1m', startMs, startMs);
      const prices = Array.from({ length: 121 }, (_, second) => path.priceAt(startMs + second * 1_000));
      expect(prices[0]).toBe(minute?.openTicks);
      expect(prices[60]).toBe(minute?.closeTicks);
      for (const [second, price] of prices.entries()) {
        const before = prices[second - 1] ?? price;
        expect(Math.abs(price - before) / before).toBeLessThan(0.003);
      }
      const fine = Array.from({ length: 6_000 }, (_, step) => path.priceAt(startMs + step * 10));
      const stepTicks = ((minute?.highTicks ?? 0) - (minute?.lowTicks ?? 0)) / 1_000 + 1;
      expect(Math.max(...fine)).toBeLessThanOrEqual(minute?.highTicks ?? 0);
      expect(Math.max(...fine)).toBeGreaterThan((minute?.highTicks ?? 0) - stepTicks);
      expect(Math.min(...fine)).toBeLessThan((minute?.lowTicks ?? 0) + stepTicks);
    }),
    { numRuns: 60 },
  );
});

test('part of a minute is what the price has gone through', () => {
  const path = pathOf();
  const startMs = utc('2021-07-07T07:07');
  const [minute] = barsOf(path, '1m', startMs, startMs);
  for (const elapsedMs of [1, 999, 20_000, 43_210, 59_999]) {
    const prices = Array.from({ length: elapsedMs }, (_, step) => path.priceAt(startMs + step + 1));
    const part = path.over(startMs, startMs + elapsedMs);
    expect(part?.openTicks).toBe(minute?.openTicks);
    expect(part?.closeTicks).toBe(prices.at(-1));
    expect(part?.highTicks).toBeGreaterThanOrEqual(Math.max(...prices));
    expect(part?.lowTicks).toBeLessThanOrEqual(Math.min(...prices));
    expect(part?.volumeLots).toBe(Math.ceil(((minute?.volumeLots ?? 0) * elapsedMs) / minuteMs));
  }
  expect(path.over(startMs, startMs)).toBeUndefined();
});

test('before its listing there are no bars, and the price is the first one', () => {
  const path = pathOf();
  const [first] = barsOf(path, '1m', path.firstMs, path.firstMs);
  expect(path.priceAt(path.firstMs - 86_400_000)).toBe(first?.openTicks);
  expect(path.over(path.firstMs - 86_400_000, path.firstMs)).toBeUndefined();
  expect([...barsOf(path, '1M', 0, utc('2006-02-28'))]).toEqual([]);
});

test('minutes are as wide as those of a large market', () => {
  const ranges: number[] = [];
  for (const seed of [1, 2, 3]) {
    for (const bar of barsOf(pathOf({ seed }), '1m', utc('2022-01-01'), utc('2022-01-20T23:59')))
      ranges.push((bar.highTicks - bar.lowTicks) / bar.openTicks);
  }
  ranges.sort((one, other) => one - other);
  const at = (share: number): number => ranges[Math.floor(share * ranges.length)] ?? 0;
  expect(at(0.5)).toBeGreaterThan(0.0005);
  expect(at(0.5)).toBeLessThan(0.001);
  // Calm and wild minutes are far apart, as nowhere in a plain random walk.
  expect(at(0.95) / at(0.5)).toBeGreaterThan(2.5);
  expect(at(0.95) / at(0.5)).toBeLessThan(4.5);
});

function* firstOf(bars: Iterable<Bar>, count: number): Generator<Bar> {
  let left = count;
  for (const bar of bars) {
    yield bar;
    left -= 1;
    if (left === 0) return;
  }
}

function expectSound(bar: Bar): void {
  const { openTicks, highTicks, lowTicks, closeTicks, volumeLots } = bar;
  const isWhole = Object.values(bar).every(Number.isSafeInteger);
  const isOrdered =
    lowTicks <= Math.min(openTicks, closeTicks) && highTicks >= Math.max(openTicks, closeTicks);
  if (!isWhole || !isOrdered || lowTicks < 1 || volumeLots < 0)
    expect(bar).toBe('a bar of whole numbers in order');
}
