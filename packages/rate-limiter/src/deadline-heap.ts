import type { Waiter } from './request-queue.ts';

/** Waiters by deadline, the nearest on top. Each knows its place, so that one leaves without a search. */
export class DeadlineHeap {
  readonly #heap: Waiter[] = [];

  /** The nearest deadline; `Infinity` if there is none. */
  get nextMs(): number {
    return this.#heap[0]?.deadlineMs ?? Number.POSITIVE_INFINITY;
  }

  get first(): Waiter | undefined {
    return this.#heap[0];
  }

  /** Adds a waiter, unless it has no deadline. */
  add(waiter: Waiter): void {
    if (waiter.deadlineMs === Number.POSITIVE_INFINITY) return;
    this.#heap.push(waiter);
    this.#rise(waiter, this.#heap.length - 1);
  }

  remove(waiter: Waiter): void {
    const at = waiter.heapIndex;
    if (at < 0) return;
    waiter.heapIndex = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === waiter) return;
    this.#rise(last, at);
    this.#sink(last, last.heapIndex);
  }

  #rise(waiter: Waiter, from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#heap[parent] as Waiter;
      if (above.deadlineMs <= waiter.deadlineMs) break;
      this.#place(above, at);
      at = parent;
    }
    this.#place(waiter, at);
  }

  #sink(waiter: Waiter, from: number): void {
    let at = from;
    for (;;) {
      const child = this.#nearerChild(at);
      if (child === undefined || child.deadlineMs >= waiter.deadlineMs) break;
      const below = child.heapIndex;
      this.#place(child, at);
      at = below;
    }
    this.#place(waiter, at);
  }

  #nearerChild(at: number): Waiter | undefined {
    const left = this.#heap[2 * at + 1];
    const right = this.#heap[2 * at + 2];
    if (left === undefined || right === undefined) return left;
    return left.deadlineMs <= right.deadlineMs ? left : right;
  }

  #place(waiter: Waiter, at: number): void {
    this.#heap[at] = waiter;
    waiter.heapIndex = at;
  }
}
