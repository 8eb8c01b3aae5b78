import {
  type BookLevel,
  createDepthStage,
  type DepthScale,
  type DepthStage,
  decimal,
  stageDepthUpdate,
  toDepthUpdate,
} from '@venuekit/connector-core';
import { type BookContent, contentOf } from './book-content.ts';
import type { Level } from './book-side.ts';
import { type QueriedBook, toBookLevel } from './queried-book.ts';
import { createScaledBook, type DepthFault, type ScaledBook } from './scaled-book.ts';
import { shareScaled, textsOf } from './scaled-content.ts';
import { type DepthSides, TextBook } from './text-book.ts';

export type { DepthUpdate, PriceLevelText } from '@venuekit/connector-core';
export type { BookContent } from './book-content.ts';

/**
 * An exact order book. It counts in whole numbers of its scale, and when a number comes that does not fit there, it goes on with texts
 * of any length until the next snapshot: slower, with the same results.
 */
export class OrderBook {
  readonly #scale: Readonly<DepthScale> | undefined;
  /** Exactly one of the two is there. */
  #scaled: ScaledBook | undefined;
  #texts: TextBook | undefined;
  /** Those of a book that was left for another. */
  #earlierDeletes = 0;

  /**
   * @param scale that of the instrument's tick and lot; texts from the beginning if left out.
   * @throws VenueError `invalid-options` for a scale that is no whole number from 0 to 15.
   */
  constructor(scale?: Readonly<DepthScale>) {
    this.#scale = scale;
    if (scale === undefined) this.#texts = new TextBook();
    else this.#scaled = createScaledBook(scale);
  }

  /** The book in whole numbers of its scale, to read and not to change; `undefined` while it is kept as texts. */
  get scaled(): ScaledBook | undefined {
    return this.#scaled;
  }

  /**
   * Replaces everything by a snapshot.
   * @param depth levels a side that the venue's snapshots hold at most. A side that is so full was cut there: prices beyond its
   * worst one are not known, so they are neither kept nor compared from then on.
   * @throws TypeError if a price or an amount is not plain decimal text; then nothing has changed.
   */
  replace(sides: DepthSides, depth: number = Number.POSITIVE_INFINITY): void {
    const staged = this.#stage(sides);
    if (staged === undefined || this.#replaceScaled(staged, depth) !== undefined)
      this.#replaceTexts(sides, depth);
  }

  /**
   * Applies a change; all of it, or nothing if it throws.
   * @throws TypeError if a price or an amount is not plain decimal text.
   */
  apply(sides: DepthSides): void {
    const staged = this.#scaled === undefined ? undefined : this.#stage(sides);
    if (staged === undefined || this.#scaled?.apply(staged) !== undefined) this.#asTexts(sides);
  }

  /**
   * Applies a change of the book's own scale; all of it, or nothing.
   * @returns why the stage is not one, and then nothing has changed; `undefined` if it was applied.
   */
  applyStage(stage: DepthStage): DepthFault | undefined {
    if (this.#scaled !== undefined) return this.#scaled.apply(stage);
    this.apply(toDepthUpdate(stage));
    return undefined;
  }

  /** Highest bid. */
  get bestBid(): BookLevel | undefined {
    if (this.#texts !== undefined) return textLevel(this.#texts.bestBid);
    const { bestBidPriceUnits: price, bestBidAmountUnits: amount } = this.#whole();
    return price < 0 ? undefined : toBookLevel(this.#whole(), price, amount);
  }

  /** Lowest ask. */
  get bestAsk(): BookLevel | undefined {
    if (this.#texts !== undefined) return textLevel(this.#texts.bestAsk);
    const { bestAskPriceUnits: price, bestAskAmountUnits: amount } = this.#whole();
    return price < 0 ? undefined : toBookLevel(this.#whole(), price, amount);
  }

  /** True if the best bid is not below the best ask, which no market shows. */
  get crossed(): boolean {
    return this.#one().crossed;
  }

  /** Levels of both sides. */
  get size(): number {
    const scaled = this.#scaled;
    return scaled === undefined ? this.#exact().size : scaled.bidCount + scaled.askCount;
  }

  /** Deletions since the book was made of levels that it did not have; those beyond what is known are not counted. */
  get unknownDeletes(): number {
    return this.#earlierDeletes + this.#one().unknownDeletes;
  }

  /** True if a side was cut at a depth and has fewer than `levels` left: what lies beyond will soon be needed. */
  isThin(levels: number): boolean {
    return this.#one().isThin(levels);
  }

  /** The content now, safe to keep. */
  content(): BookContent {
    return contentOf(this.#scaled === undefined ? this.#exact().share() : shareScaled(this.#scaled));
  }

  /** The book itself, for queries that are answered at once: it changes later. */
  queried(): QueriedBook {
    return this.#scaled ?? this.#exact().share();
  }

  /** True if both books hold the same prices and amounts, as far as both are known. */
  equals(other: OrderBook): boolean {
    const [own, theirs] = [this.#scaled, other.#scaled];
    if (own !== undefined && theirs !== undefined && sameScale(own, theirs)) return own.equals(theirs);
    return this.#toTexts().equals(other.#toTexts());
  }

  /** In the scratch stage of its scale; `undefined` if a number does not fit, or is none. */
  #stage({ bids, asks }: DepthSides): DepthStage | undefined {
    if (this.#scale === undefined) return undefined;
    const stage = scratchStage(this.#scale);
    return stageDepthUpdate({ sequence: 0n, venueTimeMs: undefined, bids, asks }, stage) ? stage : undefined;
  }

  #replaceScaled(stage: DepthStage, depth: number): DepthFault | undefined {
    const scaled = this.#scaled ?? createScaledBook(stage);
    const fault = scaled.replace(stage);
    if (fault !== undefined) return fault;
    scaled.limit(depth);
    this.#earlierDeletes += this.#texts?.unknownDeletes ?? 0;
    this.#texts = undefined;
    this.#scaled = scaled;
    return undefined;
  }

  #replaceTexts(sides: DepthSides, depth: number): void {
    const texts = new TextBook();
    texts.replace(sides, depth);
    this.#leaveFor(texts);
  }

  /** Applies what the scaled book cannot take. */
  #asTexts(sides: DepthSides): void {
    const texts = this.#toTexts();
    texts.apply(sides);
    this.#leaveFor(texts);
  }

  #leaveFor(texts: TextBook): void {
    if (texts === this.#texts) return;
    this.#earlierDeletes += this.#one().unknownDeletes;
    this.#scaled = undefined;
    this.#texts = texts;
  }

  #toTexts(): TextBook {
    if (this.#texts !== undefined) return this.#texts;
    const { sides, horizons } = textsOf(this.#whole());
    const texts = new TextBook();
    texts.replace(sides);
    texts.limitTo(horizons);
    return texts;
  }

  #one(): ScaledBook | TextBook {
    return this.#scaled ?? this.#exact();
  }

  #whole(): ScaledBook {
    return this.#scaled as ScaledBook;
  }

  #exact(): TextBook {
    return this.#texts as TextBook;
  }
}

const scratch = new Map<number, DepthStage>();

/** One stage of each scale, for what is staged and taken in the same call. */
export function scratchStage({ priceScale, amountScale }: Readonly<DepthScale>): DepthStage {
  const key = priceScale * 16 + amountScale;
  const known = scratch.get(key);
  if (known !== undefined) return known;
  const stage = createDepthStage({ priceScale, amountScale });
  scratch.set(key, stage);
  return stage;
}

function sameScale(one: Readonly<DepthScale>, other: Readonly<DepthScale>): boolean {
  return one.priceScale === other.priceScale && one.amountScale === other.amountScale;
}

function textLevel(level: Level | undefined): BookLevel | undefined {
  if (level === undefined) return undefined;
  return Object.freeze({ price: decimal(level.price), amount: decimal(level.amount) });
}
