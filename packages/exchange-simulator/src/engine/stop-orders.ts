import type { BookOrder } from './book-order.ts';

/** Orders of one instrument that wait for the last trade to reach their stop prices. */
export class StopOrders {
  /** By stop price: buys from the highest down, sells from the lowest up, so that the next to be triggered is the last. */
  readonly #buys: BookOrder[] = [];
  readonly #sells: BookOrder[] = [];

  /** All of them, in no particular order. */
  get all(): readonly BookOrder[] {
    return [...this.#buys, ...this.#sells];
  }

  add(order: BookOrder): void {
    const list = this.#listOf(order);
    list.splice(placeOf(list, order), 0, order);
  }

  /** @throws Error if it does not wait here: the place of an order that is not there is that of another. */
  remove(order: BookOrder): void {
    const list = this.#listOf(order);
    const place = placeOf(list, order);
    if (list[place] !== order) throw new Error(`expected the order ${order.id} to wait for its stop price`);
    list.splice(place, 1);
  }

  /** True if trades between two prices trigger any. */
  isTriggered(lowTicks: number, highTicks: number): boolean {
    return this.#triggeredBuy(highTicks) !== undefined || this.#triggeredSell(lowTicks) !== undefined;
  }

  /** Takes out those that trades between two prices trigger, in the order of their coming. */
  takeTriggered(lowTicks: number, highTicks: number): BookOrder[] {
    const triggered: BookOrder[] = [];
    for (let next = this.#triggeredBuy(highTicks); next !== undefined; next = this.#triggeredBuy(highTicks)) {
      this.#buys.pop();
      triggered.push(next);
    }
    for (let next = this.#triggeredSell(lowTicks); next !== undefined; next = this.#triggeredSell(lowTicks)) {
      this.#sells.pop();
      triggered.push(next);
    }
    return triggered.sort((a, b) => a.number - b.number);
  }

  /** The next buy, if trades up to a price trigger it. */
  #triggeredBuy(highTicks: number): BookOrder | undefined {
    const next = lastOf(this.#buys);
    return next !== undefined && stopOf(next) <= highTicks ? next : undefined;
  }

  /** The next sell, if trades down to a price trigger it. */
  #triggeredSell(lowTicks: number): BookOrder | undefined {
    const next = lastOf(this.#sells);
    return next !== undefined && stopOf(next) >= lowTicks ? next : undefined;
  }

  #listOf({ side }: BookOrder): BookOrder[] {
    return side === 'buy' ? this.#buys : this.#sells;
  }
}

/** True if a trade at a price triggers an order. */
export function isTriggeredBy({ side, stopTicks = 0 }: BookOrder, priceTicks: number): boolean {
  return side === 'buy' ? priceTicks >= stopTicks : priceTicks <= stopTicks;
}

// Asking an array for what is at -1 takes as long as all else here.
function lastOf(list: readonly BookOrder[]): BookOrder | undefined {
  return list.length === 0 ? undefined : list[list.length - 1];
}

function stopOf({ stopTicks = 0 }: BookOrder): number {
  return stopTicks;
}

/** Where it stands, or would stand: behind all that are triggered later, or at the same price and came later. */
function placeOf(list: readonly BookOrder[], order: BookOrder): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isLater(list[middle] as BookOrder, order)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isLater(one: BookOrder, other: BookOrder): boolean {
  const difference = stopOf(one) - stopOf(other);
  if (difference !== 0) return one.side === 'buy' ? difference > 0 : difference < 0;
  return one.number > other.number;
}
