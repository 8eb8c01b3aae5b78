import type { BookEvent } from '@venuekit/connector-core';

/** What one listener of a book is told: a loss is announced before the book is live again, and numbers rise in between. */
export class BookStory {
  readonly #pair: string;
  readonly #violate: (message: string) => void;
  #wasLive = false;
  #owesGap = false;
  #sequence: bigint | undefined;
  #closed = false;

  constructor(pair: string, violate: (message: string) => void) {
    this.#pair = pair;
    this.#violate = violate;
  }

  /** An event was told. */
  take(event: BookEvent): void {
    if (this.#closed) this.#violate(`${this.#pair}: expected nothing after closed, got ${event.kind}`);
    if (event.kind === 'gap') {
      this.#owesGap = false;
      this.#sequence = undefined;
      return;
    }
    const { state, sequence } = event;
    if (state === 'live') this.#live(sequence);
    else if (this.#wasLive) this.#owesGap = true;
    this.#closed = state === 'closed';
    this.#wasLive ||= state === 'live';
    if (state !== 'live') this.#sequence = undefined;
  }

  #live(sequence: bigint | undefined): void {
    if (this.#owesGap)
      this.#violate(`${this.#pair}: the book was live again without a gap for what it missed`);
    const before = this.#sequence;
    if (sequence === undefined) this.#violate(`${this.#pair}: expected a number of a live book, got none`);
    else if (before !== undefined && sequence < before)
      this.#violate(`${this.#pair}: expected a number from ${before} on, got ${sequence} without a gap`);
    this.#sequence = sequence;
  }
}
