import {
  type AveragePrice,
  type BookSideName,
  type Decimal,
  type DecimalInput,
  type DivideOptions,
  decimal,
  type Imbalance,
  type PriceForQuoteVolume,
  type PriceForVolume,
  VenueError,
  type VolumeForPrice,
} from '@venuekit/connector-core';
import { fromUnits, type QueriedBook, type Units } from './queried-book.ts';

/** No amount is that fine, and the sums grow with its digits. */
const mostPlaces = 100;

/**
 * How far into a side an order of `amount` (in base) reaches.
 * @param side the one that the order takes from: `asks` to buy.
 * @throws VenueError `invalid-request` for an amount that is not above zero.
 */
export function priceForVolume(book: QueriedBook, side: BookSideName, amount: DecimalInput): PriceForVolume {
  const { reached, ...found } = taken(book, side, positive(amount, 'priceForVolume', 'amount'));
  const { isDeepEnough, foundAmount } = found;
  return { isDeepEnough, price: priceOf(book, reached), foundAmount };
}

/**
 * What rests on a side at `price` (in quote per base) or better.
 * @throws VenueError `invalid-request` for a price that is not above zero.
 */
export function volumeForPrice(book: QueriedBook, side: BookSideName, price: DecimalInput): VolumeForPrice {
  const limit = positive(price, 'volumeForPrice', 'price').times(power(book.priceScale));
  // A price between two units: the unit next to it on the better side decides.
  const last = BigInt(limit.round(0, side === 'bids' ? 'up' : 'down').toString());
  const reaches = (units: Units): boolean =>
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
    foundAmount: fromUnits(amounts, book.amountScale),
    foundQuote: fromUnits(quotes, book.priceScale + book.amountScale),
  };
}

/**
 * The average price, weighted by volume, of taking `amount` (in base) from a side.
 * @param rounding how the quotient is rounded; numerator and denominator come along exact.
 * @throws VenueError `invalid-request` for an amount that is not above zero.
 */
export function averagePrice(
  book: QueriedBook,
  side: BookSideName,
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
 * @throws VenueError `invalid-request` for a quote amount that is not above zero.
 */
export function priceForQuoteVolume(
  book: QueriedBook,
  side: BookSideName,
  quote: DecimalInput,
): PriceForQuoteVolume {
  const wanted = positive(quote, 'priceForQuoteVolume', 'quote');
  const scale = book.priceScale + book.amountScale;
  let sum = 0n;
  let reached: Units = -1;
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
    foundQuote: isDeepEnough ? wanted : fromUnits(sum, scale),
  };
}

/**
 * By how much the bids outweigh the asks among the best `depth` levels of each side.
 * @param rounding how the quotient is rounded; the two amounts come along exact.
 * @throws VenueError `invalid-request` for a depth that is no whole number above 0.
 */
export function imbalance(book: QueriedBook, depth: number, rounding: DivideOptions): Imbalance {
  if (!(Number.isSafeInteger(depth) && depth >= 1)) {
    throw invalid('imbalance', `expected depth to be a whole number above 0, got ${depth}`);
  }
  const [bids, asks] = [within(book, 'bids', depth), within(book, 'asks', depth)];
  const [bidAmount, askAmount] = [bids.amount, asks.amount];
  const total = bidAmount.plus(askAmount);
  return {
    isDeepEnough: bids.count === depth && asks.count === depth,
    ratio: total.isZero() ? undefined : bidAmount.minus(askAmount).dividedBy(total, rounding),
    bidAmount,
    askAmount,
  };
}

/** Takes an amount from the best level on, the last one in part, with as many digits as the amount has. */
function taken(book: QueriedBook, side: BookSideName, wanted: Decimal) {
  const scale = Math.max(book.amountScale, wanted.decimalPlaces());
  const finer = 10n ** BigInt(scale - book.amountScale);
  let left = BigInt(wanted.times(power(scale)).toString());
  let [amounts, quotes] = [0n, 0n];
  let reached: Units = -1;
  for (const [price, amount] of book.levels(side)) {
    const here = BigInt(amount) * finer;
    const part = here < left ? here : left;
    amounts += part;
    quotes += part * BigInt(price);
    left -= part;
    reached = price;
    if (left === 0n) break;
  }
  const foundAmount = fromUnits(amounts, scale);
  return {
    isDeepEnough: left === 0n,
    foundAmount,
    foundQuote: fromUnits(quotes, scale + book.priceScale),
    reached,
  };
}

/** What the best `depth` levels of a side hold, and how many there are of them. */
function within(book: QueriedBook, side: BookSideName, depth: number) {
  let [sum, count] = [0n, 0];
  for (const [, amount] of book.levels(side)) {
    sum += BigInt(amount);
    count += 1;
    if (count === depth) break;
  }
  return { amount: fromUnits(sum, book.amountScale), count };
}

function priceOf(book: QueriedBook, units: Units): Decimal | undefined {
  return units < 0 ? undefined : fromUnits(units, book.priceScale);
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
  return new VenueError({ code: 'invalid-request', operation, message, ...(causes.length > 0 && { cause }) });
}
