import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { addressOf } from './caller-address.ts';
import type { StreamRequest } from './dialect/dialect.ts';
import { turnAway } from './plain-upgrade.ts';
import { createStreamBurst } from './stream-burst.ts';
import { longestMessageBytes, type StreamRefusal, type StreamRegistry } from './stream-registry.ts';

/** Streams over real sockets. */
export interface StreamServer {
  /** Takes an HTTP upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Makes a server that carries the streams of a registry. */
export function createStreamServer(streams: StreamRegistry): StreamServer {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessageBytes,
    perMessageDeflate: false,
    autoPong: false,
    clientTracking: false,
  });

  function serve(socket: WebSocket, request: StreamRequest, raw: Duplex): void {
    const burst = createStreamBurst(raw);
    const stream = streams.open(request, {
      send(text) {
        burst.begin();
        socket.send(text, drained);
      },
      pong: (data) => socket.pong(data, undefined, drained),
      cut() {
        // What was sent before is on its way.
        burst.end();
        socket.terminate();
      },
      sendInPieces: (text, bytes) => sendInPieces(socket, text, bytes, drained),
      cutWithin: (text) => cutWithin(raw, text),
      ping: () => socket.ping(),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      close: (code, reason) => socket.close(code, reason),
      get bufferedBytes() {
        return socket.bufferedAmount;
      },
    });
    function drained(): void {
      stream.drained();
    }
    socket.on('message', (data) => stream.receive(textOf(data)));
    socket.on('ping', (data) => stream.pinged(data));
    // A broken stream is closed by the library; `close` follows and says all there is to say.
    socket.on('error', () => undefined);
    socket.on('close', () => stream.closed());
  }

  return {
    upgrade(request, socket, head) {
      const asked = streamRequest(request);
      const refusal = streams.refusalOf(asked);
      if (refusal === undefined)
        server.handleUpgrade(request, socket, head, (opened) => serve(opened, asked, socket));
      else refuse(socket, refusal);
    },
  };
}

function refuse(socket: Duplex, { refusedWith: status, ending, retryAfterSeconds }: StreamRefusal): void {
  socket.on('error', () => undefined);
  if (ending === 'reset') reset(socket);
  if (ending === 'hang') hang(socket);
  if (ending !== undefined) return;
  const retry = retryAfterSeconds === undefined ? '' : `Retry-After: ${Math.ceil(retryAfterSeconds)}\r\n`;
  turnAway(socket, `${status} ${STATUS_CODES[status]}`, retry);
}

/** Never answers. Who leaves is let go of: nothing else would notice. */
function hang(socket: Duplex): void {
  socket.on('end', () => socket.destroy());
  socket.resume();
}

/** Fragments may cut a character in two: only the whole message has to be text. */
function sendInPieces(socket: WebSocket, text: string, pieceBytes: number, sent: () => void): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const end = at + pieceBytes;
    const fin = end >= bytes.length;
    socket.send(bytes.subarray(at, end), { fin, binary: false }, fin ? sent : undefined);
  }
}

/** The library sends whole messages only, so the first bytes of this one are written by hand. */
function cutWithin(socket: Duplex, text: string): void {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(0x817f);
  head.writeBigUInt64BE(BigInt(bytes.length), 2);
  socket.write(Buffer.concat([head, bytes.subarray(0, bytes.length >> 1)]), () => reset(socket));
}

function reset(socket: Duplex): void {
  if (socket instanceof Socket) socket.resetAndDestroy();
  else socket.destroy();
}

function streamRequest({ url = '', rawHeaders, socket }: IncomingMessage): StreamRequest {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  return { path: url, headers, address: addressOf(socket) };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as ArrayBuffer).toString('utf8');
}
