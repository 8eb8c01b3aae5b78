import {
  addIntervalsMs,
  type Candle,
  type CandleColumns,
  type CandleSeries,
  decimal,
  type Interval,
  intervalStartMs,
  type MoneyInput,
  type Pair,
  type TimeRange,
} from '@venuekit/connector-core';
import { checkCandle, checkMissing, checkOrder } from './candle-check.ts';
import { refusal } from './candle-refusal.ts';

/** A candle as a venue tells it, or a whole one. What is left out follows from the series, or is what it says. */
export interface CandleInput {
  /** That of the series, if given. */
  readonly pair?: Pair;
  /** That of the series, if given. */
  readonly interval?: Interval;
  /** Start of the interval, in milliseconds since the epoch. */
  readonly openTimeMs: number;
  /** Start of the next interval, if given. */
  readonly endTimeMs?: number;
  readonly open: MoneyInput;
  readonly high: MoneyInput;
  readonly low: MoneyInput;
  readonly close: MoneyInput;
  /** In base. */
  readonly volume: MoneyInput;
  /** In quote; not told if left out. */
  readonly quoteVolume?: MoneyInput | undefined;
  /** Not told if left out. */
  readonly tradeCount?: number | undefined;
  /** True if left out. */
  readonly closed?: boolean;
  /** False if left out. */
  readonly synthetic?: boolean;
}

/** What a series is made of. */
export interface CandleSeriesOptions {
  readonly pair: Pair;
  readonly interval: Interval;
  /** Oldest first, none twice. */
  readonly candles: readonly CandleInput[];
  /** Spans of which nothing is known, oldest first; none by default. */
  readonly missing?: readonly TimeRange[];
}

/**
 * Makes an immutable series.
 * @throws VenueError `protocol` naming the first candle that is of another pair or interval, does not begin or end where an
 * interval does, does not come after the one before, or whose prices or amounts cannot be: a high below or a low above another
 * price, a negative volume, a count of trades that is no count; or the first missing span that is empty, is not of whole
 * milliseconds, comes before the one before, or shares a moment with a candle.
 */
export function createCandleSeries(options: CandleSeriesOptions): CandleSeries {
  const { pair, interval, missing = [] } = options;
  const candles = options.candles.map((input) => toCandle(input, options));
  checkOrder(candles, options);
  const spans = Object.freeze(missing.map(({ fromMs, toMs }) => Object.freeze({ fromMs, toMs })));
  checkMissing(spans, candles, options);
  const series: CandleSeries = {
    ...{ pair, interval, missing: spans, length: candles.length },
    at: (position) => candles.at(position),
    columns: () => toColumns(candles),
    [Symbol.iterator]: () => candles[Symbol.iterator](),
  };
  return Object.freeze(series);
}

function toCandle(input: CandleInput, { pair, interval }: CandleSeriesOptions): Candle {
  const { openTimeMs } = input;
  const startMs = intervalStartMs(interval, openTimeMs);
  const endTimeMs = addIntervalsMs(interval, openTimeMs, 1);
  const fault = (field: string, expected: unknown, got: unknown) =>
    refusal({ pair, interval }, `candle at ${openTimeMs}: ${field}: expected ${expected}, got ${got}`);
  if (openTimeMs !== startMs) throw fault('openTimeMs', `the start of an interval, ${startMs}`, openTimeMs);
  if ((input.endTimeMs ?? endTimeMs) !== endTimeMs) throw fault('endTimeMs', endTimeMs, input.endTimeMs);
  if ((input.pair ?? pair) !== pair) throw fault('pair', pair, input.pair);
  if ((input.interval ?? interval) !== interval) throw fault('interval', interval, input.interval);
  const { open, high, low, close, volume, quoteVolume, tradeCount, closed = true, synthetic = false } = input;
  const candle: Candle = {
    ...{ pair, interval, openTimeMs, endTimeMs },
    ...{ open: decimal(open), high: decimal(high), low: decimal(low), close: decimal(close) },
    volume: decimal(volume),
    quoteVolume: quoteVolume === undefined ? undefined : decimal(quoteVolume),
    ...{ tradeCount, closed, synthetic },
  };
  checkCandle(candle);
  return Object.freeze(candle);
}

function toColumns(candles: readonly Candle[]): CandleColumns {
  const column = (toFloat: (candle: Candle) => number) => Float64Array.from(candles, toFloat);
  return {
    openTimeMs: column(({ openTimeMs }) => openTimeMs),
    open: column(({ open }) => open.toNumber()),
    high: column(({ high }) => high.toNumber()),
    low: column(({ low }) => low.toNumber()),
    close: column(({ close }) => close.toNumber()),
    volume: column(({ volume }) => volume.toNumber()),
  };
}
