import type { EngineFill, MoneyUnits } from './engine-types.ts';
import type { Units } from './units.ts';

/** A fill as the engine makes it. */
export class Fill implements EngineFill {
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly role: EngineFill['role'];
  readonly #quote: Units;
  readonly #fee: Units;

  constructor(priceTicks: number, sizeLots: number, role: EngineFill['role'], quote: Units, fee: Units) {
    this.priceTicks = priceTicks;
    this.sizeLots = sizeLots;
    this.role = role;
    this.#quote = quote;
    this.#fee = fee;
  }

  get quote(): MoneyUnits {
    return BigInt(this.#quote);
  }

  get fee(): MoneyUnits {
    return BigInt(this.#fee);
  }
}
