import type { BarInterval, MarketBar } from '../../market/market.ts';
import type { AscendexContext } from './ascendex-context.ts';
import { intervalOf } from './bar-calendar.ts';
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

function findBars(
  { market, options, clock }: AscendexContext,
  symbol: string,
  range: BarRange,
): readonly MarketBar[] {
  const { interval, fromMs, limit } = range;
  const toMs = Math.min(range.toMs, clock.now());
  if (toMs < 0 || (fromMs !== undefined && fromMs > toMs)) return [];
  const emptyBars = options.emptyBars === 'flat' ? 'flat' : 'omit';
  return market.bars(symbol, {
    interval,
    toMs,
    limit,
    emptyBars,
    ...(fromMs === undefined ? {} : { fromMs }),
  });
}
