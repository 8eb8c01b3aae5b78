/** Counts what happened within a sliding span of time, exactly. Its memory is bounded by the most that it has to tell apart. */
export class SlidingCount {
  readonly #spanMs: number;
  readonly #most: number;
  /** Times, oldest first; those before `#first` are past. */
  #times: number[] = [];
  #first = 0;

  /**
   * Counts nothing yet.
   * @param spanMs a thing that happened this long ago counts no longer.
   * @param most counts beyond this one are all the same to the caller.
   */
  constructor(spanMs: number, most: number) {
    this.#spanMs = spanMs;
    this.#most = most;
  }

  /** It happened now; gives how often within the span, this time included. */
  add(nowMs: number): number {
    this.#times.push(nowMs);
    return this.at(nowMs);
  }

  /** How often it happened within the span that ends now. */
  at(nowMs: number): number {
    const times = this.#times;
    while (this.#first < times.length && nowMs - (times[this.#first] ?? 0) >= this.#spanMs) this.#first += 1;
    this.#first = Math.max(this.#first, times.length - this.#most - 1);
    // Moving what is left costs as much as was dropped.
    if (this.#first > 16 && this.#first * 2 > times.length) {
      this.#times = times.slice(this.#first);
      this.#first = 0;
    }
    return this.#times.length - this.#first;
  }
}
