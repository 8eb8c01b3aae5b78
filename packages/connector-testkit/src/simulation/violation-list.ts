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

  /** Adds one; true if it is one that is looked for, which is listed even if the list is full. */
  add(invariant: string, message: string, isLookedFor: (violation: Violation) => boolean): boolean {
    const count = (this.#counts.get(invariant) ?? 0) + 1;
    this.#counts.set(invariant, count);
    const violation = { invariant, message, atMs: this.#nowMs() };
    const isWanted = isLookedFor(violation);
    const isFull = count > mostOfOne || this.listed.length >= mostInAll;
    if (isFull && !isWanted) this.unlisted += 1;
    else this.listed.push(violation);
    return isWanted;
  }
}
