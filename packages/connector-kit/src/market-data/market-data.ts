import {
  type AsyncOptions,
  type BookSnapshot,
  type FeeRates,
  type Instruments,
  type MarketData,
  type Pair,
  type Ticker,
  type Trade,
  VenueError,
} from '@venuekit/connector-core';

/** What a market-data facet is made of. What is left out rejects with code `unsupported`. */
export interface MarketDataParts {
  /** Venue id for errors. */
  readonly venue: string;
  /** The instruments; throws `not-connected` before they are loaded, or `closed` if they never will be. Asked before everything else. */
  readonly instruments: () => Instruments;
  /** As `MarketData.open` of the contract, for example that of `createLiveMarkets`: `closed` comes before all, `market-unavailable` after it. */
  readonly open: MarketData['open'];
  /** Summaries of the pairs, which are all listed, or of all. */
  readonly fetchTickers?: (
    pairs: readonly Pair[] | undefined,
    options: AsyncOptions,
  ) => Promise<readonly Ticker[]>;
  /** The newest trades of a listed pair, oldest first. */
  readonly fetchTrades?: (
    pair: Pair,
    options: AsyncOptions & { readonly limit?: number },
  ) => Promise<readonly Trade[]>;
  /** The book of a listed pair. */
  readonly fetchBook?: (
    pair: Pair,
    options: AsyncOptions & { readonly depth?: number },
  ) => Promise<BookSnapshot>;
  /** The published fees for a listed pair; unknown if left out. */
  readonly defaultFees?: (pair: Pair) => FeeRates | undefined;
}

/**
 * Makes a market-data facet. Pairs are looked up before a part is called, which so never sees one that is not listed: all parts but
 * `open`, which alone knows whether it was closed before.
 */
export function createMarketData(parts: MarketDataParts): MarketData {
  const { instruments, open } = parts;
  const claimed = <F>(operation: string, part: F | undefined): F => {
    if (part !== undefined) return part;
    const message = `expected what the capabilities claim, got ${operation}, which this venue does not offer`;
    throw new VenueError({ code: 'unsupported', venue: parts.venue, operation, message });
  };
  return {
    get instruments() {
      return instruments();
    },
    open: async (pair, options) => {
      instruments();
      return open(pair, options);
    },
    fetchTickers: async (pairs, options = {}) => {
      const ask = claimed('fetchTickers', parts.fetchTickers);
      const listed = instruments();
      for (const pair of pairs ?? []) listed.require(pair);
      return ask(pairs, options);
    },
    fetchTrades: async (pair, options = {}) => {
      const ask = claimed('fetchTrades', parts.fetchTrades);
      return ask(instruments().require(pair).pair, options);
    },
    fetchBook: async (pair, options = {}) => {
      const ask = claimed('fetchBook', parts.fetchBook);
      return ask(instruments().require(pair).pair, options);
    },
    defaultFees: (pair) => {
      const listed = instruments().require(pair);
      return parts.defaultFees?.(listed.pair);
    },
  };
}
