import { isVenueError, type VenueError } from '@venuekit/connector-core';
import { type BboMessage, readBbo } from './bbo-message.ts';
import {
  type DepthContent,
  type DepthKind,
  type DepthMessage,
  type DepthSnapshotKind,
  type DepthSnapshotMessage,
  readDepth,
} from './depth-message.ts';
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
import { isSuccessCode, readRecord, toOptionalText, type WireRecord } from './wire-fields.ts';

/** A message of a kind that this version does not know. Count it and go on. */
export interface UnknownMessage {
  readonly type: 'unknown';
  /** The venue's word for the kind, cut to 80 characters; `undefined` if there is none. */
  readonly m: string | undefined;
}

/**
 * A message of a market whose content is not what the protocol says. None of it is given, but it is known what was lost, and of
 * which market: whoever keeps that stream must treat it as incomplete from here on.
 */
export interface RefusedMessage {
  readonly type: 'refused';
  /** What the message would have been. */
  readonly kind: DepthKind | DepthSnapshotKind | 'trades' | 'market-trades' | 'bbo';
  /** Venue symbol. */
  readonly symbol: string;
  /** Code `protocol`; its message names the symbol, the field, what was expected and what came. */
  readonly error: VenueError;
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
  | RefusedMessage
  | UnknownMessage;

const operation = 'decodeStreamFrame';

/**
 * Reads one text frame of the stream. Exact: no digit is lost, nothing is guessed. A message of a market that has its symbol and
 * is otherwise not what the protocol says comes as {@link RefusedMessage}.
 *
 * Source: docs, "WebSocket".
 * @throws VenueError `protocol` if the frame is not a JSON object, if it is about a market and does not say which, or if a field
 * of the session's own messages is not what the protocol says; the message names the field, what was expected and what came.
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
    default:
      if (isMarketKind(m)) return readMarketMessage(record, m);
      return { type: 'unknown', m: typeof m === 'string' ? excerpt(m) : undefined };
  }
}

type MarketKind = RefusedMessage['kind'];

/** What cannot be read must still leave a trace in the stream of its market, so a refusal keeps the symbol if there is one. */
function readMarketMessage(record: WireRecord, kind: MarketKind): StreamMessage {
  try {
    return marketReaders[kind](record);
  } catch (error) {
    const { symbol } = record;
    if (!isVenueError(error) || typeof symbol !== 'string' || symbol === '') throw error;
    return { type: 'refused', kind, symbol, error };
  }
}

const marketReaders: Readonly<Record<MarketKind, (record: WireRecord) => StreamMessage>> = {
  depth: (record) => readUpdate(record, 'depth'),
  'depth-realtime': (record) => readUpdate(record, 'depth-realtime'),
  'depth-snapshot': (record) => readSnapshot(record, 'depth-snapshot'),
  'depth-snapshot-realtime': (record) => readSnapshot(record, 'depth-snapshot-realtime'),
  trades: (record) => ({ type: 'trades', ...readTrades(record, 'trades', operation) }),
  'market-trades': readMarketTrades,
  bbo: (record) => readBbo(record, operation),
};

function isMarketKind(m: unknown): m is MarketKind {
  return typeof m === 'string' && Object.hasOwn(marketReaders, m);
}

function readUpdate(record: WireRecord, type: DepthKind): DepthMessage {
  return withType(type, readDepth(record, type, operation));
}

/** A refused snapshot request may come under the name of the answer, as it does for the realtime variant. */
function readSnapshot(
  record: WireRecord,
  type: DepthSnapshotKind,
): DepthSnapshotMessage | RequestErrorMessage {
  if (isRefused(record)) return readRequestError(record);
  return withType(type, readDepth(record, type, operation));
}

function readMarketTrades(record: WireRecord): MarketTradesMessage | RequestErrorMessage {
  if (isRefused(record)) return readRequestError(record);
  const id = toOptionalText(record.id);
  return { type: 'market-trades', id, ...readTrades(record, 'market-trades', operation) };
}

/** Field by field, which is several times as fast as a spread. */
function withType<Type>(type: Type, content: DepthContent): DepthContent & { readonly type: Type } {
  const { symbol, seqnum, venueTimeMs, bids, asks } = content;
  return { type, symbol, seqnum, venueTimeMs, bids, asks };
}

function isRefused({ code, data }: WireRecord): boolean {
  return data === undefined && code !== undefined && !isSuccessCode(code);
}
