import type { EngineOrder, OrderSide } from '../engine/engine-types.ts';

/** The makers' orders of one side, the best and oldest first. */
export class OwnOrders {
  readonly side: OrderSide;
  readonly #orders: EngineOrder[] = [];
  /** Makes better prices the smaller ones. */
  readonly #sign: 1 | -1;
  #levels = 0;

  constructor(side: OrderSide) {
    this.side = side;
    this.#sign = side === 'sell' ? 1 : -1;
  }

  get count(): number {
    return this.#orders.length;
  }

  /** Different prices. */
  get levels(): number {
    return this.#levels;
  }

  at(index: number): EngineOrder | undefined {
    return this.#orders[index];
  }

  add(order: EngineOrder): void {
    const place = this.#placeBehind(order.priceTicks);
    if (this.#orders[place - 1]?.priceTicks !== order.priceTicks) this.#levels += 1;
    this.#orders.splice(place, 0, order);
  }

  /** Does nothing if it is not there. */
  remove(order: EngineOrder): void {
    let place = this.#placeBehind(order.priceTicks) - 1;
    while (place >= 0 && this.#orders[place] !== order) {
      if (this.#orders[place]?.priceTicks !== order.priceTicks) return;
      place -= 1;
    }
    if (place < 0) return;
    this.#orders.splice(place, 1);
    const isShared = [place - 1, place].some((at) => this.#orders[at]?.priceTicks === order.priceTicks);
    if (!isShared) this.#levels -= 1;
  }

  /** Lots behind the order at `index`, at prices within `reachTicks` of its price; no more are counted than `enough`. */
  lotsBehind(index: number, reachTicks: number, enough: number): number {
    const first = this.#orders[index];
    return first === undefined ? 0 : this.lotsWithin(index + 1, first.priceTicks, reachTicks, enough);
  }

  /** As {@link OwnOrders.lotsBehind}, of the orders from `index` on, at prices within `reachTicks` of one that is better than theirs. */
  lotsWithin(index: number, fromTicks: number, reachTicks: number, enough: number): number {
    let lots = 0;
    for (let at = index; at < this.#orders.length && lots < enough; at += 1) {
      const order = this.#orders[at] as EngineOrder;
      if ((order.priceTicks - fromTicks) * this.#sign > reachTicks) break;
      lots += leftOf(order);
    }
    return lots;
  }

  /**
   * How many of the first orders may go, up to `most`, so that the next one is within `reachTicks` of the first and has `enough` lots behind it
   * within `reachTicks`.
   */
  dispensable(most: number, reachTicks: number, enough: number): number {
    const first = this.#orders[0];
    let gone = 0;
    while (first !== undefined && gone < most) {
      const next = this.#orders[gone + 1];
      if (next === undefined || (next.priceTicks - first.priceTicks) * this.#sign > reachTicks) break;
      if (this.lotsBehind(gone + 1, reachTicks, enough) < enough) break;
      gone += 1;
    }
    return gone;
  }

  /** Where an order at a price would be put: behind all that are as good. */
  #placeBehind(priceTicks: number): number {
    let low = 0;
    let high = this.#orders.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { priceTicks: other } = this.#orders[middle] as EngineOrder;
      if ((other - priceTicks) * this.#sign <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Lots of an order that have not been filled. */
export function leftOf({ sizeLots, filledLots }: EngineOrder): number {
  return sizeLots - filledLots;
}
