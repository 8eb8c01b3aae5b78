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
 * end, the newest ones again, at once or while the next connection is long in use: sockets may do that, and nothing may come of it.
 */
export function tapRuntime(runtime: Runtime, tap: WireTap, isOdd: boolean): Runtime {
  let connections = 0;
  /** Sockets that were dropped and have not come to their end. */
  const lingering: TappedEnd[] = [];
  return {
    ...runtime,
    openSocket: (url, options, handlers) => {
      connections += 1;
      const odd = isOdd ? new OddFrames() : undefined;
      const end = new TappedEnd({ connection: connections, tap, handlers, odd, lingering });
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

/** Frames that a dropped socket still brings, and those of the next connection that come before them. */
const [mostLate, framesBefore] = [8, 40];

interface TappedEndOptions {
  readonly connection: number;
  readonly tap: WireTap;
  readonly handlers: SocketHandlers;
  readonly odd: OddFrames | undefined;
  readonly lingering: TappedEnd[];
}

class TappedEnd implements SocketHandlers {
  readonly #connection: number;
  readonly #tap: WireTap;
  readonly #handlers: SocketHandlers;
  readonly #odd: OddFrames | undefined;
  readonly #lingering: TappedEnd[];
  #frames = 0;
  #end: (() => void) | undefined;
  readonly #newest: string[] = [];
  #over = false;
  #dropped = false;

  constructor({ connection, tap, handlers, odd, lingering }: TappedEndOptions) {
    this.#connection = connection;
    this.#tap = tap;
    this.#handlers = handlers;
    this.#odd = odd;
    this.#lingering = lingering;
  }

  opened(): void {
    this.#handlers.opened();
  }

  message(bytes: Uint8Array): void {
    this.#frames += 1;
    if (this.#frames === framesBefore) for (const old of this.#lingering.splice(0)) old.#end?.();
    const whole = Buffer.from(bytes).toString();
    for (const text of this.#odd?.instead(whole) ?? [whole]) {
      if (this.#over) return;
      this.#newest.push(text);
      if (this.#newest.length > mostLate) this.#newest.shift();
      this.#tap.frame(this.#connection, text);
      this.#handlers.message(text === whole ? bytes : Buffer.from(text));
      this.#tap.handled(this.#connection);
    }
  }

  closed(code: number, reason: string, httpStatus?: number): void {
    const late = this.#dropped ? [...this.#newest] : [];
    const bringLate = () => {
      for (const text of late) this.#handlers.message(Buffer.from(text));
    };
    this.#end = () => {
      bringLate();
      this.leave();
      this.#handlers.closed(code, reason, httpStatus);
    };
    // Every fourth one comes to its end at once.
    if (late.length === 0 || this.#connection % 4 === 0) this.#end();
    else {
      bringLate();
      this.#lingering.push(this);
    }
  }

  leave(how?: 'dropped'): void {
    if (!this.#over) this.#tap.ended(this.#connection);
    this.#over = true;
    this.#dropped ||= how === 'dropped';
  }
}
