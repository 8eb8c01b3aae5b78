import type { BarInterval, MarketBar } from '../../market/market.ts';
import type { AscendexContext } from './ascendex-context.ts';
import { barSpan, intervalOf } from './bar-calendar.ts';
import { refusals } from './error-codes.ts';
import { type RestCall, readNumbers } from './rest-calls.ts';
import { refuse, succeed } from './rest-replies.ts';

const mostBars = 500;

/** Which bars are asked for. */
interface BarRange {
  readonly interval: BarInterval;
  readonly fromMs: number | undefined;
  readonly toMs: number;
  readonly limit: number;
}

/** Answers with bars that start within the times given, the newest if there are too many, and the bar that is not over yet. */
export function answerBars(context: AscendexContext, call: RestCall): Response {
  const { listed, options, clock } = context;
  const symbol = call.req.query('symbol') ?? '';
  const name = call.req.query('interval') ?? '';
  if (symbol === '') return refuse(refusals.argument, 'symbol is missing');
  if (!listed.has(symbol)) return refuse(refusals.symbol, `symbol ${symbol} is not listed`);
  const interval = intervalOf(name);
  if (interval === undefined)
    return refuse(refusals.argument, `interval: expected one of barhist/info, got ${name}`);
  const numbers = readNumbers(call, { from: 0, to: 0, n: 1 });
  if (numbers instanceof Response) return numbers;
  const { from: fromMs, to, n } = numbers;
  const lastMs = to === undefined ? clock.now() : to - (options.barUpperBound === 'excluded' ? 1 : 0);
  const limit = Math.min(n ?? (fromMs === undefined ? options.defaultBars : mostBars), mostBars);
  const bars = findBars(context, symbol, { interval, fromMs, toMs: lastMs, limit });
  const data = bars.map((bar) => describeBar(symbol, name, bar));
  return succeed(options.barOrder === 'ascending' ? data : data.reverse());
}

/** A bar as the venue writes it. */
function describeBar(
  symbol: string,
  name: string,
  { startMs, open, high, low, close, volume }: MarketBar,
): object {
  return {
    m: 'bar',
    s: symbol,
    data: { i: name, ts: startMs, o: open, h: high, l: low, c: close, v: volume },
  };
}

function findBars({ market, options, clock }: AscendexContext, symbol: string, range: BarRange): MarketBar[] {
  const { interval, fromMs, limit } = range;
  const toMs = Math.min(range.toMs, clock.now());
  if (toMs < 0 || (fromMs !== undefined && fromMs > toMs)) return [];
  const within = { interval, toMs, ...(fromMs === undefined ? {} : { fromMs }) };
  if (options.emptyBars === 'left-out') {
    return findTraded((most) => market.bars(symbol, { ...within, limit: most }), limit);
  }
  const starts = startsWithin(interval, fromMs ?? 0, toMs, limit);
  const [firstMs = toMs] = starts;
  const known = market.bars(symbol, { interval, fromMs: firstMs, toMs, limit });
  const [before] = market.bars(symbol, { interval, toMs: firstMs - 1, limit: 1 });
  return fill(starts, known, before?.close);
}

/** The newest bars with trades, however many without are among them. */
function findTraded(find: (most: number) => readonly MarketBar[], limit: number): MarketBar[] {
  for (let most = limit; ; most *= 4) {
    const found = find(most);
    const traded = found.filter(({ volume }) => !isZero(volume));
    if (traded.length >= limit || found.length < most) return traded.slice(-limit);
  }
}

/** Starts of bars, oldest first: the newest `limit` of those within both times. */
function startsWithin(interval: BarInterval, fromMs: number, toMs: number, limit: number): number[] {
  const starts: number[] = [];
  let { startMs } = barSpan(interval, toMs);
  while (startMs >= fromMs && starts.length < limit) {
    starts.push(startMs);
    ({ startMs } = barSpan(interval, startMs - 1));
  }
  return starts.reverse();
}

/** Puts flat bars where there are none, as soon as there is a price. */
function fill(
  starts: readonly number[],
  known: readonly MarketBar[],
  before: string | undefined,
): MarketBar[] {
  const byStart = new Map(known.map((bar) => [bar.startMs, bar]));
  let close = before;
  const filled: MarketBar[] = [];
  for (const startMs of starts) {
    const flat = close === undefined ? undefined : flatBar(startMs, close);
    const bar = byStart.get(startMs) ?? flat;
    if (bar === undefined) continue;
    filled.push(bar);
    close = bar.close;
  }
  return filled;
}

function flatBar(startMs: number, price: string): MarketBar {
  return { startMs, open: price, high: price, low: price, close: price, volume: '0' };
}

function isZero(text: string): boolean {
  return /^0*(?:\.0*)?$/.test(text);
}
