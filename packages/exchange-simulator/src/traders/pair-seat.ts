import type { EngineOrder, InstrumentRules, OrderSide } from '../engine/engine-types.ts';
import type { Floor } from '../floor/floor.ts';
import { OrderBounds } from './order-bounds.ts';
import { OwnOrders } from './own-orders.ts';
import { Purse } from './purse.ts';

/** Makers of a pair: more than one, so that there are queues. */
const makerCount = 3;

/** Where the traders of a pair put their orders in, each from an account of its own that pays no fees and never runs dry. */
export class PairSeat {
  readonly rules: InstrumentRules;
  readonly bounds: OrderBounds;
  /** The makers' live orders. */
  readonly own: Readonly<Record<OrderSide, OwnOrders>> = {
    buy: new OwnOrders('buy'),
    sell: new OwnOrders('sell'),
  };
  readonly #floor: Floor;
  readonly #makers: readonly (readonly [account: string, purse: Purse])[];
  readonly #taker: readonly [account: string, purse: Purse];
  /** Orders so far. */
  #count = 0;

  constructor(floor: Floor, rules: InstrumentRules) {
    this.rules = rules;
    this.bounds = new OrderBounds(rules);
    this.#floor = floor;
    const open = (account: string): readonly [string, Purse] => {
      floor.openAccount(account, { maker: '0', taker: '0' });
      return [account, new Purse(floor, account, rules)];
    };
    this.#makers = Array.from({ length: makerCount }, (_, at) => open(`maker ${rules.symbol} ${at + 1}`));
    this.#taker = open(`taker ${rules.symbol}`);
  }

  get isTrading(): boolean {
    return this.#floor.engine.status(this.rules.symbol) === 'trading';
  }

  /** The best price of a side, whoever made it. */
  best(side: OrderSide): number | undefined {
    return this.#floor.engine.levels(this.rules.symbol, side, 1)[0]?.priceTicks;
  }

  /** Puts an order of one of the makers into the book, who must know that it takes nothing; not if no size will do at this price. */
  make(side: OrderSide, priceTicks: number, lots: number): void {
    const sizeLots = this.bounds.nearest(priceTicks, lots);
    if (priceTicks < 1 || sizeLots === undefined) return;
    this.#count += 1;
    const [account, purse] = this.#makers[this.#count % makerCount] ?? this.#taker;
    purse.provide(side, priceTicks, sizeLots);
    const { order } = this.#floor.place({
      ...{ id: this.#nextId(), account, symbol: this.rules.symbol, side, kind: 'limit' },
      ...{ sizeLots, priceTicks, postOnly: true },
    });
    if (order?.status === 'open') this.own[side].add(order);
  }

  /** Takes what there is up to a price, at most `lots`. */
  take(side: OrderSide, priceTicks: number, lots: number): void {
    const [account, purse] = this.#taker;
    const sizeLots = this.bounds.nearest(priceTicks, lots);
    if (priceTicks < 1 || sizeLots === undefined) return;
    this.#count += 1;
    purse.provide(side, priceTicks, sizeLots);
    this.#floor.place({
      ...{ id: this.#nextId(), account, symbol: this.rules.symbol, side, kind: 'limit' },
      ...{ sizeLots, priceTicks, timeInForce: 'IOC' },
    });
  }

  cancel({ id }: EngineOrder): void {
    this.#floor.cancel(id);
  }

  /** True for an account of these traders. */
  has(account: string): boolean {
    return account === this.#taker[0] || this.#makers.some(([name]) => name === account);
  }

  #nextId(): string {
    return `${this.rules.symbol} ${this.#count}`;
  }
}

/** The side that an order of `side` takes from. */
export function oppositeOf(side: OrderSide): OrderSide {
  return side === 'buy' ? 'sell' : 'buy';
}
