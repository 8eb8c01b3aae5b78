import type { SubjectLevel } from '../../depth/subject.ts';
import { type NumberSide, type NumberUpdate, numberBook } from '../number-book.ts';
import { type BookSubject, topLevels } from '../subject.ts';

/** Prices and amounts in two typed arrays, best last, found by binary search, moved by copyWithin. */
class TypedSide implements NumberSide {
  readonly #sign: number;
  #count = 0;
  #prices = new Float64Array(512);
  #amounts = new Float64Array(512);

  constructor(side: 'bids' | 'asks') {
    this.#sign = side === 'bids' ? 1 : -1;
  }

  set(price: number, amount: number): void {
    const at = this.#find(price);
    if (at === this.#count || this.#prices[at] !== price) {
      if (amount !== 0) this.#insert(at, price, amount);
    } else if (amount === 0) this.#move(at, at + 1);
    else this.#amounts[at] = amount;
  }

  best(): number {
    return this.#prices[this.#count - 1] ?? -1;
  }

  read(into: Float64Array, at: number): void {
    const last = this.#count - 1;
    for (let rank = 0; rank < topLevels; rank += 1) {
      into[at + 2 * rank] = this.#prices[last - rank] ?? -1;
      into[at + 2 * rank + 1] = this.#amounts[last - rank] ?? -1;
    }
  }

  levels(): readonly SubjectLevel[] {
    return Array.from({ length: this.#count }, (_, at) => [this.#prices[at] ?? 0, this.#amounts[at] ?? 0]);
  }

  #find(price: number): number {
    const [prices, sign] = [this.#prices, this.#sign];
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (((prices[middle] as number) - price) * sign < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(at: number, price: number, amount: number): void {
    if (this.#count === this.#prices.length) {
      this.#prices = doubled(this.#prices);
      this.#amounts = doubled(this.#amounts);
    }
    this.#move(at + 1, at);
    this.#prices[at] = price;
    this.#amounts[at] = amount;
  }

  /** Puts what begins at one slot to another, and counts what was gained or lost. */
  #move(to: number, from: number): void {
    this.#prices.copyWithin(to, from, this.#count);
    this.#amounts.copyWithin(to, from, this.#count);
    this.#count += to - from;
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}

export const subject: BookSubject<NumberUpdate> = numberBook((side) => new TypedSide(side));
