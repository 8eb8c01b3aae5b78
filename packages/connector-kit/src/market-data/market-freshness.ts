import type { BookLevel, Clock, StreamName } from '@venuekit/connector-core';
import { type BestLevels, isSameBest } from '../book/best-levels.ts';
import type { BookKeeper } from '../book/book-keeper-options.ts';
import type { TickerKeeper } from './ticker-keeper.ts';
import type { TradesKeeper } from './trades-keeper.ts';

/** What the streams of one market are watched with. */
export interface MarketFreshnessOptions {
  readonly clock: Clock;
  readonly streams: () => {
    readonly book: BookKeeper;
    readonly ticker: TickerKeeper;
    readonly trades: TradesKeeper;
  };
  /** Asks for a stream anew that has fallen silent. */
  readonly silent: (stream: StreamName, reason: string) => void;
}

/** A stream that has more to say says it within this time, in milliseconds. */
const patienceMs = 3_000;
/** After a trade the book changes within this time, if it changes at all; and a book follows the confirmation of its ticker. */
const followMs = 1_000;

/** A ticker that says nothing at all shows nothing wrong: it is asked for less and less often, up to so many times that long. */
const longestUnheard = 16;

/** Which of the two says nothing. */
type Quiet = 'book' | 'ticker' | 'both' | 'none';

/**
 * Notices a stream that has fallen silent although its connection is there, by what the other streams of its market say: the best
 * prices of the book and of the ticker are the same, but for a moment, and a trade changes the book.
 */
export class MarketFreshness {
  readonly #options: MarketFreshnessOptions;
  /** Since when book and ticker differ, or agree, on the clock that only goes forward. */
  #differentSince: number | undefined;
  #sameSince: number | undefined;
  /** Who was quiet at the last look. */
  #quiet: Quiet = 'none';
  /** They had differed for long enough at the last look. */
  #isOverdue = false;
  /** Asking anew did not bring them together: perhaps they mean different things, and say nothing of each other. */
  readonly #blamed = new Set<StreamName>();
  #auditedFor: number | undefined;
  #tradeAudited: number | undefined;
  /** How much more time a ticker has that has said nothing since it was confirmed. */
  #unheardTimes = 1;
  /** What the book was after the last word of a ticker that cannot be compared with it. */
  #standing: { readonly best: BestLevels; readonly tickerAt: number; readonly freshAt: number } | undefined;

  constructor(options: MarketFreshnessOptions) {
    this.#options = options;
  }

  /**
   * To be called about once a second; true if something is in doubt, which is looked at more often.
   * @param best the best levels of the book; `undefined` if it or the ticker is not live.
   */
  check(best: BestLevels | undefined): boolean {
    this.#checkTrades();
    return this.#checkTicker(best);
  }

  #checkTicker(best: BestLevels | undefined): boolean {
    const now = this.#options.clock.monotonic();
    const { book, ticker } = this.#options.streams();
    if (best === undefined) this.#sameSince = undefined;
    if (best === undefined || this.#agrees(best, now) !== false) {
      this.#agree();
      return false;
    }
    this.#differentSince ??= now;
    const quiet = quietOf(book, ticker, now - patienceMs);
    // A process that stood still finds its timers before what came meanwhile, so that one look is not enough.
    const neededMs = patienceMs * (ticker.latest === undefined ? this.#unheardTimes : 1);
    const isOverdue = quiet === this.#quiet && now - this.#differentSince >= neededMs;
    const isProven = isOverdue && this.#isOverdue;
    this.#quiet = quiet;
    this.#isOverdue = isOverdue;
    if (isProven) this.#judge(quiet, this.#differentSince);
    return true;
  }

  #agree(): void {
    this.#differentSince = undefined;
    this.#quiet = 'none';
    this.#isOverdue = false;
  }

  /** What the ticker said is the best of the book; if that says nothing of it, the book has not moved since. */
  #agrees(best: BestLevels, now: number): boolean | undefined {
    const { latest } = this.#options.streams().ticker;
    const isSame = latest !== undefined && isSameBest(best, latest);
    if (latest !== undefined) this.#unheardTimes = 1;
    this.#forgive(isSame, now);
    return latest === undefined || this.#blamed.has('ticker') ? this.#hasStood(best, now) : isSame;
  }

  /** What means something else may be the same for a moment, but not for longer. */
  #forgive(isSame: boolean, now: number): void {
    this.#sameSince = isSame ? (this.#sameSince ?? now) : undefined;
    if (this.#sameSince !== undefined && now - this.#sameSince >= followMs) this.#blamed.clear();
  }

  /** The book has the prices that it had after the last word of its ticker; `undefined` while those are not known. */
  #hasStood(best: BestLevels, now: number): boolean | undefined {
    const { book, ticker } = this.#options.streams();
    const { lastMessageAt: tickerAt } = ticker;
    if (now - tickerAt < followMs) return undefined;
    const { freshAt } = book;
    const known = this.#standing;
    if (known?.tickerAt === tickerAt && known.freshAt === freshAt) return isSamePrice(best, known.best);
    this.#standing = { best, tickerAt, freshAt };
    return undefined;
  }

  #judge(quiet: Quiet, since: number): void {
    const { book, ticker } = this.#options.streams();
    const isUnheard = ticker.latest === undefined;
    if (isUnheard) this.#unheardTimes = Math.min(2 * this.#unheardTimes, longestUnheard);
    if (isUnheard || quiet === 'ticker' || this.#blamed.has('ticker'))
      this.#fallSilent('ticker', 'the book moved without it');
    else if (quiet === 'both') this.#askTheVenue(book, ticker, since);
    else if (quiet === 'book' && this.#blamed.has('book')) book.suspect();
    // One that was joined or confirmed a moment ago has nothing to say yet: then it is the ticker that is old.
    else if (quiet === 'book' && this.#options.clock.monotonic() - book.freshAt >= patienceMs)
      this.#fallSilent('book', 'the best prices moved without it');
  }

  /** Nothing moves, and they differ: a snapshot tells whether it is the book. */
  #askTheVenue(book: BookKeeper, ticker: TickerKeeper, since: number): void {
    // A snapshot that was taken at once does not know what a ticker said.
    const movedAt = Math.max(since, book.lastMessageAt, ticker.lastMessageAt);
    if (book.freshAt > movedAt + followMs)
      this.#fallSilent('ticker', 'it differs from a book that a snapshot has confirmed');
    else if (this.#auditedFor !== movedAt) {
      this.#auditedFor = movedAt;
      book.suspect();
    }
  }

  #fallSilent(stream: StreamName, reason: string): void {
    this.#blamed.add(stream);
    this.#agree();
    this.#options.silent(stream, reason);
  }

  /** A trade that the book did not follow: it may have been filled up at once, so a snapshot decides. */
  #checkTrades(): void {
    const { book, trades } = this.#options.streams();
    const { latest } = trades;
    const { venueTimeMs } = book;
    if (latest?.venueTimeMs === undefined || venueTimeMs === undefined) return;
    if (latest.venueTimeMs <= venueTimeMs || latest.at <= book.lastMessageAt) return;
    if (this.#options.clock.monotonic() - latest.at < followMs) return;
    if (this.#tradeAudited === latest.at || latest.at <= book.freshAt) return;
    this.#tradeAudited = latest.at;
    book.suspect();
  }
}

function quietOf(book: BookKeeper, ticker: TickerKeeper, sinceAt: number): Quiet {
  const [bookIsQuiet, tickerIsQuiet] = [book.lastMessageAt <= sinceAt, ticker.lastMessageAt <= sinceAt];
  if (bookIsQuiet && tickerIsQuiet) return 'both';
  if (bookIsQuiet) return 'book';
  return tickerIsQuiet ? 'ticker' : 'none';
}

/** True if both sides have the same price, by number, whatever rests there. */
export function isSamePrice(one: BestLevels, other: BestLevels): boolean {
  return isSameSide(one.bid, other.bid) && isSameSide(one.ask, other.ask);
}

function isSameSide(one: BookLevel | undefined, other: BookLevel | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.price.equals(other.price);
}
