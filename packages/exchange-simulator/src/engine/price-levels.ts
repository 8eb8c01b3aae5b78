import type { BookOrder } from './book-order.ts';
import type { EngineLevel, OrderSide } from './engine-types.ts';

/** The orders at one price, the first to be filled first. */
export interface PriceLevel extends EngineLevel {
  readonly priceTicks: number;
  sizeLots: number;
  first: BookOrder | undefined;
  last: BookOrder | undefined;
}

/** One side of a book: its levels by price. An order leaves without a search. */
export class PriceLevels {
  /** The best is the last, so that it comes and goes without moving the others. */
  readonly #levels: PriceLevel[] = [];
  /** Makes higher prices the better ones. */
  readonly #sign: 1 | -1;

  constructor(side: OrderSide) {
    this.#sign = side === 'buy' ? 1 : -1;
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
      for (let order = this.#levels[at]?.first; order !== undefined; order = order.behind) yield order;
    }
  }

  /** True if `priceTicks` is as good as the limit of an order of the other side, or better. */
  isWithin(priceTicks: number, limitTicks: number): boolean {
    return (priceTicks - limitTicks) * this.#sign >= 0;
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

  /** Puts an order behind everybody at its price; gives the level. */
  add(order: BookOrder): PriceLevel {
    const level = this.#levelAt(order.priceTicks);
    order.level = level;
    order.before = level.last;
    if (level.last === undefined) level.first = order;
    else level.last.behind = order;
    level.last = order;
    level.sizeLots += order.leftLots;
    return level;
  }

  /** Takes an order out, with what is left of it; gives the level that it has left. */
  remove(order: BookOrder, level: PriceLevel): PriceLevel {
    const { before, behind } = order;
    if (before === undefined) level.first = behind;
    else before.behind = behind;
    if (behind === undefined) level.last = before;
    else behind.before = before;
    order.level = undefined;
    order.before = undefined;
    order.behind = undefined;
    level.sizeLots -= order.leftLots;
    if (level.first === undefined) this.#drop(level);
    return level;
  }

  /** The level at a price, which it opens if there is none. */
  #levelAt(priceTicks: number): PriceLevel {
    const place = this.#placeOf(priceTicks);
    const there = place < this.#levels.length ? this.#levels[place] : undefined;
    if (there?.priceTicks === priceTicks) return there;
    const level: PriceLevel = { priceTicks, sizeLots: 0, first: undefined, last: undefined };
    if (place === this.#levels.length) this.#levels.push(level);
    else this.#levels.splice(place, 0, level);
    return level;
  }

  #drop(level: PriceLevel): void {
    if (this.best === level) this.#levels.pop();
    else this.#levels.splice(this.#placeOf(level.priceTicks), 1);
  }

  /** Where a price stands, or would stand. */
  #placeOf(priceTicks: number): number {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { priceTicks: other } = this.#levels[middle] as PriceLevel;
      if ((priceTicks - other) * this.#sign > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
