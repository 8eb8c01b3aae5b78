import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { LoadAddress } from '../load-plan.ts';

/** Symbols of a connection, as the connector has them, and of a message. */
const [symbolsPerSocket, symbolsPerMessage] = [200, 10];
const pong = '{"op":"pong"}';

/** One connection, and the symbols that it is for. */
export interface WsStream {
  readonly socket: WebSocket;
  readonly symbols: readonly string[];
}

/** Connects for all symbols. */
export async function openStreams({ streamUrl, markets }: LoadAddress): Promise<readonly WsStream[]> {
  const names = markets.map(({ symbol }) => symbol);
  const streams: WsStream[] = [];
  for (let at = 0; at < names.length; at += symbolsPerSocket) {
    const socket = new WebSocket(streamUrl, { perMessageDeflate: false });
    await once(socket, 'open');
    streams.push({ socket, symbols: names.slice(at, at + symbolsPerSocket) });
  }
  return streams;
}

/** Subscribes to the books of a connection. */
export function subscribe({ socket, symbols }: WsStream): void {
  for (let at = 0; at < symbols.length; at += symbolsPerMessage)
    socket.send(`{"op":"sub","id":"${at}","ch":"depth:${symbols.slice(at, at + symbolsPerMessage)}"}`);
}

/** Answers a ping of the venue; anything else is nothing. */
export function answerPing(socket: WebSocket, text: string): void {
  if (text.startsWith('{"m":"ping"')) socket.send(pong);
}
