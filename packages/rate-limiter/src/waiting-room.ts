import { DeadlineHeap } from './deadline-heap.ts';
import { isCoveredByReserve, type Limit, longestPeriodMs } from './limit.ts';
import { isBefore, type RequestQueue, type Waiter } from './request-queue.ts';

/** Everybody who waits, and who is next. */
export class WaitingRoom {
  /** Queues in which somebody waits. */
  readonly #queues = new Set<RequestQueue>();
  readonly #deadlines = new DeadlineHeap();
  #size = 0;
  #round = 0;

  get size(): number {
    return this.#size;
  }

  get queues(): Iterable<RequestQueue> {
    return this.#queues;
  }

  get nextDeadlineMs(): number {
    return this.#deadlines.nextMs;
  }

  add(waiter: Waiter): void {
    const { queue } = waiter;
    queue.append(waiter);
    this.#queues.add(queue);
    this.#deadlines.add(waiter);
    this.#size += 1;
  }

  remove(waiter: Waiter): void {
    const { queue } = waiter;
    queue.remove(waiter);
    if (queue.first === undefined) this.#queues.delete(queue);
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
    for (const { first } of this.#queues) {
      for (let waiter = first; waiter !== undefined; waiter = waiter.next) all.push(waiter);
    }
    return all.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  /** Begins to look who can go. */
  beginRound(): void {
    this.#round += 1;
  }

  /**
   * The next who may go if there is room: nobody before it waits for a limit that it needs. Whoever is found to stand behind
   * somebody lays claim to its own limits in turn, so that no later one slips past it.
   */
  next(nowMs: number): Waiter | undefined {
    for (;;) {
      const first = this.#earliest();
      if (first === undefined) return undefined;
      const behindUntilMs = this.#behindUntil(first, nowMs);
      if (behindUntilMs === undefined) return first;
      this.stop(first, behindUntilMs, nowMs);
    }
  }

  /**
   * It has to wait until `readyMs` at least: its queue stands still in this round, and it claims its limits. But for those of which
   * all that is taken now comes back before it can go: to keep them free for it would help nobody.
   */
  stop({ queue }: Waiter, readyMs: number, nowMs: number): void {
    queue.stoppedInRound = this.#round;
    for (const limit of queue.charges.limits) {
      const periodMs = longestPeriodMs(limit);
      // Nobody knows when something that goes on will come back: two times without end do not cancel out.
      if (periodMs === Number.POSITIVE_INFINITY || readyMs - nowMs < periodMs)
        this.#claim(limit, queue.lane, readyMs);
    }
  }

  #earliest(): Waiter | undefined {
    let earliest: Waiter | undefined;
    for (const { first, stoppedInRound } of this.#queues) {
      if (first === undefined || stoppedInRound === this.#round) continue;
      if (earliest === undefined || isBefore(first, earliest)) earliest = first;
    }
    return earliest;
  }

  #claim(limit: Limit, lane: number, readyMs: number): void {
    if (limit.claimedInRound !== this.#round) {
      limit.claimedInRound = this.#round;
      limit.claims = 0;
      limit.claimedUntilMs = readyMs;
    }
    limit.claims |= 1 << lane;
    limit.claimedUntilMs = Math.max(limit.claimedUntilMs, readyMs);
  }

  /**
   * Until when somebody before it waits for a limit that it needs; `undefined` if nobody does, or if a reserve lets it pass without
   * taking anything from them.
   */
  #behindUntil({ queue, weights }: Waiter, nowMs: number): number | undefined {
    const { lane, charges } = queue;
    let untilMs: number | undefined;
    for (const [at, limit] of charges.limits.entries()) {
      if (limit.claimedInRound !== this.#round) continue;
      const byLowerLanes = (limit.claims & ((2 << lane) - 1)) === 0;
      if (byLowerLanes && isCoveredByReserve(limit, lane, weights[at] ?? 0, nowMs)) continue;
      untilMs = Math.max(untilMs ?? nowMs, limit.claimedUntilMs);
    }
    return untilMs;
  }
}
