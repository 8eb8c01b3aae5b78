import type { Interval } from './interval.ts';
import type { OrderType, StandardOrderType, TimeInForce } from './order.ts';

/** A live stream of market data. */
export type StreamName = 'book' | 'trades' | 'ticker';

/** What a market-data facet can do. */
export interface MarketDataCapabilities {
  /** Streams that `open` offers. */
  readonly streams: readonly StreamName[];
  /** One-time questions that are answered. */
  readonly fetches: readonly ('tickers' | 'trades' | 'book')[];
  /** Levels a side in a fresh book; `undefined` if the venue sends all. */
  readonly bookDepth: number | undefined;
  /** How a lost book message is found: by consecutive numbers, by a checksum of the book, or not at all. */
  readonly bookIntegrity: 'sequence' | 'checksum' | 'none';
  /** How live data is learned: told by the venue, or asked for again and again. */
  readonly live: 'stream' | 'poll';
}

/** What a trading facet can do. */
export interface TradingCapabilities<T extends OrderType = StandardOrderType> {
  readonly orderTypes: readonly T[];
  /** For `limit` and `stop_limit`. */
  readonly timeInForce: readonly TimeInForce[];
  /** What a caller's own `clientOrderId` must look like. */
  readonly clientOrderId: {
    /** Source of a regular expression for the whole text. */
    readonly pattern: string;
    readonly minLength: number;
    readonly maxLength: number;
  };
  /** Most orders in one batch of the venue; 1 if it has none. */
  readonly batchSize: number;
  /**
   * How long after its own time stamp the venue may still take an order, in milliseconds. A question asked later that does not
   * find it proves that it was not placed. `none` if the venue gives no such promise: a lost order stays `unknown` until it is
   * seen, or until an operator decides.
   */
  readonly submitFenceMs: number | 'none';
  /** Whether the venue tells each trade of an order, or only its filled amount and average price. */
  readonly fills: 'each' | 'cumulative';
  /** One-time questions that are answered, beside orders and balances. */
  readonly fetches: readonly ('order-history' | 'fills' | 'fees')[];
  /** How live orders and balances are learned. */
  readonly live: 'stream' | 'poll';
}

/** What a candles facet can do. */
export interface CandlesCapabilities {
  /** In the order of their length. */
  readonly intervals: readonly Interval[];
  /** How live candles are learned: told by the venue, asked for again and again, or not at all. */
  readonly live: 'stream' | 'poll' | 'none';
  /** Most candles in one answer. */
  readonly pageSize: number;
}

/** What a connector claims. What is not claimed rejects with code `unsupported`. */
export interface Capabilities {
  /** Present if the connector has a market-data facet. */
  readonly marketData?: MarketDataCapabilities;
  /** Present if the connector has a trading facet. */
  readonly trading?: TradingCapabilities<OrderType>;
  /** Present if the connector has a candles facet. */
  readonly candles?: CandlesCapabilities;
}
