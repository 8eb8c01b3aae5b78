import { DeadlineHeap } from './deadline-heap.ts';
import { isCoveredByReserve, type Limit } from './limit.ts';
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
      if (first === undefined || !this.#isBehind(first, nowMs)) return first;
      this.stop(first);
    }
  }

  /** It has to wait: its queue stands still in this round, and its limits are claimed. */
  stop({ queue }: Waiter): void {
    queue.stoppedInRound = this.#round;
    for (const limit of queue.charges.limits) this.#claim(limit, queue.lane);
  }

  #earliest(): Waiter | undefined {
    let earliest: Waiter | undefined;
    for (const { first, stoppedInRound } of this.#queues) {
      if (first === undefined || stoppedInRound === this.#round) continue;
      if (earliest === undefined || isBefore(first, earliest)) earliest = first;
    }
    return earliest;
  }

  #claim(limit: Limit, lane: number): void {
    if (limit.claimedInRound !== this.#round) {
      limit.claimedInRound = this.#round;
      limit.claims = 0;
    }
    limit.claims |= 1 << lane;
  }

  /** True if somebody before it waits for a limit that it needs, unless a reserve lets it pass without taking anything from them. */
  #isBehind({ queue, weights }: Waiter, nowMs: number): boolean {
    const { lane, charges } = queue;
    return charges.limits.some((limit, at) => {
      if (limit.claimedInRound !== this.#round) return false;
      const byLowerLanes = (limit.claims & ((2 << lane) - 1)) === 0;
      return !(byLowerLanes && isCoveredByReserve(limit, lane, weights[at] ?? 0, nowMs));
    });
  }
}
