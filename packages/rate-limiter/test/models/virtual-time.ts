import type { LimiterTime } from '../../src/time.ts';

interface VirtualTimer {
  readonly atMs: number;
  /** Decides among timers of the same millisecond. */
  readonly rank: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** Time of whole milliseconds that moves when told to. Timers of one millisecond fire in the order drawn by `rank`. */
export class VirtualTime implements LimiterTime {
  #nowMs = 0;
  #created = 0;
  #live = 0;
  readonly #heap: VirtualTimer[] = [];
  readonly #rank: (created: number) => number;

  constructor(rank: (created: number) => number = (created) => created) {
    this.#rank = rank;
  }

  /** Timers that are still to fire. */
  get pending(): number {
    return this.#live;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Fires on the first whole millisecond that is not before `delayMs` from now. */
  setTimer(delayMs: number, fire: () => void): Disposable {
    const atMs = Math.max(this.#nowMs, Math.ceil(this.#nowMs + delayMs));
    this.#created += 1;
    const timer: VirtualTimer = { atMs, rank: this.#rank(this.#created), fire, cancelled: false };
    this.#push(timer);
    this.#live += 1;
    return { [Symbol.dispose]: () => this.#cancel(timer) };
  }

  /** When the next timer fires; `Infinity` if there is none. */
  nextAtMs(): number {
    while (this.#heap[0]?.cancelled === true) this.#pop();
    return this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Moves to the next timer and fires that one alone. */
  fireNext(): void {
    if (this.nextAtMs() === Number.POSITIVE_INFINITY) return;
    const timer = this.#pop();
    if (timer === undefined) return;
    this.#nowMs = timer.atMs;
    this.#cancel(timer);
    timer.fire();
  }

  /** Moves to a time before which no timer is to fire. */
  moveTo(atMs: number): void {
    this.#nowMs = Math.min(Math.max(this.#nowMs, atMs), this.nextAtMs());
  }

  #cancel(timer: VirtualTimer): void {
    if (timer.cancelled) return;
    timer.cancelled = true;
    this.#live -= 1;
  }

  #push(timer: VirtualTimer): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(timer, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = timer;
  }

  #pop(): VirtualTimer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(timer: VirtualTimer): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const takesRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = takesRight ? right : left;
      if (child === undefined || !isBefore(child, timer)) break;
      heap[index] = child;
      index = 2 * index + (takesRight ? 2 : 1);
    }
    heap[index] = timer;
  }
}

function isBefore(one: VirtualTimer, other: VirtualTimer): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.rank < other.rank);
}
