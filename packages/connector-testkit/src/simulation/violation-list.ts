import type { Violation } from './simulation.ts';

const mostOfOne = 5;
const mostInAll = 20;

/** The violations of a run: the first ones are kept, the others are counted. What is wrong once is wrong after every step. */
export class ViolationList {
  readonly listed: Violation[] = [];
  unlisted = 0;
  readonly #counts = new Map<string, number>();
  readonly #nowMs: () => number;

  /** @param nowMs virtual time since the start of the run, in milliseconds. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  add(invariant: string, message: string): void {
    const count = (this.#counts.get(invariant) ?? 0) + 1;
    this.#counts.set(invariant, count);
    if (count > mostOfOne || this.listed.length >= mostInAll) this.unlisted += 1;
    else this.listed.push({ invariant, message, atMs: this.#nowMs() });
  }

  has(invariant: string): boolean {
    return this.#counts.has(invariant);
  }
}
