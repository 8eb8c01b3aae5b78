import type { BookSideName, DepthUpdate } from '@venuekit/connector-core';
import { BookSide, type Level, type SharedSide } from './book-side.ts';
import type { QueriedBook } from './queried-book.ts';

/** Both sides of a message. */
export type DepthSides = Pick<DepthUpdate, 'bids' | 'asks'>;

/** The worst price that is known of each side, as text; `undefined` where the whole side is known. */
export type HorizonTexts = Readonly<Record<BookSideName, string | undefined>>;

/** The exact book of whatever numbers a venue writes: prices are compared as integers of any length. */
export class TextBook {
  #bids = new BookSide('bid');
  #asks = new BookSide('ask');
  #unknownDeletes = 0;

  /**
   * Replaces everything by a snapshot.
   * @param depth levels a side that the venue's snapshots hold at most. A side that is so full was cut there: prices beyond its
   * worst one are not known, so they are neither kept nor compared from then on.
   * @throws TypeError if a price or an amount is not plain decimal text; then nothing has changed.
   */
  replace({ bids, asks }: DepthSides, depth: number = Number.POSITIVE_INFINITY): void {
    const [newBids, newAsks] = [new BookSide('bid'), new BookSide('ask')];
    newBids.apply(bids);
    newAsks.apply(asks);
    newBids.limit(depth, bids.length);
    newAsks.limit(depth, asks.length);
    // Only now, so that a bad snapshot changes nothing.
    this.#bids = newBids;
    this.#asks = newAsks;
  }

  /** Nothing is known of prices beyond these. */
  limitTo(horizons: HorizonTexts): void {
    this.#bids.limitTo(horizons.bids);
    this.#asks.limitTo(horizons.asks);
  }

  /**
   * Applies a change; all of it, or nothing if it throws.
   * @throws TypeError if a price or an amount is not plain decimal text.
   */
  apply({ bids, asks }: DepthSides): void {
    this.#bids.check(bids);
    this.#asks.check(asks);
    this.#unknownDeletes += this.#bids.apply(bids) + this.#asks.apply(asks);
  }

  /** Deletions since the book was made of levels that it did not have; those beyond the horizon are not counted. */
  get unknownDeletes(): number {
    return this.#unknownDeletes;
  }

  /** Highest bid. */
  get bestBid(): Level | undefined {
    return this.#bids.best;
  }

  /** Lowest ask. */
  get bestAsk(): Level | undefined {
    return this.#asks.best;
  }

  /** True if the best bid is not below the best ask, which no market shows. */
  get crossed(): boolean {
    return this.#bids.meets(this.#asks);
  }

  /** Levels of both sides. */
  get size(): number {
    return this.#bids.size + this.#asks.size;
  }

  /** True if a side was cut at a depth and has fewer than `levels` left: what lies beyond will soon be needed. */
  isThin(levels: number): boolean {
    return [this.#bids, this.#asks].some((side) => side.limited && side.size < levels);
  }

  /** The levels now, to keep: they are shared until the book changes, and copied then. */
  share(): QueriedBook {
    return new SharedTexts({ bids: this.#bids.share(), asks: this.#asks.share() });
  }

  /** True if both books hold the same prices and amounts, as far as both are known. */
  equals(other: TextBook): boolean {
    return this.#bids.equals(other.#bids) && this.#asks.equals(other.#asks);
  }
}

/** Levels of texts as whole numbers, for queries: the scales are those of the finest price and amount. */
class SharedTexts implements QueriedBook {
  readonly priceScale: number;
  readonly amountScale: number;
  readonly #sides: Readonly<Record<BookSideName, SharedSide>>;

  constructor(sides: Readonly<Record<BookSideName, SharedSide>>) {
    this.#sides = sides;
    const { bids, asks } = sides;
    this.priceScale = Math.max(bids.scale, asks.scale);
    this.amountScale = [...bids.levels, ...asks.levels].reduce(
      (most, { amount }) => Math.max(most, placesOf(amount)),
      0,
    );
  }

  *levels(name: BookSideName): Generator<readonly [bigint, bigint], void, undefined> {
    const { levels, scale } = this.#sides[name];
    for (let at = levels.length - 1; at >= 0; at -= 1) {
      const { units, amount } = levels[at] as Level;
      yield [this.#finer(units, scale), toUnits(amount, this.amountScale)];
    }
  }

  horizonOf(name: BookSideName): bigint | -1 {
    const { horizon, scale } = this.#sides[name];
    return horizon === undefined ? -1 : this.#finer(horizon, scale);
  }

  #finer(units: bigint, scale: number): bigint {
    return units * 10n ** BigInt(this.priceScale - scale);
  }
}

function placesOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

function toUnits(text: string, scale: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(scale - placesOf(text)));
}
