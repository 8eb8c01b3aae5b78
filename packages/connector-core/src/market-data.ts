import type { AsyncOptions } from './async-options.ts';
import type { BookQueries, BookSideName } from './book-queries.ts';
import type { StreamName } from './capabilities.ts';
import type { Decimal } from './decimal.ts';
import type { Feed, GapEvent, StartEvent } from './feed.ts';
import type { Instrument, Instruments, Pair } from './instrument.ts';

/** Side of an order or of the taker of a trade. */
export type Side = 'buy' | 'sell';

/** When something happened and when it was seen, in milliseconds since the epoch. Neither ever stands in for the other. */
export interface EventTimes {
  /** The venue's time; `undefined` where the venue gives none. */
  readonly venueTimeMs: number | undefined;
  /** Local time at which the bytes arrived. */
  readonly receivedAtMs: number;
}

/** A price of the book with everything that rests there. */
export interface BookLevel {
  /** In quote per base. */
  readonly price: Decimal;
  /** In base. */
  readonly amount: Decimal;
}

/**
 * `opening` until the first snapshot is joined; `live` while every message since the snapshot was seen; `resyncing` from a
 * missing or impossible message until a new snapshot is joined; `stale` while the connection is gone, or the venue has ceased to
 * send what it should; `closed` for good.
 */
export type BookState = 'opening' | 'live' | 'resyncing' | 'stale' | 'closed';

/** The book as it was at one sequence number. Immutable: keep it as long as you like. */
export interface LiveBook extends EventTimes, BookQueries {
  readonly state: 'live';
  readonly pair: Pair;
  /** The venue's number of the last message in this book; `undefined` where it does not count. */
  readonly sequence: bigint | undefined;
  /** Highest bid; `undefined` if the side is empty. */
  readonly bestBid: BookLevel | undefined;
  /** Lowest ask; `undefined` if the side is empty. */
  readonly bestAsk: BookLevel | undefined;
  /** Bids from the highest down, at most `depth` of them. */
  bids(depth?: number): readonly BookLevel[];
  /** Asks from the lowest up, at most `depth` of them. */
  asks(depth?: number): readonly BookLevel[];
  /** The levels of a side one by one, the best first, each made when it is asked for. */
  levels(side: BookSideName): IterableIterator<BookLevel>;
}

/** A book that gives no price, and why. */
export interface UnavailableBook {
  readonly state: Exclude<BookState, 'live'>;
  readonly pair: Pair;
  /** In a few words. */
  readonly reason: string;
}

/** Check `state` before reading: only a live book has prices. */
export type BookView = LiveBook | UnavailableBook;

/** The book changed: in content, or in state. It says that, not what: `read()` gives the newest book, so a queued event never carries an old price. */
export interface BookChanged {
  readonly kind: 'book';
  readonly pair: Pair;
  readonly state: BookState;
  /** Why the book is not live; `undefined` while it is. */
  readonly reason: string | undefined;
  /** Sequence number of the book; `undefined` while it is not live, and where the venue does not count. */
  readonly sequence: bigint | undefined;
}

/** What a book tells. */
export type BookEvent = BookChanged | GapEvent;

/** Counters of one book since it was opened. */
export interface BookStats {
  /** Messages applied to the book. */
  readonly applied: number;
  /** Messages older than the snapshot that they met, left out as the venue's rules say. */
  readonly dropped: number;
  /** Messages left out because their number had been applied before. */
  readonly repeated: number;
  /** Missing messages noticed: holes in the sequence, impossible books, audits that disagreed. */
  readonly gaps: number;
  /** Times that a new snapshot was joined after the first. */
  readonly resyncs: number;
  /** Audits that were finished. */
  readonly audits: number;
  /** Deletions of levels that the book did not have. They are legal, and bring the next audit forward. */
  readonly unknownDeletes: number;
  /** Times that the venue was found to send no more although it should, and was asked anew. */
  readonly silences: number;
}

/** What an audit found. */
export interface AuditResult {
  /**
   * `equal`: the venue's snapshot is this very book. `repaired`: it was not, and the book is now the snapshot. `silent`: the venue
   * was ahead and did not send what lies between, so the book is stale until it is asked for anew. `inconclusive`: they could not be
   * compared, because the book resynced meanwhile.
   */
  readonly outcome: 'equal' | 'repaired' | 'silent' | 'inconclusive';
  /** Number of the snapshot; where a resync overtook the audit, of the book. `undefined` where the venue does not count. */
  readonly sequence: bigint | undefined;
}

/**
 * The live order book of one pair. A state feed: it begins with the current state and conflates.
 *
 * Its own queries are answered from the book as it is at the call, without a copy, and throw as {@link Book.bestBid} does.
 */
export interface Book extends Feed<BookEvent>, BookQueries {
  /** The book now, copied once for each change that is looked at. Never waits. */
  read(): BookView;
  /**
   * Highest bid now; `undefined` if the side is empty.
   * @throws VenueError `stale` if the book is not live, `closed` if it is for good, or the code with which the venue refused it.
   */
  bestBid(): BookLevel | undefined;
  /**
   * Lowest ask now; `undefined` if the side is empty.
   * @throws VenueError `stale` if the book is not live, `closed` if it is for good, or the code with which the venue refused it.
   */
  bestAsk(): BookLevel | undefined;
  /**
   * Resolves with the book as soon as it is live. Without `timeoutMs` it waits as long as it takes.
   * @throws VenueError `timeout`, `closed`, or the code with which the venue refused the subscription.
   */
  whenLive(options?: AsyncOptions): Promise<LiveBook>;
  /**
   * Asks the venue for a fresh snapshot and compares. A book that differs is replaced at once, and the difference is a gap.
   * Without `timeoutMs` it gives up after 15 seconds.
   * @throws VenueError `stale` if the book is not live, or no longer; `timeout` if no snapshot comes; `closed`, or the code with
   * which the venue refused the subscription.
   */
  audit(options?: AsyncOptions): Promise<AuditResult>;
  readonly stats: BookStats & Feed<BookEvent>['stats'];
}

/** A public trade. */
export interface Trade extends EventTimes {
  readonly pair: Pair;
  /** The venue's identifier, digit for digit. Rises within a pair. */
  readonly tradeId: string;
  /** In quote per base. */
  readonly price: Decimal;
  /** In base. */
  readonly amount: Decimal;
  /** Side of the taker. */
  readonly side: Side;
  readonly raw?: unknown;
}

/** What a trades feed tells. A flow: all trades in the venue's order, with a gap wherever some may be missing. */
export type TradeEvent = ({ readonly kind: 'trade' } & Trade) | StartEvent | GapEvent;

/** The best prices as the venue publishes them apart from the book. */
export interface TickerChanged extends EventTimes {
  readonly kind: 'ticker';
  readonly pair: Pair;
  /** Highest bid; `undefined` if the side is empty. */
  readonly bid: BookLevel | undefined;
  /** Lowest ask; `undefined` if the side is empty. */
  readonly ask: BookLevel | undefined;
}

/**
 * What a ticker feed tells. A state feed: it conflates. Nothing is told during an outage: watch the connector's state or the
 * book's. After a gap, a ticker that came before it is old.
 */
export type TickerEvent = TickerChanged | GapEvent;

/** A summary of the last 24 hours. Fields that the venue left out are `undefined`. */
export interface Ticker {
  readonly pair: Pair;
  /** Price 24 hours ago, in quote per base. */
  readonly open: Decimal | undefined;
  readonly high: Decimal | undefined;
  readonly low: Decimal | undefined;
  /** Price of the last trade. */
  readonly last: Decimal | undefined;
  /** Traded in 24 hours, in base. */
  readonly volume: Decimal | undefined;
  readonly bid: BookLevel | undefined;
  readonly ask: BookLevel | undefined;
  /** Local time at which the answer arrived, in milliseconds since the epoch. */
  readonly receivedAtMs: number;
  readonly raw?: unknown;
}

/** A book fetched once. It is old on arrival: use `open` to trade on it. */
export interface BookSnapshot extends EventTimes {
  readonly pair: Pair;
  /** The venue's number; `undefined` where it does not count. */
  readonly sequence: bigint | undefined;
  /** From the highest down. */
  readonly bids: readonly BookLevel[];
  /** From the lowest up. */
  readonly asks: readonly BookLevel[];
}

/** Fractions of a trade's value charged as fee; 0.001 is 0.1 %, negative is a rebate. */
export interface FeeRates {
  readonly maker: Decimal;
  readonly taker: Decimal;
}

/** What `open` takes. */
export interface OpenOptions extends AsyncOptions {
  /**
   * Streams to subscribe to now; `open` resolves when the venue has confirmed them. A stream that is not named is subscribed at
   * its first use.
   */
  readonly streams?: readonly StreamName[];
}

/**
 * One pair's live data. Handles of one pair share their subscriptions; the last one to close ends them. A stream that the
 * connector does not claim has ended from the beginning, with code `unsupported`.
 */
export interface MarketHandle extends Disposable {
  readonly pair: Pair;
  readonly instrument: Instrument;
  readonly book: Book;
  readonly trades: Feed<TradeEvent>;
  readonly ticker: Feed<TickerEvent>;
  /**
   * Ends this handle, also while others hold the pair: the listeners and readers of its feeds end, and `book.read()` says
   * `closed`. Doing it again does nothing.
   */
  close(): void;
}

/** The market-data facet: public, without keys. */
export interface MarketData {
  readonly instruments: Instruments;
  /**
   * Opens the live data of a pair. Calls in one tick share their subscribe messages. Trades that come between the confirmation
   * of the stream and its first listener are kept for that listener; a flow says by its `start` from when it is complete.
   *
   * Waits for the venue's confirmation or refusal however long our own budget takes, unless `timeoutMs` is given.
   * @throws VenueError `market-unavailable` for an unknown or refused pair, `unsupported` for a stream that is not claimed,
   * `not-connected`, `closed`, `timeout`.
   */
  open(pair: Pair, options?: OpenOptions): Promise<MarketHandle>;
  /**
   * Summaries of `pairs`, or of all pairs.
   * @throws VenueError `market-unavailable` for an unknown pair; `timeout`, `transport`, `protocol`, `venue-unavailable`.
   */
  fetchTickers(pairs?: readonly Pair[], options?: AsyncOptions): Promise<readonly Ticker[]>;
  /**
   * The newest public trades, oldest first, at most `limit`: by default, and at most, as many as the venue gives in one answer.
   * @throws as {@link MarketData.fetchTickers}.
   */
  fetchTrades(pair: Pair, options?: AsyncOptions & { readonly limit?: number }): Promise<readonly Trade[]>;
  /**
   * The book now, at most `depth` levels a side.
   * @throws as {@link MarketData.fetchTickers}.
   */
  fetchBook(pair: Pair, options?: AsyncOptions & { readonly depth?: number }): Promise<BookSnapshot>;
  /** The published fees of an ordinary account; `undefined` if the venue has no such schedule or it is not known. */
  defaultFees(pair: Pair): FeeRates | undefined;
}
