import type { LimitPolicy, Meter, MeterOptions } from './meter.ts';

/** How much goes on at one time. Weight comes back when the work is done, and nobody knows when that will be. */
class Concurrent implements Meter {
  #ceiling: number;
  #held = 0;

  constructor({ ceiling }: MeterOptions) {
    this.#ceiling = ceiling;
  }

  get capacity(): number {
    return this.#ceiling;
  }

  get periodMs(): number {
    return Number.POSITIVE_INFINITY;
  }

  used(): number {
    return this.#held;
  }

  fitsAt(weight: number, nowMs: number): number {
    return this.#held + weight <= this.#ceiling ? nowMs : Number.POSITIVE_INFINITY;
  }

  take(weight: number): object {
    this.#held += weight;
    return this;
  }

  sent(): void {}

  replied(): void {}

  done(_entry: object, weight: number): void {
    this.#held -= weight;
  }

  release(_entry: object, weight: number): void {
    this.#held -= weight;
  }

  /** What somebody else has open now is not a matter of the past: it is not counted here. */
  assume(): void {}

  usedUpTo(): number {
    return this.#held;
  }

  resize({ ceiling }: MeterOptions): void {
    this.#ceiling = ceiling;
  }
}

/** At most the capacity at one time, until `done`. */
export const concurrent: LimitPolicy = {
  name: 'concurrent',
  hasWindow: false,
  createMeter: (options) => new Concurrent(options),
};
