/** Sums of virtual times are right to less than this, in milliseconds. */
const halfMicrosecond = 0.000_5;

/** How long a request that is out of its window can still be asked about. */
const rememberedMs = 60_000;

/** Requests of one kind, held against what is allowed in any window. */
export class RequestWindow {
  readonly #most: number;
  readonly #windowMs: number;
  #timesMs: number[] = [];

  constructor(most: number, windowMs: number) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** One more; how many there are in the window that ends now, if that is too many. */
  take(atMs: number): number | undefined {
    const oldestMs = atMs - this.#windowMs + halfMicrosecond;
    this.#timesMs = this.#timesMs.filter((timeMs) => timeMs > oldestMs - rememberedMs);
    this.#timesMs.push(atMs);
    const count = this.#timesMs.filter((timeMs) => timeMs > oldestMs).length;
    return count > this.#most ? count : undefined;
  }

  /** True if there is no room for another one at `atMs`, where each counts `longerMs` more than its window. */
  isFull(atMs: number, longerMs = 0): boolean {
    const oldestMs = atMs - this.#windowMs - longerMs + halfMicrosecond;
    return this.#timesMs.filter((timeMs) => timeMs > oldestMs).length >= this.#most;
  }
}
