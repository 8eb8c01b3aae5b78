import type { VenueError } from '@venuekit/connector-core';
import {
  readBoolean,
  readCount,
  readDigits,
  readEach,
  readList,
  readPositive,
  readRecord,
  readText,
  type WirePlace,
  type WireRecord,
} from './wire-fields.ts';

/** One public trade. Source: docs, "Channel: Market Trades". */
export interface WireTrade {
  /** Digits, in quote per base. */
  readonly price: string;
  /** Digits, in base. */
  readonly amount: string;
  /** Digits of a number that rises within a symbol, with gaps. It exceeds 2^53. */
  readonly seqnum: string;
  /** Milliseconds since the epoch. */
  readonly venueTimeMs: number;
  /** True if the buyer was the maker, so that the taker sold. */
  readonly buyerIsMaker: boolean;
}

/** What the venue says about trades of one symbol. */
export interface TradesContent {
  /** Venue symbol. */
  readonly symbol: string;
  /** In the order of the wire, which is oldest first. */
  readonly trades: readonly WireTrade[];
  /** One `protocol` error for each trade that could not be read; the others are in `trades`. */
  readonly refused: readonly VenueError[];
}

/** Trades as they happen. Neighbours of one price and side may be merged into one. */
export interface TradesMessage extends TradesContent {
  readonly type: 'trades';
}

/** The answer to a request for the newest trades. Source: docs, "WS: Market Trades". */
export interface MarketTradesMessage extends TradesContent {
  readonly type: 'market-trades';
  /** The id of the request, if it had one. */
  readonly id: string | undefined;
}

/** Reads `{ symbol, data: [trade] }`. A bad trade is refused alone. */
export function readTrades(record: WireRecord, kind: string, operation: string): TradesContent {
  const symbol = readText(record.symbol, 'symbol', { operation, subject: kind });
  const place: WirePlace = { operation, subject: `${kind} of ${symbol}` };
  const { items, refused } = readEach(readList(record.data, 'data', place), (item, index) =>
    readTrade(item, `data[${index}]`, place),
  );
  return { symbol, trades: items, refused };
}

function readTrade(value: unknown, field: string, place: WirePlace): WireTrade {
  const trade = readRecord(value, field, place);
  return {
    price: readPositive(trade.p, `${field}.p`, place),
    amount: readPositive(trade.q, `${field}.q`, place),
    seqnum: readDigits(trade.seqnum, `${field}.seqnum`, place),
    venueTimeMs: readCount(trade.ts, `${field}.ts`, place),
    buyerIsMaker: readBoolean(trade.bm, `${field}.bm`, place),
  };
}
