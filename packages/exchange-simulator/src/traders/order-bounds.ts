import type { InstrumentRules } from '../engine/engine-types.ts';
import { toUnits } from '../engine/money.ts';

/** Sizes that an instrument takes. */
export class OrderBounds {
  /** Of price times size, in ticks times lots. */
  readonly #leastValue: number;
  readonly #mostValue: number;
  readonly #leastLots: number;
  readonly #mostLots: number;

  constructor({ tickSize, lotSize, minNotional, maxNotional, minSize, maxSize }: InstrumentRules) {
    const lot = toUnits(lotSize, 'lotSize');
    const tickTimesLot = toUnits(tickSize, 'tickSize') * lot;
    const worthOf = (notional: string): bigint =>
      (toUnits(notional, 'notional') * 1_000_000_000n) / tickTimesLot;
    this.#leastValue = Number(worthOf(minNotional)) + 1;
    this.#mostValue = Number(worthOf(maxNotional));
    this.#leastLots = Math.max(1, Number((toUnits(minSize, 'minSize') + lot - 1n) / lot));
    this.#mostLots = Math.min(Number(toUnits(maxSize, 'maxSize') / lot), Number.MAX_SAFE_INTEGER);
  }

  /** The smallest size at a price. */
  least(priceTicks: number): number {
    // One more than the quotient, which may have been rounded down.
    return Math.max(this.#leastLots, Math.floor(this.#leastValue / priceTicks) + 1);
  }

  /** The largest size at a price, or a little less; below the smallest if no size will do. */
  most(priceTicks: number): number {
    return Math.min(this.#mostLots, Math.floor((this.#mostValue / priceTicks) * 0.999_999));
  }

  /** The nearest size to `lots`; `undefined` if no size will do at this price. */
  nearest(priceTicks: number, lots: number): number | undefined {
    const [least, most] = [this.least(priceTicks), this.most(priceTicks)];
    return least > most ? undefined : Math.max(least, Math.min(Math.round(lots), most));
  }
}
