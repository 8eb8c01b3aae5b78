import {
  type DepthScale,
  type DepthStage,
  type DepthStageSide,
  requireDepthScale,
  VenueError,
} from '@venuekit/connector-core';
import { ScaledSide, type ScaledSideName } from './scaled-side.ts';

/** Why a stage was not taken. Frozen. */
export interface DepthFault {
  /** Where it is wrong; `undefined` for the scale, which is of the whole stage. */
  readonly side: ScaledSideName | undefined;
  /** Which of the staged levels, from 0; -1 if it is not one of them. */
  readonly index: number;
  /** What should have been there. */
  readonly expected: string;
}

/** A price in units of 10^-`priceScale`, and then the amount that rests there in units of 10^-`amountScale`. */
export type ScaledLevel = readonly [number, number];

/** Levels of one side, from the best on. */
export interface ScaledLevels {
  /** In units of 10^-`priceScale`. */
  readonly prices: Float64Array;
  /** In units of 10^-`amountScale`, each above 0. */
  readonly amounts: Float64Array;
}

/** A book as it was at one moment. The arrays are its own: no book changes them later. */
export interface ScaledSnapshot extends Readonly<DepthScale> {
  /** From the highest down. */
  readonly bids: ScaledLevels;
  /** From the lowest up. */
  readonly asks: ScaledLevels;
}

/**
 * An order book of whole numbers, which takes a `DepthStage` without making an object for a level or for a message.
 *
 * Prices are in units of 10^-`priceScale` and amounts in units of 10^-`amountScale`, exact below 2^53; no arithmetic is done with them here.
 */
export class ScaledBook implements Readonly<DepthScale> {
  /** Digits after the point of prices. */
  readonly priceScale: number;
  /** Digits after the point of amounts. */
  readonly amountScale: number;
  readonly #bids = new ScaledSide('bids');
  readonly #asks = new ScaledSide('asks');
  #unknownDeletes = 0;

  /** See {@link createScaledBook}, which checks the scale. */
  constructor({ priceScale, amountScale }: Readonly<DepthScale>) {
    this.priceScale = priceScale;
    this.amountScale = amountScale;
  }

  /**
   * Replaces everything by what a stage holds, in any order; of a price that comes twice the last counts. Horizons are forgotten:
   * say {@link ScaledBook.limit} again.
   * @returns why the stage is not one, and then nothing has changed; `undefined` if it was taken.
   */
  replace(stage: DepthStage): DepthFault | undefined {
    const fault = this.#faultIn(stage);
    if (fault !== undefined) return fault;
    this.#bids.replace(stage.bids);
    this.#asks.replace(stage.asks);
    return undefined;
  }

  /**
   * Applies a change: amounts are new totals, and 0 deletes the level. All of it, or nothing.
   * @returns why the stage is not one, and then nothing has changed; `undefined` if it was applied.
   */
  apply(stage: DepthStage): DepthFault | undefined {
    const fault = this.#faultIn(stage);
    if (fault !== undefined) return fault;
    this.#unknownDeletes += this.#bids.apply(stage.bids) + this.#asks.apply(stage.asks);
    return undefined;
  }

  /**
   * The book is a snapshot that holds `depth` levels a side at most. A side that is so full was cut there: prices beyond its
   * worst one are not known, so they are neither kept nor compared from now on.
   * @throws VenueError `invalid-options` for a depth that is neither a whole number above 0 nor infinite.
   */
  limit(depth: number): void {
    if (!(depth >= 1) || (depth !== Number.POSITIVE_INFINITY && !Number.isInteger(depth))) {
      throw invalid(
        'ScaledBook.limit',
        `expected depth to be a whole number above 0 or Infinity, got ${depth}`,
      );
    }
    this.#bids.limit(depth);
    this.#asks.limit(depth);
  }

  /** True if a side was cut at a depth and has fewer than `levels` left: what lies beyond will soon be needed. */
  isThin(levels: number): boolean {
    return (
      (this.#bids.limited && this.#bids.size < levels) || (this.#asks.limited && this.#asks.size < levels)
    );
  }

  /** The worst price that is known of a side, in units of 10^-`priceScale`; -1 if the whole side is known. */
  horizonOf(side: ScaledSideName): number {
    return this.#side(side).horizon;
  }

  /** Highest bid, in units of 10^-`priceScale`; -1 if there is none. */
  get bestBidPriceUnits(): number {
    return this.#bids.priceAt(0);
  }

  /** What rests at the highest bid, in units of 10^-`amountScale`; -1 if there is none. */
  get bestBidAmountUnits(): number {
    return this.#bids.amountAt(0);
  }

  /** Lowest ask, in units of 10^-`priceScale`; -1 if there is none. */
  get bestAskPriceUnits(): number {
    return this.#asks.priceAt(0);
  }

  /** What rests at the lowest ask, in units of 10^-`amountScale`; -1 if there is none. */
  get bestAskAmountUnits(): number {
    return this.#asks.amountAt(0);
  }

  /** True if the best bid is not below the best ask, which no market shows. */
  get crossed(): boolean {
    return this.askCount > 0 && this.bestBidPriceUnits >= this.bestAskPriceUnits;
  }

  /** Levels on the bid side. */
  get bidCount(): number {
    return this.#bids.size;
  }

  /** Levels on the ask side. */
  get askCount(): number {
    return this.#asks.size;
  }

  /** Deletions since the book was made of levels that it did not have. They are legal; those beyond the horizon are not counted. */
  get unknownDeletes(): number {
    return this.#unknownDeletes;
  }

  /** Price of the level at `depth`, 0 being the best, in units of 10^-`priceScale`; -1 where there is none. */
  priceAt(side: ScaledSideName, depth: number): number {
    return this.#side(side).priceAt(depth);
  }

  /** Amount of the level at `depth`, 0 being the best, in units of 10^-`amountScale`; -1 where there is none. */
  amountAt(side: ScaledSideName, depth: number): number {
    return this.#side(side).amountAt(depth);
  }

  /** The levels of a side, the best first. The book must not change meanwhile; see {@link ScaledBook.snapshot}. */
  *levels(side: ScaledSideName): Generator<ScaledLevel, void, undefined> {
    const own = this.#side(side);
    for (let depth = 0; depth < own.size; depth++) yield [own.priceAt(depth), own.amountAt(depth)];
  }

  /**
   * Gives `other` the levels and horizons of this book; its count of deletions stays its own.
   * @throws VenueError `invalid-options` if `other` is of another scale.
   */
  copyTo(other: ScaledBook): void {
    this.#requireScaleOf(other, 'copyTo');
    this.#bids.copyTo(other.#bids);
    this.#asks.copyTo(other.#asks);
  }

  /**
   * True if both books hold the same prices and amounts, as far as both are known.
   * @throws VenueError `invalid-options` if `other` is of another scale.
   */
  equals(other: ScaledBook): boolean {
    this.#requireScaleOf(other, 'equals');
    return this.#bids.equals(other.#bids) && this.#asks.equals(other.#asks);
  }

  /** The book now, in arrays of just its size, to keep. */
  snapshot(): ScaledSnapshot {
    const { priceScale, amountScale } = this;
    return Object.freeze({
      ...{ priceScale, amountScale },
      bids: levelsOf(this.#bids),
      asks: levelsOf(this.#asks),
    });
  }

  #side(name: ScaledSideName): ScaledSide {
    return name === 'bids' ? this.#bids : this.#asks;
  }

  #faultIn(stage: DepthStage): DepthFault | undefined {
    if (stage.priceScale !== this.priceScale || stage.amountScale !== this.amountScale) {
      return faultOf(undefined, -1, `scales ${this.priceScale} and ${this.amountScale}`);
    }
    return sideFault('bids', stage.bids) ?? sideFault('asks', stage.asks);
  }

  #requireScaleOf(other: ScaledBook, operation: string): void {
    if (other.priceScale === this.priceScale && other.amountScale === this.amountScale) return;
    const expected = `a book of price scale ${this.priceScale} and amount scale ${this.amountScale}`;
    throw invalid(
      `ScaledBook.${operation}`,
      `expected ${expected}, got ${other.priceScale} and ${other.amountScale}`,
    );
  }
}

/**
 * Makes an empty book of one scale, about 64 KiB for 2,000 levels a side.
 * @throws VenueError `invalid-options` for a scale that is no whole number from 0 to 15.
 */
export function createScaledBook(scale: Readonly<DepthScale>): ScaledBook {
  requireDepthScale(scale, 'createScaledBook');
  return new ScaledBook(scale);
}

const largest = Number.MAX_SAFE_INTEGER;

function sideFault(name: ScaledSideName, side: DepthStageSide): DepthFault | undefined {
  const { count, prices, amounts } = side;
  if (!Number.isInteger(count) || count < 0 || count > prices.length || count > amounts.length) {
    return faultOf(name, -1, 'a count from 0 to the room of both arrays');
  }
  for (let i = 0; i < count; i++) {
    const price = prices[i] as number;
    const amount = amounts[i] as number;
    if (!(price >= 1 && price <= largest && Math.trunc(price) === price)) {
      return faultOf(name, i, 'a price that is a whole number from 1 to 2^53 - 1');
    }
    if (!(amount >= 0 && amount <= largest && Math.trunc(amount) === amount)) {
      return faultOf(name, i, 'an amount that is a whole number from 0 to 2^53 - 1');
    }
  }
  return undefined;
}

function faultOf(side: ScaledSideName | undefined, index: number, expected: string): DepthFault {
  return Object.freeze({ side, index, expected });
}

function levelsOf(side: ScaledSide): ScaledLevels {
  const [prices, amounts] = [new Float64Array(side.size), new Float64Array(side.size)];
  for (let depth = 0; depth < side.size; depth++) {
    prices[depth] = side.priceAt(depth);
    amounts[depth] = side.amountAt(depth);
  }
  return Object.freeze({ prices, amounts });
}

function invalid(operation: string, message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation, message });
}
