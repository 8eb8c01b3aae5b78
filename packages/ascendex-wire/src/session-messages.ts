import type { VenueError } from '@venuekit/connector-core';
import { toVenueError } from './venue-refusal.ts';
import { readCount, refusal, toOptionalText, type WireRecord } from './wire-fields.ts';

/** The first message of a session. Source: docs, "WebSocket"; the docs print `op` where recordings have `m`. */
export interface ConnectedMessage {
  readonly type: 'connected';
  /** True if the upgrade request was signed. */
  readonly authenticated: boolean;
}

/** The venue is about to end the session. */
export interface DisconnectedMessage {
  readonly type: 'disconnected';
  /** The venue's code in digits, if it gave one. */
  readonly code: string | undefined;
  readonly reason: string | undefined;
  readonly info: string | undefined;
  /** The same as an error. */
  readonly error: VenueError;
}

/** The venue asks whether we are there: answer with a pong at once. Source: docs, "Keep Connection Alive". */
export interface PingMessage {
  readonly type: 'ping';
  /** Pings that may still stay unanswered. */
  readonly hp: number | undefined;
}

/** The answer to our ping. */
export interface PongMessage {
  readonly type: 'pong';
  /** The venue's time in milliseconds since the epoch, if it gave one. */
  readonly venueTimeMs: number | undefined;
}

/**
 * The answer to a `sub` or `unsub`: one for all symbols or one for each, in any order. Source: docs, "Subscribe to Channels".
 */
export interface SubscriptionMessage {
  readonly type: 'sub-ack' | 'unsub-ack';
  /** The id of the request; `undefined` if the venue left it out. */
  readonly id: string | undefined;
  /** Name of the channel without symbols, for example `depth` or `bar:1`. Empty if the venue left it out. */
  readonly channel: string;
  /** What came behind the channel: symbols, or for `order` an account. */
  readonly symbols: readonly string[];
  /** Why it was refused; `undefined` if it was not. */
  readonly error: VenueError | undefined;
}

/** A request was refused. Source: docs, "Error Messages". */
export interface RequestErrorMessage {
  readonly type: 'request-error';
  /** The id of the request, if it had one. */
  readonly id: string | undefined;
  /** The symbol that the refusal names, as that of a real-time snapshot does. */
  readonly symbol?: string;
  readonly error: VenueError;
  /** The venue's text. */
  readonly info: string | undefined;
}

/** The answer to an `auth` message. Source: docs, "WSS Authenticate". */
export interface AuthMessage {
  readonly type: 'auth';
  /** The id of the request. */
  readonly id: string | undefined;
  /** Why it was refused; `undefined` if it was not. */
  readonly error: VenueError | undefined;
}

/** Reads `{ type }`. */
export function readConnected(record: WireRecord): ConnectedMessage {
  return { type: 'connected', authenticated: record.type === 'auth' };
}

/** Reads `{ code, reason, info }`. */
export function readDisconnected(record: WireRecord): DisconnectedMessage {
  const { code, reason, message } = refusalTexts(record);
  const error = toVenueError({ code, reason, message, operation: 'session', about: 'session' });
  return { type: 'disconnected', code, reason, info: message, error };
}

/** Reads `{ hp }`. */
export function readPing(record: WireRecord, operation: string): PingMessage {
  const { hp } = record;
  return {
    type: 'ping',
    hp: hp === undefined ? undefined : readCount(hp, 'hp', { operation, subject: 'ping' }),
  };
}

/** Reads `{ ts }`. */
export function readPong(record: WireRecord, operation: string): PongMessage {
  const { ts } = record;
  const venueTimeMs = ts === undefined ? undefined : readCount(ts, 'ts', { operation, subject: 'pong' });
  return { type: 'pong', venueTimeMs };
}

/** Reads `{ id, ch, code, reason }`; a missing code is success, as in the documented sample. */
export function readSubscription(
  record: WireRecord,
  type: SubscriptionMessage['type'],
  operation: string,
): SubscriptionMessage {
  const request = type === 'sub-ack' ? 'subscribe' : 'unsubscribe';
  const ch = toOptionalText(record.ch) ?? '';
  const colon = ch.lastIndexOf(':');
  return {
    type,
    id: toOptionalText(record.id),
    channel: colon < 0 ? ch : ch.slice(0, colon),
    symbols: colon < 0 ? [] : ch.slice(colon + 1).split(','),
    error: readFailure(record, `${request} ${ch}`, { operation, subject: type }),
  };
}

/** Reads `{ id, code, reason, info }`. */
export function readRequestError(record: WireRecord): RequestErrorMessage {
  const texts = refusalTexts(record);
  const symbol = toOptionalText(record.symbol);
  return {
    type: 'request-error',
    id: toOptionalText(record.id),
    ...(symbol !== undefined && { symbol }),
    error: toVenueError({ ...texts, operation: 'request' }),
    info: texts.message,
  };
}

/** Reads `{ id, code, err }`. */
export function readAuth(record: WireRecord, operation: string): AuthMessage {
  return {
    type: 'auth',
    id: toOptionalText(record.id),
    error: readFailure(record, 'authenticate', { operation, subject: 'auth' }),
  };
}

function readFailure(
  record: WireRecord,
  request: string,
  place: { readonly operation: string; readonly subject: string },
): VenueError | undefined {
  const { code } = record;
  const text = typeof code === 'number' ? String(code) : code;
  if (text === undefined || text === '0') return undefined;
  // Anything but digits is no code: neither success nor a refusal may be guessed from it.
  if (typeof text !== 'string' || !/^-?\d{1,12}$/.test(text)) throw refusal(place, 'code', 'a code', code);
  return toVenueError({ ...refusalTexts(record), operation: request });
}

function refusalTexts(record: WireRecord): {
  readonly code: string | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
} {
  const message = record.info ?? record.err ?? record.message;
  return {
    code: toOptionalText(record.code),
    reason: toOptionalText(record.reason),
    message: toOptionalText(message),
  };
}
