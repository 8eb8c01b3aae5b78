import type { Socket } from 'node:net';
import type { Runtime } from '@venuekit/connector-core';
import { Lane } from './lane.ts';
import type { AddedToxic, ToxicDirection } from './toxic.ts';

/** What a connection through the proxy is made of. */
export interface ProxiedConnectionOptions {
  /** Names the connection; what is drawn depends on it. */
  readonly key: string;
  /** The accepted socket. */
  readonly client: Socket;
  /** The socket that is being dialled. */
  readonly server: Socket;
  readonly runtime: Pick<Runtime, 'timers' | 'clock'>;
  /** So many bytes were handed over. */
  passed(direction: ToxicDirection, bytes: number): void;
  /** The server could not be reached. */
  refused(): void;
}

/** A client's socket, a server's socket, and a lane each way. Ends and resets travel along the lanes like bytes. */
export class ProxiedConnection {
  /** Resolves once both sockets are closed. */
  readonly closed: Promise<void>;
  readonly #options: ProxiedConnectionOptions;
  readonly #lanes: readonly [Lane, Lane];
  /** True once the proxy itself ended the connection: nothing is passed on any more. */
  #over = false;

  constructor(options: ProxiedConnectionOptions) {
    this.#options = options;
    const { client, server } = options;
    const toServer = this.#lane('to-server', client, server);
    const toClient = this.#lane('to-client', server, client);
    this.#lanes = [toServer, toClient];
    const closed = [this.#watch(client, toServer, toClient), this.#watch(server, toClient, toServer)];
    this.closed = Promise.all(closed).then(() => undefined);
    this.#dial(server);
  }

  /** Lets toxics act on both lanes. */
  add(...toxics: readonly AddedToxic[]): void {
    for (const lane of this.#lanes) for (const toxic of toxics) lane.add(toxic);
    this.#advance();
  }

  /** Lets a toxic act no more. */
  remove(toxic: AddedToxic): void {
    for (const lane of this.#lanes) lane.remove(toxic);
    this.#advance();
  }

  /** Delivers nothing either way, or goes on. */
  hold(held: boolean): void {
    for (const lane of this.#lanes) lane.hold(held);
  }

  /** Ends the connection on both sides. What waits is thrown away. */
  cut(how: 'reset' | 'end'): void {
    this.#over = true;
    for (const lane of this.#lanes) lane.abandon();
    for (const socket of this.#sockets()) {
      if (how === 'reset') resetSocket(socket);
      else if (socket.connecting) socket.destroy();
      else socket.end();
    }
  }

  /** Closes both sockets at once; resolves when that is done. */
  destroy(): Promise<void> {
    this.#over = true;
    for (const lane of this.#lanes) lane.abandon();
    for (const socket of this.#sockets()) socket.destroy();
    return this.closed;
  }

  #advance(): void {
    for (const lane of this.#lanes) lane.advance();
  }

  #sockets(): readonly Socket[] {
    return [this.#options.client, this.#options.server];
  }

  #lane(direction: ToxicDirection, source: Socket, destination: Socket): Lane {
    const { key, runtime, passed } = this.#options;
    return new Lane({
      direction,
      source,
      destination,
      key: `${key}/${direction}`,
      runtime,
      passed: (bytes) => passed(direction, bytes),
      died: (how) => this.cut(how),
      resetArrived: () => resetSocket(destination),
    });
  }

  #dial(server: Socket): void {
    let reached = false;
    server.once('connect', () => {
      reached = true;
      this.#advance();
    });
    server.once('close', () => {
      if (!reached && !this.#over) this.#options.refused();
    });
  }

  #watch(socket: Socket, leaving: Lane, arriving: Lane): Promise<void> {
    // `close` follows and says all that is needed; without this listener an error would end the process.
    socket.on('error', () => {});
    return new Promise((resolve) => {
      socket.once('close', (failed) => {
        const clean = !failed && socket.readableEnded && socket.writableFinished;
        arriving.abandon();
        if (!clean && !this.#over) leaving.sourceReset();
        resolve();
      });
    });
  }
}

/** Closes a socket so that its peer sees a reset. */
function resetSocket(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.connecting) socket.destroy();
  // The system refuses to reset a socket that is just being shut down, and the handle would stay behind.
  else if (socket.writableEnded && !socket.writableFinished) {
    socket.once('finish', () => socket.resetAndDestroy());
  } else socket.resetAndDestroy();
}
