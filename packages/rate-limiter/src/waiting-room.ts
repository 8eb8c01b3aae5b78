import { DeadlineHeap } from './deadline-heap.ts';
import { FirstOnes } from './first-ones.ts';
import { type Limit, longestPeriodMs, reserveCoversAt } from './limit.ts';
import type { Gate } from './local-gate.ts';
import { isBefore, type RequestQueue, type Waiter } from './request-queue.ts';

/** What a room asks about capacity. */
export type RoomGate = Pick<Gate, 'readyAt' | 'roomIn' | 'hasTaken'>;

/** Everybody who waits, and who is next. */
export class WaitingRoom {
  readonly #gate: RoomGate;
  readonly #firstOnes = new FirstOnes();
  readonly #deadlines = new DeadlineHeap();
  #size = 0;
  #round = 0;
  #passMs = Number.POSITIVE_INFINITY;

  constructor(gate: RoomGate) {
    this.#gate = gate;
  }

  get size(): number {
    return this.#size;
  }

  /** Queues in which somebody waits. */
  get queues(): readonly RequestQueue[] {
    return this.#firstOnes.queues;
  }

  get nextDeadlineMs(): number {
    return this.#deadlines.nextMs;
  }

  add(waiter: Waiter): void {
    const { queue } = waiter;
    queue.append(waiter);
    if (queue.first === waiter) this.#firstOnes.add(waiter);
    this.#deadlines.add(waiter);
    this.#size += 1;
  }

  remove(waiter: Waiter): void {
    const { queue } = waiter;
    const wasFirst = queue.first === waiter;
    queue.remove(waiter);
    if (wasFirst) this.#firstOnes.remove(waiter);
    if (wasFirst && queue.first !== undefined) this.#firstOnes.add(queue.first);
    this.#deadlines.remove(waiter);
    this.#size -= 1;
  }

  /** Somebody whose deadline is before `nowMs`, or at it if `orAt`. */
  expired(nowMs: number, orAt: boolean): Waiter | undefined {
    const { first } = this.#deadlines;
    if (first === undefined || first.deadlineMs > nowMs) return undefined;
    return orAt || first.deadlineMs < nowMs ? first : undefined;
  }

  /** Everybody, in the order in which they would be served. */
  all(): Waiter[] {
    const all: Waiter[] = [];
    for (const { first } of this.queues) {
      for (let waiter = first; waiter !== undefined; waiter = waiter.next) all.push(waiter);
    }
    return all.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  /** Begins to look who can go. */
  beginRound(): void {
    this.#round += 1;
    this.#firstOnes.rewind();
    this.#passMs = Number.POSITIVE_INFINITY;
  }

  /** When the first of those found to stand behind others in this round could pass them without taking anything from them. */
  get passMs(): number {
    return this.#passMs;
  }

  /**
   * The next who may go if there is room: what it needs is not kept for somebody before it. Whoever is found to stand behind
   * somebody keeps what it needs in turn, so that no later one slips past it.
   */
  next(nowMs: number): Waiter | undefined {
    for (;;) {
      const first = this.#firstOnes.next(this.#round);
      if (first === undefined || this.#gate.hasTaken(first)) return first;
      const behindUntilMs = this.#behindUntil(first, nowMs);
      if (behindUntilMs === undefined) return first;
      this.#passMs = Math.min(this.#passMs, behindUntilMs);
      this.stop(first, behindUntilMs, nowMs);
    }
  }

  /** When there is room for a waiter, and none of its scopes is closed, if nobody stands before it. */
  readyAt({ queue, weights }: Waiter, nowMs: number): number {
    return Math.max(queue.closedUntil(nowMs), this.#gate.readyAt(queue, weights, nowMs));
  }

  /**
   * It has to wait until `readyMs` at least: its queue stands still in this round, and as much of each limit as all of the queue
   * need is kept for them. But not of a limit of which all that is taken now comes back before: to keep that would help nobody.
   */
  stop({ queue }: Waiter, readyMs: number, nowMs: number): void {
    queue.stoppedInRound = this.#round;
    for (const [at, limit] of queue.charges.limits.entries()) {
      const periodMs = longestPeriodMs(limit);
      // Nobody knows when something that goes on will come back: two times without end do not cancel out.
      if (periodMs === Number.POSITIVE_INFINITY || readyMs - nowMs < periodMs)
        this.#claim(limit, queue.lane, queue.waitingWeights[at] ?? 0, readyMs);
    }
  }

  #claim(limit: Limit, lane: number, weight: number, readyMs: number): void {
    if (limit.claimedInRound !== this.#round) {
      limit.claimedInRound = this.#round;
      limit.claims = 0;
      limit.claimedWeight = 0;
      limit.claimedUntilMs = readyMs;
    }
    limit.claims |= 1 << lane;
    limit.claimedWeight += weight;
    limit.claimedUntilMs = Math.max(limit.claimedUntilMs, readyMs);
  }

  /**
   * Until when too much of a limit that it needs is kept for those before it; `undefined` if there is enough beside, or if a reserve
   * of its own lets it pass.
   */
  #behindUntil(waiter: Waiter, nowMs: number): number | undefined {
    const { queue, weights } = waiter;
    const { lane, charges } = queue;
    let untilMs: number | undefined;
    for (const [at, limit] of charges.limits.entries()) {
      if (limit.claimedInRound !== this.#round) continue;
      const weight = weights[at] ?? 0;
      const byLowerLanes = (limit.claims & ((2 << lane) - 1)) === 0;
      const coveredMs = byLowerLanes ? reserveCoversAt(limit, lane, weight, nowMs) : Number.POSITIVE_INFINITY;
      if (coveredMs <= nowMs) continue;
      const passMs = this.#gate.roomIn(queue, at, weight + limit.claimedWeight, nowMs);
      if (passMs <= nowMs) continue;
      untilMs = Math.max(untilMs ?? nowMs, Math.min(limit.claimedUntilMs, passMs, coveredMs));
    }
    // That others make room says nothing of its own: it would keep from later ones what it cannot use yet.
    return untilMs === undefined ? undefined : Math.max(untilMs, this.readyAt(waiter, nowMs));
  }
}
