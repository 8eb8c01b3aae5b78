import type { BookLevel, BookSnapshot, BookView, LiveBook, MarketHandle } from '@venuekit/connector-core';
import { isVenueError } from '@venuekit/connector-core';
import { bookText } from '../models/exchange-truth.ts';
import { countsCoincide, type WireLog } from '../models/wire-log.ts';
import type { Judge } from './judge.ts';

/** Names of the fields that a book without prices may have. */
const unavailable = 'pair reason state';

/**
 * I5: a live book is the venue's own at its number and time, every level of it (a synthetic side never reaches the 500 levels at
 * which a snapshot would be cut), and a book that is not live gives no price. Views are compared once: they never change.
 *
 * Two things would make a book wrong that no client can notice, so no plan has the first, and the second is counted and let go:
 * a digit that changes within a frame, and a count that begins anew so that its numbers fit those of the old one by chance.
 */
export class BookWatch {
  readonly #judge: Judge;
  readonly #wire: WireLog;
  readonly #judged = new WeakSet<BookView>();

  constructor(judge: Judge, wire: WireLog) {
    this.#judge = judge;
    this.#wire = wire;
  }

  /** Looks at the book of a handle. */
  check({ book, pair }: MarketHandle): BookView {
    return this.checkView(pair, book.read(), () => book.bestBid());
  }

  /** Looks at a view. `bestBid` asks for a price while it is the present one. */
  checkView(pair: string, view: BookView, bestBid: () => unknown): BookView {
    if (this.#judged.has(view)) return view;
    this.#judged.add(view);
    if (view.state === 'live') this.#compare(view);
    else if (view.state !== 'closed') this.#expectNoPrice(pair, view, bestBid);
    return view;
  }

  /** A fetched book is the venue's own as well. */
  checkFetched({ asks, bids, pair, sequence = -1n, venueTimeMs }: BookSnapshot): void {
    const { count, truth, violate } = this.#judge;
    const got = bookText(bids.map(rowText), asks.map(rowText));
    const expected = truth.image(pair, sequence, venueTimeMs)?.text;
    count('fetched book compared');
    if (got !== expected)
      violate('I5', `${pair} fetched at ${sequence}: expected ${difference(expected, got)}`);
  }

  #compare(view: LiveBook): void {
    const { count, truth, violate } = this.#judge;
    const { pair, sequence = -1n, venueTimeMs } = view;
    const image = truth.image(pair, sequence, venueTimeMs);
    count('live book compared');
    const got = bookText(view.bids().map(rowText), view.asks().map(rowText));
    if (got === image?.text) return;
    const coincide = countsCoincide(
      this.#wire.depth(pair),
      (message) => truth.image(pair, message.sequence, message.venueTimeMs)?.feed,
    );
    if (coincide) count('live book that no client can know to be wrong');
    else violate('I5', `${pair} at ${sequence}: expected ${difference(image?.text, got)}`);
  }

  #expectNoPrice(pair: string, view: BookView, bestBid: () => unknown): void {
    const { count, violate } = this.#judge;
    count(`book ${view.state}`);
    const fields = Object.keys(view).sort().join(' ');
    if (fields !== unavailable)
      violate('I5', `${pair}: expected no price while ${view.state}, got ${fields}`);
    try {
      violate('I5', `${pair}: expected no best bid while ${view.state}, got ${String(bestBid())}`);
    } catch (error) {
      if (!isVenueError(error)) violate('I12', `bestBid: expected a VenueError, got ${String(error)}`);
    }
  }
}

/** The first level that differs. */
function difference(expected: string | undefined, got: string): string {
  if (expected === undefined) return 'a number that the venue gave, got another';
  const [wanted, found] = [expected.split(' '), got.split(' ')];
  const at = wanted.findIndex((row, index) => row !== found[index]);
  return `${wanted.length} rows, row ${at} being ${wanted[at]}, got ${found.length}, row ${at} being ${found[at]}`;
}

function rowText({ price, amount }: BookLevel): string {
  return `${price}:${amount}`;
}
