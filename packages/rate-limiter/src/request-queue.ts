import type { Taken } from './grant.ts';
import type { Limit } from './limit.ts';
import { type Lane, lanes } from './limit-definition.ts';
import type { LimitError } from './limit-error.ts';
import type { Meter } from './meter.ts';

/** What a request of one kind and one lane is charged. */
export interface Charges {
  /** The limits concerned. */
  readonly limits: readonly Limit[];
  /** Their meters, all windows in a row, and which of `limits` each belongs to. */
  readonly meters: readonly Meter[];
  readonly limitOf: readonly number[];
  /** Weight for each limit of a request that states no weight; and whether all meters ever let that through. */
  readonly weights: readonly number[];
  readonly usualFits: boolean;
  /** The same for a request of `weight`. */
  weightsOf(weight: number): readonly number[];
}

/** What a request is charged, and where it waits. */
export interface CheckedRequest {
  readonly queue: RequestQueue;
  readonly lane: Lane;
  /** As the caller said. */
  readonly weight: number | undefined;
  /** For each limit of its queue. */
  readonly weights: readonly number[];
}

/** What became of the requests of one kind. */
export interface RequestCounts {
  admitted: number;
  refused: number;
  /** Weight of replies that took longer than the allowance. */
  late: number;
}

/** A request that waits. */
export interface Waiter {
  queue: RequestQueue;
  readonly weight: number | undefined;
  /** Weight for each limit of its queue. */
  weights: readonly number[];
  readonly arrivedAtMs: number;
  /** The order of its coming among all requests. */
  readonly number: number;
  readonly deadlineMs: number;
  /** Its deadline had come when it did: it goes at once or not at all. */
  readonly isNowOrNever: boolean;
  readonly refuseWhenPenalised: boolean;
  /** Where it is in the heap of deadlines; -1 if it is not there. */
  heapIndex: number;
  previous: Waiter | undefined;
  next: Waiter | undefined;
  /** False once it was granted or refused. */
  waiting: boolean;
  readonly signal: AbortSignal | undefined;
  readonly end: WaitEnd;
}

/** What comes of a request that waits. */
export interface WaitEnd {
  /** There was room, which was taken. What is called may make requests of its own. */
  granted(taken: Taken, atMs: number, waitedMs: number, waiter: Waiter): void;
  refused(error: LimitError): void;
}

/** Requests of one kind and one lane: first come, first served. */
export class RequestQueue {
  readonly kind: string;
  /** Index of the lane. */
  readonly lane: number;
  readonly charges: Charges;
  readonly patienceMs: number;
  /** Those of its kind, of all lanes. */
  readonly counts: RequestCounts;
  /** Every request that states no weight. */
  readonly usual: CheckedRequest;
  /** The round of admission in which its first was found to have to wait. */
  stoppedInRound = 0;
  first: Waiter | undefined;
  /** Weight of all who wait here, for each limit. */
  readonly waitingWeights: number[];
  #last: Waiter | undefined;
  length = 0;

  constructor(kind: string, lane: number, charges: Charges, patienceMs: number, counts: RequestCounts) {
    this.counts = counts;
    this.waitingWeights = charges.limits.map(() => 0);
    this.kind = kind;
    this.lane = lane;
    this.charges = charges;
    this.patienceMs = patienceMs;
    this.usual = { queue: this, lane: lanes[lane] ?? 'query', weight: undefined, weights: charges.weights };
  }

  /** Until when one of its scopes is closed; `nowMs` if none is. */
  closedUntil(nowMs: number): number {
    return this.charges.limits.reduce((latest, { scope }) => Math.max(latest, scope.closedUntilMs), nowMs);
  }

  append(waiter: Waiter): void {
    waiter.previous = this.#last;
    waiter.next = undefined;
    if (this.#last === undefined) this.first = waiter;
    else this.#last.next = waiter;
    this.#last = waiter;
    this.#count(waiter, 1);
  }

  /** Takes a waiter out, wherever it stands. */
  remove(waiter: Waiter): void {
    const { previous, next } = waiter;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    this.#count(waiter, -1);
  }

  #count({ weights }: Waiter, by: 1 | -1): void {
    this.length += by;
    for (const [at, limit] of this.charges.limits.entries()) {
      limit.waiting += by;
      this.waitingWeights[at] = (this.waitingWeights[at] ?? 0) + by * (weights[at] ?? 0);
    }
  }
}

/** True if `a` is served before `b`: by when it came and its lane's patience, then by its number. */
export function isBefore(a: Waiter, b: Waiter): boolean {
  const difference = a.arrivedAtMs + a.queue.patienceMs - (b.arrivedAtMs + b.queue.patienceMs);
  return difference === 0 ? a.number < b.number : difference < 0;
}
