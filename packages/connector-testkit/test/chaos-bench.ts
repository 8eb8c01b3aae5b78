import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Runtime } from '@venuekit/connector-core';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { type ChaosProxy, type ChaosProxyOptions, startChaosProxy } from '../src/chaos/index.ts';

/** One end of a connection, and what it has seen. */
export interface Peer {
  readonly socket: Socket;
  readonly received: () => Buffer;
  /** True once the other end said that it sends no more. */
  ended: boolean;
  closed: boolean;
  /** The code of the error, such as `ECONNRESET`. */
  failure: string | undefined;
}

/** A server, a proxy before it, and clients. Closing it closes them all. */
export interface Bench extends AsyncDisposable {
  readonly proxy: ChaosProxy;
  /** The server's ends, in order of arrival. */
  readonly served: readonly Peer[];
  readonly serverPort: number;
  /** Starts to connect to the proxy. */
  knock(port?: number): Peer;
  /** Connects to the proxy, or to another port, and waits until that is done. */
  dial(port?: number): Promise<Peer>;
  /** A client and the server's end of the same connection. */
  pair(): Promise<readonly [client: Peer, server: Peer]>;
}

/** Waits for a condition, one turn of the event loop at a time. Its deadline is the one of the test. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

/** So many turns of the event loop: far more than bytes need to cross the loopback when nothing stops them. */
export async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Sockets and servers that keep the process alive. */
export function openHandles(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
}

/** Bytes of which each depends on its place, so that a lost, doubled or moved one shows. */
export function patternOf(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; at += 1) bytes[at] = (Math.imul(at, 0x9e3779b1) >>> 24) ^ (at & 0xff);
  return bytes;
}

function watch(socket: Socket): Peer {
  const pieces: Buffer[] = [];
  const peer: Peer = {
    socket,
    received: () => Buffer.concat(pieces),
    ended: false,
    closed: false,
    failure: undefined,
  };
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  socket.on('end', () => {
    peer.ended = true;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    peer.failure = error.code;
  });
  socket.on('close', () => {
    peer.closed = true;
  });
  return peer;
}

/** Starts a server that hands each of its ends to `serve`, which does nothing if left out, and a proxy before it. */
export async function startBench(
  serve: (peer: Peer) => void = () => {},
  options: Partial<ChaosProxyOptions> = {},
): Promise<Bench> {
  const served: Peer[] = [];
  const dialled: Peer[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const peer = watch(socket);
    served.push(peer);
    serve(peer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = await startChaosProxy({ target: { host: '127.0.0.1', port }, seed: 'bench', ...options });
  const knock = (to = proxy.port): Peer => {
    const socket = connect({ host: '127.0.0.1', port: to, allowHalfOpen: true, noDelay: true });
    const peer = watch(socket);
    dialled.push(peer);
    return peer;
  };
  const dial = async (to?: number): Promise<Peer> => {
    const peer = knock(to);
    await once(peer.socket, 'connect');
    return peer;
  };
  return {
    proxy,
    served,
    serverPort: port,
    knock,
    dial,
    async pair() {
      const place = served.length;
      const client = await dial();
      await until(() => served.length > place);
      return [client, served[place]!];
    },
    async [Symbol.asyncDispose]() {
      await proxy.close();
      const peers = [...served, ...dialled];
      for (const { socket } of peers) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      await until(() => peers.every(({ closed }) => closed));
      // The system's handle of a server outlives its `close` by a turn.
      await turns(2);
    },
  };
}

/** A server's end that sends back what it gets, and ends when its client ends. */
export function echo({ socket }: Peer): void {
  socket.pipe(socket);
}

/** The system's runtime, with a count of the timers that are still armed and a list of the delays asked for. */
export interface CountedRuntime extends Pick<Runtime, 'timers' | 'clock'> {
  readonly armed: () => number;
  readonly delaysMs: readonly number[];
}

export function countTimers(base: Pick<Runtime, 'timers' | 'clock'> = createSystemRuntime()): CountedRuntime {
  const armed = new Set<object>();
  const delaysMs: number[] = [];
  const setTimer: Runtime['timers']['setTimer'] = (delayMs, fire, label) => {
    const token = {};
    armed.add(token);
    delaysMs.push(delayMs);
    const settle = (): void => void armed.delete(token);
    const timer = base.timers.setTimer(
      delayMs,
      () => {
        settle();
        fire();
      },
      label,
    );
    return {
      [Symbol.dispose]: () => {
        settle();
        timer[Symbol.dispose]();
      },
    };
  };
  return { clock: base.clock, timers: { setTimer }, armed: () => armed.size, delaysMs };
}
