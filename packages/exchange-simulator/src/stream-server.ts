import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { turnAway } from './plain-upgrade.ts';
import { longestMessageBytes, type StreamRegistry } from './stream-registry.ts';

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

  function serve(socket: WebSocket): void {
    const stream = streams.open({
      send: (text) => socket.send(text, drained),
      pong: (data) => socket.pong(data, undefined, drained),
      cut: () => socket.terminate(),
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
      const status = streams.refusalOf(request.url ?? '');
      if (status === undefined) server.handleUpgrade(request, socket, head, serve);
      else turnAway(socket, `${status} ${STATUS_CODES[status]}`);
    },
  };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as ArrayBuffer).toString('utf8');
}
