import type { Runtime, SocketHandlers } from '@venuekit/connector-core';
import { OddFrames } from './odd-frames.ts';

/** What a tap tells. Connections are numbered from 1. */
export interface WireTap {
  dialled(connection: number): void;
  /** A frame is about to be given to the client. */
  frame(connection: number, text: string): void;
  /** It was handled. */
  handled(connection: number): void;
  /** The client ends the connection, or hears of its end; once. */
  ended(connection: number): void;
}

/**
 * The same runtime, with somebody who listens at its sockets. A socket that the client drops brings some frames more before its
 * end, the newest ones again: sockets may do that, and nothing may come of it.
 */
export function tapRuntime(runtime: Runtime, tap: WireTap, isOdd: boolean): Runtime {
  let connections = 0;
  return {
    ...runtime,
    openSocket: (url, options, handlers) => {
      connections += 1;
      const end = new TappedEnd(connections, tap, handlers, isOdd ? new OddFrames() : undefined);
      tap.dialled(connections);
      const socket = runtime.openSocket(url, options, end);
      return {
        send: (text) => socket.send(text),
        close: (code, reason) => {
          end.leave();
          socket.close(code, reason);
        },
        terminate: () => {
          end.leave('dropped');
          socket.terminate();
        },
      };
    },
  };
}

/** Frames that a dropped socket still brings. */
const mostLate = 8;

class TappedEnd implements SocketHandlers {
  readonly #connection: number;
  readonly #tap: WireTap;
  readonly #handlers: SocketHandlers;
  readonly #odd: OddFrames | undefined;
  #newest: readonly string[] = [];
  #over = false;
  #dropped = false;

  constructor(connection: number, tap: WireTap, handlers: SocketHandlers, odd: OddFrames | undefined) {
    this.#connection = connection;
    this.#tap = tap;
    this.#handlers = handlers;
    this.#odd = odd;
  }

  opened(): void {
    this.#handlers.opened();
  }

  message(bytes: Uint8Array): void {
    const whole = Buffer.from(bytes).toString();
    for (const text of this.#odd?.instead(whole) ?? [whole]) {
      if (this.#over) return;
      this.#newest = [...this.#newest, text].slice(-mostLate);
      this.#tap.frame(this.#connection, text);
      this.#handlers.message(text === whole ? bytes : Buffer.from(text));
      this.#tap.handled(this.#connection);
    }
  }

  closed(code: number, reason: string, httpStatus?: number): void {
    const late = this.#dropped ? this.#newest : [];
    for (const text of late) this.#handlers.message(Buffer.from(text));
    this.leave();
    this.#handlers.closed(code, reason, httpStatus);
  }

  leave(how?: 'dropped'): void {
    if (!this.#over) this.#tap.ended(this.#connection);
    this.#over = true;
    this.#dropped ||= how === 'dropped';
  }
}
