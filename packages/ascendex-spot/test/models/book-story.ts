import type { BookEvent } from '@venuekit/connector-core';
import type { GapBounds, Manner } from './gap-bounds.ts';

/** What a story is judged by. */
export interface BookStoryOptions {
  readonly pair: string;
  readonly violate: (message: string) => void;
  /** Until when the book was good. */
  readonly bounds: GapBounds;
  /** Local time of the process. */
  readonly localNow: () => number;
}

/**
 * What one consumer of a book is told: a loss is announced before the book is live again, and numbers rise in between. Whoever
 * reads may miss states, but no gap.
 */
export class BookStory {
  readonly #options: BookStoryOptions;
  #wasLive = false;
  #owesGap = false;
  #sequence: bigint | undefined;
  #closed = false;
  /** Gaps so far. */
  gaps = 0;
  /** The newest event. */
  last: BookEvent | undefined;

  constructor(options: BookStoryOptions) {
    this.#options = options;
  }

  /** An event was told. */
  take(event: BookEvent, manner: Manner): void {
    const { pair } = this.#options;
    if (this.#closed) this.#violate(`expected nothing after closed, got ${event.kind}`);
    this.last = event;
    if (event.kind === 'gap') {
      this.#gap(event, manner);
      return;
    }
    const { state, sequence } = event;
    if (event.pair !== pair) this.#violate(`expected events of this pair, got one of ${event.pair}`);
    if (state === 'live') this.#live(sequence);
    else if (this.#wasLive) this.#owesGap = true;
    this.#closed = state === 'closed';
    this.#wasLive ||= state === 'live';
    if (state !== 'live') this.#sequence = undefined;
  }

  #gap(event: Extract<BookEvent, { kind: 'gap' }>, manner: Manner): void {
    const { bounds, localNow } = this.#options;
    const problem = manner === 'told' ? bounds.problemOf(event, localNow()) : undefined;
    if (problem !== undefined) this.#violate(problem);
    this.gaps += 1;
    this.#owesGap = false;
    this.#sequence = undefined;
  }

  #live(sequence: bigint | undefined): void {
    if (this.#owesGap) this.#violate('the book was live again without a gap for what it missed');
    const before = this.#sequence;
    if (sequence === undefined) this.#violate('expected a number of a live book, got none');
    else if (before !== undefined && sequence < before)
      this.#violate(`expected a number from ${before} on, got ${sequence} without a gap`);
    this.#sequence = sequence;
  }

  #violate(message: string): void {
    this.#options.violate(`${this.#options.pair} book: ${message}`);
  }
}
