import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from '../src/history/bar.ts';
import { type BarHistory, type BarQuery, createBarHistory } from '../src/history/bar-history.ts';
import { createBarKeeper, type KeptTrade } from '../src/history/bar-keeper.ts';
import { createLoadedPath } from '../src/history/loaded-path.ts';
import type { PathOptions } from '../src/history/path-options.ts';
import type { PricePath } from '../src/history/price-path.ts';
import { anySteps, barsOf, intervals, pathAndTree, pathOf, tradesFrom, utc } from './history-stage.ts';
import { barOf, slowNextMs, slowStartMs, slowSum } from './models/slow-bars.ts';

const dayMs = 86_400_000;

interface Stage {
  readonly path: PricePath;
  readonly history: BarHistory;
}

function stageOf(
  startedAtMs: number,
  trades: Iterable<KeptTrade>,
  options: Partial<PathOptions> = {},
): Stage {
  const path = pathOf(options);
  return { path, history: joined(path, startedAtMs, trades) };
}

function joined(path: PricePath, startedAtMs: number, trades: Iterable<KeptTrade>): BarHistory {
  const keeper = createBarKeeper();
  for (const trade of trades) keeper.record(trade);
  return createBarHistory({ path, keeper, startedAtMs });
}

/** What there was from a time, the start of an hour, to a start of trading in hours and minutes, and each trade since. */
function pieces(
  path: PricePath,
  fromMs: number,
  startedAtMs: number,
  trades: readonly KeptTrade[],
): readonly Bar[] {
  const [hourMs, minuteMs] = [slowStartMs('1h', startedAtMs), slowStartMs('1m', startedAtMs)];
  const hours = barsOf(path, '1h', fromMs, hourMs - 1);
  const minutes = barsOf(path, '1m', hourMs, minuteMs - 1);
  const part = path.over(minuteMs, startedAtMs);
  return [...hours, ...minutes, ...(part === undefined ? [] : [part]), ...trades.map(barOf)];
}

test.each(intervals)('bars of %s join at whatever second trading began', (interval) => {
  fc.assert(
    fc.property(fc.nat(700_000_000), anySteps, fc.nat(3_600_000), (offsetMs, steps, waitMs) => {
      const startedAtMs = utc('2024-02-26') + offsetMs;
      const trades = tradesFrom(startedAtMs, steps).filter(({ atMs }) => atMs < startedAtMs + 30 * dayMs);
      const { path, history } = stageOf(startedAtMs, trades);
      const nowMs = (trades.at(-1)?.atMs ?? startedAtMs) + waitMs;
      const fromMs = slowStartMs(interval.endsWith('m') ? '1h' : '1M', startedAtMs);
      const expected = slowSum(pieces(path, fromMs, startedAtMs, trades), interval).filter(
        ({ startMs }) => startMs >= fromMs,
      );
      const bars = history.bars({ interval, fromMs, limit: 200, nowMs });
      expect(bars).toEqual(expected.slice(-200));
    }),
    { numRuns: 12 },
  );
});

test.each(intervals)('flat bars of %s fill every period with the close before', (interval) => {
  fc.assert(
    fc.property(fc.nat(700_000_000), anySteps, (offsetMs, steps) => {
      const startedAtMs = utc('2024-02-26') + offsetMs;
      const trades = tradesFrom(startedAtMs, steps).filter(({ atMs }) => atMs < startedAtMs + 30 * dayMs);
      const { history } = stageOf(startedAtMs, trades);
      const query = { interval, limit: 300, nowMs: startedAtMs + 30 * dayMs } as const;
      const flat = history.bars({ ...query, emptyBars: 'flat' });
      expect(flat.length).toBeGreaterThanOrEqual(interval === '1M' ? 217 : 300);
      expect(flat.at(-1)?.startMs).toBe(slowStartMs(interval, query.nowMs));
      const traded = new Map(history.bars(query).map((bar) => [bar.startMs, bar]));
      for (const [index, bar] of flat.entries()) {
        const before = flat[index - 1];
        if (before !== undefined) expect(bar.startMs).toBe(slowNextMs(interval, before.startMs));
        const known = traded.get(bar.startMs);
        if (known !== undefined) expect(bar).toEqual(known);
        else if (before !== undefined) expect(bar).toEqual(flatAfter(before, bar.startMs));
      }
    }),
    { numRuns: 4 },
  );
});

function flatAfter({ closeTicks }: Bar, startMs: number): Bar {
  return { ...barOf({ priceTicks: closeTicks, sizeLots: 0, atMs: startMs }) };
}

describe('what a question brings', () => {
  const startedAtMs = utc('2024-03-01T12:00');
  const nowMs = utc('2024-03-01T12:34:56');
  const trades = tradesFrom(startedAtMs, [
    [0, 100, 1],
    [600_000, 110, 2],
  ]);
  const ask = (query: Partial<BarQuery>): string[] =>
    stageOf(startedAtMs, trades)
      .history.bars({ interval: '5m', limit: 3, nowMs, ...query })
      .map(({ startMs }) => new Date(startMs).toISOString().slice(11, 16));

  test.each<[string, Partial<BarQuery>, string[]]>([
    ['the newest', {}, ['11:55', '12:00', '12:10']],
    ['the newest and the empty ones', { emptyBars: 'flat' }, ['12:20', '12:25', '12:30']],
    ['up to a start, included', { toMs: utc('2024-03-01T12:10') }, ['11:55', '12:00', '12:10']],
    ['up to just before a start', { toMs: utc('2024-03-01T12:10') - 1 }, ['11:50', '11:55', '12:00']],
    ['from a start, included', { fromMs: utc('2024-03-01T12:00') }, ['12:00', '12:10']],
    ['from just after a start', { fromMs: utc('2024-03-01T12:00') + 1 }, ['12:10']],
    [
      'the newest of a range',
      { fromMs: utc('2024-01-01'), toMs: utc('2024-02-01') },
      ['23:50', '23:55', '00:00'],
    ],
    [
      'nothing of a range that ends before it begins',
      { fromMs: utc('2024-02-02'), toMs: utc('2024-02-01') },
      [],
    ],
    ['nothing that is still to come', { fromMs: nowMs }, []],
    ['no more of the future than of now', { toMs: nowMs + 7_200_000 }, ['11:55', '12:00', '12:10']],
    [
      'no empty bars of the future',
      { toMs: nowMs + 7_200_000, emptyBars: 'flat' },
      ['12:20', '12:25', '12:30'],
    ],
    ['nothing of before the listing', { toMs: utc('2000-01-01') }, []],
  ])('%s', (_name, query, starts) => {
    expect(ask(query)).toEqual(starts);
  });

  test('the bar that goes on has what was traded so far', () => {
    const { history } = stageOf(startedAtMs, trades);
    const [bar] = history.bars({ interval: '30m', limit: 1, nowMs });
    expect(bar).toEqual({
      ...barOf({ priceTicks: 100, sizeLots: 3, atMs: startedAtMs }),
      highTicks: 110,
      closeTicks: 110,
    });
  });

  test('before the start, a path is known up to now and no further', () => {
    const { path, history } = stageOf(startedAtMs + dayMs, []);
    const [bar] = history.bars({ interval: '1h', limit: 1, nowMs });
    expect(bar).toEqual(path.over(utc('2024-03-01T12:00'), nowMs));
  });
});

test('the newest bars of a huge range take no more work than they have to', () => {
  const { path, tree } = pathAndTree();
  const history = joined(path, utc('2026-01-01T00:07'), []);
  const bars = history.bars({ interval: '1m', fromMs: 0, limit: 10, nowMs: utc('2026-01-01T00:07') });
  expect(bars.length).toBe(10);
  // One hour on each side of midnight, their days, and both of their months.
  expect(tree.work.divided).toBe(6);
});

test('empty years between the last row of a file and now are not searched', () => {
  const hour = (hours: number): Bar => ({
    ...barOf({ priceTicks: 7, sizeLots: 3, atMs: hours * 3_600_000 }),
    highTicks: 9,
  });
  const loaded = { name: 'hand', interval: '1h', bars: [hour(100), hour(5_000), hour(5_001)] } as const;
  const startedAtMs = 80 * 365 * dayMs;
  const nowMs = startedAtMs + 41 * 365 * dayMs;
  const loadedPath = createLoadedPath({ seed: 1, symbol: 'S', loaded });
  const keeper = createBarKeeper();
  keeper.record({ priceTicks: 5, sizeLots: 1, atMs: startedAtMs });
  keeper.record({ priceTicks: 6, sizeLots: 1, atMs: nowMs - 365 * dayMs });
  const [path, pathCalls] = counted(loadedPath);
  const [countedKeeper, keeperCalls] = counted(keeper);
  const history = createBarHistory({ path, keeper: countedKeeper, startedAtMs });
  const bars = history.bars({ interval: '1m', limit: 500, nowMs });
  expect(bars.reduce((sum, bar) => sum + bar.volumeLots, 0)).toBe(9 + 1);
  expect(bars.at(-1)?.closeTicks).toBe(6);
  // A few for each bar, where the minutes of the years are twenty million.
  expect(pathCalls.count).toBeLessThan(1_000);
  expect(keeperCalls.count).toBeLessThan(2_000);
});

/** An object that counts how often it is asked. */
function counted<Asked extends object>(asked: Asked): readonly [Asked, { count: number }] {
  const calls = { count: 0 };
  const get = (_target: Asked, name: string): unknown => {
    const value: unknown = Reflect.get(asked, name, asked);
    if (typeof value !== 'function') return value;
    return (...values: unknown[]): unknown => {
      calls.count += 1;
      return Reflect.apply(value, asked, values);
    };
  };
  return [new Proxy(asked, { get: (target, name) => get(target, String(name)) }), calls];
}

describe('minutes that the keeper has dropped', () => {
  const startedAtMs = utc('2024-03-01T12:00:30');
  const trades = Array.from({ length: 60 * 24 }, (_, hour) => ({
    priceTicks: 100 + (hour % 7),
    sizeLots: 1,
    atMs: startedAtMs + hour * 3_600_000,
  }));
  const nowMs = startedAtMs + 60 * dayMs;
  const { path, history } = stageOf(startedAtMs, trades);
  const keptMs = slowStartMs('1d', nowMs - 3_600_000) - 31 * dayMs;

  test.each(['omit', 'flat'] as const)(
    'are missing, and what is before the start is not: %s',
    (emptyBars) => {
      const bars = history.bars({ interval: '1m', limit: 50_000, nowMs, emptyBars });
      const live = bars.filter(({ startMs }) => startMs >= startedAtMs);
      expect(live[0]?.startMs).toBe(keptMs);
      const before = bars.findLast(({ startMs }) => startMs < keptMs);
      expect([before]).toEqual([...barsOf(path, '1m', utc('2024-03-01T11:59'), utc('2024-03-01T11:59'))]);
      const hours = Math.floor((nowMs - keptMs) / 3_600_000);
      expect(live.length).toBe(emptyBars === 'flat' ? hours * 60 + 1 : hours);
    },
  );

  test('are still in hours and days', () => {
    const [day] = history.bars({ interval: '1d', limit: 1, nowMs, toMs: utc('2024-03-02') });
    expect(day?.volumeLots).toBe(24);
    const [hour] = history.bars({ interval: '1h', limit: 1, nowMs, toMs: utc('2024-03-01T12:00') });
    const before = path.over(utc('2024-03-01T12:00'), startedAtMs);
    expect(hour?.volumeLots).toBe((before?.volumeLots ?? 0) + 1);
    expect(hour?.closeTicks).toBe(100);
  });
});

describe('the last 24 hours', () => {
  test('are from the minute of 24 hours ago up to the last trade', () => {
    fc.assert(
      fc.property(fc.nat(200_000_000), anySteps, (waitMs, steps) => {
        const startedAtMs = utc('2024-02-28T10:11:12');
        const nowMs = startedAtMs + waitMs;
        const trades = tradesFrom(startedAtMs, steps).filter(({ atMs }) => atMs <= nowMs);
        const { path, history } = stageOf(startedAtMs, trades);
        const fromMs = slowStartMs('1m', nowMs - dayMs);
        const minutes = [...barsOf(path, '1m', fromMs, slowStartMs('1m', startedAtMs) - 1)];
        const part = path.over(Math.max(fromMs, slowStartMs('1m', startedAtMs)), startedAtMs);
        const within = [...minutes, ...(part === undefined ? [] : [part]), ...trades.map(barOf)].filter(
          ({ startMs }) => startMs >= fromMs,
        );
        const bar = history.last24h(nowMs);
        expect(bar?.startMs).toBe(fromMs);
        expect(bar?.volumeLots).toBe(within.reduce((sum, { volumeLots }) => sum + volumeLots, 0));
        if (within.length === 0) return;
        expect(bar?.openTicks).toBe(within[0]?.openTicks);
        expect(bar?.closeTicks).toBe(within.at(-1)?.closeTicks);
        expect(bar?.highTicks).toBe(Math.max(...within.map(({ highTicks }) => highTicks)));
        expect(bar?.lowTicks).toBe(Math.min(...within.map(({ lowTicks }) => lowTicks)));
      }),
      { numRuns: 40 },
    );
  });

  test('are a bar of the last price if nothing was traded', () => {
    const startedAtMs = utc('2024-02-28T10:11:12');
    const { history } = stageOf(startedAtMs, tradesFrom(startedAtMs, [[5, 77, 1]]));
    const nowMs = startedAtMs + 3 * dayMs;
    expect(history.last24h(nowMs)).toEqual(
      barOf({ priceTicks: 77, sizeLots: 0, atMs: slowStartMs('1m', nowMs - dayMs) }),
    );
  });

  test('are nothing where there never was a price', () => {
    const startedAtMs = utc('2024-02-28');
    const { history } = stageOf(startedAtMs, [], { listedAtMs: startedAtMs + 1_000 * dayMs });
    expect(history.last24h(startedAtMs + dayMs)).toBeUndefined();
    expect(history.bars({ interval: '1h', limit: 9, nowMs: startedAtMs + dayMs, emptyBars: 'flat' })).toEqual(
      [],
    );
  });
});

test.each([
  ['limit', 0],
  ['nowMs', 0.5],
  ['fromMs', Number.NaN],
  ['toMs', Number.POSITIVE_INFINITY],
  ['interval', '3m'],
])('a question with %s of %s is refused', (field, value) => {
  const { history } = stageOf(utc('2024-01-01'), []);
  const ask = (): unknown => history.bars({ interval: '1m', limit: 1, nowMs: 0, [field]: value });
  expect(ask).toThrow(expect.objectContaining({ code: 'invalid-options' }));
  expect(ask).toThrow(`expected ${field} to be `);
});
