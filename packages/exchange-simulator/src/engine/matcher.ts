import { type Account, type Accounts, change } from './accounts.ts';
import type { BookOrder } from './book-order.ts';
import type { EngineParts } from './engine-parts.ts';
import type { CancelReason } from './engine-types.ts';
import type { EventTeller } from './event-teller.ts';
import { givenAssetOf } from './instrument.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { PriceLevel, PriceLevels } from './price-levels.ts';
import { settle } from './settlement.ts';
import { isTriggeredBy } from './stop-orders.ts';

/** Lets orders of instruments meet. What it is given has been checked. */
export class Matcher {
  readonly #accounts: Accounts;
  readonly #tell: EventTeller;
  readonly #live: Map<string, BookOrder>;

  constructor({ accounts, tell, live }: Pick<EngineParts, 'accounts' | 'tell' | 'live'>) {
    this.#accounts = accounts;
    this.#tell = tell;
    this.#live = live;
  }

  /** An order comes; then all that it triggers. */
  enter(market: InstrumentMarket, order: BookOrder): void {
    this.#tell.order(order, 'accepted');
    const { lastTicks } = market.instrument;
    const waits =
      order.stopTicks !== undefined && (lastTicks === undefined || !isTriggeredBy(order, lastTicks));
    if (waits) {
      market.stops.add(order);
      return;
    }
    if (order.stopTicks !== undefined) this.#trigger(order);
    this.#trade(market, order);
    this.#triggerAll(market);
  }

  /** Ends a live order that rests or waits. */
  cancel(market: InstrumentMarket, order: BookOrder): void {
    const { level } = order;
    if (level === undefined) market.stops.remove(order);
    else market.sideOf(order.side).remove(order, level);
    this.#end(order, market, 'requested');
    if (level !== undefined) this.#tellLevel(order, level);
  }

  #triggerAll(market: InstrumentMarket): void {
    const queue: BookOrder[] = [...market.takeTriggered()];
    for (const order of queue) {
      this.#trigger(order);
      this.#trade(market, order);
      queue.push(...market.takeTriggered());
    }
  }

  #trigger(order: BookOrder): void {
    order.status = 'open';
    this.#tell.order(order, 'triggered');
  }

  /** Takes what an order can, and ends it or lets it rest. */
  #trade(market: InstrumentMarket, order: BookOrder): void {
    const levels = market.against(order);
    const refusal = refusalOf(levels, order);
    if (refusal !== undefined) {
      this.#end(order, market, refusal);
      return;
    }
    for (let best = levels.best; best !== undefined && order.leftLots > 0; best = levels.best) {
      if (!levels.isWithin(best.priceTicks, order.priceTicks)) break;
      this.#meet(market, levels, best, order);
    }
    if (order.leftLots === 0) return;
    if (order.timeInForce !== 'GTC') this.#end(order, market, 'nothing-left-to-take');
    else this.#tellLevel(order, market.sideOf(order.side).add(order));
  }

  /** The first at the best price, and whoever comes. */
  #meet(market: InstrumentMarket, levels: PriceLevels, level: PriceLevel, taker: BookOrder): void {
    const maker = level.first as BookOrder;
    const { priceTicks } = level;
    const sizeLots = Math.min(maker.leftLots, taker.leftLots);
    market.traded(priceTicks);
    this.#tell.trade(taker.symbol, priceTicks, sizeLots, maker.side === 'buy');
    if (sizeLots === maker.leftLots) levels.remove(maker, level);
    else level.sizeLots -= sizeLots;
    this.#fill(market, maker, 'maker', priceTicks, sizeLots);
    this.#fill(market, taker, 'taker', priceTicks, sizeLots);
    this.#tellLevel(maker, level);
  }

  #fill(
    { instrument }: InstrumentMarket,
    order: BookOrder,
    role: 'maker' | 'taker',
    priceTicks: number,
    sizeLots: number,
  ): void {
    const account = this.#accounts.get(order.account);
    const fill = settle(this.#accounts, instrument, { order, account, role }, priceTicks, sizeLots);
    if (order.leftLots === 0) {
      order.status = 'filled';
      this.#forget(order, account);
    }
    this.#tell.order(order, 'filled', fill);
  }

  #end(order: BookOrder, { instrument }: InstrumentMarket, reason: CancelReason): void {
    const account = this.#accounts.get(order.account);
    change(account, givenAssetOf(instrument, order.side), 0n, -order.held);
    order.held = 0n;
    order.status = 'canceled';
    order.cancelReason = reason;
    this.#forget(order, account);
    this.#tell.order(order, 'canceled');
  }

  #forget(order: BookOrder, { orders }: Account): void {
    this.#live.delete(order.id);
    orders.delete(order);
  }

  #tellLevel({ symbol, side }: BookOrder, { priceTicks, sizeLots }: PriceLevel): void {
    this.#tell.level(symbol, side, priceTicks, sizeLots);
  }
}

/** Why an order ends before it takes anything. */
function refusalOf(against: PriceLevels, order: BookOrder): CancelReason | undefined {
  const { best } = against;
  const crosses = best !== undefined && against.isWithin(best.priceTicks, order.priceTicks);
  if (order.postOnly && crosses) return 'would-take';
  const isWhole = order.timeInForce === 'FOK';
  return isWhole && !against.hasWithin(order.priceTicks, order.leftLots) ? 'not-fillable' : undefined;
}
