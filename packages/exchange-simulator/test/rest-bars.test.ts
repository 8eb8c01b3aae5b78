import { expect, test } from 'vitest';
import type { AscendexChoices } from '../src/dialect/ascendex/ascendex-options.ts';
import { barSpan } from '../src/dialect/ascendex/bar-calendar.ts';
import { createListing } from '../src/floor/listing.ts';
import { createBarHistory } from '../src/history/bar-history.ts';
import { createBarKeeper } from '../src/history/bar-keeper.ts';
import type { LoadedBars } from '../src/history/loaded-bars.ts';
import { createLoadedPath } from '../src/history/loaded-path.ts';
import type { PricePath } from '../src/history/price-path.ts';
import type { BarInterval, BarQuery, MarketBar } from '../src/market/market.ts';
import { createMarketBars } from '../src/world/market-bars.ts';
import { type Answer, barAt, createAscendexStage, stageRules, worked } from './ascendex-stage.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** The bar that is not over yet. */
const lastMs = worked.timeMs - (worked.timeMs % minuteMs);

/** Bars of one minute for the last `count` minutes; their close is their age in minutes. */
function minutes(count: number, hasTrades: (age: number) => boolean = () => true) {
  return (symbol: string, { fromMs = 0, toMs, limit }: BarQuery): readonly MarketBar[] => {
    if (symbol !== 'ASD/USDT') return [];
    const all: MarketBar[] = [];
    for (let age = count - 1; age >= 0; age -= 1) {
      if (hasTrades(age)) all.push(barAt(lastMs - age * minuteMs, String(age)));
    }
    return all.filter(({ startMs }) => startMs >= fromMs && startMs <= toMs).slice(-limit);
  };
}

async function ask(
  query: Record<string, string | number>,
  {
    choices = {},
    bars = minutes(1_000),
  }: { choices?: AscendexChoices; bars?: ReturnType<typeof minutes> } = {},
): Promise<Answer> {
  const stage = await createAscendexStage({ choices, bars });
  return stage.get('/api/pro/v1/barhist', { symbol: 'ASD/USDT', interval: '1', ...query });
}

/** Ages in minutes of the bars that came. */
async function ages(...asked: Parameters<typeof ask>): Promise<readonly number[]> {
  const { body } = await ask(...asked);
  return body.data.map(({ data }: { data: { ts: number } }) => (lastMs - data.ts) / minuteMs);
}

const down = (from: number, to: number): readonly number[] =>
  Array.from({ length: from - to + 1 }, (_, index) => from - index);

test('documented: the form of a bar', async () => {
  const { body } = await ask({ n: 1 });
  const data = { i: '1', ts: lastMs, o: '0', c: '0', h: '0', l: '0', v: '1' };
  expect(body).toEqual({ code: 0, data: [{ m: 'bar', s: 'ASD/USDT', data }] });
});

const at = (age: number): number => lastMs - age * minuteMs;

test.each([
  ['nothing', {}, down(9, 0)],
  ['n', { n: 3 }, down(2, 0)],
  ['n beyond the most', { n: 600 }, down(499, 0)],
  ['to', { to: at(5) }, down(14, 5)],
  ['to between two starts', { to: at(5) + 1 }, down(14, 5)],
  ['to and n', { to: at(5), n: 2 }, down(6, 5)],
  ['from', { from: at(20) }, down(20, 0)],
  ['from between two starts', { from: at(20) + 1 }, down(19, 0)],
  ['from too long ago', { from: at(800) }, down(499, 0)],
  ['from and to', { from: at(80), to: at(10) }, down(80, 10)],
  ['from and to too far apart', { from: at(900), to: at(10) }, down(509, 10)],
  ['from and n, where n is less', { from: at(80), n: 5 }, down(4, 0)],
  ['from and n, where from is less', { from: at(3), n: 5 }, down(3, 0)],
  ['from, to and n', { from: at(80), to: at(10), n: 5 }, down(14, 10)],
  ['to in the future', { to: at(-5), n: 1 }, [0]],
  ['from in the future', { from: at(-5) }, []],
  ['from behind to', { from: at(5), to: at(6) }, []],
  ['before the first', { to: 5 }, []],
])('documented: which bars there are for %s', async (_, query, expected) => {
  expect(await ages(query)).toEqual(expected);
});

test('our choices, switchable: order, bound and default', async () => {
  expect(await ages({ n: 3 }, { choices: { barOrder: 'descending' } })).toEqual([0, 1, 2]);
  expect(await ages({ to: at(5), n: 2 }, { choices: { barUpperBound: 'excluded' } })).toEqual([7, 6]);
  expect(await ages({ to: at(5) + 1, n: 2 }, { choices: { barUpperBound: 'excluded' } })).toEqual([6, 5]);
  expect(await ages({}, { choices: { defaultBars: 1 } })).toEqual([0]);
});

/** A market in which the pair was traded at some ages only; their close is their age in minutes. */
function traded(tradedAges: readonly number[]): ReturnType<typeof minutes> {
  const keeper = createBarKeeper();
  for (const age of tradedAges) keeper.record({ priceTicks: age * 10_000, sizeLots: 1, atMs: at(age) });
  const before = { openTicks: 80_000, highTicks: 80_000, lowTicks: 80_000, closeTicks: 80_000 };
  const bars = [{ startMs: at(8), ...before, volumeLots: 0 }];
  const loaded: LoadedBars = { name: 'before', interval: '1m', bars };
  return barsOf(createLoadedPath({ seed: 7, symbol: 'ASD/USDT', loaded }), at(7), keeper);
}

/** Bars loaded for the days before the last one: each goes up by a tick or more, and says nothing of a volume. */
function loadedDays(count: number, riseTicks: number): ReturnType<typeof minutes> {
  const endMs = lastMs - (lastMs % dayMs);
  const bars = Array.from({ length: count }, (_, index) => {
    const openTicks = 48_000 + index * riseTicks;
    const closeTicks = openTicks + riseTicks;
    const prices = { openTicks, highTicks: closeTicks, lowTicks: openTicks, closeTicks };
    return { startMs: endMs - (count - index) * dayMs, ...prices, volumeLots: 0 };
  });
  const loaded: LoadedBars = { name: 'days', interval: '1d', bars };
  return barsOf(createLoadedPath({ seed: 7, symbol: 'ASD/USDT', loaded }), endMs);
}

function barsOf(
  path: PricePath,
  startedAtMs: number,
  keeper = createBarKeeper(),
): ReturnType<typeof minutes> {
  const [rules] = stageRules;
  if (rules === undefined) throw new Error('expected a pair');
  const history = createBarHistory({ path, keeper, startedAtMs });
  const of = new Map([[rules.symbol, { listing: createListing(rules), keeper, history }]]);
  return createMarketBars(of, { now: () => worked.timeMs }).bars;
}

test('our choice, switchable: bars without trades are left out, or flat', async () => {
  const bars = traded([7, 4, 1]);
  expect(await ages({ n: 5 }, { bars })).toEqual([7, 4, 1]);
  const { body } = await ask({ n: 5 }, { bars, choices: { emptyBars: 'flat' } });
  const rows = body.data.map(({ data }: { data: { o: string; c: string; v: string; ts: number } }) => [
    ...[(lastMs - data.ts) / minuteMs, data.o, data.c, data.v],
  ]);
  expect(rows).toEqual([
    [4, '4', '4', '1'],
    [3, '4', '4', '0'],
    [2, '4', '4', '0'],
    [1, '1', '1', '1'],
    [0, '1', '1', '0'],
  ]);
  expect(await ages({ n: 500 }, { bars, choices: { emptyBars: 'flat' } })).toEqual(down(8, 0));
  expect(await ages({ from: at(3), to: at(2) }, { bars, choices: { emptyBars: 'flat' } })).toEqual([3, 2]);
});

test('bars whose prices moved are there, also if nobody says how much was traded', async () => {
  const { body } = await ask({ interval: '1d', n: 5 }, { bars: loadedDays(184, 100) });
  expect(body.data.map(({ data }: { data: { h: string; v: string } }) => [data.h, data.v])).toEqual([
    ['6.6', '0'],
    ['6.61', '0'],
    ['6.62', '0'],
    ['6.63', '0'],
    ['6.64', '0'],
  ]);
});

test.each([
  ['moved', 100],
  ['did not move', 0],
])('the market is asked once for short bars within long ones without volume that %s', async (_, rise) => {
  const days = loadedDays(184, rise);
  const asked: BarQuery[] = [];
  const bars: typeof days = (symbol, query) => {
    asked.push(query);
    return days(symbol, query);
  };
  const { body } = await ask({ n: 5 }, { bars });
  expect(body.data.length).toBe(rise === 0 ? 0 : 5);
  expect(asked).toMatchObject([{ interval: '1m', limit: 5 }]);
});

test.each([
  ['1', '1m'],
  ['5', '5m'],
  ['15', '15m'],
  ['30', '30m'],
  ['60', '1h'],
  ['120', '2h'],
  ['240', '4h'],
  ['360', '6h'],
  ['720', '12h'],
  ['1d', '1d'],
  ['1w', '1w'],
  ['1m', '1M'],
])('documented: %s means %s; the market is asked for that', async (name, interval) => {
  const asked: BarInterval[] = [];
  const bars = (_: string, query: BarQuery): readonly MarketBar[] => {
    asked.push(query.interval);
    return [barAt(barSpan(query.interval, worked.timeMs).startMs, '1')];
  };
  const { body } = await ask({ interval: name }, { bars });
  expect(body.data[0].data.i).toBe(name);
  expect(new Set(asked)).toEqual(new Set([interval]));
});

test.each([
  ['no symbol', { symbol: '' }, 100004],
  ['an unknown symbol', { symbol: 'NOPE' }, 100008],
  ['no interval', { interval: '' }, 100004],
  ['an interval that the venue does not have', { interval: '3' }, 100004],
  ['a name from elsewhere', { interval: 'toString' }, 100004],
  ['a time that is none', { from: 'now' }, 100004],
  ['no bars', { n: 0 }, 100004],
])('our choice of codes: %s is refused', async (_, query, code) => {
  const { status, body } = await ask(query);
  expect([status, body]).toEqual([200, { code, reason: expect.any(String), message: expect.any(String) }]);
});
