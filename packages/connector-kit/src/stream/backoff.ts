import type { Random } from '@venuekit/connector-core';

/** How long to wait between dials. */
export interface BackoffOptions {
  /** Upper bound of the first wait, in milliseconds. */
  readonly firstMs: number;
  /** Upper bound of any wait. */
  readonly maxMs: number;
}

/** Doublings after which any sensible first bound has reached any sensible maximum. */
const mostDoublings = 20;

/**
 * Full jitter: a wait drawn evenly from zero to a bound that doubles with every attempt, so that clients which lost their
 * connections together do not come back together.
 */
export class Backoff {
  readonly #random: Random;
  readonly #options: BackoffOptions;
  #attempts = 0;

  constructor(random: Random, options: BackoffOptions) {
    this.#random = random;
    this.#options = options;
  }

  /** The next wait, in milliseconds. */
  next(): number {
    const { firstMs, maxMs } = this.#options;
    const bound = Math.min(firstMs * (1 << Math.min(this.#attempts, mostDoublings)), maxMs);
    this.#attempts += 1;
    return Math.floor(this.#random.next('stream-backoff') * bound);
  }

  /** Starts again from the first bound, after a connection that proved healthy. */
  reset(): void {
    this.#attempts = 0;
  }
}
