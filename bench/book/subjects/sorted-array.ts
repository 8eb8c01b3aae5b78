import type { SubjectLevel } from '../../depth/subject.ts';
import { type NumberSide, type NumberUpdate, numberBook } from '../number-book.ts';
import { type BookSubject, topLevels } from '../subject.ts';

/** Prices and amounts in two plain arrays, best last, found by binary search, moved by splice. */
export class ArraySide implements NumberSide {
  /** 1 where higher is better. */
  readonly #sign: number;
  readonly #prices: number[] = [];
  readonly #amounts: number[] = [];

  constructor(side: 'bids' | 'asks') {
    this.#sign = side === 'bids' ? 1 : -1;
  }

  set(price: number, amount: number): void {
    const at = this.#find(price);
    if (this.#prices[at] !== price) {
      if (amount === 0) return;
      this.#prices.splice(at, 0, price);
      this.#amounts.splice(at, 0, amount);
    } else if (amount === 0) {
      this.#prices.splice(at, 1);
      this.#amounts.splice(at, 1);
    } else this.#amounts[at] = amount;
  }

  best(): number {
    return this.#prices[this.#prices.length - 1] ?? -1;
  }

  read(into: Float64Array, at: number): void {
    const last = this.#prices.length - 1;
    for (let rank = 0; rank < topLevels; rank += 1) {
      into[at + 2 * rank] = this.#prices[last - rank] ?? -1;
      into[at + 2 * rank + 1] = this.#amounts[last - rank] ?? -1;
    }
  }

  levels(): readonly SubjectLevel[] {
    return this.#prices.map((price, at) => [price, this.#amounts[at] ?? 0]);
  }

  #find(price: number): number {
    const [prices, sign] = [this.#prices, this.#sign];
    let [low, high] = [0, prices.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (((prices[middle] as number) - price) * sign < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export const subject: BookSubject<NumberUpdate> = numberBook((side) => new ArraySide(side));
