import type { LimitPolicy, Meter, MeterOptions } from './meter.ts';

interface Taken {
  /** When it was taken, or left: how much of it has run out of the bucket follows from that. */
  atMs: number;
  readonly weight: number;
}

/**
 * A bucket that holds `ceiling` and is filled again at `capacity` per `windowMs`. Kept as the level of what was taken, which runs out
 * evenly.
 *
 * Requests sent over a while may reach the server closer together, by up to `allowanceMs`: what flows in during that time is held
 * back from the burst.
 */
class TokenBucket implements Meter<Taken> {
  #burst = 0;
  /** Weight per millisecond. */
  #rate = 0;
  #level = 0;
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(options: MeterOptions) {
    this.#apply(options);
  }

  get capacity(): number {
    return this.#burst;
  }

  get periodMs(): number {
    return this.#burst / this.#rate;
  }

  used(nowMs: number): number {
    this.#runOut(nowMs);
    return this.#level;
  }

  fitsAt(weight: number, nowMs: number): number {
    this.#runOut(nowMs);
    const over = this.#level + weight - this.#burst;
    return over <= 0 ? nowMs : nowMs + over / this.#rate;
  }

  take(weight: number, nowMs: number): Taken {
    this.#runOut(nowMs);
    this.#level += weight;
    return { atMs: nowMs, weight };
  }

  /** What ran out since it was taken had not even left; it is put back. */
  sent(taken: Taken, nowMs: number): void {
    this.#runOut(nowMs);
    this.#level += this.#ranOut(taken, nowMs);
    taken.atMs = nowMs;
  }

  replied(): void {}

  done(): void {}

  release(taken: Taken, weight: number, nowMs: number): void {
    this.#runOut(nowMs);
    this.#level = Math.max(0, this.#level - weight + this.#ranOut(taken, nowMs));
  }

  assume(weight: number, atMs: number): void {
    this.#runOut(atMs);
    this.#level += weight;
  }

  usedUpTo(_atMs: number, nowMs: number): number {
    return this.used(nowMs);
  }

  resize(options: MeterOptions, nowMs: number): void {
    this.#runOut(nowMs);
    this.#apply(options);
  }

  #apply({ ceiling, capacity, windowMs, allowanceMs }: MeterOptions): void {
    this.#rate = capacity / windowMs;
    this.#burst = ceiling - Math.ceil(this.#rate * allowanceMs);
  }

  /** Most that can have run out of what was taken. */
  #ranOut({ atMs, weight }: Taken, nowMs: number): number {
    return Math.min(weight, Math.max(0, (nowMs - atMs) * this.#rate));
  }

  #runOut(nowMs: number): void {
    if (nowMs <= this.#atMs) return;
    this.#level = Math.max(0, this.#level - (nowMs - this.#atMs) * this.#rate);
    this.#atMs = nowMs;
  }
}

/** A burst of the capacity, then a steady pace of the capacity per window. */
export const tokenBucket: LimitPolicy = {
  name: 'token-bucket',
  createMeter: (options) => new TokenBucket(options),
};
