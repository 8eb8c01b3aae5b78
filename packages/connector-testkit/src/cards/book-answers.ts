import assert from 'node:assert/strict';
import {
  type BookLevel,
  type BookQueries,
  type Decimal,
  decimal,
  type LiveBook,
  type Side,
} from '@venuekit/connector-core';

const rounding = { decimalPlaces: 12, rounding: 'half-even' } as const;

/** Fails unless the queries of a book answer what its own levels say. `book` may be the view itself, or its handle in the same step. */
export function assertAnswers(view: LiveBook, book: BookQueries): void {
  for (const side of ['buy', 'sell'] as const) {
    const levels = side === 'buy' ? view.asks() : view.bids();
    assert.deepEqual(
      [...view.levels(side === 'buy' ? 'asks' : 'bids')].map(textOf),
      levels.map(textOf),
      `expected levels() to walk through the levels that a ${side} takes`,
    );
    for (const amount of amountsFor(levels)) assertTaking(book, side, levels, amount);
    for (const [at, { price }] of levels.entries()) assertVolume(book, side, levels.slice(0, at + 1), price);
  }
  assertImbalance(view, book);
}

/** A part of the best level, all of some, and more than there is. */
function amountsFor(levels: readonly BookLevel[]): Decimal[] {
  const sums = [1, 3, levels.length].map((count) => sumOf(levels.slice(0, count)));
  return [...sums.flatMap((sum) => [sum.times('0.4'), sum]), sumOf(levels).times('2')].filter(
    (amount) => amount.sign() > 0,
  );
}

function assertTaking(book: BookQueries, side: Side, levels: readonly BookLevel[], amount: Decimal): void {
  const { found, quote, worst } = take(levels, amount);
  const isDeepEnough = found.equals(amount);
  const what = `${amount} to ${side}`;
  const price = book.priceForVolume(side, amount);
  same(
    `priceForVolume of ${what}`,
    [price.isDeepEnough, price.price, price.foundAmount],
    [isDeepEnough, worst, found],
  );
  const average = book.averagePrice(side, amount, rounding);
  same(
    `averagePrice of ${what}`,
    [average.isDeepEnough, average.price, average.foundAmount, average.foundQuote],
    [isDeepEnough, found.isZero() ? undefined : quote.dividedBy(found, rounding), found, quote],
  );
  if (!isDeepEnough) return;
  const byQuote = book.priceForQuoteVolume(side, quote);
  same(
    `priceForQuoteVolume of what ${what} is worth`,
    [byQuote.isDeepEnough, byQuote.price, byQuote.foundQuote],
    [true, worst, quote],
  );
}

function assertVolume(book: BookQueries, side: Side, levels: readonly BookLevel[], price: Decimal): void {
  const { foundAmount, foundQuote } = book.volumeForPrice(side, price);
  const { found, quote } = take(levels, sumOf(levels));
  same(`volumeForPrice as far as ${price}`, [foundAmount, foundQuote], [found, quote]);
}

function assertImbalance(view: LiveBook, book: BookQueries): void {
  for (const depth of [1, 3, 100_000]) {
    const [bids, asks] = [view.bids(depth), view.asks(depth)];
    const [bid, ask] = [sumOf(bids), sumOf(asks)];
    const total = bid.plus(ask);
    const { isDeepEnough, ratio, bidAmount, askAmount } = book.imbalance(depth, rounding);
    same(
      `imbalance of ${depth} levels`,
      [isDeepEnough, ratio, bidAmount, askAmount],
      [
        bids.length === depth && asks.length === depth,
        total.isZero() ? undefined : bid.minus(ask).dividedBy(total, rounding),
        ...[bid, ask],
      ],
    );
  }
}

/** What an amount finds, level by level. */
function take(levels: readonly BookLevel[], amount: Decimal) {
  let [found, quote] = [decimal('0'), decimal('0')];
  let worst: Decimal | undefined;
  for (const level of levels) {
    const left = amount.minus(found);
    if (left.sign() <= 0) break;
    const part = left.lessThan(level.amount) ? left : level.amount;
    found = found.plus(part);
    quote = quote.plus(part.times(level.price));
    worst = level.price;
  }
  return { found, quote, worst };
}

function sumOf(levels: readonly BookLevel[]): Decimal {
  return levels.reduce((sum, { amount }) => sum.plus(amount), decimal('0'));
}

function textOf({ price, amount }: BookLevel): string {
  return `${amount}@${price}`;
}

/** Decimals keep their digits to themselves, so they are compared by their text. */
function same(
  what: string,
  got: readonly (boolean | Decimal | undefined)[],
  expected: readonly (boolean | Decimal | undefined)[],
): void {
  assert.deepEqual(got.map(String), expected.map(String), `expected ${what} to follow from the levels`);
}
