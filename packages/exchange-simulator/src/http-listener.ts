import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { VenueError } from '@venuekit/connector-core';
import { serveWithoutUpgrade } from './plain-upgrade.ts';
import type { StreamServer } from './stream-server.ts';

/** A server on a port. */
export interface HttpListener {
  /** The port that was taken. */
  readonly port: number;
  /** Cuts all connections but streams, which their owner has cut, and gives the port back. */
  close(): Promise<void>;
}

/** Where to listen and what to serve. */
export interface HttpListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly streams: StreamServer;
}

/**
 * Starts to listen.
 * @throws VenueError `invalid-options` if the port is taken or the address cannot be listened on, naming both.
 */
export async function listen({ host, port, fetch, streams }: HttpListenerOptions): Promise<HttpListener> {
  const answer = getRequestListener(fetch, { overrideGlobalObjects: false });
  const detached = new Set<Duplex>();
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      detached.add(socket);
      socket.once('close', () => detached.delete(socket));
      serveWithoutUpgrade(server, request, socket);
    } else streams.upgrade(request, socket, head);
  });
  await bind(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      // The server does not count those among its connections.
      for (const socket of detached) socket.destroy();
      await closed;
    },
  };
}

async function bind(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    const why = taken ? 'the port is in use' : String(cause);
    throw new VenueError({
      code: 'invalid-options',
      operation: 'startSimulator',
      message: `cannot listen on ${host}:${port}: ${why}`,
      cause,
    });
  } finally {
    server.off('error', reject);
  }
}
