import type {
  Book,
  BookLevel,
  BookSnapshot,
  BookView,
  LiveBook,
  MarketHandle,
} from '@venuekit/connector-core';
import { isVenueError } from '@venuekit/connector-core';
import { mayBeLive } from '../models/book-numbers.ts';
import { countsCoincide } from '../models/count-coincidence.ts';
import { bookText } from '../models/exchange-truth.ts';
import { GapBounds } from '../models/gap-bounds.ts';
import type { WireFrame, WireLog } from '../models/wire-log.ts';
import type { Judge } from './judge.ts';
import type { OpenHandle } from './open-handle.ts';

/** Names of the fields that a book without prices may have. */
const unavailable = 'pair reason state';
/** Of so many views one is kept, and so many at most. */
const [keptEvery, mostKept] = [10, 20];

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
  readonly #bounds = new Map<string, GapBounds>();
  readonly #kept: { readonly view: LiveBook; readonly text: string }[] = [];
  /** The frame after which a book was not live any more, if it is not. */
  readonly #brokenAt = new Map<string, number>();
  /** The first frame that may have a part in a book that is live. */
  readonly #joinedFrom = new Map<string, number>();
  #compared = 0;

  constructor(judge: Judge, wire: WireLog) {
    this.#judge = judge;
    this.#wire = wire;
  }

  /** Until when the book of a pair was good. */
  bounds(pair: string): GapBounds {
    const bounds = this.#bounds.get(pair) ?? new GapBounds(this.#wire);
    this.#bounds.set(pair, bounds);
    return bounds;
  }

  /** A frame of the connection in use arrived and is about to be handled: up to it no book that is live and not its own misses anything. */
  arriving(frame: WireFrame, handles: readonly OpenHandle[]): void {
    for (const { handle, usesBook } of handles) {
      const isOther = usesBook && !(frame.kind.startsWith('depth') && frame.pair === handle.pair);
      if (isOther && handle.book.read().state === 'live') this.bounds(handle.pair).good(false);
    }
  }

  /** It was handled: a book that is live has it. */
  arrived(frame: WireFrame, handles: readonly OpenHandle[]): void {
    for (const { handle, usesBook } of handles) {
      if (!usesBook) continue;
      const { pair } = handle;
      const view = handle.book.read();
      if (view.state !== 'live') {
        if (!this.#brokenAt.has(pair)) this.#brokenAt.set(pair, frame.frame);
        continue;
      }
      if (this.#brokenAt.has(pair)) this.#joinedFrom.set(pair, this.#brokenAt.get(pair) ?? 0);
      this.#brokenAt.delete(pair);
      const isDepth = frame.kind.startsWith('depth') && frame.pair === pair;
      if (isDepth && frame.broken && frame.kind === 'depth')
        this.#judge.violate(
          'I5',
          `${pair}: expected no live book after a change that cannot be read, got one`,
        );
      if (isDepth && !mayBeLive(this.#wire.depth(pair), view.sequence ?? -1n) && !this.#isAnew(frame, view))
        this.#judge.violate(
          'I5',
          `${pair}: expected the newest message of a live book, got ${view.sequence}`,
        );
      if (isDepth && !this.#judged.has(view) && view.receivedAtMs !== frame.localMs)
        this.#judge.violate('I5', `${pair}: expected a book received now, got one of ${view.receivedAtMs}`);
      // A snapshot that changed nothing leaves the book as old as it is.
      this.bounds(pair).good(isDepth && frame.kind === 'depth');
    }
  }

  /** Looks at the book of a handle. */
  check({ book, pair }: MarketHandle): BookView {
    return this.checkView(pair, book.read(), book);
  }

  /** Looks at a view; `book`, if it is the present one. */
  checkView(pair: string, view: BookView, book?: Book): BookView {
    if (this.#judged.has(view)) return view;
    this.#judged.add(view);
    if (view.state === 'live') this.#compare(view, book);
    else if (view.state !== 'closed') this.#expectNoPrice(pair, view, book);
    return view;
  }

  /** Views never change, whatever became of their books. */
  checkKept(): void {
    for (const { text, view } of this.#kept.splice(0)) this.#compareKept(view, text);
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

  #compare(view: LiveBook, book: Book | undefined): void {
    const { count, truth, violate } = this.#judge;
    const { pair, sequence = -1n, venueTimeMs } = view;
    const image = truth.image(pair, sequence, venueTimeMs);
    count('live book compared');
    const [bids, asks] = [view.bids().map(rowText), view.asks().map(rowText)];
    const got = bookText(bids, asks);
    this.#checkBest(view, [bids[0], asks[0]], book);
    this.#keep(view, got);
    if (got === image?.text) return;
    if (this.#coincide(pair)) count('live book that no client can know to be wrong');
    else violate('I5', `${pair} at ${sequence}: expected ${difference(image?.text, got)}`);
  }

  /** No client can know which of the numbers that a live book was made of belong together. */
  #coincide(pair: string): boolean {
    const { truth } = this.#judge;
    const from = this.#brokenAt.get(pair) ?? this.#joinedFrom.get(pair) ?? 0;
    return countsCoincide(
      this.#wire.depth(pair).filter(({ frame }) => frame >= from),
      ({ sequence, venueTimeMs }) => truth.image(pair, sequence, venueTimeMs)?.feed,
    );
  }

  /** A book was joined while the venue began to count anew: whether lower numbers are new or late, the next message shows. */
  #isAnew({ kind, pair }: WireFrame, { sequence = -1n, venueTimeMs }: LiveBook): boolean {
    const { truth } = this.#judge;
    const newest = this.#wire.depth(pair).findLast((message) => message.kind === 'change');
    if (kind !== 'depth-snapshot' || newest === undefined || newest.sequence > sequence) return false;
    const feed = truth.image(pair, newest.sequence, newest.venueTimeMs)?.feed;
    return feed !== truth.image(pair, sequence, venueTimeMs)?.feed;
  }

  /** The best prices, and the first levels, are those of all levels. */
  #checkBest(view: LiveBook, rows: readonly (string | undefined)[], book: Book | undefined): void {
    const expected = rows.join(' ');
    const views = [view.bestBid, view.bestAsk];
    const first = [view.bids(1)[0], view.asks(1)[0]];
    const present = book === undefined ? views : [book.bestBid(), book.bestAsk()];
    for (const levels of [views, first, present]) {
      const got = levels.map((level) => level && rowText(level)).join(' ');
      if (got !== expected)
        this.#judge.violate('I5', `${view.pair}: expected the best ${expected}, got ${got}`);
    }
  }

  /** Every some views one is kept, and looked at again much later. */
  #keep(view: LiveBook, text: string): void {
    this.#compared += 1;
    if (this.#compared % keptEvery !== 0) return;
    const oldest = this.#kept.length < mostKept ? undefined : this.#kept.shift();
    if (oldest !== undefined) this.#compareKept(oldest.view, oldest.text);
    this.#kept.push({ view, text });
  }

  #compareKept(view: LiveBook, text: string): void {
    const got = bookText(view.bids().map(rowText), view.asks().map(rowText));
    if (got !== text)
      this.#judge.violate('I5', `${view.pair}: expected a view that stays, got ${difference(text, got)}`);
  }

  #expectNoPrice(pair: string, view: BookView, book: Book | undefined): void {
    const { count, violate } = this.#judge;
    count(`book ${view.state}`);
    const fields = Object.keys(view).sort().join(' ');
    if (fields !== unavailable)
      violate('I5', `${pair}: expected no price while ${view.state}, got ${fields}`);
    for (const side of ['bestBid', 'bestAsk'] as const) {
      try {
        const price = book?.[side]();
        if (book !== undefined)
          violate('I5', `${pair}: expected no ${side} while ${view.state}, got ${String(price)}`);
      } catch (error) {
        if (!isVenueError(error)) violate('I12', `${side}: expected a VenueError, got ${String(error)}`);
      }
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
