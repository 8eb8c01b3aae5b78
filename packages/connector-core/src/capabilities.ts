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
  /** How a lost book message is found: by consecutive numbers, or not at all. */
  readonly bookIntegrity: 'sequence' | 'none';
}

/** What a connector claims. What is not claimed rejects with code `unsupported`. */
export interface Capabilities {
  /** Present if the connector has a market-data facet. */
  readonly marketData?: MarketDataCapabilities;
}
