import {
  type Decimal,
  type DecimalInput,
  type DivideOptions,
  decimal,
  VenueError,
} from '@venuekit/connector-core';
import type { ScaledBook } from './scaled-book.ts';
import type { ScaledSideName } from './scaled-side.ts';

/** No amount is that fine, and the sums grow with its digits. */
const mostPlaces = 100;

/** What {@link priceForVolume} found. */
export interface PriceForVolume {
  /** True if the side held the whole amount. */
  readonly isDeepEnough: boolean;
  /** The worst price that is reached, in quote per base; `undefined` if the side is empty. */
  readonly price: Decimal | undefined;
  /** What was found of the amount, in base. */
  readonly foundAmount: Decimal;
}

/** What {@link volumeForPrice} found. */
export interface VolumeForPrice {
  /** True if the book knows all levels as far as the price; false if it was cut before. */
  readonly isDeepEnough: boolean;
  /** Everything that rests at the price or better, in base. */
  readonly foundAmount: Decimal;
  /** The same in quote, exact. */
  readonly foundQuote: Decimal;
}

/** What {@link averagePrice} found. */
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

/** What {@link priceForQuoteVolume} found. */
export interface PriceForQuoteVolume {
  /** True if the side held the whole quote amount. */
  readonly isDeepEnough: boolean;
  /** The worst price that is reached, in quote per base; `undefined` if the side is empty. */
  readonly price: Decimal | undefined;
  /** What was found of the quote amount, in quote. */
  readonly foundQuote: Decimal;
}

/** What {@link imbalance} found. */
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
 * How far into a side an order of `amount` (in base) reaches.
 * @param side the one that the order takes from: `asks` to buy.
 * @throws VenueError `invalid-options` for an amount that is not above zero.
 */
export function priceForVolume(book: ScaledBook, side: ScaledSideName, amount: DecimalInput): PriceForVolume {
  const { reached, ...found } = taken(book, side, positive(amount, 'priceForVolume', 'amount'));
  const { isDeepEnough, foundAmount } = found;
  return { isDeepEnough, price: priceOf(book, reached), foundAmount };
}

/**
 * What rests on a side at `price` (in quote per base) or better.
 * @throws VenueError `invalid-options` for a price that is not above zero.
 */
export function volumeForPrice(book: ScaledBook, side: ScaledSideName, price: DecimalInput): VolumeForPrice {
  const limit = positive(price, 'volumeForPrice', 'price').times(power(book.priceScale));
  // A price between two units: the unit next to it on the better side decides.
  const last = BigInt(limit.round(0, side === 'bids' ? 'up' : 'down').toString());
  const reaches = (units: number): boolean =>
    side === 'bids' ? BigInt(units) >= last : BigInt(units) <= last;
  let [amounts, quotes] = [0n, 0n];
  for (const [units, amount] of book.levels(side)) {
    if (!reaches(units)) break;
    amounts += BigInt(amount);
    quotes += BigInt(units) * BigInt(amount);
  }
  const horizon = book.horizonOf(side);
  return {
    isDeepEnough: horizon < 0 || !reaches(horizon) || BigInt(horizon) === last,
    foundAmount: scaled(amounts, book.amountScale),
    foundQuote: scaled(quotes, book.priceScale + book.amountScale),
  };
}

/**
 * The average price, weighted by volume, of taking `amount` (in base) from a side.
 * @param rounding how the quotient is rounded; numerator and denominator come along exact.
 * @throws VenueError `invalid-options` for an amount that is not above zero.
 */
export function averagePrice(
  book: ScaledBook,
  side: ScaledSideName,
  amount: DecimalInput,
  rounding: DivideOptions,
): AveragePrice {
  const found = taken(book, side, positive(amount, 'averagePrice', 'amount'));
  const { isDeepEnough, foundAmount, foundQuote, reached } = found;
  const price = reached < 0 ? undefined : foundQuote.dividedBy(foundAmount, rounding);
  return { isDeepEnough, price, foundAmount, foundQuote };
}

/**
 * How far into a side an order worth `quote` reaches.
 * @param side the one that the order takes from: `asks` to buy.
 * @throws VenueError `invalid-options` for a quote amount that is not above zero.
 */
export function priceForQuoteVolume(
  book: ScaledBook,
  side: ScaledSideName,
  quote: DecimalInput,
): PriceForQuoteVolume {
  const wanted = positive(quote, 'priceForQuoteVolume', 'quote');
  const scale = book.priceScale + book.amountScale;
  let sum = 0n;
  let reached = -1;
  // As many whole units as are enough: a digit beyond the scale needs one more.
  const enough = BigInt(wanted.times(power(scale)).round(0, 'up').toString());
  for (const [price, amount] of book.levels(side)) {
    sum += BigInt(price) * BigInt(amount);
    reached = price;
    if (sum >= enough) break;
  }
  const isDeepEnough = sum >= enough;
  return {
    isDeepEnough,
    price: priceOf(book, reached),
    foundQuote: isDeepEnough ? wanted : scaled(sum, scale),
  };
}

/**
 * By how much the bids outweigh the asks among the best `depth` levels of each side.
 * @param rounding how the quotient is rounded; the two amounts come along exact.
 * @throws VenueError `invalid-options` for a depth that is no whole number above 0.
 */
export function imbalance(book: ScaledBook, depth: number, rounding: DivideOptions): Imbalance {
  if (!(Number.isSafeInteger(depth) && depth >= 1)) {
    throw invalid('imbalance', `expected depth to be a whole number above 0, got ${depth}`);
  }
  const bidAmount = amountWithin(book, 'bids', depth);
  const askAmount = amountWithin(book, 'asks', depth);
  const total = bidAmount.plus(askAmount);
  return {
    isDeepEnough: book.bidCount >= depth && book.askCount >= depth,
    ratio: total.isZero() ? undefined : bidAmount.minus(askAmount).dividedBy(total, rounding),
    bidAmount,
    askAmount,
  };
}

/** Takes an amount from the best level on, the last one in part, with as many digits as the amount has. */
function taken(book: ScaledBook, side: ScaledSideName, wanted: Decimal) {
  const scale = Math.max(book.amountScale, wanted.decimalPlaces());
  const finer = 10n ** BigInt(scale - book.amountScale);
  let left = BigInt(wanted.times(power(scale)).toString());
  let [amounts, quotes] = [0n, 0n];
  let reached = -1;
  for (const [price, amount] of book.levels(side)) {
    const here = BigInt(amount) * finer;
    const part = here < left ? here : left;
    amounts += part;
    quotes += part * BigInt(price);
    left -= part;
    reached = price;
    if (left === 0n) break;
  }
  const foundAmount = scaled(amounts, scale);
  return {
    isDeepEnough: left === 0n,
    foundAmount,
    foundQuote: scaled(quotes, scale + book.priceScale),
    reached,
  };
}

function amountWithin(book: ScaledBook, side: ScaledSideName, depth: number): Decimal {
  let sum = 0n;
  const count = Math.min(depth, side === 'bids' ? book.bidCount : book.askCount);
  for (let at = 0; at < count; at++) sum += BigInt(book.amountAt(side, at));
  return scaled(sum, book.amountScale);
}

function priceOf(book: ScaledBook, units: number): Decimal | undefined {
  return units < 0 ? undefined : scaled(BigInt(units), book.priceScale);
}

function scaled(units: bigint, scale: number): Decimal {
  return decimal(units).times(`1e-${scale}`);
}

function power(scale: number): bigint {
  return 10n ** BigInt(scale);
}

function positive(input: DecimalInput, operation: string, name: string): Decimal {
  const expected = `expected ${name} to be a decimal number above zero of at most ${mostPlaces} places`;
  let value: Decimal;
  try {
    value = decimal(input);
  } catch (cause) {
    throw invalid(operation, `${expected}, got ${String(input).slice(0, 40)}`, cause);
  }
  if (value.sign() > 0 && value.decimalPlaces() <= mostPlaces) return value;
  throw invalid(operation, `${expected}, got ${value.toString().slice(0, 40)}`);
}

function invalid(operation: string, message: string, ...causes: readonly unknown[]): VenueError {
  const [cause] = causes;
  return new VenueError({ code: 'invalid-options', operation, message, ...(causes.length > 0 && { cause }) });
}
