import type { Taken } from './grant.ts';
import type { Meter, MeterEntry } from './meter.ts';
import type { Charges, RequestQueue, Waiter } from './request-queue.ts';

/** Where capacity is kept. */
export interface Gate {
  /**
   * Takes everything that a request needs, or nothing at all.
   * @param waiter the request, if it waits; it is asked for again until it was taken or forgotten.
   * @returns what was taken, or the earliest time at which asking again makes sense; `Infinity` if the gate will say so itself.
   */
  take(
    queue: RequestQueue,
    weights: readonly number[],
    nowMs: number,
    waiter: Waiter | undefined,
  ): Taken | number;
  /** A request that was asked for will not be asked for again. */
  forget(waiter: Waiter): void;
  /** The limits were changed. */
  changed(): void;
  close(): void;
}

/** Capacity in the memory of this process: looked at and taken in one go, so that nobody comes in between. */
export const localGate: Gate = {
  take({ charges }, weights, nowMs) {
    const { meters, limitOf } = charges;
    let readyMs = nowMs;
    for (let at = 0; at < meters.length; at += 1) {
      const fitsMs = (meters[at] as Meter).fitsAt(weights[limitOf[at] as number] as number, nowMs);
      if (fitsMs > readyMs) readyMs = fitsMs;
    }
    return readyMs > nowMs ? readyMs : new LocalTaken(charges, weights, nowMs);
  },
  forget() {},
  changed() {},
  close() {},
};

class LocalTaken implements Taken {
  readonly #charges: Charges;
  readonly #weights: readonly number[];
  readonly #entries: MeterEntry[] = [];

  constructor(charges: Charges, weights: readonly number[], nowMs: number) {
    this.#charges = charges;
    this.#weights = weights;
    const { meters, limitOf } = charges;
    for (let at = 0; at < meters.length; at += 1)
      this.#entries.push((meters[at] as Meter).take(weights[limitOf[at] as number] as number, nowMs));
  }

  sent(nowMs: number): void {
    this.#each((meter, entry) => meter.sent(entry, nowMs));
  }

  replied(nowMs: number): void {
    this.#each((meter, entry, weight) => meter.replied(entry, weight, nowMs));
  }

  done(nowMs: number): void {
    this.#each((meter, entry, weight) => meter.done(entry, weight, nowMs));
  }

  release(nowMs: number): void {
    this.#each((meter, entry, weight) => meter.release(entry, weight, nowMs));
  }

  #each(act: (meter: Meter, entry: MeterEntry, weight: number) => void): void {
    const { meters, limitOf } = this.#charges;
    for (const [at, entry] of this.#entries.entries())
      act(meters[at] as Meter, entry, this.#weights[limitOf[at] as number] as number);
  }
}
