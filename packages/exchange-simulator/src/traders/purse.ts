import type { InstrumentRules, OrderSide } from '../engine/engine-types.ts';
import { toUnits, whole } from '../engine/money.ts';
import type { Floor } from '../floor/floor.ts';

/** Orders that can be paid from what a purse is filled up with. */
const ordersAtOnce = 1_000;

/** Money of a trader who never runs out of it. */
export class Purse {
  readonly #floor: Floor;
  readonly #account: string;
  /** By side, what its orders give, and units of the asset in which one is counted: ticks times lots of quote, lots of base. */
  readonly #given: Readonly<Record<OrderSide, { readonly asset: string; readonly units: bigint }>>;
  /** So much is available at least, by side: what orders free again is found out when it is needed. */
  readonly #available: Record<OrderSide, number> = { buy: 0, sell: 0 };

  constructor(floor: Floor, account: string, { base, quote, tickSize, lotSize }: InstrumentRules) {
    this.#floor = floor;
    this.#account = account;
    const lot = toUnits(lotSize, 'lotSize');
    const tickTimesLot = (toUnits(tickSize, 'tickSize') * lot) / whole;
    this.#given = { buy: { asset: quote, units: tickTimesLot }, sell: { asset: base, units: lot } };
  }

  /** There is enough for an order after that, fees included. */
  provide(side: OrderSide, priceTicks: number, sizeLots: number): void {
    // Twice as much as it comes to covers any reserve for fees and any rounding.
    const need = 2 * (side === 'buy' ? priceTicks * sizeLots : sizeLots);
    if (this.#available[side] < need) this.#fill(side, need);
    this.#available[side] -= need;
  }

  #fill(side: OrderSide, need: number): void {
    const { asset, units } = this.#given[side];
    const { total, held } = this.#floor.engine.balance(this.#account, asset);
    const available = (total - held) / units;
    const wanted = BigInt(Math.ceil(need)) * BigInt(ordersAtOnce);
    if (available < wanted / 2n) this.#floor.deposit(this.#account, asset, (wanted - available) * units);
    this.#available[side] = Number(available < wanted / 2n ? wanted : available);
  }
}
