import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Runtime, VenueError } from '@venuekit/connector-core';

/** A port on which connections are accepted or refused. */
export interface PortListener {
  /** The port that was taken. */
  readonly port: number;
  /** Refuses connections: nothing listens on the port. */
  refuse(): void;
  /** Accepts connections again, on the same port. */
  accept(): void;
  /** Gives the port back; resolves when every accepted socket is closed. */
  close(): Promise<void>;
}

/** Where to listen, and who takes the sockets. */
export interface PortListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly runtime: Pick<Runtime, 'timers'>;
  accepted(socket: Socket): void;
}

/** How long to wait for a port that someone else took while nothing listened on it. */
const retryMs = 20;

/**
 * Starts to listen.
 * @throws VenueError `invalid-options` if the port is taken or the address cannot be listened on, naming both.
 */
export async function listenOnPort(options: PortListenerOptions): Promise<PortListener> {
  const first = serverOf(options);
  first.listen({ host: options.host, port: options.port });
  try {
    await once(first, 'listening');
  } catch (cause) {
    throw new VenueError({
      code: 'invalid-options',
      operation: 'startChaosProxy',
      message: `host and port: expected an address to listen on, got ${options.host}:${options.port}: ${cause}`,
      cause,
    });
  }
  return new SwitchedListener(options, first);
}

/** A server for each time that connections are accepted: one that is closed lives on until its sockets are gone. */
class SwitchedListener implements PortListener {
  readonly port: number;
  readonly #options: PortListenerOptions;
  readonly #closing = new Set<Promise<void>>();
  #server: Server | undefined;
  #retry: Disposable | undefined;

  constructor(options: PortListenerOptions, server: Server) {
    this.#options = options;
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  refuse(): void {
    this.#retry?.[Symbol.dispose]();
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.#closing.add(closed);
    void closed.then(() => this.#closing.delete(closed));
  }

  accept(): void {
    if (this.#server !== undefined) return;
    const server = serverOf(this.#options);
    this.#server = server;
    server.on('error', () => {
      if (this.#server !== server || server.listening) return;
      const listen = (): void => void server.listen({ host: this.#options.host, port: this.port });
      this.#retry = this.#options.runtime.timers.setTimer(retryMs, listen, 'chaos-listen');
    });
    server.listen({ host: this.#options.host, port: this.port });
  }

  async close(): Promise<void> {
    this.refuse();
    await Promise.all(this.#closing);
  }
}

function serverOf({ accepted }: PortListenerOptions): Server {
  // Half-closes are passed on, so neither socket may answer them by itself.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accepted);
  // What goes wrong while listening, such as too many open files, is the client's loss and not the end of the process.
  return server.on('error', () => {});
}
