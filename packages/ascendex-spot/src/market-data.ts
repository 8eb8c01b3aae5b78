import { type SymbolMap, sizeLimits, type TickerResponse, venueId } from '@venuekit/ascendex-wire';
import {
  type BookSnapshot,
  type Instruments,
  type MarketData,
  type Pair,
  type Ticker,
  VenueError,
} from '@venuekit/connector-core';
import { createMarketData, type LiveMarkets } from '@venuekit/connector-kit/market-data';
import { checkedCount } from './checked-count.ts';
import { toBookLevel, toTradeUpdate } from './message-router.ts';
import type { RestClient } from './rest-client.ts';

/** What the facet is made of. */
export interface MarketDataOptions {
  readonly rest: RestClient;
  readonly markets: LiveMarkets;
  /** Throws `not-connected` before they are loaded, `closed` if they never will be. */
  readonly instruments: () => Instruments;
  readonly symbols: () => SymbolMap;
  readonly onRefused: (error: VenueError) => void;
}

/** More symbols than this are cheaper, and shorter, to ask for as all. */
const mostSymbolsAsked = 50;

/** Makes the market-data facet. */
export function createAscendexMarketData(options: MarketDataOptions): MarketData {
  const { rest, markets, instruments, onRefused } = options;
  const symbolOf = (pair: Pair) => instruments().require(pair).venueSymbol;
  return createMarketData({
    venue: venueId,
    instruments,
    open: (pair, openOptions) => markets.open(pair, openOptions),
    fetchTickers: async (pairs, asyncOptions) => {
      const asked = pairs?.map(symbolOf);
      if (asked?.length === 0) return [];
      const few = asked !== undefined && asked.length <= mostSymbolsAsked ? asked : [];
      const { content, reply } = await rest.ticker(few, asyncOptions);
      content.refused.forEach(onRefused);
      const tickers = toTickers(content.tickers, reply.receivedAtMs, options);
      return pairs === undefined ? tickers : pairs.map((pair) => required(tickers, pair));
    },
    fetchTrades: async (pair, { limit = sizeLimits.tradesPerAnswer, ...asyncOptions }) => {
      const count = checkedCount('fetchTrades', 'limit', limit, sizeLimits.tradesPerAnswer);
      const symbol = symbolOf(pair);
      const { content, reply } = await rest.trades(symbol, count, asyncOptions);
      requireSymbol('fetchTrades', symbol, content);
      content.refused.forEach(onRefused);
      // The newest are at the end, and the venue may give more than it was asked for.
      const trades = content.trades.slice(-count).map(toTradeUpdate);
      return trades.map((trade) => ({ ...trade, pair, receivedAtMs: reply.receivedAtMs }));
    },
    fetchBook: async (pair, { depth = Number.POSITIVE_INFINITY, ...asyncOptions }) => {
      if (depth !== Number.POSITIVE_INFINITY)
        checkedCount('fetchBook', 'depth', depth, Number.MAX_SAFE_INTEGER);
      const symbol = symbolOf(pair);
      const { content, reply } = await rest.depth(symbol, asyncOptions);
      requireSymbol('fetchBook', symbol, content);
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
  });
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

/** A price of one market must never pass for one of another. */
function requireSymbol(operation: string, asked: string, { symbol }: { readonly symbol: string }): void {
  if (symbol === asked) return;
  const message = `expected an answer about ${asked}, got one about ${JSON.stringify(symbol.slice(0, 80))}`;
  throw new VenueError({ code: 'protocol', venue: venueId, operation, message });
}

/** The instruments in a form that says so while they are not loaded, or never will be. */
export function notLoaded(closed: boolean): VenueError {
  const at = { venue: venueId, operation: 'marketData' };
  if (closed) return new VenueError({ ...at, code: 'closed', message: 'the connector is closed' });
  const message =
    'expected a connected connector, got one whose instruments are not loaded; call connect() first';
  return new VenueError({ ...at, code: 'not-connected', message });
}
