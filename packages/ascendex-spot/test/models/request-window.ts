/** Sums of virtual times are right to less than this, in milliseconds. */
const halfMicrosecond = 0.000_5;

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
    this.#timesMs = this.#timesMs.filter((timeMs) => timeMs > oldestMs);
    this.#timesMs.push(atMs);
    const count = this.#timesMs.length;
    return count > this.#most ? count : undefined;
  }

  /** True if there is no room for another one at `atMs`. */
  isFull(atMs: number): boolean {
    const oldestMs = atMs - this.#windowMs + halfMicrosecond;
    return this.#timesMs.filter((timeMs) => timeMs > oldestMs).length >= this.#most;
  }
}
