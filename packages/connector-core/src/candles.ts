import type { AsyncOptions } from './async-options.ts';
import type { Decimal } from './decimal.ts';
import type { Feed, GapEvent, StartEvent } from './feed.ts';
import type { Pair } from './instrument.ts';
import type { Interval } from './interval.ts';
import type { EventTimes } from './market-data.ts';

/** What was traded in one interval. */
export interface Candle {
  readonly pair: Pair;
  readonly interval: Interval;
  /** Start of the interval, in milliseconds since the epoch; included. */
  readonly openTimeMs: number;
  /** Start of the next interval; not included. */
  readonly endTimeMs: number;
  /** First price, in quote per base. */
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  /** Last price. */
  readonly close: Decimal;
  /** Traded, in base. */
  readonly volume: Decimal;
  /** Traded, in quote; `undefined` where the venue does not tell it. */
  readonly quoteVolume: Decimal | undefined;
  /** Number of trades; `undefined` where the venue does not tell it. */
  readonly tradeCount: number | undefined;
  /** True if the interval is over, and nothing more can be traded in it. */
  readonly closed: boolean;
  /** True for an interval without trades that was filled with the price before. */
  readonly synthetic: boolean;
}

/** A span of time. */
export interface TimeRange {
  /** Included, in milliseconds since the epoch. */
  readonly fromMs: number;
  /** Not included. */
  readonly toMs: number;
}

/** Candles as columns, for charts and statistics: nearest floats, one entry for each candle. Exact values are in the series. */
export interface CandleColumns {
  readonly openTimeMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** Candles of one pair and interval, oldest first, none twice. Immutable. */
export interface CandleSeries extends Iterable<Candle> {
  readonly pair: Pair;
  readonly interval: Interval;
  /** How many there are. */
  readonly length: number;
  /** The candle at a position; from the end if negative; `undefined` outside. */
  at(position: number): Candle | undefined;
  /** All of them as columns; made anew at each call. */
  columns(): CandleColumns;
  /** Spans for which nothing could be learned, oldest first. An interval that is known to be without trades is not missing. */
  readonly missing: readonly TimeRange[];
}

/** How far a download has come. */
export interface CandleProgress {
  /** Candles so far. */
  readonly candles: number;
  /** Requests answered so far. */
  readonly requests: number;
  /** From 0 to 1, of the span asked for. */
  readonly fraction: number;
}

/** Intervals without trades: left out, or filled with the price before and marked `synthetic`. */
export type EmptyIntervals = 'omit' | 'flat';

/** Which candles are wanted. */
export interface CandleQuery extends AsyncOptions {
  readonly pair: Pair;
  readonly interval: Interval;
  /** From the interval that contains this time on, in milliseconds since the epoch; from the first if left out, unless `limit` says how many. */
  readonly fromMs?: number;
  /** Up to this time, which is not included; up to now, the forming interval included, if left out. */
  readonly toMs?: number;
  /** The newest this many in the span. */
  readonly limit?: number;
  /** `omit` if left out. */
  readonly empty?: EmptyIntervals;
  /** Called after each answer. */
  readonly onProgress?: (progress: CandleProgress) => void;
}

/** A download that starts when it is read. Pages come oldest first, and together they are the series. */
export interface CandleDownload extends AsyncIterable<CandleSeries> {
  /**
   * Reads all pages.
   * @throws VenueError `market-unavailable`, `unsupported` for an interval that is not claimed, `invalid-request`, `timeout`,
   * `transport`, `protocol`, `venue-unavailable`, `closed`.
   */
  collect(): Promise<CandleSeries>;
}

/** The interval under way changed. */
export interface CandleForming extends EventTimes {
  readonly kind: 'candle-forming';
  readonly candle: Candle;
}

/** An interval is over. Told exactly once for each, in order, also when nothing was traded after it. */
export interface CandleClosed extends EventTimes {
  readonly kind: 'candle-closed';
  readonly candle: Candle;
}

/** The venue has another opinion of a candle that was told as closed. */
export interface CandleRevised extends EventTimes {
  readonly kind: 'candle-revised';
  readonly candle: Candle;
  readonly previous: Candle;
}

/** What live candles tell. Forming ones conflate; closed and revised ones are lossless. */
export type CandleEvent = CandleForming | CandleClosed | CandleRevised | StartEvent | GapEvent;

/** Which live candles are wanted. */
export interface CandleSubscription extends AsyncOptions {
  readonly pair: Pair;
  readonly interval: Interval;
  /** How many closed candles are kept; 150 if left out. */
  readonly maxRecords?: number;
  /** `omit` if left out. */
  readonly empty?: EmptyIntervals;
}

/** Live candles joined to their history. */
export interface CandleHandle extends Feed<CandleEvent>, Disposable {
  readonly pair: Pair;
  readonly interval: Interval;
  /** True if history and live candles are joined without a hole; false until then, and from a loss until it is repaired. */
  readonly ready: boolean;
  /** The closed candles that are kept, as they are now. */
  series(): CandleSeries;
  /** The interval under way; `undefined` before the first, and while not `ready`. */
  readonly forming: Candle | undefined;
  /**
   * Resolves as soon as `ready`. Without `timeoutMs` it waits as long as it takes.
   * @throws VenueError `timeout`, `closed`, or the code with which the venue refused.
   */
  whenReady(options?: AsyncOptions): Promise<CandleSeries>;
  /** Ends this handle. Doing it again does nothing. */
  close(): void;
}

/** The candles facet. */
export interface Candles {
  /** Candles of the past, in pages, or all together. Nothing is asked before it is read. */
  fetchCandles(query: CandleQuery): CandleDownload;
  /**
   * Opens live candles. Resolves when they are subscribed; `whenReady` tells when they are joined to their history.
   * @throws VenueError `market-unavailable`, `unsupported` for an interval that is not claimed, `not-connected`, `closed`, `timeout`.
   */
  open(subscription: CandleSubscription): Promise<CandleHandle>;
}
