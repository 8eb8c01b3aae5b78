import {
  type BookLevel,
  type BookSideName,
  type Decimal,
  type DepthScale,
  decimal,
} from '@venuekit/connector-core';

/** A whole number of units; `bigint` where it may not be below 2^53. */
export type Units = number | bigint;

/** A book as queries read it: whole numbers in units of its scales. */
export interface QueriedBook extends Readonly<DepthScale> {
  /** The levels of a side, the best first: price in units of 10^-`priceScale`, amount in units of 10^-`amountScale`. */
  levels(side: BookSideName): Iterable<readonly [priceUnits: Units, amountUnits: Units]>;
  /** The worst price that is known of a side, in units of 10^-`priceScale`; -1 if the whole side is known. */
  horizonOf(side: BookSideName): Units;
}

/** The levels of a side in decimals, the best first, each made when it is asked for. */
export function* decimalLevels(book: QueriedBook, side: BookSideName): Generator<BookLevel, void, undefined> {
  for (const [price, amount] of book.levels(side)) yield toBookLevel(book, price, amount);
}

/** At most `depth` levels of a side in decimals, the best first. */
export function bestLevels(
  book: QueriedBook,
  side: BookSideName,
  depth: number = Number.POSITIVE_INFINITY,
): readonly BookLevel[] {
  const levels: BookLevel[] = [];
  const wanted = Math.trunc(depth);
  if (!(wanted > 0)) return levels;
  for (const level of decimalLevels(book, side)) {
    levels.push(level);
    if (levels.length >= wanted) break;
  }
  return levels;
}

/** One level in decimals. Frozen. */
export function toBookLevel({ priceScale, amountScale }: DepthScale, price: Units, amount: Units): BookLevel {
  return Object.freeze({ price: fromUnits(price, priceScale), amount: fromUnits(amount, amountScale) });
}

/** Units of 10^-scale as a decimal. */
export function fromUnits(units: Units, scale: number): Decimal {
  if (scale === 0) return decimal(String(units));
  const digits = String(units).padStart(scale + 1, '0');
  const whole = digits.length - scale;
  return decimal(`${digits.slice(0, whole)}.${digits.slice(whole)}`);
}
