import { type BboMessage, readBbo } from './bbo-message.ts';
import { type DepthMessage, type DepthSnapshotMessage, readDepth } from './depth-message.ts';
import { parseExactJson } from './exact-json.ts';
import { excerpt } from './excerpt.ts';
import {
  type AuthMessage,
  type ConnectedMessage,
  type DisconnectedMessage,
  type PingMessage,
  type PongMessage,
  type RequestErrorMessage,
  readAuth,
  readConnected,
  readDisconnected,
  readPing,
  readPong,
  readRequestError,
  readSubscription,
  type SubscriptionMessage,
} from './session-messages.ts';
import { type MarketTradesMessage, readTrades, type TradesMessage } from './trades-message.ts';
import { readRecord, toOptionalText, type WireRecord } from './wire-fields.ts';

/** A message of a kind that this version does not know. Count it and go on. */
export interface UnknownMessage {
  readonly type: 'unknown';
  /** The venue's word for the kind, cut to 80 characters; `undefined` if there is none. */
  readonly m: string | undefined;
}

/** Everything that the stream says, told apart by `type`. */
export type StreamMessage =
  | ConnectedMessage
  | DisconnectedMessage
  | PingMessage
  | PongMessage
  | SubscriptionMessage
  | RequestErrorMessage
  | AuthMessage
  | DepthMessage
  | DepthSnapshotMessage
  | TradesMessage
  | MarketTradesMessage
  | BboMessage
  | UnknownMessage;

const operation = 'decodeStreamFrame';

/**
 * Reads one text frame of the stream. Exact: no digit is lost, nothing is guessed.
 *
 * Source: docs, "WebSocket".
 * @throws VenueError `protocol` if the frame is not a JSON object, or if it is of a known kind and one of its fields is not
 * what the protocol says; the message names the symbol, the field, what was expected and what came.
 */
export function decodeStreamFrame(text: string): StreamMessage {
  return readMessage(readRecord(parseExactJson(text), 'frame', { operation, subject: 'stream' }));
}

function readMessage(record: WireRecord): StreamMessage {
  // The docs print `op` in the greeting, recordings have `m`.
  const m = record.m ?? (record.op === 'connected' ? record.op : undefined);
  switch (m) {
    case 'connected':
      return readConnected(record);
    case 'disconnected':
      return readDisconnected(record);
    case 'ping':
      return readPing(record, operation);
    case 'pong':
      return readPong(record, operation);
    case 'sub':
      return readSubscription(record, 'sub-ack', operation);
    case 'unsub':
      return readSubscription(record, 'unsub-ack', operation);
    case 'error':
      return readRequestError(record);
    case 'auth':
      return readAuth(record, operation);
    case 'depth':
      return { type: 'depth', ...readDepth(record, 'depth', operation) };
    case 'depth-snapshot':
      return readSnapshot(record);
    case 'trades':
      return { type: 'trades', ...readTrades(record, 'trades', operation) };
    case 'market-trades':
      return readMarketTrades(record);
    case 'bbo':
      return readBbo(record, operation);
    default:
      return { type: 'unknown', m: typeof m === 'string' ? excerpt(m) : undefined };
  }
}

/** A refused snapshot request may come under the name of the answer, as it does for the realtime variant. */
function readSnapshot(record: WireRecord): DepthSnapshotMessage | RequestErrorMessage {
  if (isRefused(record)) return readRequestError(record);
  return { type: 'depth-snapshot', ...readDepth(record, 'depth-snapshot', operation) };
}

function readMarketTrades(record: WireRecord): MarketTradesMessage | RequestErrorMessage {
  if (isRefused(record)) return readRequestError(record);
  const id = toOptionalText(record.id);
  return { type: 'market-trades', id, ...readTrades(record, 'market-trades', operation) };
}

function isRefused({ code, data }: WireRecord): boolean {
  return data === undefined && code !== undefined && String(code) !== '0';
}
