import type {
  BookImage,
  DepthEvent,
  LevelsEvent,
  MarketBar,
  PublicTrade,
  TopEvent,
} from '../../market/market.ts';
import type { AscendexError } from './error-codes.ts';

/** A client's name for its message as JSON text, such as `"7"` or `7`: a number goes back digit for digit. */
export type MessageId = string | undefined;

const json = JSON.stringify;

/** The first frame of a session; `field` is where it says what it is. */
export function encodeGreeting(field: 'm' | 'op' | 'both', type: 'auth' | 'unauth'): string {
  const fields = field === 'both' ? (['m', 'op'] as const) : [field];
  return json({ ...Object.fromEntries(fields.map((name) => [name, 'connected'])), type });
}

/** The first frame of a session that nobody has logged in to, as recorded. */
export const greeting: string = encodeGreeting('m', 'unauth');

/** A reply to a message of a client: `fields`, which are never none, after the kind and the client's name. */
export function encodeReply(m: string, id: MessageId, fields: object): string {
  return reply(m, id, fields);
}

function reply(m: string, id: MessageId, fields: object): string {
  return `{"m":"${m}",${id === undefined ? '' : `"id":${id},`}${json(fields).slice(1)}`;
}

/** Confirms a subscription or its end. */
export function encodeConfirmation(m: 'sub' | 'unsub', id: MessageId, topic: string, hasCode = true): string {
  return reply(m, id, { ch: topic, ...(hasCode ? { code: 0 } : {}) });
}

/** Refuses the subscription of one symbol. */
export function encodeRefusal(id: MessageId, topic: string, code: number, reason: string): string {
  return reply('sub', id, { ch: topic, code, reason });
}

/** Says that a message could not be served. */
export function encodeError(id: MessageId, { code, reason }: AscendexError, info: string): string {
  return reply('error', id, { code, reason, info });
}

/** Confirms a login, with the mode of order messages if it was chosen. */
export function encodeLogin(id: MessageId, isReady: boolean): string {
  return reply('auth', id, { code: 0, ...(isReady ? { ack: 'ready' } : {}) });
}

/** Refuses a login. */
export function encodeLoginRefusal(id: MessageId, { code }: AscendexError, err: string): string {
  return reply('auth', id, { code, err });
}

/** Asks a silent client for a sign of life; `hp` is how many may still be missed. */
export function encodePing(hp: number): string {
  return json({ m: 'ping', hp });
}

/** Answers a client's ping. */
export function encodePong(id: MessageId, tsMs: number, hp: number): string {
  return reply('pong', id, { code: 0, ts: tsMs, hp });
}

/** Says why the session is about to be closed. */
export function encodeFarewell({ code, reason }: AscendexError, info: string): string {
  return json({ m: 'disconnected', code, reason, info });
}

/** A change of a book. */
export function encodeDepth({ symbol, ...change }: DepthEvent): string {
  return `{"m":"depth","symbol":${json(symbol)},"data":${encodeBookData(change)}}`;
}

/** A whole book. */
export function encodeBook(symbol: string, book: BookImage): string {
  return `{"m":"depth-snapshot","symbol":${json(symbol)},"data":${encodeBookData(book)}}`;
}

/** The levels of a book, or of a change, as {@link encodeRealtime} and {@link encodeRealtimeBook} take them. */
export function encodeSides({ asks, bids }: Pick<BookImage, 'asks' | 'bids'>): string {
  return `"asks":${json(asks)},"bids":${json(bids)}`;
}

/** A change of a book that is told at once, with its place in the sequence of the session. */
export function encodeRealtime({ symbol, tsMs }: LevelsEvent, seqnum: number, sides: string): string {
  return `{"m":"depth-realtime","symbol":${json(symbol)},"data":{"ts":${tsMs},"seqnum":${seqnum},${sides}}}`;
}

/** A whole book, after which the changes follow that are told at once. Its time is 0, as recorded. */
export function encodeRealtimeBook(symbol: string, seqnum: number, sides: string): string {
  return `{"m":"depth-snapshot-realtime","symbol":${json(symbol)},"data":{"ts":0,"seqnum":${seqnum},${sides}}}`;
}

/** A bar as it is now; `name` is how the venue calls its length. */
export function encodeBar(name: string, symbol: string, bar: MarketBar): string {
  const { startMs: ts, open: o, high: h, low: l, close: c, volume: v } = bar;
  return json({ m: 'bar', s: symbol, data: { i: name, ts, o, c, h, l, v } });
}

/** Numbers are written digit for digit, so that those beyond 2^53 survive. */
function encodeBookData({ tsMs, seqnum, asks, bids }: BookImage): string {
  return `{"ts":${tsMs},"seqnum":${seqnum},"asks":${json(asks)},"bids":${json(bids)}}`;
}

/** New trades of a symbol. */
export function encodeTrades(symbol: string, trades: readonly PublicTrade[]): string {
  return `{"m":"trades","symbol":${json(symbol)},"data":${encodeTradeList(trades)}}`;
}

/** The answer to a request for trades. */
export function encodeTradesReply(id: MessageId, symbol: string, trades: readonly PublicTrade[]): string {
  const name = id === undefined ? '' : `"id":${id},`;
  return `{"m":"market-trades",${name}"symbol":${json(symbol)},"data":${encodeTradeList(trades)}}`;
}

function encodeTradeList(trades: readonly PublicTrade[]): string {
  return `[${trades.map(encodeTrade).join(',')}]`;
}

function encodeTrade({ price, size, tsMs, buyerIsMaker, seqnum }: PublicTrade): string {
  return `{"p":"${price}","q":"${size}","ts":${tsMs},"bm":${buyerIsMaker},"seqnum":${seqnum}}`;
}

/** The best prices. */
export function encodeTop({ symbol, tsMs, ask, bid }: TopEvent): string {
  return json({ m: 'bbo', symbol, data: { ts: tsMs, bid, ask } });
}
