import type { LimiterTime } from '../src/index.ts';

interface Timer {
  readonly atMs: number;
  readonly number: number;
  readonly fire: () => void;
}

/** A clock that stands still until a test moves it, and timers that go by it. */
export class ManualTime implements LimiterTime {
  #nowMs: number;
  readonly #timers = new Set<Timer>();
  /** Delay of every timer that was ever set, in milliseconds. */
  readonly delaysMs: number[] = [];
  /** Most timers that were pending at one time. */
  mostPending = 0;

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  /** How many timers are pending. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, fire: () => void): Disposable {
    if (!(delayMs >= 0)) throw new Error(`expected a delay from 0, got ${delayMs}`);
    this.delaysMs.push(delayMs);
    const timer = { atMs: this.#nowMs + delayMs, number: this.delaysMs.length, fire };
    this.#timers.add(timer);
    this.mostPending = Math.max(this.mostPending, this.#timers.size);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** Moves the clock alone: as for a program that was too busy for its timers. */
  jumpTo(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  /** Moves the clock to a time and fires what falls due on the way, each at its own time. */
  async advanceTo(untilMs: number): Promise<void> {
    for (let due = await this.#next(); due !== undefined && due.atMs <= untilMs; due = await this.#next()) {
      this.#timers.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.fire();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
    await settled();
  }

  async #next(): Promise<Timer | undefined> {
    await settled();
    const inOrder = [...this.#timers].sort((a, b) => a.atMs - b.atMs || a.number - b.number);
    return inOrder[0];
  }
}

/** Lets every promise that can settle do so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
