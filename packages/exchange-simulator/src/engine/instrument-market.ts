import type { BookOrder } from './book-order.ts';
import type { OrderSide } from './engine-types.ts';
import type { Instrument } from './instrument.ts';
import { PriceLevels } from './price-levels.ts';
import { StopOrders } from './stop-orders.ts';

/** An instrument with the orders for it. */
export class InstrumentMarket {
  readonly instrument: Instrument;
  readonly buys: PriceLevels = new PriceLevels('buy');
  readonly sells: PriceLevels = new PriceLevels('sell');
  readonly stops: StopOrders = new StopOrders();
  /** Lowest and highest price of the trades for which stops have not been looked at; none while `low > high`. */
  lowTicks: number = Number.POSITIVE_INFINITY;
  highTicks: number = Number.NEGATIVE_INFINITY;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }

  sideOf(side: OrderSide): PriceLevels {
    return side === 'buy' ? this.buys : this.sells;
  }

  /** The side that an order takes from. */
  against({ side }: Pick<BookOrder, 'side'>): PriceLevels {
    return side === 'buy' ? this.sells : this.buys;
  }

  traded(priceTicks: number): void {
    this.instrument.lastTicks = priceTicks;
    this.lowTicks = Math.min(this.lowTicks, priceTicks);
    this.highTicks = Math.max(this.highTicks, priceTicks);
  }

  /** Takes out the stop orders that trades have triggered since it was last asked. */
  takeTriggered(): readonly BookOrder[] {
    if (this.lowTicks > this.highTicks) return [];
    const triggered = this.stops.takeTriggered(this.lowTicks, this.highTicks);
    this.lowTicks = Number.POSITIVE_INFINITY;
    this.highTicks = Number.NEGATIVE_INFINITY;
    return triggered;
  }
}
