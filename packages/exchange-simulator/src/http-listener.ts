import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { VenueError } from '@venuekit/connector-core';
import { addressOf } from './caller-address.ts';
import type { Caller } from './dialect/dialect.ts';
import { cutReplyOf } from './faults/cut-reply.ts';
import { isLostConnection } from './faults/lost-connection.ts';
import { serveWithoutUpgrade, whenAnswered } from './plain-upgrade.ts';
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
  readonly fetch: (request: Request, caller: Caller) => Response | Promise<Response>;
  readonly streams: StreamServer;
}

/**
 * Starts to listen.
 * @throws VenueError `invalid-options` if the port is taken or the address cannot be listened on, naming both.
 */
export async function listen({
  host,
  port,
  streams,
  ...exchange
}: HttpListenerOptions): Promise<HttpListener> {
  const serve: Parameters<typeof getRequestListener>[0] = (request, { incoming, outgoing }) => {
    const socket = incoming.socket as Socket;
    const answered = exchange.fetch(request, { address: addressOf(socket) });
    if (!(answered instanceof Promise)) return answered;
    return answered.then(
      (response) => wholeOrCut(response, outgoing as ServerResponse, socket),
      (error) => resetOr(socket, error),
    );
  };
  const answer = getRequestListener(serve, { overrideGlobalObjects: false });
  const detached = new Set<Duplex>();
  /** The newest answer of each connection. */
  const answers = new WeakMap<Duplex, ServerResponse>();
  const server = createServer((request, response) => {
    answers.set(request.socket, response);
    void answer(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    if (!detached.has(socket)) socket.once('close', () => detached.delete(socket));
    detached.add(socket);
    whenAnswered(answers.get(socket), socket, () => {
      const isStream = request.headers.upgrade?.toLowerCase() === 'websocket';
      if (isStream) streams.upgrade(request, socket, head);
      else serveWithoutUpgrade(server, request, socket, head);
    });
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

/** A connection that is to be lost is reset, and what would answer it is told that this is done. */
function resetOr(socket: Socket, error: unknown): Response {
  if (!isLostConnection(error)) throw error;
  socket.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

/** A connection that is to end in the middle of an answer is reset behind its first half. */
function wholeOrCut(response: Response, outgoing: ServerResponse, socket: Socket): Response {
  const cut = cutReplyOf(response);
  if (cut === undefined) return response;
  const headers = { ...Object.fromEntries(response.headers), 'content-length': cut.wholeBytes };
  outgoing.writeHead(response.status, headers);
  outgoing.write(cut.half, () => socket.resetAndDestroy());
  return RESPONSE_ALREADY_SENT;
}

/**
 * Lets a server listen.
 * @throws VenueError `invalid-options` if the port is taken or the address cannot be listened on, naming both.
 */
export async function bind(server: Server, host: string, port: number): Promise<void> {
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
      operation: 'startExchangeSimulator',
      message: `cannot listen on ${host}:${port}: ${why}`,
      cause,
    });
  } finally {
    server.off('error', reject);
  }
}
