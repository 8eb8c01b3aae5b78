import type { PriceLevelText } from '@venuekit/connector-core';

/** A level as it is kept: the price as an integer in units of 10^-scale of its side, and both numbers as they were written. */
export interface Level {
  readonly units: bigint;
  readonly price: string;
  readonly amount: string;
}

/** A side as it was at one moment, to keep and not to change. */
export interface SharedSide {
  /** The best last. */
  readonly levels: readonly Level[];
  /** Digits after the point that `units` and the horizon carry. */
  readonly scale: number;
  /** The worst price that is known; `undefined` if the whole side is. */
  readonly horizon: bigint | undefined;
}

const plainNumber = /^\d+(?:\.\d+)?$/;
const zero = /^0+(?:\.0+)?$/;
const longestText = 100;

/** One side of a book: a sorted array with the best level last, where most changes happen. */
export class BookSide {
  readonly #kind: 'bid' | 'ask';
  #levels: Level[] = [];
  /** True while someone else holds `#levels`; it is copied before the next change. */
  #shared = false;
  /** Digits after the point that `units` carry. Grows when a finer price comes. */
  #scale = 0;
  /** The worst price that is known, where the venue's snapshot was cut: nothing is said of prices beyond it. */
  #horizon: bigint | undefined;

  constructor(kind: 'bid' | 'ask') {
    this.#kind = kind;
  }

  /** True if the side was cut at a depth, so that the venue has levels which are not here. */
  get limited(): boolean {
    return this.#horizon !== undefined;
  }

  /** The levels are a snapshot of `count` that holds `depth` at most: if it is that full, prices beyond its worst one are not known. */
  limit(depth: number, count: number): void {
    if (count >= depth) this.#horizon = this.#levels[0]?.units;
  }

  /** Prices beyond this one are not known; `undefined` if the whole side is. */
  limitTo(price: string | undefined): void {
    this.#horizon = price === undefined ? undefined : this.#toUnits(price);
  }

  get size(): number {
    return this.#levels.length;
  }

  get best(): Level | undefined {
    return this.#levels.at(-1);
  }

  /** The side now: the levels are copied before the next change. */
  share(): SharedSide {
    this.#shared = true;
    return { levels: this.#levels, scale: this.#scale, horizon: this.#horizon };
  }

  /** @throws TypeError naming the first number that is not plain decimal text. */
  check(levels: readonly PriceLevelText[]): void {
    for (const [price, amount] of levels) {
      for (const text of [price, amount]) {
        if (text.length <= longestText && plainNumber.test(text)) continue;
        const got = JSON.stringify(text.slice(0, 40));
        throw new TypeError(`${this.#kind} level: expected plain decimal text, got ${got}`);
      }
      if (zero.test(price))
        throw new TypeError(`${this.#kind} level: expected a price above zero, got ${price}`);
    }
  }

  /** Sets or deletes levels; returns how many were to be deleted that are not here, those beyond the horizon left out. */
  apply(levels: readonly PriceLevelText[]): number {
    this.check(levels);
    if (levels.length === 0) return 0;
    if (this.#shared) {
      this.#levels = [...this.#levels];
      this.#shared = false;
    }
    let unknown = 0;
    for (const [price, amount] of levels) if (!this.#set(price, amount)) unknown += 1;
    return unknown;
  }

  /** True if this side (bids) reaches the other (asks). */
  meets(other: BookSide): boolean {
    const [own, theirs] = [this.best, other.best];
    if (own === undefined || theirs === undefined) return false;
    const scale = Math.max(this.#scale, other.#scale);
    return this.#at(own, scale) >= other.#at(theirs, scale);
  }

  /** As {@link OrderBook.equals}, for one side. */
  equals(other: BookSide): boolean {
    const scale = Math.max(this.#scale, other.#scale);
    const horizons = [this, other].flatMap((side) => {
      return side.#horizon === undefined ? [] : [side.#horizon * 10n ** BigInt(scale - side.#scale)];
    });
    const known = (side: BookSide) =>
      side.#levels.filter((level) =>
        horizons.every((horizon) => this.#within(side.#at(level, scale), horizon)),
      );
    const [own, theirs] = [known(this), known(other)];
    return (
      own.length === theirs.length && own.every((level, at) => this.#same(level, theirs[at], other, scale))
    );
  }

  #same(own: Level, theirs: Level | undefined, other: BookSide, scale: number): boolean {
    if (theirs === undefined || this.#at(own, scale) !== other.#at(theirs, scale)) return false;
    return withoutTrailingZeros(own.amount) === withoutTrailingZeros(theirs.amount);
  }

  /** True if a price is at the horizon or better. */
  #within(units: bigint, horizon: bigint): boolean {
    return this.#kind === 'bid' ? units >= horizon : units <= horizon;
  }

  #at(level: Level, scale: number): bigint {
    return level.units * 10n ** BigInt(scale - this.#scale);
  }

  /** False if a level was to be deleted that is not here. */
  #set(price: string, amount: string): boolean {
    const units = this.#toUnits(price);
    if (this.#horizon !== undefined && !this.#within(units, this.#horizon)) return true;
    const at = this.#find(units);
    const found = this.#levels[at]?.units === units;
    if (!zero.test(amount)) this.#levels.splice(at, found ? 1 : 0, { units, price, amount });
    else if (found) this.#levels.splice(at, 1);
    else return false;
    return true;
  }

  /** Where a price is, or belongs. */
  #find(units: bigint): number {
    let [low, high] = [0, this.#levels.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const level = this.#levels[middle] as Level;
      const worse = this.#kind === 'bid' ? level.units < units : level.units > units;
      if (worse) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #toUnits(price: string): bigint {
    const shortest = withoutTrailingZeros(price);
    const point = shortest.indexOf('.');
    const places = point < 0 ? 0 : shortest.length - point - 1;
    if (places > this.#scale) this.#refine(places);
    return BigInt(shortest.replace('.', '') + '0'.repeat(this.#scale - places));
  }

  /** A price came that is finer than all before: everything is counted in finer units from now on. */
  #refine(scale: number): void {
    const factor = 10n ** BigInt(scale - this.#scale);
    this.#levels = this.#levels.map((level) => ({ ...level, units: level.units * factor }));
    if (this.#horizon !== undefined) this.#horizon *= factor;
    this.#scale = scale;
  }
}

function withoutTrailingZeros(text: string): string {
  const digits = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return digits.replace(/^0+(?=\d)/, '');
}
