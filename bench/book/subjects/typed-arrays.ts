import type { SubjectLevel } from '../../depth/subject.ts';
import { type NumberSide, type NumberUpdate, numberBook } from '../number-book.ts';
import { type BookSubject, topLevels } from '../subject.ts';

const lastSlots = 12;
const shortMove = 64;

/** Two typed arrays, best last: the last slots one by one, then binary search. */
export class TypedSide implements NumberSide {
  readonly #sign: number;
  #count = 0;
  #prices = new Float64Array(512);
  #amounts = new Float64Array(512);

  constructor(side: 'bids' | 'asks') {
    this.#sign = side === 'bids' ? 1 : -1;
  }

  set(price: number, amount: number): void {
    const at = this.#find(price);
    if (at < this.#count && this.#prices[at] === price) {
      if (amount === 0) this.#remove(at);
      else this.#amounts[at] = amount;
    } else if (amount !== 0) this.#insert(at, price, amount);
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
    let high = this.#count;
    const near = high > lastSlots ? high - lastSlots : 0;
    while (high > near && ((prices[high - 1] as number) - price) * sign >= 0) high -= 1;
    if (high > near) return high;
    let low = 0;
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
    const [prices, amounts, count] = [this.#prices, this.#amounts, this.#count];
    if (count - at > shortMove) {
      prices.copyWithin(at + 1, at, count);
      amounts.copyWithin(at + 1, at, count);
    } else
      for (let slot = count; slot > at; slot -= 1) {
        prices[slot] = prices[slot - 1] as number;
        amounts[slot] = amounts[slot - 1] as number;
      }
    prices[at] = price;
    amounts[at] = amount;
    this.#count = count + 1;
  }

  #remove(at: number): void {
    const [prices, amounts, count] = [this.#prices, this.#amounts, this.#count];
    if (count - at > shortMove) {
      prices.copyWithin(at, at + 1, count);
      amounts.copyWithin(at, at + 1, count);
    } else
      for (let slot = at; slot < count - 1; slot += 1) {
        prices[slot] = prices[slot + 1] as number;
        amounts[slot] = amounts[slot + 1] as number;
      }
    this.#count = count - 1;
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}

export const subject: BookSubject<NumberUpdate> = numberBook((side) => new TypedSide(side));
