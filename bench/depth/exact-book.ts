/** A price and an amount as whole numbers: ticks and lots. */
export type ExactLevel = readonly [price: number, amount: number];

/** One side of the book that the generator keeps: the judge of all others, simple rather than fast. */
export class ExactSide {
  /** 1 where higher is better. */
  readonly #sign: 1 | -1;
  readonly #amounts = new Map<number, number>();
  /** Best first. */
  #prices: number[] = [];

  constructor(side: 'bids' | 'asks') {
    this.#sign = side === 'bids' ? 1 : -1;
  }

  get size(): number {
    return this.#prices.length;
  }

  /** The price of a rank, 0 for the best. */
  priceAt(rank: number): number {
    const price = this.#prices[rank];
    if (price === undefined) throw new Error(`expected a rank below ${this.size}, got ${rank}`);
    return price;
  }

  has(price: number): boolean {
    return this.#amounts.has(price);
  }

  /** Sets a level, or deletes it if the amount is zero. */
  set(price: number, amount: number): void {
    if (amount === 0) {
      if (this.#amounts.delete(price)) this.#prices = this.#prices.filter((other) => other !== price);
      return;
    }
    if (!this.has(price)) {
      const behind = this.#prices.findIndex((other) => (price - other) * this.#sign > 0);
      this.#prices.splice(behind < 0 ? this.size : behind, 0, price);
    }
    this.#amounts.set(price, amount);
  }

  /** Best first. */
  levels(): readonly ExactLevel[] {
    return this.#prices.map((price) => [price, this.#amounts.get(price) ?? 0]);
  }
}
