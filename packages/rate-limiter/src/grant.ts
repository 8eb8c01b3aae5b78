import type { Lane } from './limit-definition.ts';

/**
 * Leave to make one request, which has been charged. Whatever of this is called after the request was given back, or twice,
 * changes nothing.
 */
export interface Grant extends Disposable {
  /** Id of the limit that the request named. */
  readonly id: string;
  readonly lane: Lane;
  /** What the named limit was charged. */
  readonly weight: number;
  /** When its window was taken to begin, by the limiter's clock. */
  readonly sentAtMs: number;
  /**
   * The request leaves only now, after some work: its window begins now. What others were let through meanwhile is not undone, so
   * this should be within the allowance. Before the reply and before `done` only.
   */
  sent(): void;
  /**
   * The server answered, with whatever: it had counted the request by now. Its window then ends earlier than the allowance says.
   * Only a real answer proves that; a request that failed without one may still arrive.
   */
  replied(): void;
  /** The work has ended, as far as `concurrent` limits go. `run` does this by itself; so does leaving a `using` block. */
  done(): void;
  /** Nothing was sent, and nothing will be: gives the capacity back. Before the reply and before `done` only. */
  release(): void;
}

/** What a gate took for a request. */
export interface Taken {
  sent(nowMs: number): void;
  replied(nowMs: number): void;
  done(nowMs: number): void;
  release(nowMs: number): void;
}

/** What a grant tells its limiter. */
export interface GrantOwner {
  now(): number;
  /** Capacity may have come back. */
  capacityReturned(): void;
  /** A reply came `tookMs` after the sending. */
  replyCame(grant: GrantRecord, tookMs: number): void;
}

/** A grant, with what was taken for it. */
export class GrantRecord implements Grant {
  readonly id: string;
  readonly lane: Lane;
  readonly weight: number;
  sentAtMs: number;
  readonly #taken: Taken;
  readonly #owner: GrantOwner;
  #replied = false;
  #released = false;
  #done = false;

  constructor(id: string, lane: Lane, weight: number, atMs: number, taken: Taken, owner: GrantOwner) {
    this.id = id;
    this.lane = lane;
    this.weight = weight;
    this.sentAtMs = atMs;
    this.#taken = taken;
    this.#owner = owner;
  }

  sent(): void {
    if (this.#replied || this.#released || this.#done) return;
    this.leave();
    // It may put off others so far that they keep nothing any more.
    this.#owner.capacityReturned();
  }

  /** It leaves in the moment of its granting, or right after. */
  leave(): void {
    this.sentAtMs = this.#owner.now();
    this.#taken.sent(this.sentAtMs);
  }

  replied(): void {
    if (this.#replied || this.#released) return;
    this.#replied = true;
    const nowMs = this.#owner.now();
    this.#taken.replied(nowMs);
    this.#owner.replyCame(this, nowMs - this.sentAtMs);
    this.#owner.capacityReturned();
  }

  done(): void {
    if (this.#done || this.#released) return;
    this.#done = true;
    this.#taken.done(this.#owner.now());
    this.#owner.capacityReturned();
  }

  release(): void {
    if (this.#replied || this.#released || this.#done) return;
    this.#released = true;
    this.#taken.release(this.#owner.now());
    this.#owner.capacityReturned();
  }

  [Symbol.dispose](): void {
    this.done();
  }
}
