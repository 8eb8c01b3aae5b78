import { createKeptBook, type KeptBook } from '../book/kept-book.ts';
import type { Listing } from '../floor/listing.ts';
import type { BookImage } from '../market/market.ts';
import type { RecordedMessage } from '../recording/recorded-message.ts';
import type { RecordedSession } from '../recording/recorded-session.ts';
import { toNanoseconds } from '../recording/recorded-time.ts';

/** Where the middle of a recorded book was, and what else a recording says of how a symbol is traded. */
export interface RecordedCourse {
  /** Milliseconds since the first recorded middle, ascending. */
  readonly atMs: readonly number[];
  /** The middle at each of them, in ticks. */
  readonly ticks: readonly number[];
  /** Changes of the book a second. */
  readonly changesPerSecond: number;
  /** Size of an ordinary level of the ten best, in lots. */
  readonly usualLots: number;
  /** Traded in a day at the recorded pace, in lots. */
  readonly lotsPerDay: number;
}

/** Reads the course of a symbol; `undefined` if the recording never had both sides of its book. */
export function readCourse(session: RecordedSession, listing: Listing): RecordedCourse | undefined {
  const reader = new CourseReader(listing);
  for (const item of session.items) {
    if (item.kind !== 'received') continue;
    const atNs = toNanoseconds(item.time);
    if (atNs !== undefined) reader.read(item.message, Number(atNs / 1_000_000n));
  }
  return reader.course();
}

const dayMs = 86_400_000;

class CourseReader {
  readonly #listing: Listing;
  #book: KeptBook | undefined;
  readonly #times: number[] = [];
  readonly #ticks: number[] = [];
  #lastMs = 0;
  #tradedLots = 0;
  #usualLots = 1;

  constructor(listing: Listing) {
    this.#listing = listing;
  }

  read(message: RecordedMessage, atMs: number): void {
    if (!('symbol' in message) || message.symbol !== this.#listing.symbol) return;
    this.#lastMs = atMs;
    if (message.kind === 'trades') {
      for (const { size } of message.trades) this.#tradedLots += this.#listing.lotsOf(size) ?? 0;
    } else if (message.kind === 'snapshot') this.#load(message.book);
    else if (message.kind === 'depth') this.#book?.apply(message.change);
    else return;
    if (message.kind !== 'trades') this.#note(atMs);
  }

  course(): RecordedCourse | undefined {
    const [firstMs] = this.#times;
    if (firstMs === undefined) return undefined;
    const spanMs = Math.max(1_000, this.#lastMs - firstMs);
    return {
      atMs: this.#times.map((atMs) => atMs - firstMs),
      ticks: this.#ticks,
      changesPerSecond: (this.#times.length * 1_000) / spanMs,
      usualLots: this.#usualLots,
      lotsPerDay: Math.max(this.#usualLots, Math.round((this.#tradedLots * dayMs) / spanMs)),
    };
  }

  #load(book: BookImage): void {
    if (this.#book === undefined) this.#book = createKeptBook(book);
    else this.#book.load(book);
    const sizes = [...book.asks.slice(0, 10), ...book.bids.slice(0, 10)];
    const lots = sizes.map(([, size]) => this.#listing.lotsOf(size) ?? 1).sort((a, b) => a - b);
    this.#usualLots = Math.max(1, lots[lots.length >> 1] ?? 1);
  }

  #note(atMs: number): void {
    const { asks, bids } = this.#book?.image(1) ?? { asks: [], bids: [] };
    const [ask, bid] = [asks[0]?.[0], bids[0]?.[0]].map((price) => price && this.#listing.ticksOf(price));
    if (!ask || !bid) return;
    this.#times.push(atMs);
    this.#ticks.push(Math.max(1, Math.round((ask + bid) / 2)));
  }
}
