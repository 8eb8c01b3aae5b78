import type { BookOrder } from './book-order.ts';
import type { EngineParts } from './engine-parts.ts';
import type { CancelReason } from './engine-types.ts';
import type { EventTeller } from './event-teller.ts';
import { Fill } from './fill.ts';
import { baseOf, notionalOf } from './instrument.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { OrderIndex } from './order-index.ts';
import type { PriceLevel, PriceLevels } from './price-levels.ts';
import { settle } from './settlement.ts';
import { isTriggeredBy } from './stop-orders.ts';
import type { Units } from './units.ts';

/** Lets orders of instruments meet. What it is given has been checked. */
export class Matcher {
  readonly #tell: EventTeller;
  readonly #live: OrderIndex;

  constructor({ tell, live }: Pick<EngineParts, 'tell' | 'live'>) {
    this.#tell = tell;
    this.#live = live;
  }

  /** An order comes; then all that it triggers. */
  enter(order: BookOrder): void {
    const { market } = order;
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
  cancel(order: BookOrder): void {
    const { level, market } = order;
    if (level === undefined) market.stops.remove(order);
    else market.sideOf(order.side).remove(order, level);
    this.#end(order, 'requested');
    if (level !== undefined) this.#tellLevel(order, level);
  }

  #triggerAll(market: InstrumentMarket): void {
    if (!market.hasTriggered) return;
    const queue = market.takeTriggered();
    for (const order of queue) {
      this.#trigger(order);
      this.#trade(market, order);
      for (const next of market.takeTriggered()) queue.push(next);
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
      this.#end(order, refusal);
      return;
    }
    for (let best = levels.best; best !== undefined && order.leftLots > 0; best = levels.best) {
      if (!levels.isWithin(best.priceTicks, order.priceTicks)) break;
      this.#meet(market, levels, best, order);
    }
    if (order.leftLots === 0) return;
    if (order.timeInForce !== 'GTC') this.#end(order, 'nothing-left-to-take');
    else this.#tellLevel(order, market.sideOf(order.side).add(order));
  }

  /** The first at the best price, and whoever comes. */
  #meet(market: InstrumentMarket, levels: PriceLevels, level: PriceLevel, taker: BookOrder): void {
    const maker = levels.first(level);
    const { priceTicks } = level;
    const sizeLots = Math.min(maker.leftLots, taker.leftLots);
    market.traded(priceTicks);
    this.#tell.trade(taker.symbol, priceTicks, sizeLots, maker.side === 'buy');
    if (sizeLots === maker.leftLots) levels.remove(maker, level);
    else level.sizeLots -= sizeLots;
    const quote = notionalOf(market.instrument, priceTicks, sizeLots);
    const base = baseOf(market.instrument, sizeLots);
    this.#fill(maker, new Fill(priceTicks, sizeLots, 'maker', quote), base);
    this.#fill(taker, new Fill(priceTicks, sizeLots, 'taker', quote), base);
    this.#tellLevel(maker, level);
  }

  #fill(order: BookOrder, fill: Fill, base: Units): void {
    settle(order, fill, base);
    if (order.leftLots === 0) {
      order.status = 'filled';
      this.#forget(order);
    }
    this.#tell.order(order, 'filled', fill);
  }

  #end(order: BookOrder, reason: CancelReason): void {
    order.member.given(order.side).release(order.holds);
    order.holds = 0;
    order.status = 'canceled';
    order.cancelReason = reason;
    this.#forget(order);
    this.#tell.order(order, 'canceled');
  }

  #forget(order: BookOrder): void {
    order.member.account.orders.remove(order);
    this.#live.remove(order);
  }

  #tellLevel({ symbol, side }: BookOrder, { priceTicks, sizeLots }: PriceLevel): void {
    this.#tell.level(symbol, side, priceTicks, sizeLots);
  }
}

/** Why an order ends before it takes anything. */
function refusalOf(against: PriceLevels, order: BookOrder): CancelReason | undefined {
  const { best } = against;
  if (order.postOnly && best !== undefined && against.isWithin(best.priceTicks, order.priceTicks))
    return 'would-take';
  const isWhole = order.timeInForce === 'FOK';
  return isWhole && !against.hasWithin(order.priceTicks, order.leftLots) ? 'not-fillable' : undefined;
}
