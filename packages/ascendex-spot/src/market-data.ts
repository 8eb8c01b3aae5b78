import { type SymbolMap, sizeLimits, type TickerResponse, venueId } from '@venuekit/ascendex-wire';
import {
  type BookSnapshot,
  type Instruments,
  type MarketData,
  type Pair,
  type Ticker,
  VenueError,
} from '@venuekit/connector-core';
import type { LiveMarkets } from '@venuekit/connector-kit/market-data';
import { toBookLevel, toTradeUpdate } from './message-router.ts';
import type { RestClient } from './rest-client.ts';

/** What the facet is made of. */
export interface MarketDataOptions {
  readonly rest: RestClient;
  readonly markets: LiveMarkets;
  /** Throws `not-connected` before they are loaded. */
  readonly instruments: () => Instruments;
  readonly symbols: () => SymbolMap;
  readonly onRefused: (error: VenueError) => void;
}

/** More symbols than this are cheaper, and shorter, to ask for as all. */
const mostSymbolsAsked = 50;

/** Makes the market-data facet. */
export function createMarketData(options: MarketDataOptions): MarketData {
  const { rest, markets, instruments, onRefused } = options;
  const symbolOf = (pair: Pair) => instruments().require(pair).venueSymbol;
  const facet: Omit<MarketData, 'instruments'> = {
    open: (pair, openOptions) => markets.open(pair, openOptions),
    fetchTickers: async (pairs, asyncOptions = {}) => {
      const asked = pairs?.map(symbolOf);
      instruments();
      if (asked?.length === 0) return [];
      const few = asked !== undefined && asked.length <= mostSymbolsAsked ? asked : [];
      const { content, reply } = await rest.ticker(few, asyncOptions);
      content.refused.forEach(onRefused);
      const tickers = toTickers(content.tickers, reply.receivedAtMs, options);
      return pairs === undefined ? tickers : pairs.map((pair) => required(tickers, pair));
    },
    fetchTrades: async (pair, { limit = sizeLimits.tradesPerAnswer, ...asyncOptions } = {}) => {
      const count = checkedCount('limit', limit, sizeLimits.tradesPerAnswer);
      const { content, reply } = await rest.trades(symbolOf(pair), count, asyncOptions);
      content.refused.forEach(onRefused);
      const trades = content.trades.map(toTradeUpdate);
      return trades.map((trade) => ({ ...trade, pair, receivedAtMs: reply.receivedAtMs }));
    },
    fetchBook: async (pair, { depth = Number.POSITIVE_INFINITY, ...asyncOptions } = {}) => {
      if (depth !== Number.POSITIVE_INFINITY) checkedCount('depth', depth, Number.MAX_SAFE_INTEGER);
      const { content, reply } = await rest.depth(symbolOf(pair), asyncOptions);
      const snapshot: BookSnapshot = {
        pair,
        sequence: content.seqnum,
        venueTimeMs: content.venueTimeMs,
        receivedAtMs: reply.receivedAtMs,
        bids: content.bids.slice(0, depth).map(toBookLevel),
        asks: content.asks.slice(0, depth).map(toBookLevel),
      };
      return snapshot;
    },
    defaultFees: (pair) => {
      instruments().require(pair);
      return undefined;
    },
  };
  return Object.defineProperty(facet, 'instruments', { enumerable: true, get: instruments }) as MarketData;
}

function toTickers(
  responses: readonly TickerResponse[],
  receivedAtMs: number,
  { symbols }: MarketDataOptions,
): readonly Ticker[] {
  return responses.flatMap(({ symbol, ...rest }) => {
    const pair = symbols().pairOf(symbol);
    // The venue's list has products that are not spot; they have no pair.
    if (pair === undefined) return [];
    return [{ pair, ...rest, receivedAtMs }];
  });
}

function required(tickers: readonly Ticker[], pair: Pair): Ticker {
  const found = tickers.find((ticker) => ticker.pair === pair);
  if (found !== undefined) return found;
  throw new VenueError({
    code: 'market-unavailable',
    venue: venueId,
    operation: 'fetchTickers',
    message: `expected a ticker of ${pair}, got none`,
  });
}

function checkedCount(field: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw new VenueError({
    code: 'invalid-request',
    venue: venueId,
    operation: 'marketData',
    message: `${field}: expected a whole number from 1 to ${most}, got ${value}`,
  });
}

/** The instruments in a form that says so while they are not loaded. */
export function notConnected(): VenueError {
  return new VenueError({
    code: 'not-connected',
    venue: venueId,
    operation: 'marketData',
    message: 'expected a connected connector, got one whose instruments are not loaded; call connect() first',
  });
}
