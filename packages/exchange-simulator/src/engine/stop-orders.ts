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

  remove(order: BookOrder): void {
    const list = this.#listOf(order);
    list.splice(placeOf(list, order), 1);
  }

  /** Takes out those that trades between two prices trigger, in the order of their coming. */
  takeTriggered(lowTicks: number, highTicks: number): readonly BookOrder[] {
    const triggered: BookOrder[] = [];
    takeWhile(this.#buys, (stop) => stop <= highTicks, triggered);
    takeWhile(this.#sells, (stop) => stop >= lowTicks, triggered);
    return triggered.sort((a, b) => a.number - b.number);
  }

  #listOf({ side }: BookOrder): BookOrder[] {
    return side === 'buy' ? this.#buys : this.#sells;
  }
}

/** True if a trade at a price triggers an order. */
export function isTriggeredBy({ side, stopTicks = 0 }: BookOrder, priceTicks: number): boolean {
  return side === 'buy' ? priceTicks >= stopTicks : priceTicks <= stopTicks;
}

function takeWhile(list: BookOrder[], isDue: (stop: number) => boolean, into: BookOrder[]): void {
  for (;;) {
    const next = list[list.length - 1];
    if (next === undefined || !isDue(next.stopTicks ?? 0)) return;
    list.pop();
    into.push(next);
  }
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
  const difference = (one.stopTicks ?? 0) - (other.stopTicks ?? 0);
  if (difference !== 0) return one.side === 'buy' ? difference > 0 : difference < 0;
  return one.number > other.number;
}
