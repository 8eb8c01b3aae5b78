import type { DepthStageSide } from '@venuekit/connector-core';

/** A side of a book: what rests to buy, or what rests to sell. */
export type ScaledSideName = 'bids' | 'asks';

/** Levels to begin with; the room doubles when it is full. */
const firstRoom = 64;
/** Levels from the best that are looked at one by one: most changes are there, and no branch is guessed wrong on the way. */
const nearby = 12;
/** From so many levels on, `copyWithin` moves them faster than a loop. */
const longMove = 64;

/**
 * One side of a {@link ScaledBook}: two sorted arrays with the best level last, where most changes happen.
 *
 * A key is a price with the sign that makes better ones larger: a bid as it is, an ask negated. So both sides are the same code,
 * and a horizon of minus infinity leaves nothing out.
 */
export class ScaledSide {
  readonly #sign: 1 | -1;
  #keys = new Float64Array(firstRoom);
  #amounts = new Float64Array(firstRoom);
  #size = 0;
  /** Levels that the last snapshot had, with those that are none. */
  #came = 0;
  /** Key of the worst price that is known. */
  #horizon = Number.NEGATIVE_INFINITY;

  constructor(name: ScaledSideName) {
    this.#sign = name === 'bids' ? 1 : -1;
  }

  /** Levels that are here. */
  get size(): number {
    return this.#size;
  }

  /** True if the side was cut at a depth, so that the venue has levels which are not here. */
  get limited(): boolean {
    return this.#horizon !== Number.NEGATIVE_INFINITY;
  }

  /** The worst price that is known; -1 if the whole side is. */
  get horizon(): number {
    return this.limited ? this.#horizon * this.#sign : -1;
  }

  /** Price of the level at `depth`, 0 being the best; -1 where there is none. */
  priceAt(depth: number): number {
    const key = this.#keys[this.#size - 1 - depth];
    return key === undefined || depth < 0 ? -1 : key * this.#sign;
  }

  /** Amount of the level at `depth`, 0 being the best; -1 where there is none. */
  amountAt(depth: number): number {
    const amount = this.#amounts[this.#size - 1 - depth];
    return amount === undefined || depth < 0 ? -1 : amount;
  }

  /** If the side, or the snapshot that it is, holds `depth` levels or more, prices beyond its worst one are not known from now on. */
  limit(depth: number): void {
    if (this.#size > 0 && Math.max(this.#size, this.#came) >= depth) this.#horizon = this.#keys[0] as number;
  }

  /** Holds what was staged and nothing else, and knows of no horizon. */
  replace(staged: DepthStageSide): void {
    this.#size = 0;
    this.#came = staged.count;
    this.#horizon = Number.NEGATIVE_INFINITY;
    if (!this.#fillBestFirst(staged)) this.apply(staged);
  }

  /** Sets and deletes levels; returns how many were to be deleted that are not here, those beyond the horizon left out. */
  apply({ count, prices, amounts }: DepthStageSide): number {
    let unknown = 0;
    for (let i = 0; i < count; i++) {
      const key = (prices[i] as number) * this.#sign;
      if (key < this.#horizon) continue;
      const amount = amounts[i] as number;
      const at = this.#find(key);
      const isHere = at < this.#size && this.#keys[at] === key;
      if (amount === 0) {
        if (isHere) this.#remove(at);
        else unknown++;
      } else if (isHere) this.#amounts[at] = amount;
      else this.#insert(at, key, amount);
    }
    return unknown;
  }

  /** Makes `other` the same, in arrays of its own. */
  copyTo(other: ScaledSide): void {
    if (other === this) return;
    if (other.#keys.length < this.#size) {
      other.#keys = new Float64Array(this.#keys.length);
      other.#amounts = new Float64Array(this.#keys.length);
    }
    // Entry by entry: a view of what is in use would be an object for each copy.
    for (let at = 0; at < this.#size; at++) {
      other.#keys[at] = this.#keys[at] as number;
      other.#amounts[at] = this.#amounts[at] as number;
    }
    other.#size = this.#size;
    other.#horizon = this.#horizon;
  }

  /** True if both hold the same levels, as far as both know. */
  equals(other: ScaledSide): boolean {
    const horizon = Math.max(this.#horizon, other.#horizon);
    let own = this.#find(horizon);
    let theirs = other.#find(horizon);
    if (this.#size - own !== other.#size - theirs) return false;
    for (; own < this.#size; own++, theirs++) {
      if (this.#keys[own] !== other.#keys[theirs] || this.#amounts[own] !== other.#amounts[theirs])
        return false;
    }
    return true;
  }

  /** A snapshot comes best first as a rule, which needs no search and no move. False if this one does not. */
  #fillBestFirst({ count, prices, amounts }: DepthStageSide): boolean {
    for (let i = 1; i < count; i++) {
      if ((prices[i] as number) * this.#sign >= (prices[i - 1] as number) * this.#sign) return false;
    }
    for (let i = count - 1; i >= 0; i--) {
      const amount = amounts[i] as number;
      if (amount !== 0) this.#insert(this.#size, (prices[i] as number) * this.#sign, amount);
    }
    return true;
  }

  /** Where a key is, or belongs: how many levels are worse. */
  #find(key: number): number {
    const keys = this.#keys;
    let high = this.#size;
    const end = Math.max(0, high - nearby);
    while (high > end && (keys[high - 1] as number) >= key) high--;
    if (high > end) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(at: number, key: number, amount: number): void {
    const size = this.#size;
    if (size === this.#keys.length) this.#grow();
    const keys = this.#keys;
    const amounts = this.#amounts;
    if (size - at < longMove) {
      for (let to = size; to > at; to--) {
        keys[to] = keys[to - 1] as number;
        amounts[to] = amounts[to - 1] as number;
      }
    } else {
      keys.copyWithin(at + 1, at, size);
      amounts.copyWithin(at + 1, at, size);
    }
    keys[at] = key;
    amounts[at] = amount;
    this.#size = size + 1;
  }

  #remove(at: number): void {
    const keys = this.#keys;
    const amounts = this.#amounts;
    const last = this.#size - 1;
    if (last - at < longMove) {
      for (let to = at; to < last; to++) {
        keys[to] = keys[to + 1] as number;
        amounts[to] = amounts[to + 1] as number;
      }
    } else {
      keys.copyWithin(at, at + 1, last + 1);
      amounts.copyWithin(at, at + 1, last + 1);
    }
    this.#size = last;
  }

  #grow(): void {
    const [keys, amounts] = [this.#keys, this.#amounts];
    this.#keys = new Float64Array(keys.length * 2);
    this.#amounts = new Float64Array(keys.length * 2);
    this.#keys.set(keys);
    this.#amounts.set(amounts);
  }
}
