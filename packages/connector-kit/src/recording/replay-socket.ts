import type { Socket, SocketHandlers } from '@venuekit/connector-core';

const brokenCode = 1_006;
const normalCode = 1_000;

/** The client's end of a recorded connection. */
export class ReplaySocket implements Socket {
  readonly #handlers: SocketHandlers;
  readonly #onLeft: (socket: ReplaySocket) => void;
  readonly #text = new TextEncoder();
  #state: 'dialling' | 'open' | 'leaving' | 'closed' = 'dialling';
  /** Frames that the client sent. */
  sent = 0;

  constructor(handlers: SocketHandlers, onLeft: (socket: ReplaySocket) => void) {
    this.#handlers = handlers;
    this.#onLeft = onLeft;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get isDialling(): boolean {
    return this.#state === 'dialling';
  }

  open(): void {
    this.#state = 'open';
    this.#handlers.opened();
  }

  deliver(frame: string): void {
    if (this.#state === 'open') this.#handlers.message(this.#text.encode(frame));
  }

  /** The venue's end of it goes. */
  end(code: number): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#handlers.closed(code, '');
  }

  send(): void {
    if (this.#state === 'open') this.sent += 1;
  }

  close(code: number = normalCode): void {
    this.#leave(this.#state === 'dialling' ? brokenCode : code);
  }

  terminate(): void {
    this.#leave(brokenCode);
  }

  /** The client hears of the end a moment later, as on a network. */
  #leave(code: number): void {
    if (this.#state === 'leaving' || this.#state === 'closed') return;
    this.#state = 'leaving';
    this.#onLeft(this);
    void Promise.resolve().then(() => this.end(code));
  }
}
