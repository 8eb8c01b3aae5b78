import type { DepthSubject, SubjectLevel } from '../subject.ts';
import { type NumberSide, openParsedBook } from './parsed-book.ts';

/** Prices and amounts in two plain arrays, best last, found by binary search, moved by splice. */
class ArraySide implements NumberSide {
  /** 1 where higher is better. */
  readonly #sign: number;
  readonly #prices: number[] = [];
  readonly #amounts: number[] = [];

  constructor(side: 'bids' | 'asks') {
    this.#sign = side === 'bids' ? 1 : -1;
  }

  set(price: number, amount: number): void {
    const at = this.#find(price);
    if (this.#prices[at] === price) {
      if (amount !== 0) {
        this.#amounts[at] = amount;
        return;
      }
      this.#prices.splice(at, 1);
      this.#amounts.splice(at, 1);
    } else if (amount !== 0) {
      this.#prices.splice(at, 0, price);
      this.#amounts.splice(at, 0, amount);
    }
  }

  best(): number {
    return this.#prices[this.#prices.length - 1] ?? -1;
  }

  levels(): readonly SubjectLevel[] {
    return this.#prices.map((price, at) => [price, this.#amounts[at] ?? 0]);
  }

  #find(price: number): number {
    const [prices, sign] = [this.#prices, this.#sign];
    let low = 0;
    let high = prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (((prices[middle] as number) - price) * sign < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export const subject: DepthSubject = {
  unit: 'decimals',
  open: (snapshot) => openParsedBook(snapshot, (side) => new ArraySide(side)),
};
