import type { Candle, Interval, Pair, TimeRange, VenueError } from '@venuekit/connector-core';
import { refusal } from './candle-refusal.ts';

/** The series that is checked, for its errors. */
interface SeriesName {
  readonly pair: Pair;
  readonly interval: Interval;
}

/** @throws VenueError `protocol` naming the field that cannot be beside the others. */
export function checkCandle(candle: Candle): void {
  const { open, high, low, close, volume, quoteVolume, tradeCount } = candle;
  const fault = (field: string, expected: string, got: unknown): VenueError =>
    refusal(candle, `candle at ${candle.openTimeMs}: ${field}: expected ${expected}, got ${got}`);
  for (const [name, price] of [
    ['low', low],
    ['open', open],
    ['close', close],
  ] as const) {
    if (high.lessThan(price)) throw fault('high', `at least the ${name}, ${price}`, high);
    if (low.greaterThan(price)) throw fault('low', `at most the ${name}, ${price}`, low);
  }
  if (volume.lessThan('0')) throw fault('volume', 'zero or more', volume);
  if (quoteVolume?.lessThan('0')) throw fault('quoteVolume', 'zero or more', quoteVolume);
  if (tradeCount === undefined || (Number.isSafeInteger(tradeCount) && tradeCount >= 0)) return;
  throw fault('tradeCount', 'a whole number from 0 up', tradeCount);
}

/** @throws VenueError `protocol` naming the first candle that does not come after the one before. */
export function checkOrder(candles: readonly Candle[], series: SeriesName): void {
  let before = Number.NEGATIVE_INFINITY;
  for (const { openTimeMs } of candles) {
    if (openTimeMs <= before) {
      throw refusal(series, `candle at ${openTimeMs}: expected one after that at ${before}`);
    }
    before = openTimeMs;
  }
}

/** @throws VenueError `protocol` naming the first span that cannot be, or that shares a moment with a candle. */
export function checkMissing(
  spans: readonly TimeRange[],
  candles: readonly Candle[],
  series: SeriesName,
): void {
  let before = Number.NEGATIVE_INFINITY;
  let at = 0;
  for (const { fromMs, toMs } of spans) {
    const fault = (message: string) =>
      refusal(series, `missing span from ${fromMs} to ${toMs}: expected ${message}`);
    if (!Number.isSafeInteger(fromMs) || !Number.isSafeInteger(toMs)) throw fault('whole milliseconds');
    if (fromMs >= toMs) throw fault('an end after the start');
    if (fromMs < before) throw fault(`one after the span that ends at ${before}`);
    before = toMs;
    while (at < candles.length && (candles[at]?.endTimeMs ?? 0) <= fromMs) at += 1;
    const inside = candles[at]?.openTimeMs;
    if (inside !== undefined && inside < toMs) throw fault(`no candle in it, got one at ${inside}`);
  }
}
