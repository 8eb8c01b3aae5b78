import { VenueError } from '@venuekit/connector-core';
import type { DepthKind } from './depth-message.ts';
import { describeValue } from './excerpt.ts';
import { sizeLimits } from './limits.ts';
import { venueId } from './venue.ts';

/** Channels of public data; `depth-realtime` needs an authenticated session. `bar` takes an interval too: `bar:1`, `bar:1d`, … */
export type PublicChannel = 'bbo' | DepthKind | 'trades' | `bar:${string}`;

/**
 * The text of a subscribe message. Source: docs, "Subscribe to Channels".
 * @param id comes back in every ack of this message.
 * @param symbols one to ten venue symbols.
 * @throws VenueError `invalid-request` for no or too many symbols, and for a symbol that would change the message.
 */
export function encodeSubscribe(id: string, channel: PublicChannel, symbols: readonly string[]): string {
  return encodeChannelMessage('sub', id, channel, symbols);
}

/** The text of an unsubscribe message, as {@link encodeSubscribe}. Source: docs, "Unsubscribe to Channels". */
export function encodeUnsubscribe(id: string, channel: PublicChannel, symbols: readonly string[]): string {
  return encodeChannelMessage('unsub', id, channel, symbols);
}

/** The text of a ping; the venue answers with a pong. Source: docs, "Keep Connection Alive". */
export function encodePing(): string {
  return '{"op":"ping"}';
}

/** The text of the answer to the venue's ping. */
export function encodePong(): string {
  return '{"op":"pong"}';
}

/** What {@link encodeDepthSnapshotRequest} takes beside symbol and id. */
export interface DepthSnapshotOptions {
  /** Asks for the book in the series of numbers of `depth-realtime`; that of `depth` if left out. */
  readonly realtime?: boolean;
}

/**
 * The text of a request for the whole book of a symbol. The answer does not repeat the id, an error does.
 * Source: docs, "WS: Level 2 Order Book Snapshots".
 * @throws VenueError `invalid-request` for what is no symbol.
 */
export function encodeDepthSnapshotRequest(
  symbol: string,
  id?: string,
  { realtime = false }: DepthSnapshotOptions = {},
): string {
  const action = realtime ? 'depth-snapshot-realtime' : 'depth-snapshot';
  const args = { symbol: checkedSymbol(symbol, action) };
  return JSON.stringify({ op: 'req', id, action, args });
}

/**
 * The text of a request for the newest trades of a symbol. Source: docs, "WS: Market Trades".
 * @param count how many, from 1 to 100.
 * @throws VenueError `invalid-request` for what is no symbol or no such count.
 */
export function encodeMarketTradesRequest(symbol: string, count: number, id?: string): string {
  const most = sizeLimits.tradesPerAnswer;
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw invalidRequest('market-trades', `count: expected a whole number from 1 to ${most}, got ${count}`);
  const args = { symbol: checkedSymbol(symbol, 'market-trades'), level: count };
  return JSON.stringify({ op: 'req', id, action: 'market-trades', args });
}

function encodeChannelMessage(
  op: 'sub' | 'unsub',
  id: string,
  channel: PublicChannel,
  symbols: readonly string[],
): string {
  const most = sizeLimits.symbolsPerMessage;
  if (symbols.length < 1 || symbols.length > most)
    throw invalidRequest(op, `symbols: expected 1 to ${most}, got ${symbols.length}`);
  const list = symbols.map((symbol) => checkedSymbol(symbol, op)).join(',');
  return JSON.stringify({ op, id, ch: `${channel}:${list}` });
}

/** A comma, colon or star inside a symbol would silently ask for something else. */
function checkedSymbol(symbol: string, operation: string): string {
  if (typeof symbol === 'string' && /^[^\s,:*]{1,60}$/.test(symbol)) return symbol;
  throw invalidRequest(
    operation,
    `symbol: expected a venue symbol such as BTC/USDT, got ${describeValue(symbol)}`,
  );
}

function invalidRequest(operation: string, message: string): VenueError {
  return new VenueError({ code: 'invalid-request', venue: venueId, operation, message });
}
