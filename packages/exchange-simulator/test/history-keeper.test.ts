import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BarKeeper, createBarKeeper, type KeptTrade } from '../src/history/bar-keeper.ts';
import { anySteps, intervals, tradesFrom, utc } from './history-stage.ts';
import { slowBars, slowNextMs, slowStartMs } from './models/slow-bars.ts';

const dayMs = 86_400_000;
const startMs = utc('2024-02-27T21:12:13');

function keeperOf(trades: Iterable<KeptTrade>): BarKeeper {
  const keeper = createBarKeeper();
  for (const trade of trades) keeper.record(trade);
  return keeper;
}

/** A trade every `everyMs`, the price of which goes up and down. */
function* steadyTrades(days: number, everyMs: number): Generator<KeptTrade> {
  for (let atMs = startMs; atMs < startMs + days * dayMs; atMs += everyMs)
    yield { priceTicks: 1_000 + ((atMs / 1_000) % 977), sizeLots: 1 + ((atMs / 1_000) % 13), atMs };
}

test.each(intervals)('bars of %s are those of the trades, and empty ones are not there', (interval) => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      const trades = tradesFrom(startMs, steps).filter(({ atMs }) => atMs < startMs + 31 * dayMs);
      const keeper = keeperOf(trades);
      const expected = new Map(slowBars(trades, interval).map((bar) => [bar.startMs, bar]));
      const lastMs = trades.at(-1)?.atMs ?? startMs;
      let fromMs = slowStartMs(interval, startMs);
      // Of short intervals, only the periods with trades and those next to them, for there are too many others.
      const shown = interval.endsWith('m') ? expected : undefined;
      const starts =
        shown === undefined ? [] : [...shown.keys()].flatMap((at) => [at, slowNextMs(interval, at)]);
      for (; shown === undefined && fromMs <= lastMs; fromMs = slowNextMs(interval, fromMs))
        starts.push(fromMs);
      for (const at of starts) expect(keeper.over(at, slowNextMs(interval, at))).toEqual(expected.get(at));
      expect(keeper.keptSinceMs(interval)).toBe(Number.NEGATIVE_INFINITY);
    }),
    { numRuns: 40 },
  );
});

test('a bar of any minutes is that of their trades', () => {
  fc.assert(
    fc.property(anySteps, fc.nat(50_000), fc.nat(50_000), (steps, from, count) => {
      const trades = tradesFrom(startMs, steps).filter(({ atMs }) => atMs < startMs + 31 * dayMs);
      const fromMs = slowStartMs('1m', startMs) + from * 60_000;
      const toMs = fromMs + count * 60_000;
      const within = trades.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
      const prices = within.map(({ priceTicks }) => priceTicks);
      expect(keeperOf(trades).over(fromMs, toMs)).toEqual(
        within.length === 0
          ? undefined
          : {
              startMs: fromMs,
              openTicks: prices[0],
              highTicks: Math.max(...prices),
              lowTicks: Math.min(...prices),
              closeTicks: prices.at(-1),
              volumeLots: within.reduce((sum, { sizeLots }) => sum + sizeLots, 0),
            },
      );
    }),
    { numRuns: 200 },
  );
});

test('the price before a minute is that of the last trade before it', () => {
  fc.assert(
    fc.property(anySteps, fc.nat(44_640), (steps, minute) => {
      const trades = tradesFrom(startMs, steps).filter(({ atMs }) => atMs < startMs + 31 * dayMs);
      const beforeMs = slowStartMs('1m', startMs) + minute * 60_000;
      const last = trades.findLast(({ atMs }) => atMs < beforeMs);
      expect(keeperOf(trades).closeBefore(beforeMs)).toBe(last?.priceTicks);
      const newestMs = last && slowStartMs('1m', last.atMs);
      expect(keeperOf(trades).newestMs(beforeMs, '15m')).toBe(newestMs);
    }),
    { numRuns: 200 },
  );
});

test('a trade that says to be older counts at the time of the one before it', () => {
  const [first, second] = [utc('2024-01-01T00:01'), utc('2024-01-01T00:02')];
  const keeper = keeperOf([
    { priceTicks: 10, sizeLots: 1, atMs: first },
    { priceTicks: 20, sizeLots: 1, atMs: second },
    { priceTicks: 5, sizeLots: 2, atMs: second - 1 },
  ]);
  expect(keeper.over(first, second)?.lowTicks).toBe(10);
  expect(keeper.over(second, second + 60_000)).toEqual({
    startMs: second,
    openTicks: 20,
    highTicks: 20,
    lowTicks: 5,
    closeTicks: 5,
    volumeLots: 3,
  });
});

test('minutes of the last 31 days are kept whole, hours of two years, and all days', () => {
  const keeper = keeperOf(steadyTrades(900, 841_000));
  const nowMs = startMs + 900 * dayMs;
  expect(keeper.keptSinceMs('30m')).toBe(keeper.keptSinceMs('1m'));
  expect(keeper.keptSinceMs('1m')).toBe(slowStartMs('1d', nowMs - 1) - 31 * dayMs);
  expect(keeper.keptSinceMs('12h')).toBe(keeper.keptSinceMs('1h'));
  expect(keeper.keptSinceMs('1h')).toBeLessThanOrEqual(nowMs - 731 * dayMs);
  expect(keeper.keptSinceMs('1h')).toBeGreaterThan(nowMs - 800 * dayMs);
  expect(keeper.keptSinceMs('1M')).toBe(Number.NEGATIVE_INFINITY);
  const days = new Map(slowBars(steadyTrades(900, 841_000), '1d').map((bar) => [bar.startMs, bar]));
  for (const [dayStartMs, bar] of days) expect(keeper.over(dayStartMs, dayStartMs + dayMs)).toEqual(bar);
  const keptMs = keeper.keptSinceMs('1m');
  expect(keeper.over(keptMs, keptMs + 3_600_000)?.volumeLots).toBeGreaterThan(0);
  expect(keeper.over(keptMs - 60_000, keptMs)).toBeUndefined();
});

test('a year of trades takes as much memory as the last month of it, and an hour and a day cell each', () => {
  const keeper = createBarKeeper();
  const rooms: number[] = [];
  for (const trade of steadyTrades(365, 47_000)) {
    keeper.record(trade);
    if (rooms.length < Math.floor((trade.atMs - startMs) / dayMs)) rooms.push(keeper.room);
  }
  const [minutes, hours, days] = [32 * 1_440, 13 * 744, 13 * 31];
  expect(rooms.at(-1)).toBeLessThanOrEqual(minutes + hours + days);
  // After the minutes are all there, only hours and days are added, a month at a time.
  for (let day = 33; day < rooms.length; day += 1)
    expect([0, 744, 31, 775]).toContain((rooms[day] ?? 0) - (rooms[day - 1] ?? 0));
});

test('memory is taken where there are trades only', () => {
  const keeper = createBarKeeper();
  expect(keeper.room).toBe(0);
  keeper.record({ priceTicks: 1, sizeLots: 1, atMs: startMs });
  const once = keeper.room;
  keeper.record({ priceTicks: 2, sizeLots: 1, atMs: startMs + 20 * 365 * dayMs });
  expect(keeper.room).toBe(once + 31);
  expect(keeper.closeBefore(startMs + 20 * 365 * dayMs)).toBe(1);
});

test.each([
  ['priceTicks', 0],
  ['priceTicks', 1.5],
  ['sizeLots', 0],
  ['sizeLots', Number.NaN],
  ['atMs', Number.POSITIVE_INFINITY],
])('a trade with %s of %d is refused', (field, value) => {
  const trade = { priceTicks: 1, sizeLots: 1, atMs: 0, [field]: value };
  const record = (): void => createBarKeeper().record(trade);
  expect(record).toThrow(expect.objectContaining({ code: 'invalid-options' }));
  expect(record).toThrow(`expected ${field} to be a whole number`);
});
