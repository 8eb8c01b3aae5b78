import { readLevels, type WireLevel } from './book-levels.ts';
import {
  readCount,
  readInteger,
  readRecord,
  readText,
  type WirePlace,
  type WireRecord,
} from './wire-fields.ts';

/** The channels of depth updates. Each numbers its messages in a series of its own: never mix the two. */
export type DepthKind = 'depth' | 'depth-realtime';

/** The answers to a request for the whole book, in the series of `depth` and in that of `depth-realtime`. */
export type DepthSnapshotKind = 'depth-snapshot' | 'depth-snapshot-realtime';

/** What depth updates and snapshots carry. */
export interface DepthContent {
  /** Venue symbol, for example `ASD/USDT`. */
  readonly symbol: string;
  /** Rises by exactly one from message to message of a symbol and channel. */
  readonly seqnum: bigint;
  /** Time of the last change in the book, in milliseconds since the epoch; for a snapshot that is not the time of the request, and for a realtime one 0. */
  readonly venueTimeMs: number;
  /** From the highest down. */
  readonly bids: readonly WireLevel[];
  /** From the lowest up. */
  readonly asks: readonly WireLevel[];
}

/**
 * Levels that changed: within about 300 ms, or at once in `depth-realtime`. An amount is the new total; `0` deletes the price.
 * Source: docs, "Channel: Level 2 Order Book Updates".
 */
export interface DepthMessage extends DepthContent {
  readonly type: DepthKind;
}

/**
 * The whole book, up to 500 levels a side. It carries no id: match it by `symbol`.
 * Source: docs, "WS: Level 2 Order Book Snapshots".
 */
export interface DepthSnapshotMessage extends DepthContent {
  readonly type: DepthSnapshotKind;
}

/** Reads `{ symbol, data: { ts, seqnum, asks, bids } }`. One bad level refuses all of it: a book with a hole is no book. */
export function readDepth(record: WireRecord, kind: string, operation: string): DepthContent {
  const symbol = readText(record.symbol, 'symbol', { operation, subject: kind });
  const place: WirePlace = { operation, subject: `${kind} of ${symbol}` };
  const data = readRecord(record.data, 'data', place);
  return {
    symbol,
    seqnum: readInteger(data.seqnum, 'seqnum', place),
    venueTimeMs: readCount(data.ts, 'ts', place),
    bids: readLevels(data.bids, 'bids', place),
    asks: readLevels(data.asks, 'asks', place),
  };
}
