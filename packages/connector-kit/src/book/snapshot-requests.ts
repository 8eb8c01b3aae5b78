import type { Runtime, VenueError } from '@venuekit/connector-core';
import { type Grant, isLimitError } from '@venuekit/rate-limiter';
import { finalRefusal } from '../limits/limit-refusal.ts';
import type { LimitUse } from '../limits/limit-use.ts';
import { Backoff } from '../stream/backoff.ts';

/** What asking for snapshots takes. */
export interface SnapshotRequestOptions {
  readonly runtime: Runtime;
  /** Venue id for errors. */
  readonly venue: string;
  /** Limit of the requests; none if left out. */
  readonly limit: () => LimitUse | undefined;
  /** Time in which a snapshot must come, in milliseconds. */
  readonly timeoutMs: number;
  /** Sends one request; false if there is no connection. */
  readonly send: () => boolean;
  /** A snapshot did not come in time. */
  readonly late: () => void;
  /** True while a snapshot is still wanted. */
  readonly wanted: () => boolean;
  /** The limiter lets no request through any more, and is not asked again. */
  readonly refused: (error: VenueError) => void;
}

/** First wait after a snapshot that did not fit: the venue needs a moment to be ahead of what was missed. */
const firstRetryMs = 200;
const longestRetryMs = 10_000;

/** Asks for the snapshots of one book: one at a time, within the limit, again where none comes. */
export class SnapshotRequests {
  readonly #options: SnapshotRequestOptions;
  readonly #backoff: Backoff;
  #timer: Disposable | undefined;
  #underWay = false;
  /** Set while a request waits for room. */
  #asking: AbortController | undefined;

  constructor(options: SnapshotRequestOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.runtime.random, { firstMs: firstRetryMs, maxMs: longestRetryMs });
  }

  /** Asks now, or when there is room, unless a request is under way or planned. */
  ask(): void {
    if (this.#underWay || this.#timer !== undefined || this.#asking !== undefined) return;
    const limit = this.#options.limit();
    if (limit === undefined) this.#send();
    else this.#askForRoom(limit);
  }

  /** An answer came, of whatever kind. */
  answered(): void {
    this.#underWay = false;
    this.withdraw();
    this.#stopTimer();
  }

  /** Waits for room no more. A request that has left stays known: its answer may still come. */
  withdraw(): void {
    const asking = this.#asking;
    this.#asking = undefined;
    asking?.abort();
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

  #askForRoom({ limiter, id }: LimitUse): void {
    const asking = new AbortController();
    this.#asking = asking;
    const leave = (grant: Grant): void => {
      this.#asking = undefined;
      if (!this.#options.wanted() || !this.#send()) grant.release();
    };
    const failed = (error: unknown): void => {
      if (!isLimitError(error)) throw error;
      if (this.#asking !== asking) return;
      this.#asking = undefined;
      const refusal = finalRefusal(error, { venue: this.#options.venue, operation: 'book' });
      if (refusal === undefined) this.#plan(error.retryAfterMs ?? this.#backoff.next(), 'snapshot-retry');
      else this.#options.refused(refusal);
    };
    limiter.run(id, leave, { lane: 'query', signal: asking.signal }).catch(failed);
  }

  #send(): boolean {
    const { send, timeoutMs } = this.#options;
    if (!send()) return false;
    this.#underWay = true;
    this.#plan(timeoutMs, 'snapshot-deadline');
    return true;
  }

  #plan(delayMs: number, label: string): void {
    const fire = () => {
      this.#timer = undefined;
      if (this.#underWay) this.#options.late();
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
