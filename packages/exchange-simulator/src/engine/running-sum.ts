import type { MoneyUnits } from './engine-types.ts';
import type { Units } from './units.ts';

/** As much is kept as a number: as far from what a number can hold as from 0. */
const handy = 2n ** 52n;

/**
 * A sum that is added to all the time, and exact whatever its size. A part of it is kept as a number, to which small amounts are added
 * without making a bigint; what is beyond that is in stock.
 */
export class RunningSum {
  #stock: MoneyUnits = 0n;
  #handy = 0;

  get units(): MoneyUnits {
    return this.#stock + BigInt(this.#handy);
  }

  add(units: Units): void {
    const sum = typeof units === 'number' ? this.#handy + units : Number.NaN;
    if (Number.isSafeInteger(sum)) this.#handy = sum;
    else this.#divide(this.units + BigInt(units));
  }

  subtract(units: Units): void {
    const difference = typeof units === 'number' ? this.#handy - units : Number.NaN;
    if (Number.isSafeInteger(difference)) this.#handy = difference;
    else this.#divide(this.units - BigInt(units));
  }

  /** True if it is as much, or more. Of sums that are never below 0 only. */
  covers(units: Units): boolean {
    // What is in stock is never below 0 then.
    if (this.#handy >= units) return true;
    if (this.#stock === 0n) return false;
    this.#divide(this.units);
    return this.units >= units;
  }

  #divide(units: MoneyUnits): void {
    const part = units > handy ? handy : units < -handy ? -handy : units;
    this.#stock = units - part;
    this.#handy = Number(part);
  }
}
