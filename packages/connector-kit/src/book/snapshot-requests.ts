import type { Runtime } from '@venuekit/connector-core';
import { Backoff } from '../stream/backoff.ts';
import type { RequestBudget } from '../stream/request-budget.ts';

/** What asking for snapshots takes. */
export interface SnapshotRequestOptions {
  readonly runtime: Runtime;
  readonly budget: RequestBudget;
  /** Time in which a snapshot must come, in milliseconds. */
  readonly timeoutMs: number;
  /** Sends one request; false if there is no connection. */
  readonly send: () => boolean;
  /** True while a snapshot is still wanted. */
  readonly wanted: () => boolean;
}

/** First wait after a snapshot that did not fit: the venue needs a moment to be ahead of what was missed. */
const firstRetryMs = 200;
const longestRetryMs = 10_000;

/** Asks for the snapshots of one book: one at a time, within the budget, again where none comes. */
export class SnapshotRequests {
  readonly #options: SnapshotRequestOptions;
  readonly #backoff: Backoff;
  #timer: Disposable | undefined;
  #underWay = false;

  constructor(options: SnapshotRequestOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.runtime.random, { firstMs: firstRetryMs, maxMs: longestRetryMs });
  }

  /** Asks now, unless a request is under way or planned. */
  ask(): void {
    if (this.#underWay || this.#timer !== undefined) return;
    const { budget, send, timeoutMs } = this.#options;
    const waitMs = budget.take();
    if (waitMs > 0) {
      this.#plan(waitMs, 'snapshot-budget');
    } else if (send()) {
      this.#underWay = true;
      this.#plan(timeoutMs, 'snapshot-deadline');
    }
  }

  /** An answer came, of whatever kind. */
  answered(): void {
    this.#underWay = false;
    this.#stopTimer();
  }

  /** The answer was of no use: asks again after a while. */
  askLater(): void {
    this.answered();
    this.#plan(this.#backoff.next(), 'snapshot-retry');
  }

  /** A snapshot was joined. */
  satisfied(): void {
    this.answered();
    this.#backoff.reset();
  }

  /** Forgets everything: the connection is gone, or the book. */
  stop(): void {
    this.answered();
  }

  #plan(delayMs: number, label: string): void {
    const fire = () => {
      this.#timer = undefined;
      this.#underWay = false;
      if (this.#options.wanted()) this.ask();
    };
    this.#timer = this.#options.runtime.timers.setTimer(delayMs, fire, label);
  }

  #stopTimer(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
