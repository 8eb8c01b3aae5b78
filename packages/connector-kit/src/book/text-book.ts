import { type BookLevel, decimal } from '@venuekit/connector-core';
import { BookSide, type Level } from './book-side.ts';

/** A price and the amount that rests there, as the venue wrote them: plain decimal text. */
export type PriceLevelText = readonly [price: string, amount: string];

/** A change of a book, or a whole one. Amounts are new totals; zero deletes the level. */
export interface DepthUpdate {
  /** The venue's number of this message. */
  readonly sequence: bigint;
  /** The venue's time, in milliseconds since the epoch. */
  readonly venueTimeMs: number | undefined;
  /** Higher bids are better; in any order. */
  readonly bids: readonly PriceLevelText[];
  /** Lower asks are better; in any order. */
  readonly asks: readonly PriceLevelText[];
}

/** Both sides as they were at one moment; never changed afterwards. */
export interface BookContent {
  /** From the highest down, at most `depth`. */
  bids(depth?: number): readonly BookLevel[];
  /** From the lowest up, at most `depth`. */
  asks(depth?: number): readonly BookLevel[];
}

/** An exact order book: prices are compared as integers, and come out digit for digit. */
export class OrderBook {
  #bids = new BookSide('bid');
  #asks = new BookSide('ask');

  /**
   * Replaces everything by a snapshot.
   * @param depth levels a side that the venue's snapshots hold at most. A side that is so full was cut there: prices beyond its
   * worst one are not known, so they are neither kept nor compared from then on.
   */
  replace(
    { bids, asks }: Pick<DepthUpdate, 'bids' | 'asks'>,
    depth: number = Number.POSITIVE_INFINITY,
  ): void {
    const [newBids, newAsks] = [new BookSide('bid'), new BookSide('ask')];
    newBids.apply(bids);
    newAsks.apply(asks);
    newBids.limit(depth);
    newAsks.limit(depth);
    // Only now, so that a bad snapshot changes nothing.
    this.#bids = newBids;
    this.#asks = newAsks;
  }

  /**
   * Applies a change; all of it, or nothing if it throws.
   * @throws TypeError if a price or an amount is not plain decimal text.
   */
  apply({ bids, asks }: Pick<DepthUpdate, 'bids' | 'asks'>): void {
    this.#bids.check(bids);
    this.#asks.check(asks);
    this.#bids.apply(bids);
    this.#asks.apply(asks);
  }

  /** Highest bid. */
  get bestBid(): BookLevel | undefined {
    return toBookLevel(this.#bids.best);
  }

  /** Lowest ask. */
  get bestAsk(): BookLevel | undefined {
    return toBookLevel(this.#asks.best);
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

  /** The content now, safe to keep: it is shared until the book changes, and copied then. */
  content(): BookContent {
    const [bids, asks] = [this.#bids.share(), this.#asks.share()];
    return {
      bids: (depth) => toBookLevels(bids, depth),
      asks: (depth) => toBookLevels(asks, depth),
    };
  }

  /** True if both books hold the same prices and amounts, as far as both are known. */
  equals(other: OrderBook): boolean {
    return this.#bids.equals(other.#bids) && this.#asks.equals(other.#asks);
  }
}

function toBookLevel(level: Level | undefined): BookLevel | undefined {
  if (level === undefined) return undefined;
  return Object.freeze({ price: decimal(level.price), amount: decimal(level.amount) });
}

/** Sides are kept with the best level last. */
function toBookLevels(levels: readonly Level[], depth: number = levels.length): BookLevel[] {
  const wanted = Math.min(Math.max(Math.trunc(depth), 0), levels.length);
  return Array.from(
    { length: wanted },
    (_, index) => toBookLevel(levels[levels.length - 1 - index]) as BookLevel,
  );
}
