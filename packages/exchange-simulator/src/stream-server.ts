import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Dialect, StreamConnection } from './dialect/dialect.ts';
import type { FaultControl } from './faults/fault-control.ts';
import { turnAway } from './plain-upgrade.ts';
import type { Counters } from './stats.ts';

/** Streams over real sockets. */
export interface StreamServer {
  /** Takes an HTTP upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Cuts every stream without a closing handshake. */
  terminateAll(): void;
}

/** What a stream server serves. */
export interface StreamServerOptions {
  /** Asked at each upgrade: the dialect and the faults are made after the server. */
  serving(): { readonly dialect: Dialect; readonly faults: FaultControl };
  readonly counters: Counters;
}

const longestMessage = 1 << 20;

/** Makes a server without streams. */
export function createStreamServer({ serving, counters }: StreamServerOptions): StreamServer {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessage,
    perMessageDeflate: false,
    autoPong: false,
    clientTracking: false,
  });

  const streams = new Map<WebSocket, StreamConnection>();

  function serve(socket: WebSocket): void {
    counters.open += 1;
    counters.total += 1;
    const { dialect } = serving();
    const stream = dialect.openStream({
      send: (text) => socket.send(text, drained),
      pong: (data) => socket.pong(data, undefined, drained),
      cut: () => socket.terminate(),
      close: (code, reason) => socket.close(code, reason),
      get bufferedBytes() {
        return socket.bufferedAmount;
      },
    });
    streams.set(socket, stream);
    function drained(): void {
      stream.drained();
    }
    socket.on('message', (data) => stream.receive(textOf(data)));
    socket.on('ping', (data) => stream.pinged(data));
    // A broken stream is closed by the library; `close` follows and says all there is to say.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      counters.open -= 1;
      streams.delete(socket);
      stream.closed();
    });
  }

  return {
    upgrade(request, socket, head) {
      const { dialect, faults } = serving();
      const path = (request.url ?? '').split('?')[0] ?? '';
      if (!dialect.isStream(path)) return turnAway(socket, '404 Not Found');
      if (faults.refusing) {
        counters.refused += 1;
        return turnAway(socket, '503 Service Unavailable');
      }
      server.handleUpgrade(request, socket, head, serve);
    },
    terminateAll() {
      for (const [socket, stream] of streams) {
        // The socket's own `close` comes later; nothing may count as delivered in between.
        stream.closed();
        socket.terminate();
      }
    },
  };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as ArrayBuffer).toString('utf8');
}
