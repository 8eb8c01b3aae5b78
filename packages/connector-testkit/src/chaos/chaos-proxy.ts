import { connect, type Socket } from 'node:net';
import { type Runtime, VenueError } from '@venuekit/connector-core';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { listenOnPort, type PortListener } from './port-listener.ts';
import { ProxiedConnection } from './proxied-connection.ts';
import { proxiedUrl } from './proxied-url.ts';
import { type AddedToxic, checkToxic, type Toxic, type ToxicDirection } from './toxic.ts';

/** What a chaos proxy is started with. */
export interface ChaosProxyOptions {
  /** The server behind the proxy. */
  readonly target: { readonly host: string; readonly port: number };
  /** Decides all jitter, by connection, direction and chunk: the same draws for the same seed. */
  readonly seed: string;
  /** Where to listen; `127.0.0.1` if left out. */
  readonly host?: string;
  /** The port to listen on; any free one if left out or 0. */
  readonly port?: number;
  /** Time and timers; the system's if left out. */
  readonly runtime?: Pick<Runtime, 'timers' | 'clock'>;
}

/** Counts since the start of a proxy. */
export interface ChaosStats {
  /** Connections that were accepted. */
  readonly connections: number;
  /** Connections of which a socket is still open. */
  readonly open: number;
  /** Bytes that were handed to the server's sockets. */
  readonly bytesToServer: number;
  /** Bytes that were handed to the clients' sockets. */
  readonly bytesToClient: number;
  /** Accepted connections whose server could not be reached. What the system refuses after `refuse` is not seen here. */
  readonly refused: number;
}

/**
 * A TCP proxy whose connections can be made to fail. Bytes keep their order, and none is lost or doubled unless a toxic or a cut
 * says so. Half-closes and resets are passed on, each way by itself.
 */
export interface ChaosProxy extends AsyncDisposable {
  /** Where it listens. */
  readonly host: string;
  /** The port on which it listens. */
  readonly port: number;
  /**
   * The same URL, through the proxy. The scheme stays: with `https` and `wss`, the certificate must be good for the host of the
   * proxy.
   * @throws VenueError `invalid-options` for text that is no URL, or a URL whose port is not the target's.
   */
  urlFor(url: string): string;
  /**
   * Lets a toxic act on open and future connections until it is disposed of. Bytes that wait for it then go on at once.
   * @throws VenueError `invalid-options` for a toxic that makes no sense, `closed` after `close`.
   */
  add(toxic: Toxic): Disposable;
  /** Removes all toxics. */
  reset(): void;
  /**
   * Ends every open connection on both sides: with a reset, or with `end` as a peer that closes. What waits in the proxy is
   * thrown away. After an `end`, a connection counts as open until both peers have closed too.
   * @param how `reset` if left out.
   */
  cut(how?: 'reset' | 'end'): void;
  /**
   * Makes every connection half-open: nothing is delivered either way, not even an end, and nobody is told. New connections are
   * accepted and carry nothing. Senders feel it once the buffers are full. A piece that was already handed over still arrives.
   */
  hold(): void;
  /** Ends `hold`: what waited is delivered. */
  release(): void;
  /** Refuses new connections, as if nothing listened. Open ones go on. */
  refuse(): void;
  /**
   * Accepts connections again, on the same port. If someone else took the port meanwhile, waits until it is free.
   * @throws VenueError `closed` after `close`.
   */
  accept(): void;
  /** Counts, as of now. */
  readonly stats: ChaosStats;
  /** Closes everything; leaves no socket, timer or listener behind. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts a TCP proxy in this process, between clients and `target`. The target is dialled anew for every connection.
 * @throws VenueError `invalid-options` for a port that is none, or an address that cannot be listened on.
 */
export async function startChaosProxy(options: ChaosProxyOptions): Promise<ChaosProxy> {
  checkPort('target.port', options.target.port, 1);
  checkPort('port', options.port ?? 0, 0);
  const runtime = options.runtime ?? createSystemRuntime();
  const proxied = new ProxiedTarget(options, runtime);
  const listener = await listenOnPort({
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    runtime,
    accepted: (socket) => proxied.take(socket),
  });
  return chaosProxy(options, proxied, listener);
}

function chaosProxy(
  { target, host = '127.0.0.1' }: ChaosProxyOptions,
  proxied: ProxiedTarget,
  listener: PortListener,
): ChaosProxy {
  const { port } = listener;
  let closed: Promise<void> | undefined;
  const checkOpen = (operation: string): void => {
    if (closed === undefined) return;
    throw new VenueError({
      code: 'closed',
      operation,
      message: 'expected an open chaos proxy, got a closed one',
    });
  };
  const close = (): Promise<void> => {
    if (closed !== undefined) return closed;
    closed = Promise.all([listener.close(), proxied.destroy()]).then(() => undefined);
    return closed;
  };
  return {
    host,
    port,
    urlFor: (url) => proxiedUrl(url, target.port, { host, port }),
    add(toxic) {
      checkOpen('add');
      checkToxic(toxic);
      return proxied.add({ ...toxic });
    },
    reset: () => proxied.removeAll(),
    cut: (how = 'reset') => proxied.cut(how),
    hold: () => proxied.hold(true),
    release: () => proxied.hold(false),
    refuse: () => listener.refuse(),
    accept() {
      checkOpen('accept');
      listener.accept();
    },
    get stats() {
      return proxied.stats();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The connections to the target, and what is wrong with them. */
class ProxiedTarget {
  readonly #options: ChaosProxyOptions;
  readonly #runtime: Pick<Runtime, 'timers' | 'clock'>;
  readonly #connections = new Set<ProxiedConnection>();
  readonly #toxics = new Set<AddedToxic>();
  readonly #bytes: Record<ToxicDirection, number> = { 'to-server': 0, 'to-client': 0 };
  #lastToxic = 0;
  #accepted = 0;
  #refused = 0;
  #held = false;

  constructor(options: ChaosProxyOptions, runtime: Pick<Runtime, 'timers' | 'clock'>) {
    this.#options = options;
    this.#runtime = runtime;
  }

  take(client: Socket): void {
    const { target, seed } = this.#options;
    this.#accepted += 1;
    const connection = new ProxiedConnection({
      key: `${seed}/${this.#accepted}`,
      client,
      server: connect({ host: target.host, port: target.port, allowHalfOpen: true, noDelay: true }),
      runtime: this.#runtime,
      passed: (direction, bytes) => {
        this.#bytes[direction] += bytes;
      },
      refused: () => {
        this.#refused += 1;
      },
    });
    this.#connections.add(connection);
    void connection.closed.then(() => this.#connections.delete(connection));
    connection.hold(this.#held);
    connection.add(...this.#toxics);
  }

  add(toxic: Toxic): Disposable {
    this.#lastToxic += 1;
    const added: AddedToxic = { number: this.#lastToxic, toxic };
    this.#toxics.add(added);
    for (const connection of this.#connections) connection.add(added);
    return { [Symbol.dispose]: () => this.#remove(added) };
  }

  removeAll(): void {
    for (const added of [...this.#toxics]) this.#remove(added);
  }

  hold(held: boolean): void {
    this.#held = held;
    for (const connection of this.#connections) connection.hold(held);
  }

  cut(how: 'reset' | 'end'): void {
    for (const connection of this.#connections) connection.cut(how);
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.destroy()));
  }

  stats(): ChaosStats {
    return {
      connections: this.#accepted,
      open: this.#connections.size,
      bytesToServer: this.#bytes['to-server'],
      bytesToClient: this.#bytes['to-client'],
      refused: this.#refused,
    };
  }

  #remove(added: AddedToxic): void {
    if (!this.#toxics.delete(added)) return;
    for (const connection of this.#connections) connection.remove(added);
  }
}

function checkPort(field: string, port: number, least: 0 | 1): void {
  if (Number.isInteger(port) && port >= least && port <= 65_535) return;
  throw new VenueError({
    code: 'invalid-options',
    operation: 'startChaosProxy',
    message: `${field}: expected a whole number from ${least} to 65535, got ${port}`,
  });
}
