import type { BookOrder } from './book-order.ts';
import type { EngineLevel, OrderSide } from './engine-types.ts';
import type { OrderIndex } from './order-index.ts';
import type { SlotRow } from './slot-links.ts';

/** So many moves by hand are still quicker than a splice, and most levels come and go nearer to the best: a third of the time at 10. */
const byHand = 80;
/** So many prices in a row are found without a search; a power of 2, and more than most books have. */
const known = 1_024;

/** The orders at one price, the first to be filled first. */
export interface PriceLevel extends EngineLevel, SlotRow {
  priceTicks: number;
  sizeLots: number;
  /** Its place among all levels that this side has ever needed at once; another price takes it when this one is left. */
  readonly number: number;
}

/** One side of a book: its levels by price. An order leaves without a search. */
export class PriceLevels {
  /**
   * Prices in order; the best is the last, so that it comes and goes without moving the others. Of each the number of its level, one for one:
   * numbers are moved without telling the collector of garbage, and a level that is used again is none. An operation took a thirtieth less.
   */
  readonly #prices: number[] = [];
  readonly #numbers: number[] = [];
  /** By number. Those without orders are free. */
  readonly #levels: PriceLevel[] = [];
  readonly #free: number[] = [];
  /** By the low bits of a price, the number of a level that had it: most orders come to a price that is there, and need no search. */
  readonly #known: Int32Array = new Int32Array(known);
  readonly #isBuy: boolean;
  readonly #live: OrderIndex;

  constructor(side: OrderSide, live: OrderIndex) {
    this.#isBuy = side === 'buy';
    this.#live = live;
  }

  get best(): PriceLevel | undefined {
    // Asking an array for what is at -1 takes longer than all else here.
    return this.#numbers.length === 0 ? undefined : this.#at(this.#numbers.length - 1);
  }

  /** Levels from the best on. */
  top(depth: number): readonly EngineLevel[] {
    const top: EngineLevel[] = [];
    for (let at = this.#numbers.length - 1; at >= 0 && top.length < depth; at -= 1) {
      const { priceTicks, sizeLots } = this.#at(at);
      top.push({ priceTicks, sizeLots });
    }
    return top;
  }

  /** All orders, the first to be filled first. */
  *orders(): Generator<BookOrder> {
    for (let at = this.#numbers.length - 1; at >= 0; at -= 1) {
      const { first } = this.#at(at);
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
    for (let at = this.#numbers.length - 1; at >= 0; at -= 1) {
      const level = this.#at(at);
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

  /** Takes an order out, with what is left of it; gives the level, which another price may take when the next order comes. */
  remove(order: BookOrder, level: PriceLevel): PriceLevel {
    this.#live.atPrice.remove(level, order.slot);
    order.level = undefined;
    level.sizeLots -= order.leftLots;
    if (level.first === 0) this.#drop(level);
    return level;
  }

  /** The level at a place. */
  #at(place: number): PriceLevel {
    return this.#levels[this.#numbers[place] as number] as PriceLevel;
  }

  /** The level at a price, which it opens if there is none. */
  #levelAt(priceTicks: number): PriceLevel {
    const guess = this.#known[priceTicks & (known - 1)] as number;
    if (guess < this.#levels.length) {
      const level = this.#levels[guess] as PriceLevel;
      if (level.priceTicks === priceTicks && level.first !== 0) return level;
    }
    const level = this.#searched(priceTicks);
    this.#known[priceTicks & (known - 1)] = level.number;
    return level;
  }

  #searched(priceTicks: number): PriceLevel {
    const place = this.#placeOf(priceTicks);
    if (place < this.#prices.length && this.#prices[place] === priceTicks) return this.#at(place);
    const level = this.#freeLevel();
    level.priceTicks = priceTicks;
    insert(this.#numbers, place, level.number);
    insert(this.#prices, place, priceTicks);
    return level;
  }

  /** One without orders. */
  #freeLevel(): PriceLevel {
    if (this.#free.length > 0) return this.#levels[this.#free.pop() as number] as PriceLevel;
    const level: PriceLevel = { priceTicks: 0, sizeLots: 0, first: 0, last: 0, number: this.#levels.length };
    this.#levels.push(level);
    return level;
  }

  #drop(level: PriceLevel): void {
    const place = this.best === level ? this.#numbers.length - 1 : this.#placeOf(level.priceTicks);
    drop(this.#numbers, place);
    drop(this.#prices, place);
    this.#free.push(level.number);
  }

  /** Where a price stands, or would stand. */
  #placeOf(priceTicks: number): number {
    let low = 0;
    let high = this.#prices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#prices[middle] as number;
      if (this.#isBuy ? priceTicks > other : priceTicks < other) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function insert(list: number[], place: number, item: number): void {
  if (list.length - place > byHand) {
    list.splice(place, 0, item);
    return;
  }
  list.push(item);
  for (let at = list.length - 1; at > place; at -= 1) list[at] = list[at - 1] as number;
  list[place] = item;
}

function drop(list: number[], place: number): void {
  if (list.length - place > byHand) {
    list.splice(place, 1);
    return;
  }
  for (let at = place + 1; at < list.length; at += 1) list[at - 1] = list[at] as number;
  list.pop();
}
