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
  readonly limit: LimitUse | undefined;
  /** Time in which a snapshot must come, in milliseconds. */
  readonly timeoutMs: number;
  /** Sends one request; false if there is no connection. */
  readonly send: () => boolean;
  /** A snapshot did not come in time. */
  readonly late: () => void;
  /** True while a snapshot is still wanted. */
  readonly wanted: () => boolean;
  /** True while the book has no price without it. Whatever else it is wanted for makes way for books that have none. */
  readonly isUrgent: () => boolean;
  /** The limiter lets no request through any more, and is not asked again. */
  readonly refused: (error: VenueError) => void;
}

/** First wait after a snapshot that did not fit: the venue needs a moment to be ahead of what was missed. */
const firstRetryMs = 200;
const longestRetryMs = 10_000;
/** A book that asks again within this time after a snapshot was joined waits as after one that did not fit: else one bad market takes all room. */
const steadyMs = 10_000;

/** One beside the one under way, which may be older than what was missed in the meantime. */
const mostUnderWay = 2;

/** Asks for the snapshots of one book: as few as will do, within the limit, again where none comes. */
export class SnapshotRequests {
  readonly #options: SnapshotRequestOptions;
  readonly #backoff: Backoff;
  #timer: Disposable | undefined;
  /** Requests whose answers may come. */
  #underWay = 0;
  /** Set while a request waits for room. */
  #asking: AbortController | undefined;
  #askingIsUrgent = false;
  /** When a snapshot was joined, on the clock that only goes forward; `undefined` once the book was steady since. */
  #joinedAt: number | undefined;

  constructor(options: SnapshotRequestOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.runtime.random, { firstMs: firstRetryMs, maxMs: longestRetryMs });
  }

  /** Asks now, or when there is room, unless a request is under way or planned. */
  ask(): void {
    if (this.#underWay > 0 || this.#timer !== undefined) return;
    if (this.#options.isUrgent() && !this.#isSteady()) this.#plan(this.#backoff.next(), 'snapshot-retry');
    else this.#askNow();
  }

  /** Asks for one of now or later: beside a request that is under way, since what that brings may be older. */
  askNewer(): void {
    if (this.#underWay === 0) this.ask();
    else if (this.#underWay < mostUnderWay) this.#askNow();
  }

  /** An answer came, of whatever kind. */
  answered(): void {
    this.#underWay = Math.max(0, this.#underWay - 1);
    this.#settle();
  }

  /** Waits for room no more. A request that has left stays known: its answer may still come. */
  withdraw(): void {
    const asking = this.#asking;
    this.#asking = undefined;
    asking?.abort();
  }

  /** The answer was of no use: asks again after a while, unless another one is under way. */
  askLater(): void {
    if (this.#underWay > 0) return;
    this.#settle();
    this.#plan(this.#backoff.next(), 'snapshot-retry');
  }

  /** A snapshot was joined: what is still under way is not needed. */
  satisfied(): void {
    this.#underWay = 0;
    this.#settle();
    this.#joinedAt = this.#options.runtime.clock.monotonic();
  }

  /** Forgets everything: the connection is gone, or the book. */
  stop(): void {
    this.#underWay = 0;
    this.#settle();
    this.#joinedAt = undefined;
    this.#backoff.reset();
  }

  /** False for a book that has joined a snapshot a moment ago. */
  #isSteady(): boolean {
    if (this.#joinedAt === undefined) return true;
    if (this.#options.runtime.clock.monotonic() - this.#joinedAt < steadyMs) return false;
    this.#joinedAt = undefined;
    this.#backoff.reset();
    return true;
  }

  /** One that waits for room already waits on, or goes before those that are not urgent. */
  #askNow(): void {
    if (this.#options.isUrgent() && !this.#askingIsUrgent) this.withdraw();
    if (this.#asking !== undefined) return;
    const { limit } = this.#options;
    if (limit === undefined) this.#send();
    else this.#askForRoom(limit);
  }

  /** What is planned goes, but for the deadline of what is under way. */
  #settle(): void {
    this.withdraw();
    if (this.#underWay === 0) this.#stopTimer();
  }

  #askForRoom({ limiter, id }: LimitUse): void {
    const asking = new AbortController();
    const isUrgent = this.#options.isUrgent();
    this.#asking = asking;
    this.#askingIsUrgent = isUrgent;
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
    const lane = isUrgent ? 'query' : 'background';
    limiter.run(id, leave, { lane, signal: asking.signal }).catch(failed);
  }

  #send(): boolean {
    const { send, timeoutMs } = this.#options;
    // Before it is sent: a venue in memory answers within the call.
    this.#underWay += 1;
    this.#plan(timeoutMs, 'snapshot-deadline');
    if (send()) return true;
    this.answered();
    return false;
  }

  #plan(delayMs: number, label: string): void {
    const fire = () => {
      this.#timer = undefined;
      if (this.#underWay > 0) this.#options.late();
      this.#underWay = 0;
      if (this.#options.wanted()) this.#askNow();
    };
    this.#stopTimer();
    this.#timer = this.#options.runtime.timers.setTimer(delayMs, fire, label);
  }

  #stopTimer(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
