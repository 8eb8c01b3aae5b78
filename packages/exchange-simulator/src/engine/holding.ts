import type { Balance, MoneyUnits } from './engine-types.ts';
import { RunningSum } from './running-sum.ts';
import type { Units } from './units.ts';

/** What an account has of one asset. Neither part is ever below 0. */
export class Holding {
  readonly available: RunningSum = new RunningSum();
  readonly held: RunningSum = new RunningSum();

  get total(): MoneyUnits {
    return this.available.units + this.held.units;
  }

  get balance(): Balance {
    return { total: this.total, held: this.held.units };
  }

  /** Sets aside for an order. */
  hold(units: Units): void {
    this.available.subtract(units);
    this.held.add(units);
  }

  /** Gives back what an order held. */
  release(units: Units): void {
    this.held.subtract(units);
    this.available.add(units);
  }
}
