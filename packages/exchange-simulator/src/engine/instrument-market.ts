import type { Account } from './accounts.ts';
import type { BookOrder } from './book-order.ts';
import type { OrderSide } from './engine-types.ts';
import type { Instrument } from './instrument.ts';
import { Member } from './member.ts';
import { PriceLevels } from './price-levels.ts';
import { StopOrders } from './stop-orders.ts';

/** An instrument with the orders for it. */
export class InstrumentMarket {
  readonly instrument: Instrument;
  readonly buys: PriceLevels = new PriceLevels('buy');
  readonly sells: PriceLevels = new PriceLevels('sell');
  readonly stops: StopOrders = new StopOrders();
  /** By name of the account. */
  readonly members: Map<string, Member> = new Map();
  /** Lowest and highest price of the trades for which stops have not been looked at. */
  #lowTicks: number = Number.POSITIVE_INFINITY;
  #highTicks: number = Number.NEGATIVE_INFINITY;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }

  /** Lets an account trade here. */
  admit(account: Account): Member {
    const member = new Member(account, this.instrument);
    this.members.set(account.name, member);
    return member;
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
    if (priceTicks < this.#lowTicks) this.#lowTicks = priceTicks;
    if (priceTicks > this.#highTicks) this.#highTicks = priceTicks;
  }

  /** True if trades have triggered stop orders since those were last taken out. */
  get hasTriggered(): boolean {
    if (this.stops.isTriggered(this.#lowTicks, this.#highTicks)) return true;
    this.#forgetTrades();
    return false;
  }

  /** Takes out the stop orders that trades have triggered since it was last asked. */
  takeTriggered(): BookOrder[] {
    const triggered = this.stops.takeTriggered(this.#lowTicks, this.#highTicks);
    this.#forgetTrades();
    return triggered;
  }

  #forgetTrades(): void {
    this.#lowTicks = Number.POSITIVE_INFINITY;
    this.#highTicks = Number.NEGATIVE_INFINITY;
  }
}
