import type { BookImage, DepthEvent, PublicTrade, TopEvent } from '../../market/market.ts';
import type { AscendexError } from './error-codes.ts';

/** A client's name for its message as JSON text, such as `"7"` or `7`: a number goes back digit for digit. */
export type MessageId = string | undefined;

/** The first frame of a session. */
export const greeting = '{"m":"connected","type":"unauth"}';

const json = JSON.stringify;

/** A reply to a message of a client: `fields`, which are never none, after the kind and the client's name. */
function reply(m: string, id: MessageId, fields: object): string {
  return `{"m":"${m}",${id === undefined ? '' : `"id":${id},`}${json(fields).slice(1)}`;
}

/** Confirms a subscription or its end. */
export function encodeConfirmation(m: 'sub' | 'unsub', id: MessageId, topic: string): string {
  return reply(m, id, { ch: topic, code: 0 });
}

/** Refuses the subscription of one symbol. */
export function encodeRefusal(id: MessageId, topic: string, code: number, reason: string): string {
  return reply('sub', id, { ch: topic, code, reason });
}

/** Says that a message could not be served. */
export function encodeError(id: MessageId, { code, reason }: AscendexError, info: string): string {
  return reply('error', id, { code, reason, info });
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
