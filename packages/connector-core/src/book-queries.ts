import type { Decimal, DecimalInput, DivideOptions } from './decimal.ts';
import type { Side } from './market-data.ts';

/** A side of a book: what rests to buy, or what rests to sell. */
export type BookSideName = 'bids' | 'asks';

/** How far an amount reaches into a book. */
export interface PriceForVolume {
  /** True if the side held the whole amount. */
  readonly isDeepEnough: boolean;
  /** The worst price that is reached, in quote per base; `undefined` if the side is empty. */
  readonly price: Decimal | undefined;
  /** What was found of the amount, in base. */
  readonly foundAmount: Decimal;
}

/** What rests as far as a price. */
export interface VolumeForPrice {
  /** True if the book knows all levels as far as the price; false if it was cut before. */
  readonly isDeepEnough: boolean;
  /** Everything that rests at the price or better, in base. */
  readonly foundAmount: Decimal;
  /** The same in quote, exact. */
  readonly foundQuote: Decimal;
}

/** What an amount costs or brings. */
export interface AveragePrice {
  /** True if the side held the whole amount. */
  readonly isDeepEnough: boolean;
  /** `foundQuote` by `foundAmount`, rounded as asked, in quote per base; `undefined` if the side is empty. */
  readonly price: Decimal | undefined;
  /** What was found of the amount, in base, exact: the denominator. */
  readonly foundAmount: Decimal;
  /** What that costs or brings without fees, in quote, exact: the numerator. */
  readonly foundQuote: Decimal;
}

/** How far a quote amount reaches into a book. */
export interface PriceForQuoteVolume {
  /** True if the side held the whole quote amount. */
  readonly isDeepEnough: boolean;
  /** The worst price that is reached, in quote per base; `undefined` if the side is empty. */
  readonly price: Decimal | undefined;
  /** What was found of the quote amount, in quote. */
  readonly foundQuote: Decimal;
}

/** By how much one side outweighs the other. */
export interface Imbalance {
  /** True if both sides had so many levels. */
  readonly isDeepEnough: boolean;
  /** Bids less asks, by their sum, rounded as asked: from -1 (asks only) to 1 (bids only); `undefined` if both sides are empty. */
  readonly ratio: Decimal | undefined;
  /** What rests on the bids that were counted, in base, exact. */
  readonly bidAmount: Decimal;
  /** What rests on the asks that were counted, in base, exact. */
  readonly askAmount: Decimal;
}

/**
 * What can be asked of a book beside its levels. Every answer is exact, is before fees, and says whether the book was deep enough for
 * it. `side` is that of the taker: a `buy` takes from the asks.
 */
export interface BookQueries {
  /**
   * How far into the book an order of `amount` (in base) reaches.
   * @throws VenueError `invalid-request` for an amount that is no decimal above zero.
   */
  priceForVolume(side: Side, amount: DecimalInput): PriceForVolume;
  /**
   * What an order may take that goes as far as `price` (in quote per base) and no farther.
   * @throws VenueError `invalid-request` for a price that is no decimal above zero.
   */
  volumeForPrice(side: Side, price: DecimalInput): VolumeForPrice;
  /**
   * The average price, weighted by volume, of an order of `amount` (in base).
   * @param rounding how the quotient is rounded; numerator and denominator come along exact.
   * @throws VenueError `invalid-request` for an amount that is no decimal above zero.
   */
  averagePrice(side: Side, amount: DecimalInput, rounding: DivideOptions): AveragePrice;
  /**
   * How far into the book an order worth `quote` reaches.
   * @throws VenueError `invalid-request` for a quote amount that is no decimal above zero.
   */
  priceForQuoteVolume(side: Side, quote: DecimalInput): PriceForQuoteVolume;
  /**
   * By how much the bids outweigh the asks among the best `depth` levels of each side.
   * @param rounding how the quotient is rounded; the two amounts come along exact.
   * @throws VenueError `invalid-request` for a depth that is no whole number above 0.
   */
  imbalance(depth: number, rounding: DivideOptions): Imbalance;
}
