/** Number of the last message of a book: a number while that is exact, so that the usual comparison is a cheap one. */
export class LastSequence {
  #value: bigint | undefined;
  /** One more than the last; NaN, which equals nothing, where there is none or it is no safe integer. */
  #next = Number.NaN;

  /** The number that is due as a `number`; NaN where it does not fit. */
  get next(): number {
    return this.#next;
  }

  get value(): bigint | undefined {
    return Number.isNaN(this.#next) ? this.#value : BigInt(this.#next - 1);
  }

  /** Goes to any number, or to none. */
  set(value: bigint | undefined): void {
    this.#value = value;
    this.#next = value !== undefined && value < Number.MAX_SAFE_INTEGER ? Number(value) + 1 : Number.NaN;
  }

  /** Goes to a number below 2^53 - 1. */
  advance(sequence: number): void {
    this.#next = sequence + 1;
  }
}
