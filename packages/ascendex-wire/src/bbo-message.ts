import { readSide, type WireLevel } from './book-levels.ts';
import { readCount, readRecord, readText, type WirePlace, type WireRecord } from './wire-fields.ts';

/** The best prices, at every change of them. Source: docs, "Channel: Level 1 Order Book Data (BBO)". */
export interface BboMessage {
  readonly type: 'bbo';
  /** Venue symbol. */
  readonly symbol: string;
  /** Highest bid; `undefined` if the side is empty. */
  readonly bid: WireLevel | undefined;
  /** Lowest ask; `undefined` if the side is empty. */
  readonly ask: WireLevel | undefined;
  /** Milliseconds since the epoch. */
  readonly venueTimeMs: number;
}

/** Reads `{ symbol, data: { ts, bid, ask } }`, where a side may be missing. */
export function readBbo(record: WireRecord, operation: string): BboMessage {
  const symbol = readText(record.symbol, 'symbol', { operation, subject: 'bbo' });
  const place: WirePlace = { operation, subject: `bbo of ${symbol}` };
  const data = readRecord(record.data, 'data', place);
  return {
    type: 'bbo',
    symbol,
    bid: readSide(data.bid, 'bid', place),
    ask: readSide(data.ask, 'ask', place),
    venueTimeMs: readCount(data.ts, 'ts', place),
  };
}
