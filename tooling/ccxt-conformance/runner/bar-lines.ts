import type { OHLCV } from 'ccxt';
import { decimalText, units } from './exact-decimal.ts';
import { claim, given, same } from './expectations.ts';
import { type Line, line } from './line.ts';
import { checkBarTruth, isNearly, volumeOf } from './market-truth.ts';
import type { Answer } from './raw-client.ts';
import type { Stage } from './stage.ts';
import { stirring } from './stirring.ts';
import type { TrueTrade } from './truth-reader.ts';
import { between, eventually } from './waiting.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The venue's name of each of ccxt's timeframes, and its length where all are equally long. */
export const timeframes: Readonly<Record<string, readonly [name: string, lengthMs?: number]>> = {
  '1m': ['1', minuteMs],
  '5m': ['5', 5 * minuteMs],
  '15m': ['15', 15 * minuteMs],
  '30m': ['30', 30 * minuteMs],
  '1h': ['60', 60 * minuteMs],
  '2h': ['120', 120 * minuteMs],
  '4h': ['240', 240 * minuteMs],
  '6h': ['360', 360 * minuteMs],
  '12h': ['720', 720 * minuteMs],
  '1d': ['1d', dayMs],
  '1w': ['1w', 7 * dayMs],
  '1M': ['1m'],
};

/** History of prices. */
export const barLines: readonly Line[] = [
  ...Object.keys(timeframes).map((timeframe) =>
    line(`fetchOHLCV ${timeframe} with a limit`, async (stage) => {
      const bars = await readBars(stage, timeframe, [undefined, 7], { n: '7' });
      same('number of bars', bars.length, 7);
      checkStarts(bars, timeframe);
      const [newest = 0] = bars.at(-1) ?? [];
      claim(newest <= Date.now(), `the newest bar begins at ${newest}`);
    }),
  ),
  line('fetchOHLCV without a limit', async (stage) => {
    const bars = await readBars(stage, '1m', [], {});
    checkStarts(bars, '1m');
  }),
  line('fetchOHLCV 500', async (stage) => {
    const bars = await readBars(stage, '1h', [undefined, 500], { n: '500' });
    same('number of bars', bars.length, 500);
    checkStarts(bars, '1h');
  }),
  line('fetchOHLCV since and limit', async (stage) => {
    const since = Math.floor(Date.now() / minuteMs) * minuteMs - 60 * minuteMs;
    const bars = await readBars(stage, '1m', [since, 10], { from: since, to: since + 9 * minuteMs });
    same('starts', startsOf(bars), startsFrom(since, 10, minuteMs));
  }),
  line('fetchOHLCV since', async (stage) => {
    const since = Math.floor(Date.now() / minuteMs) * minuteMs - 30 * minuteMs;
    const bars = await readBars(stage, '1m', [since], { from: since, to: Date.now() });
    same('starts', startsOf(bars), startsFrom(since, bars.length, minuteMs));
    claim(bars.length >= 30, `${bars.length} bars in half an hour`);
  }),
  line('fetchOHLCV until', async (stage) => {
    const until = Math.floor(Date.now() / minuteMs) * minuteMs - 60 * minuteMs;
    const range = { from: until - 5 * minuteMs, to: until };
    const bars = await readBars(stage, '1m', [undefined, 5, { until }], range, 5);
    same('starts', startsOf(bars), startsFrom(until - 4 * minuteMs, 5, minuteMs));
  }),
  line('fetchOHLCV since and until', async (stage) => {
    const since = Math.floor(Date.now() / minuteMs) * minuteMs - 60 * minuteMs;
    const until = since + 20 * minuteMs;
    const bars = await readBars(stage, '1m', [since, undefined, { until }], { from: since, to: until });
    same('starts', startsOf(bars), startsFrom(since, 21, minuteMs));
  }),
  line('fetchOHLCV agrees with itself', checkSums),
  line('fetchOHLCV agrees with the trades', checkNewTrades),
];

type Arguments = [since?: number | undefined, limit?: number | undefined, params?: object];

/** Bars through ccxt, which are those that the venue gives for `query`, of which the newest `last` if given. */
async function readBars(
  { open, raw, truth, symbol }: Stage,
  timeframe: string,
  [since, limit, params]: Arguments,
  query: Record<string, string | number>,
  last?: number,
): Promise<readonly OHLCV[]> {
  const [interval] = given(timeframes[timeframe], timeframe);
  const texts = Object.entries(query).map(([name, value]) => [name, String(value)]);
  const asked = { symbol, interval, ...Object.fromEntries(texts) };
  const both = await between(
    async () => ({
      told: await raw.read('/api/pro/v1/barhist', asked),
      trades: await truth.trades(symbol),
    }),
    () => open.fetchOHLCV(symbol, timeframe, since, limit, params),
  );
  const rows = [...both.raw.told].sort((a: Answer, b: Answer) => a.data.ts - b.data.ts);
  same('bars', both.ccxt, rows.slice(last === undefined ? 0 : -last).map(toBar));
  for (const bar of both.ccxt) checkBar(bar);
  claim(both.ccxt.length > 0, 'there are no bars');
  const newest = given(both.ccxt.at(-1), 'the newest bar');
  if (isGoingOn(newest, timeframe)) checkBarTruth(newest, both.raw.trades);
  return both.ccxt;
}

function toBar({ data: { ts, o, h, l, c, v } }: Answer): OHLCV {
  return [ts, Number(o), Number(h), Number(l), Number(c), Number(v)];
}

function checkBar([start, open = 0, high = 0, low = 0, close = 0, volume = 0]: OHLCV): void {
  const holds = low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close) && volume >= 0;
  claim(holds, `bar of ${start}: ${[open, high, low, close, volume]}`);
}

function checkStarts(bars: readonly OHLCV[], timeframe: string): void {
  const starts = startsOf(bars);
  const [, lengthMs] = given(timeframes[timeframe], timeframe);
  const [first = 0] = starts;
  if (lengthMs === undefined) {
    same(
      'starts',
      starts,
      starts.map((_, index) => monthAfter(first, index)),
    );
    return;
  }
  // Weeks begin on a Monday; 1970 began on a Thursday.
  const origin = timeframe === '1w' ? 4 * dayMs : 0;
  claim((first - origin) % lengthMs === 0, `a bar of ${timeframe} begins at ${first}`);
  same('starts', starts, startsFrom(first, starts.length, lengthMs));
}

function monthAfter(first: number, months: number): number {
  const date = new Date(first);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
}

function startsOf(bars: readonly OHLCV[]): readonly number[] {
  return bars.map(([start]) => start ?? 0);
}

function startsFrom(first: number, count: number, lengthMs: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index * lengthMs);
}

/** A bar of an hour is made of its sixty minutes. */
async function checkSums({ open, raw, symbol }: Stage): Promise<void> {
  const hour = 60 * minuteMs;
  const from = Math.floor(Date.now() / hour) * hour - 3 * hour;
  const [long] = await open.fetchOHLCV(symbol, '1h', from, 1);
  const range = { from: String(from), to: String(from + hour - 1) };
  const rows = await raw.read('/api/pro/v1/barhist', { symbol, interval: '1', ...range });
  const minutes = rows.map(({ data }: Answer) => data).sort((a: Answer, b: Answer) => a.ts - b.ts);
  same('minutes', minutes.length, 60);
  const volume = minutes.reduce((sum: bigint, { v }: Answer) => sum + units(v), 0n);
  same('bar', long, [
    from,
    Number(minutes[0].o),
    Math.max(...minutes.map(({ h }: Answer) => Number(h))),
    Math.min(...minutes.map(({ l }: Answer) => Number(l))),
    Number(minutes[59].c),
    Number(decimalText(volume)),
  ]);
}

function isGoingOn([start = 0]: OHLCV, timeframe: string): boolean {
  const [, lengthMs] = given(timeframes[timeframe], timeframe);
  return Date.now() < (lengthMs === undefined ? monthAfter(start, 1) : start + lengthMs);
}

/** From one reading of a bar to the next, it takes up exactly the trades that have come. */
async function checkNewTrades(stage: Stage): Promise<void> {
  const { truth, symbol } = stage;
  const before = await readDay(stage);
  await stirring(stage, [symbol], () =>
    eventually('trades', async () => {
      const trades = await truth.trades(symbol);
      return trades.length > before.trades.length + 3 ? true : undefined;
    }),
  );
  const after = await readDay(stage);
  // A day has begun in between.
  if (after.bar[0] !== before.bar[0]) return checkNewTrades(stage);
  const added = after.trades.slice(before.trades.length);
  const prices = added.map(({ price }) => Number(price));
  const [start, first, high = 0, low = 0, , volume = 0] = before.bar;
  same('bar', after.bar.slice(0, 5), [
    ...[start, first, Math.max(high, ...prices), Math.min(low, ...prices), prices.at(-1)],
  ]);
  const expected = volume + volumeOf(added);
  claim(isNearly(after.bar[5] ?? 0, expected), `volume: expected ${expected}, got ${after.bar[5]}`);
}

/** The bar of today through ccxt, and all trades at the same moment. */
async function readDay({
  open,
  truth,
  symbol,
}: Stage): Promise<{ bar: OHLCV; trades: readonly TrueTrade[] }> {
  const both = await between(
    () => truth.trades(symbol),
    () => open.fetchOHLCV(symbol, '1d', undefined, 1),
  );
  return { bar: given(both.ccxt[0], 'a bar'), trades: both.raw };
}
