import type {
  BboMessage,
  DepthKind,
  RefusedMessage,
  StreamMessage,
  SymbolMap,
  TradesMessage,
  WireTrade,
} from '@venuekit/ascendex-wire';
import { type BookLevel, decimal, type Pair, type VenueError } from '@venuekit/connector-core';
import type {
  LiveMarkets,
  MarketWriter,
  TickerUpdate,
  TradeUpdate,
} from '@venuekit/connector-kit/market-data';

import { snapshotKindOf, toDepthUpdate } from './depth-update.ts';

/** What routing needs of the connector. */
export interface MessageRouterOptions {
  readonly symbols: () => SymbolMap;
  /** The channel of depth updates: another one's numbers are of another series. */
  readonly depth: DepthKind;
  readonly markets: Pick<LiveMarkets, 'writer' | 'writers' | 'snapshot' | 'snapshotFailed' | 'newestTrades'>;
  /** The pair whose snapshot was asked for under an id, once. */
  readonly takeSnapshotPair: (requestId: string) => Pair | undefined;
  readonly onRefused: (error: VenueError) => void;
}

/** Hands what the stream says to the market that it is about. */
export interface MessageRouter {
  /** A message came. */
  message(message: StreamMessage, receivedAtMs: number): void;
  /** A frame came of which not even the market is known. */
  refusedFrame(error: VenueError): void;
}

/** Makes the router. Streams are told before the connector: whoever hears of a refusal must find no book that missed something live. */
export function createMessageRouter(options: MessageRouterOptions): MessageRouter {
  const { symbols, markets, depth, onRefused } = options;

  const withPair = (symbol: string, act: (pair: Pair) => void) => {
    const pair = symbols().pairOf(symbol);
    if (pair !== undefined) act(pair);
  };
  const withWriter = (symbol: string, act: (writer: MarketWriter) => void) =>
    withPair(symbol, (pair) => {
      const writer = markets.writer(pair);
      if (writer !== undefined) act(writer);
    });

  const takeTrades = ({ symbol, trades, refused }: TradesMessage, receivedAtMs: number) => {
    withWriter(symbol, (writer) => {
      const [lost] = refused;
      writer.trades.trades(trades.map(toTradeUpdate), receivedAtMs, lost);
    });
    refused.forEach(onRefused);
  };

  const takeRefused = ({ kind, symbol, error }: RefusedMessage) => {
    if (kind === depth) withWriter(symbol, ({ book }) => book.unreadable(error));
    else if (kind === snapshotKindOf[depth]) withPair(symbol, (pair) => markets.snapshotFailed(pair, error));
    else if (kind === 'trades') withWriter(symbol, ({ trades }) => trades.unreadable(error));
    else if (kind === 'bbo') withWriter(symbol, ({ ticker }) => ticker.unreadable(error));
    onRefused(error);
  };

  return {
    message: (message, receivedAtMs) => {
      switch (message.type) {
        case 'depth':
        case 'depth-realtime':
          if (message.type !== depth) break;
          withWriter(message.symbol, ({ book }) => book.change(toDepthUpdate(message), receivedAtMs));
          break;
        case 'depth-snapshot':
        case 'depth-snapshot-realtime':
          if (message.type !== snapshotKindOf[depth]) break;
          withPair(message.symbol, (pair) => markets.snapshot(pair, toDepthUpdate(message), receivedAtMs));
          break;
        case 'trades':
          takeTrades(message, receivedAtMs);
          break;
        case 'market-trades':
          withPair(message.symbol, (pair) => markets.newestTrades(pair, message.trades.map(toTradeUpdate)));
          message.refused.forEach(onRefused);
          break;
        case 'bbo':
          withWriter(message.symbol, ({ ticker }) => ticker.ticker(toTickerUpdate(message), receivedAtMs));
          break;
        case 'refused':
          takeRefused(message);
          break;
        case 'request-error': {
          const { id, symbol } = message;
          const pair = id === undefined ? undefined : options.takeSnapshotPair(id);
          if (pair !== undefined) markets.snapshotFailed(pair, message.error);
          // A refused real-time snapshot has its symbol in the place of the id.
          else if (depth === 'depth-realtime' && id === undefined && symbol !== undefined)
            withPair(symbol, (of) => markets.snapshotFailed(of, message.error));
          break;
        }
        default:
          break;
      }
    },
    refusedFrame: (error) => {
      // A lost depth message is shown by the next number of its market, or before that by a snapshot; a lost trade shows nowhere else.
      for (const { book, ticker, trades } of [...markets.writers()]) {
        book.suspect();
        ticker.unreadable(error);
        trades.unreadable(error);
      }
      onRefused(error);
    },
  };
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
