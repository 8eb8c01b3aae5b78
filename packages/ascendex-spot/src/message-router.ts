import type { BboMessage, DepthContent, StreamMessage, SymbolMap, WireTrade } from '@venuekit/ascendex-wire';
import { type BookLevel, decimal, type Pair, type VenueError } from '@venuekit/connector-core';
import type { DepthUpdate } from '@venuekit/connector-kit/book';
import type { LiveMarkets, TickerUpdate, TradeUpdate } from '@venuekit/connector-kit/market-data';

/** What routing needs of the connector. */
export interface MessageRouterOptions {
  readonly symbols: () => SymbolMap;
  readonly markets: LiveMarkets;
  /** The pair whose snapshot was asked for under an id. */
  readonly snapshotPair: (requestId: string) => Pair | undefined;
  readonly onRefused: (error: VenueError) => void;
}

/** Hands a message of the stream to the market that it is about. */
export type MessageRouter = (message: StreamMessage, receivedAtMs: number) => void;

/** Makes the router. */
export function createMessageRouter(options: MessageRouterOptions): MessageRouter {
  const { symbols, markets, onRefused } = options;
  const writerOf = (symbol: string) => {
    const pair = symbols().pairOf(symbol);
    return pair === undefined ? undefined : markets.writer(pair);
  };
  return (message, receivedAtMs) => {
    switch (message.type) {
      case 'depth':
        writerOf(message.symbol)?.book.change(toDepthUpdate(message), receivedAtMs);
        break;
      case 'depth-snapshot':
        writerOf(message.symbol)?.book.snapshot(toDepthUpdate(message), receivedAtMs);
        break;
      case 'trades':
        message.refused.forEach(onRefused);
        writerOf(message.symbol)?.trades.trades(message.trades.map(toTradeUpdate), receivedAtMs);
        break;
      case 'bbo':
        writerOf(message.symbol)?.ticker.ticker(toTickerUpdate(message), receivedAtMs);
        break;
      case 'request-error': {
        const pair = message.id === undefined ? undefined : options.snapshotPair(message.id);
        if (pair !== undefined) markets.writer(pair)?.book.snapshotFailed(message.error);
        break;
      }
      default:
        break;
    }
  };
}

function toDepthUpdate({ seqnum, venueTimeMs, bids, asks }: DepthContent): DepthUpdate {
  return { sequence: seqnum, venueTimeMs, bids, asks };
}

/** The buyer being the maker means that the taker sold. */
export function toTradeUpdate(trade: WireTrade): TradeUpdate {
  return {
    tradeId: trade.seqnum,
    price: decimal(trade.price),
    amount: decimal(trade.amount),
    side: trade.buyerIsMaker ? 'sell' : 'buy',
    venueTimeMs: trade.venueTimeMs,
  };
}

/** A level of the wire in the contract's terms. */
export function toBookLevel([price, amount]: readonly [string, string]): BookLevel {
  return { price: decimal(price), amount: decimal(amount) };
}

function toTickerUpdate({ bid, ask, venueTimeMs }: BboMessage): TickerUpdate {
  return { bid: bid && toBookLevel(bid), ask: ask && toBookLevel(ask), venueTimeMs };
}
