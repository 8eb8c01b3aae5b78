import type { EngineFill, MoneyUnits } from './engine-types.ts';
import type { Units } from './units.ts';

/** A fill as the engine makes it: before it is settled, without its fee. */
export class Fill implements EngineFill {
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly role: EngineFill['role'];
  readonly #quote: Units;
  #fee: Units = 0;

  constructor(priceTicks: number, sizeLots: number, role: EngineFill['role'], quote: Units) {
    this.priceTicks = priceTicks;
    this.sizeLots = sizeLots;
    this.role = role;
    this.#quote = quote;
  }

  get quote(): MoneyUnits {
    return BigInt(this.#quote);
  }

  get fee(): MoneyUnits {
    return BigInt(this.#fee);
  }

  /** What a settlement moves, in quote. */
  get quoteUnits(): Units {
    return this.#quote;
  }

  charge(fee: Units): void {
    this.#fee = fee;
  }
}
