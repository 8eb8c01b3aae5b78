import type { BookImage, Level, PublicTrade } from '../market/market.ts';
import { excerpt, isRecord, parseExactJson } from './exact-json.ts';

/** What a received frame means. Only what a replay acts on is taken apart; the frame's own text is what is sent again. */
export type RecordedMessage =
  | { readonly kind: 'depth'; readonly symbol: string; readonly change: BookImage }
  | { readonly kind: 'snapshot'; readonly symbol: string; readonly book: BookImage }
  | { readonly kind: 'trades'; readonly symbol: string; readonly trades: readonly PublicTrade[] }
  | { readonly kind: 'publication'; readonly channel: string; readonly symbol: string }
  | { readonly kind: 'subscribed'; readonly channel: string; readonly symbol: string }
  | { readonly kind: 'ping' }
  | { readonly kind: 'session'; readonly name: string };

/** What a sent frame asked for. */
export interface RecordedCommand {
  readonly op: string;
  /** The channel part of `ch`, for subscriptions. */
  readonly channel: string | undefined;
}

/** Says what was expected and what was found; the caller adds the file and the line. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

type Fields = Readonly<Record<string, unknown>>;

/** What a replay does not act on: every connection has its own. */
const sessionMessages = new Set([
  ...['connected', 'disconnected', 'unsub', 'pong', 'error', 'auth'],
  ...['market-trades', 'summary', 'ref-px', 'depth-realtime', 'depth-snapshot-realtime'],
  ...['order', 'balance', 'open-order', 'order-status', 'margin-risk'],
]);

/**
 * Takes a received frame apart.
 * @throws ShapeError if it is not JSON or not a message of the venue.
 */
export function decodeMessage(text: string): RecordedMessage {
  const fields = jsonObject(text);
  const name = textOf(fields, 'm');
  switch (name) {
    case 'depth':
      return { kind: 'depth', symbol: textOf(fields, 'symbol'), change: bookOf(fields) };
    case 'depth-snapshot':
      return { kind: 'snapshot', symbol: textOf(fields, 'symbol'), book: bookOf(fields) };
    case 'trades':
      return { kind: 'trades', symbol: textOf(fields, 'symbol'), trades: tradesOf(fields) };
    case 'bbo':
      return { kind: 'publication', channel: 'bbo', symbol: textOf(fields, 'symbol') };
    case 'bar':
      return {
        kind: 'publication',
        channel: `bar:${textOf(recordOf(fields, 'data'), 'i')}`,
        symbol: textOf(fields, 's'),
      };
    case 'sub':
      return subscribedOf(fields);
    case 'ping':
      return { kind: 'ping' };
    default:
      if (sessionMessages.has(name)) return { kind: 'session', name };
      throw new ShapeError(`expected a message of the venue, got "m":"${excerpt(name)}"`);
  }
}

/**
 * Takes a sent frame apart.
 * @throws ShapeError if it is not a JSON object with `op`.
 */
export function decodeCommand(text: string): RecordedCommand {
  const fields = jsonObject(text);
  const op = textOf(fields, 'op');
  const channel = op === 'sub' ? textOf(fields, 'ch').replace(/:[^:]*$/, '') : undefined;
  return { op, channel };
}

/** @throws ShapeError if the text is not a JSON object. */
export function jsonObject(text: string): Fields {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch {
    throw new ShapeError(`expected JSON, got ${excerpt(text)}`);
  }
  if (!isRecord(value)) throw new ShapeError(`expected a JSON object, got ${excerpt(text)}`);
  return value;
}

/** @throws ShapeError if the field is not text. */
function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw new ShapeError(`expected "${name}" to be text, got ${excerpt(value)}`);
}

function recordOf(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (isRecord(value)) return value;
  throw new ShapeError(`expected "${name}" to be an object, got ${excerpt(value)}`);
}

function listOf(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (Array.isArray(value)) return value;
  throw new ShapeError(`expected "${name}" to be a list, got ${excerpt(value)}`);
}

function integerOf(fields: Fields, name: string): bigint {
  const value = fields[name];
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new ShapeError(`expected "${name}" to be an integer, got ${excerpt(value)}`);
}

function bookOf(fields: Fields): BookImage {
  const data = recordOf(fields, 'data');
  return {
    seqnum: integerOf(data, 'seqnum'),
    tsMs: Number(integerOf(data, 'ts')),
    asks: listOf(data, 'asks').map(levelOf),
    bids: listOf(data, 'bids').map(levelOf),
  };
}

const decimalText = /^\d+(?:\.\d+)?$/;

/** True for plain decimal text without sign and exponent. */
export function isDecimalText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 100 && decimalText.test(value);
}

function decimalOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (isDecimalText(value)) return value;
  throw new ShapeError(`expected "${name}" to be decimal text, got ${excerpt(value)}`);
}

function levelOf(value: unknown): Level {
  if (Array.isArray(value) && value.length === 2) {
    const [price, size] = value as unknown[];
    if (isDecimalText(price) && isDecimalText(size)) return [price, size];
  }
  throw new ShapeError(`expected a level ["price","size"] of decimal texts, got ${excerpt(value)}`);
}

function tradesOf(fields: Fields): PublicTrade[] {
  return listOf(fields, 'data').map((value) => {
    if (!isRecord(value)) throw new ShapeError(`expected a trade, got ${excerpt(value)}`);
    const { bm } = value;
    if (typeof bm !== 'boolean')
      throw new ShapeError(`expected "bm" to be true or false, got ${excerpt(bm)}`);
    return {
      price: decimalOf(value, 'p'),
      size: decimalOf(value, 'q'),
      tsMs: Number(integerOf(value, 'ts')),
      buyerIsMaker: bm,
      seqnum: integerOf(value, 'seqnum'),
    };
  });
}

/** A refused subscription is no place for a confirmation. */
function subscribedOf(fields: Fields): RecordedMessage {
  const topic = textOf(fields, 'ch');
  const split = topic.lastIndexOf(':');
  const accepted = fields.code === undefined || fields.code === 0;
  if (!accepted || split < 0) return { kind: 'session', name: 'sub' };
  return { kind: 'subscribed', channel: topic.slice(0, split), symbol: topic.slice(split + 1) };
}
