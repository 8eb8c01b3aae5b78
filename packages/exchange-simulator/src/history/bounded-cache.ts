/** Keeps what was made by number; what was used longest ago goes first. */
export class BoundedCache<Value> {
  readonly #values = new Map<number, Value>();
  readonly #most: number;
  /** Neighbours ask for the same again and again. */
  #last: { readonly key: number; readonly value: Value } | undefined;

  /** @param most how many values are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many values are kept now. */
  get size(): number {
    return this.#values.size;
  }

  /** The value of a key, made if it is not kept. */
  get(key: number, make: () => Value): Value {
    if (this.#last?.key === key) return this.#last.value;
    const value = this.#values.get(key) ?? make();
    // Put at the end, where what was used last is.
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#most) this.#dropOldest();
    this.#last = { key, value };
    return value;
  }

  #dropOldest(): void {
    for (const key of this.#values.keys()) {
      this.#values.delete(key);
      return;
    }
  }
}
