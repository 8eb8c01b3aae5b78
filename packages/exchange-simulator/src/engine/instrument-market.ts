import type { Account, Accounts } from './accounts.ts';
import type { BookOrder } from './book-order.ts';
import type { OrderSide } from './engine-types.ts';
import { type Instrument, isFeeInQuote } from './instrument.ts';
import { Member } from './member.ts';
import type { OrderIndex } from './order-index.ts';
import { PriceLevels } from './price-levels.ts';
import type { RunningSum } from './running-sum.ts';
import { StopOrders } from './stop-orders.ts';
import type { Units } from './units.ts';

/** An instrument with the orders for it. */
export class InstrumentMarket {
  readonly instrument: Instrument;
  readonly buys: PriceLevels;
  readonly sells: PriceLevels;
  readonly stops: StopOrders = new StopOrders();
  /** By name of the account. */
  readonly members: Map<string, Member> = new Map();
  /** Lowest and highest price of the trades for which stops have not been looked at. */
  #lowTicks: number = Number.POSITIVE_INFINITY;
  #highTicks: number = Number.NEGATIVE_INFINITY;

  readonly #accounts: Accounts;
  #baseFees: RunningSum | undefined;
  #quoteFees: RunningSum | undefined;

  constructor(instrument: Instrument, accounts: Accounts, live: OrderIndex) {
    this.instrument = instrument;
    this.#accounts = accounts;
    this.buys = new PriceLevels('buy', live);
    this.sells = new PriceLevels('sell', live);
  }

  /** Lets an account trade here. */
  admit(account: Account): Member {
    const member = new Member(account, this);
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

  /** Takes in the fee of an order. Where it goes to is looked up once, at the first. */
  collect(side: OrderSide, fee: Units): void {
    if (isFeeInQuote(this.instrument, side)) {
      this.#quoteFees ??= this.#accounts.feesIn(this.instrument.quote);
      this.#quoteFees.add(fee);
    } else {
      this.#baseFees ??= this.#accounts.feesIn(this.instrument.base);
      this.#baseFees.add(fee);
    }
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
