import type { Dict, OHLCV, Trade } from 'ccxt';
import { asNumber, claim, same } from './expectations.ts';
import type { TrueBook, TrueTrade } from './truth-reader.ts';

/** Levels as numbers, as they are in a book of ccxt. */
export function levelNumbers(side: readonly (readonly (string | number)[])[]): number[][] {
  return side.map(([price = 0, size = 0]) => [Number(price), Number(size)]);
}

/** Compares a book of ccxt with the true one of the same number. */
export function checkBookTruth(book: Dict, truth: TrueBook): void {
  same('the true sequence and time', [book.nonce, book.timestamp], [truth.seqnum, truth.timeMs]);
  same('the true asks', levelNumbers(book.asks), levelNumbers(truth.asks));
  same('the true bids', levelNumbers(book.bids), levelNumbers(truth.bids));
}

/** Compares a ticker with the true book and with the trades since the venue opened, which are a part of its day. */
export function checkTickerTruth(ticker: Dict, book: TrueBook, trades: readonly TrueTrade[]): void {
  const { bid, bidVolume, ask, askVolume } = ticker;
  same(
    'the true bid',
    [bid, bidVolume],
    [0, 1].map((at) => asNumber(book.bids[0]?.[at])),
  );
  same(
    'the true ask',
    [ask, askVolume],
    [0, 1].map((at) => asNumber(book.asks[0]?.[at])),
  );
  if (trades.length === 0) return;
  same('the last true price', ticker.last, Number(trades.at(-1)?.price));
  const { high, low, baseVolume } = ticker;
  claim(holdsTrades({ high, low, volume: baseVolume }, trades), `${ticker.symbol}: a true trade is left out`);
}

/** Compares a bar with the true trades in it: it ends with the last of them, and may hold older ones. */
export function checkBarTruth(bar: OHLCV, trades: readonly TrueTrade[]): void {
  const [start = 0, , high = 0, low = 0, close, volume = 0] = bar;
  const within = trades.filter(({ timeMs }) => timeMs >= start);
  if (within.length === 0) return;
  same('the last true price', close, Number(within.at(-1)?.price));
  claim(holdsTrades({ high, low, volume }, within), `bar of ${start}: a true trade is left out`);
}

/** True if a bar is right for some moment between these trades, or there was none in it yet. */
export function wasTrueBar(bar: OHLCV, trades: readonly TrueTrade[]): boolean {
  const [start = 0, , high = 0, low = 0, close, volume = 0] = bar;
  const within = trades.filter(({ timeMs }) => timeMs >= start);
  return within.some(
    ({ price }, at) => Number(price) === close && holdsTrades({ high, low, volume }, within.slice(0, at + 1)),
  );
}

/** The sum of the sizes of trades. */
export function volumeOf(trades: readonly TrueTrade[]): number {
  return trades.reduce((sum, { amount }) => sum + Number(amount), 0);
}

/** True but for what adding up floats in another order does. */
export function isNearly(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));
}

function holdsTrades(
  { high, low, volume }: { readonly high: number; readonly low: number; readonly volume: number },
  trades: readonly TrueTrade[],
): boolean {
  const prices = trades.map(({ price }) => Number(price));
  const least = volumeOf(trades);
  const fits = volume > least || isNearly(volume, least);
  return fits && high >= Math.max(...prices) && low <= Math.min(...prices);
}

/** Fails unless each of these trades of ccxt is one that happened; those of before the venue opened are not in the log. */
export function checkTradesTruth(trades: readonly Trade[], truth: readonly TrueTrade[]): void {
  const [first] = truth;
  const real = truth.map(({ timeMs, price, amount, buyerIsMaker, symbol }) =>
    [timeMs, Number(price), Number(amount), buyerIsMaker ? 'sell' : 'buy', symbol].join(' '),
  );
  for (const { timestamp = 0, price, amount, side, symbol } of trades) {
    const text = [timestamp, price, amount, side, symbol].join(' ');
    const at = real.indexOf(text);
    claim(at >= 0, `no true trade is ${text}; the first is of ${first?.timeMs}`);
    real.splice(at, 1);
  }
}
