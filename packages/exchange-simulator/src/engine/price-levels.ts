import type { BookOrder } from './book-order.ts';
import type { EngineLevel, OrderSide } from './engine-types.ts';
import type { OrderIndex } from './order-index.ts';
import type { SlotRow } from './slot-links.ts';

/** So many moves by hand are still quicker than a splice, and most levels come and go nearer to the best: a third of the time at 10. */
const byHand = 80;

/** The orders at one price, the first to be filled first. */
export interface PriceLevel extends EngineLevel, SlotRow {
  readonly priceTicks: number;
  sizeLots: number;
}

/** One side of a book: its levels by price. An order leaves without a search. */
export class PriceLevels {
  /** The best is the last, so that it comes and goes without moving the others. */
  readonly #levels: PriceLevel[] = [];
  /** Of the levels, one for one: a search looks at nothing else. */
  readonly #prices: number[] = [];
  readonly #isBuy: boolean;
  readonly #live: OrderIndex;

  constructor(side: OrderSide, live: OrderIndex) {
    this.#isBuy = side === 'buy';
    this.#live = live;
  }

  get best(): PriceLevel | undefined {
    // Asking an array for what is at -1 takes longer than all else here.
    return this.#levels.length === 0 ? undefined : this.#levels[this.#levels.length - 1];
  }

  /** Levels from the best on. */
  top(depth: number): readonly EngineLevel[] {
    const top: EngineLevel[] = [];
    for (let at = this.#levels.length - 1; at >= 0 && top.length < depth; at -= 1) {
      const { priceTicks, sizeLots } = this.#levels[at] as PriceLevel;
      top.push({ priceTicks, sizeLots });
    }
    return top;
  }

  /** All orders, the first to be filled first. */
  *orders(): Generator<BookOrder> {
    for (let at = this.#levels.length - 1; at >= 0; at -= 1) {
      const { first } = this.#levels[at] as PriceLevel;
      for (let slot = first; slot !== 0; slot = this.#live.atPrice.behind(slot)) yield this.#live.at(slot);
    }
  }

  /** True if `priceTicks` is as good as the limit of an order of the other side, or better. */
  isWithin(priceTicks: number, limitTicks: number): boolean {
    return this.#isBuy ? priceTicks >= limitTicks : priceTicks <= limitTicks;
  }

  /** True if there are `sizeLots` in all within the limit of an order of the other side. */
  hasWithin(limitTicks: number, sizeLots: number): boolean {
    let missing = sizeLots;
    for (let at = this.#levels.length - 1; at >= 0; at -= 1) {
      const level = this.#levels[at] as PriceLevel;
      if (!this.isWithin(level.priceTicks, limitTicks)) return false;
      missing -= level.sizeLots;
      if (missing <= 0) return true;
    }
    return false;
  }

  /** Who is to be filled first at a price. */
  first(level: PriceLevel): BookOrder {
    return this.#live.at(level.first);
  }

  /** Puts a live order behind everybody at its price; gives the level. */
  add(order: BookOrder): PriceLevel {
    const level = this.#levelAt(order.priceTicks);
    order.level = level;
    this.#live.atPrice.append(level, order.slot);
    level.sizeLots += order.leftLots;
    return level;
  }

  /** Takes an order out, with what is left of it; gives the level that it has left. */
  remove(order: BookOrder, level: PriceLevel): PriceLevel {
    this.#live.atPrice.remove(level, order.slot);
    order.level = undefined;
    level.sizeLots -= order.leftLots;
    if (level.first === 0) this.#drop(level);
    return level;
  }

  /** The level at a price, which it opens if there is none. */
  #levelAt(priceTicks: number): PriceLevel {
    const place = this.#placeOf(priceTicks);
    const there = place < this.#levels.length ? this.#levels[place] : undefined;
    if (there?.priceTicks === priceTicks) return there;
    const level: PriceLevel = { priceTicks, sizeLots: 0, first: 0, last: 0 };
    insert(this.#levels, place, level);
    insert(this.#prices, place, priceTicks);
    return level;
  }

  #drop(level: PriceLevel): void {
    const place = this.best === level ? this.#levels.length - 1 : this.#placeOf(level.priceTicks);
    drop(this.#levels, place);
    drop(this.#prices, place);
  }

  /** Where a price stands, or would stand. */
  #placeOf(priceTicks: number): number {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#prices[middle] as number;
      if (this.#isBuy ? priceTicks > other : priceTicks < other) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function insert<Item>(list: Item[], place: number, item: Item): void {
  if (list.length - place > byHand) {
    list.splice(place, 0, item);
    return;
  }
  list.push(item);
  for (let at = list.length - 1; at > place; at -= 1) list[at] = list[at - 1] as Item;
  list[place] = item;
}

function drop(list: unknown[], place: number): void {
  if (list.length - place > byHand) {
    list.splice(place, 1);
    return;
  }
  for (let at = place + 1; at < list.length; at += 1) list[at - 1] = list[at];
  list.pop();
}
