import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bar, isEmptyBar } from '../src/history/bar.ts';
import { createBarHistory } from '../src/history/bar-history.ts';
import type { BarInterval } from '../src/history/bar-interval.ts';
import { createBarKeeper } from '../src/history/bar-keeper.ts';
import { createLoadedPath } from '../src/history/loaded-path.ts';
import type { PathOptions } from '../src/history/path-options.ts';
import type { PricePath } from '../src/history/price-path.ts';
import { createSeededRandom } from '../src/seeded-random.ts';
import { createExchangeSimulator } from '../src/simulator.ts';
import { createVirtualTime } from '../src/virtual-time.ts';
import { createContinuedPath } from '../src/world/continued-path.ts';
import { anyMarket, barsOf, intervals, pathOf, utc } from './history-stage.ts';
import { slowNextMs, slowStartMs, slowSum } from './models/slow-bars.ts';

const minuteMs = 60_000;

interface Stage {
  readonly loaded: PricePath;
  readonly beyond: PricePath;
  readonly path: PricePath;
  readonly endMs: number;
  readonly lastTicks: number;
}

/** A path whose bars of an interval, three of them, end with the period around a time. */
function stageOf(options: Partial<PathOptions>, interval: BarInterval, atMs: number, ticks: number): Stage {
  const lastMs = slowStartMs(interval, atMs);
  const endMs = slowNextMs(interval, lastMs);
  const middleMs = slowStartMs(interval, lastMs - 1);
  const closes = [ticks + 7, ticks + 3, ticks];
  const bars = [slowStartMs(interval, middleMs - 1), middleMs, lastMs].map((startMs, index): Bar => {
    const closeTicks = closes[index] ?? ticks;
    const prices = { openTicks: ticks + 5, highTicks: ticks + 20, lowTicks: ticks, closeTicks };
    return { startMs, ...prices, volumeLots: 90_000 };
  });
  const loaded = createLoadedPath({
    seed: 1,
    symbol: 'BTC/USDT',
    loaded: { name: 'bars.csv', interval, bars },
  });
  const beyond = pathOf(options);
  return { loaded, beyond, path: createContinuedPath(loaded, endMs, beyond), endMs, lastTicks: ticks };
}

/** From a price of one tick to one of which a million times as much is no safe integer. */
const anyTicks = fc.constantFrom(1, 13, 4_210, 6_425_000, 900_000_000_000_000);
const anyEndMs = fc.integer({ min: utc('2015-01-01'), max: utc('2025-01-01') });
const anyLoadedInterval = fc.constantFrom<BarInterval>('1m', '15m', '4h', '1d');

test.each(intervals)('bars of %s are the sums of their minutes on both sides of the end', (interval) => {
  fc.assert(
    fc.property(anyMarket, anyLoadedInterval, anyEndMs, anyTicks, (options, loadedInterval, atMs, ticks) => {
      const { path, endMs } = stageOf(options, loadedInterval, atMs, ticks);
      const fromMs = slowStartMs(interval, slowStartMs(interval, endMs) - 1);
      const toMs = slowNextMs(interval, slowStartMs(interval, endMs));
      const untilMs = slowNextMs(interval, toMs);
      const minutes = [...barsOf(path, '1m', fromMs, untilMs - 1)];
      expect([...barsOf(path, interval, fromMs, toMs)]).toEqual(slowSum(minutes, interval));
      expect(path.over(fromMs, untilMs)).toEqual(wholeOf(minutes, fromMs));
      const joinMs = slowStartMs(interval, endMs);
      expect([...barsOf(path, interval, fromMs, joinMs)].at(-1)?.startMs).toBe(joinMs);
      expect(minutes.filter((bar) => !isSound(bar))).toEqual([]);
    }),
    { numRuns: interval === '1M' ? 2 : 8 },
  );
});

/** One bar of all. */
function wholeOf(minutes: readonly Bar[], startMs: number): Bar {
  return {
    startMs,
    openTicks: minutes[0]?.openTicks ?? Number.NaN,
    highTicks: minutes.reduce((most, { highTicks }) => Math.max(most, highTicks), 0),
    lowTicks: minutes.reduce((least, { lowTicks }) => Math.min(least, lowTicks), Number.POSITIVE_INFINITY),
    closeTicks: minutes.at(-1)?.closeTicks ?? Number.NaN,
    volumeLots: minutes.reduce((sum, { volumeLots }) => sum + volumeLots, 0),
  };
}

function isSound({ openTicks, highTicks, lowTicks, closeTicks, volumeLots }: Bar): boolean {
  const values = [openTicks, highTicks, lowTicks, closeTicks, volumeLots];
  const isOrdered =
    1 <= lowTicks &&
    lowTicks <= Math.min(openTicks, closeTicks) &&
    highTicks >= Math.max(openTicks, closeTicks);
  return isOrdered && values.every((value) => Number.isSafeInteger(value));
}

test.each(intervals)('bars of %s go on from the end without a hole and without a jump', (interval) => {
  fc.assert(
    fc.property(anyMarket, anyLoadedInterval, anyEndMs, anyTicks, (options, loadedInterval, atMs, ticks) => {
      const { path, endMs, lastTicks } = stageOf(options, loadedInterval, atMs, ticks);
      const joinMs = slowStartMs(interval, endMs);
      let beforeTicks = joinMs === endMs ? lastTicks : undefined;
      let startMs = joinMs;
      let count = 0;
      for (const bar of barsOf(path, interval, joinMs, Number.POSITIVE_INFINITY)) {
        if (count === 30) break;
        count += 1;
        expect(bar.startMs).toBe(startMs);
        if (beforeTicks !== undefined) expect(bar.openTicks).toBe(beforeTicks);
        beforeTicks = bar.closeTicks;
        startMs = slowNextMs(interval, startMs);
      }
      expect(count).toBe(30);
    }),
    { numRuns: interval === '1M' ? 3 : 10 },
  );
});

test('the price is the last close at the end, and that of the bar so far at any time', () => {
  fc.assert(
    fc.property(
      ...([anyMarket, anyLoadedInterval, anyEndMs, anyTicks] as const),
      fc.array(fc.integer({ min: -3_600_000, max: 90 * 86_400_000 }), { maxLength: 20 }),
      (options, interval, atMs, ticks, offsets) => {
        const { path, endMs, lastTicks } = stageOf(options, interval, atMs, ticks);
        expect(path.priceAt(endMs)).toBe(lastTicks);
        expect(path.over(endMs - minuteMs, endMs)?.closeTicks).toBe(lastTicks);
        for (const offsetMs of offsets) {
          const nowMs = Math.max(path.firstMs + 1, endMs + offsetMs);
          const bar = path.over(slowStartMs('1m', nowMs - 1), nowMs);
          expect(path.priceAt(nowMs)).toBe(bar?.closeTicks);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('a price goes in proportion, and never below one tick or beyond safe integers', () => {
  const { path, beyond, endMs } = stageOf({}, '1d', utc('2020-01-01'), 500_000);
  const fromTicks = beyond.priceAt(endMs);
  for (const day of [1, 10, 100, 1_000]) {
    const atMs = endMs + day * 86_400_000;
    expect(path.priceAt(atMs) / 500_000).toBeCloseTo(beyond.priceAt(atMs) / fromTicks, 5);
  }
  const cheap = stageOf({ volatility: 0.2 }, '1d', utc('2020-01-01'), 1);
  const lows = [...barsOf(cheap.path, '1M', endMs, utc('2030-01-01'))].map(({ lowTicks }) => lowTicks);
  expect(Math.min(...lows)).toBe(1);
  const dear = stageOf({ volatility: 0.2 }, '1d', utc('2020-01-01'), Number.MAX_SAFE_INTEGER - 1_000);
  const bars = [...barsOf(dear.path, '1M', dear.endMs, utc('2030-01-01'))];
  expect(bars.filter((bar) => !isSound(bar))).toEqual([]);
});

test.each(intervals)('before the end, what is known of %s is what was loaded', (interval) => {
  fc.assert(
    fc.property(anyLoadedInterval, anyEndMs, fc.nat(3_000), (loadedInterval, atMs, backMinutes) => {
      const { loaded, path, endMs } = stageOf({}, loadedInterval, atMs, 6_425_000);
      const beforeMs = Math.max(loaded.firstMs, endMs - backMinutes * minuteMs);
      const isOver = ({ startMs }: Bar): boolean => slowNextMs(interval, startMs) <= endMs;
      expect([...barsOf(path, interval, 0, endMs - 1)].filter(isOver)).toEqual(
        [...barsOf(loaded, interval, 0, endMs - 1)].filter(isOver),
      );
      expect(path.firstMs).toBe(loaded.firstMs);
      expect(path.over(loaded.firstMs, beforeMs)).toEqual(loaded.over(loaded.firstMs, beforeMs));
      expect(path.newestMs(beforeMs, interval)).toBe(loaded.newestMs(beforeMs, interval));
      expect(path.priceAt(beforeMs)).toBe(loaded.priceAt(beforeMs));
    }),
    { numRuns: interval === '1M' ? 5 : 15 },
  );
});

describe('a history', () => {
  test.each(intervals)('of %s has every bar in which something was traded, and no other one', (interval) => {
    fc.assert(
      fc.property(
        ...([anyLoadedInterval, anyEndMs, fc.constantFrom(1, 40, 300_000_000)] as const),
        fc.integer({ min: 1, max: 3 * 86_400_000 }),
        (loadedInterval, atMs, lotsPerDay, sinceMs) => {
          const { path, endMs } = stageOf({ lotsPerDay }, loadedInterval, atMs, 6_425_000);
          const startedAtMs = endMs + sinceMs;
          const history = createBarHistory({ path, keeper: createBarKeeper(), startedAtMs });
          const fromMs = slowStartMs(interval, endMs - 6 * 3_600_000);
          const bars = history.bars({ interval, fromMs, limit: 10_000, nowMs: startedAtMs });
          const lastMs = slowStartMs(interval, startedAtMs);
          const known = [...barsOf(path, interval, fromMs, lastMs - 1)];
          const last = lastMs < startedAtMs ? path.over(lastMs, startedAtMs) : undefined;
          const all = last === undefined ? known : [...known, last];
          expect(bars).toEqual(all.filter((bar) => !isEmptyBar(bar)));
          expect(history.last24h(startedAtMs)?.closeTicks).toBe(path.priceAt(startedAtMs));
        },
      ),
      { numRuns: interval === '1M' ? 3 : 8 },
    );
  });

  test('of a simulator goes on from bars that ended long ago up to where trading begins', async () => {
    const startMs = utc('2024-05-15T12:34:56');
    const bars = Array.from({ length: 3 }, (_, day) => {
      const [openTicks, highTicks, lowTicks, closeTicks] = [3_000_000, 3_100_000, 2_900_000, 3_050_000];
      const prices = { openTicks, highTicks, lowTicks, closeTicks };
      return { startMs: utc('2024-03-01') + day * 86_400_000, ...prices, volumeLots: 5_000_000 };
    });
    const simulator = createExchangeSimulator({
      market: {
        ...{ kind: 'synthetic', seed: 7, pairs: 1, traders: false },
        bars: { 'BTC/USDT': { name: 'bars.csv', interval: '1d', bars } },
      },
      runtime: { ...createVirtualTime(startMs), random: createSeededRandom(7) },
    });
    const ask = async (path: string): Promise<unknown> => {
      const answer = await simulator.fetch(new Request(`http://simulator.test/api/pro/v1/${path}`));
      return ((await answer.json()) as { readonly data: unknown }).data;
    };
    const days = (await ask('barhist?symbol=BTC/USDT&interval=1d&n=500')) as readonly AnsweredBar[];
    expect(days.map(({ data }) => data.ts)).toEqual(
      Array.from({ length: 76 }, (_, day) => utc('2024-03-01') + day * 86_400_000),
    );
    expect(days[3]?.data.o).toBe(days[2]?.data.c);
    const ticker = (await ask('ticker?symbol=BTC/USDT')) as Readonly<Record<string, string>>;
    expect(ticker.close).toBe(days.at(-1)?.data.c);
    expect(Number(ticker.high)).toBeGreaterThan(Number(ticker.low));
    expect(Number(ticker.volume)).toBeGreaterThan(0);
    simulator.close();
  });

  test('of bars from before the listing has no hole behind them either', async () => {
    const firstMs = utc('2017-03-01');
    const prices = { openTicks: 100_000, highTicks: 110_000, lowTicks: 90_000, closeTicks: 105_000 };
    const simulator = createExchangeSimulator({
      market: {
        ...{ kind: 'synthetic', seed: 7, pairs: 1, traders: false },
        bars: {
          'BTC/USDT': {
            ...{ name: 'bars.csv', interval: '1d' },
            bars: [{ startMs: firstMs, ...prices, volumeLots: 5_000_000 }],
          },
        },
      },
      runtime: { ...createVirtualTime(utc('2024-05-15')), random: createSeededRandom(7) },
    });
    const range = `from=${firstMs}&to=${utc('2017-04-30')}`;
    const path = `http://simulator.test/api/pro/v1/barhist?symbol=BTC/USDT&interval=1d&${range}`;
    const answer = (await (await simulator.fetch(new Request(path))).json()) as {
      readonly data: readonly AnsweredBar[];
    };
    const days = answer.data.map(({ data }) => data.ts);
    expect(days.slice(0, 60)).toEqual(Array.from({ length: 60 }, (_, day) => firstMs + day * 86_400_000));
    simulator.close();
  });
});

interface AnsweredBar {
  readonly data: { readonly ts: number; readonly o: string; readonly c: string };
}
