import { type DepthContent, readDepth } from './depth-message.ts';
import { readTrades, type TradesContent } from './trades-message.ts';
import { readCount, readRecord } from './wire-fields.ts';

/** The venue's clock, for an estimate of the offset. */
export interface ExchangeInfoResponse {
  /** The time that the request carried, in milliseconds since the epoch. */
  readonly requestTimeEchoMs: number;
  /** The venue's time when the request came in, in milliseconds since the epoch. */
  readonly requestReceivedAtMs: number;
}

/**
 * Reads the `data` of the order book endpoint. Source: docs, "Order Book (Depth)".
 * @throws VenueError `protocol` for anything wrong in it, down to the last level.
 */
export function decodeDepth(data: unknown): DepthContent {
  const operation = 'decodeDepth';
  return readDepth(readRecord(data, 'data', { operation, subject: 'depth' }), 'depth', operation);
}

/**
 * Reads the `data` of the trades endpoint, oldest first. Source: docs, "Market Trades".
 * @throws VenueError `protocol` if it is not a list of trades; a single bad trade is in `refused`.
 */
export function decodeTrades(data: unknown): TradesContent {
  const operation = 'decodeTrades';
  return readTrades(readRecord(data, 'data', { operation, subject: 'trades' }), 'trades', operation);
}

/**
 * Reads the `data` of the exchange-info endpoint. Source: docs, "Exchange Latency Info".
 * @throws VenueError `protocol` if one of its times is missing or is no time.
 */
export function decodeExchangeInfo(data: unknown): ExchangeInfoResponse {
  const place = { operation: 'decodeExchangeInfo', subject: 'exchange-info' };
  const info = readRecord(data, 'data', place);
  return {
    requestTimeEchoMs: readCount(info.requestTimeEcho, 'requestTimeEcho', place),
    requestReceivedAtMs: readCount(info.requestReceiveAt, 'requestReceiveAt', place),
  };
}
