import {
  decimal,
  type Instruments,
  type MarketHandle,
  type MoneyInput,
  type OpenOptions,
  type Pair,
  type Runtime,
  type Side,
  type StreamName,
  VenueError,
} from '@venuekit/connector-core';
import type { PriceLevelText } from '../book/order-book.ts';
import { createLiveMarkets, type LiveMarketsOptions } from './live-markets.ts';
import { LocalBook } from './local-book.ts';
import type { TickerUpdate } from './ticker-keeper.ts';

/** What local markets are made of. */
export interface LocalMarketsOptions {
  readonly runtime: Runtime;
  /** Venue id for errors. */
  readonly venue: string;
  readonly instruments: Instruments;
  /** Streams that `open` offers; all three by default. */
  readonly streams?: readonly StreamName[];
}

/** A trade of a local market. */
export interface LocalTrade {
  /** In quote per base. */
  readonly price: MoneyInput;
  /** In base. */
  readonly amount: MoneyInput;
  /** Side of the taker. */
  readonly side: Side;
  /**
   * The next whole number after the highest so far within the pair, from 1 on, if left out. A trade under an id that the pair had
   * lately is taken for a repeat.
   */
  readonly tradeId?: string;
}

/** The best prices of a local market; a side that is left out is empty. */
export interface LocalTicker {
  readonly bid?: PriceLevelText;
  readonly ask?: PriceLevelText;
}

/** The live markets of a connector without a network. What is told after `close` is not heard. */
export interface LocalMarkets {
  /** As `MarketData.open` of the contract. Every stream is confirmed at once. */
  readonly open: (pair: Pair, options?: OpenOptions) => Promise<MarketHandle>;
  /**
   * Makes the book another one; a book is live from the first on. Sequence numbers are made.
   * @throws VenueError `market-unavailable` for a pair that is not listed, `invalid-request` for a book that cannot be.
   */
  replaceBook(
    pair: Pair,
    sides: { readonly bids: readonly PriceLevelText[]; readonly asks: readonly PriceLevelText[] },
  ): void;
  /**
   * Changes levels of the book: amounts are new totals, zero deletes the level, a side that is left out stays.
   * @throws VenueError as {@link LocalMarkets.replaceBook}; `invalid-request` also before there is a book.
   */
  changeBook(
    pair: Pair,
    sides: { readonly bids?: readonly PriceLevelText[]; readonly asks?: readonly PriceLevelText[] },
  ): void;
  /**
   * Something was traded.
   * @throws VenueError `market-unavailable` for a pair that is not listed.
   */
  trade(pair: Pair, trade: LocalTrade): void;
  /**
   * The best prices are others. Who opens the pair later begins with the newest.
   * @throws VenueError `market-unavailable` for a pair that is not listed.
   */
  ticker(pair: Pair, ticker: LocalTicker): void;
  /** Ends all handles. */
  close(): void;
}

/** A trade id that a later number may be equal to. */
const wholeNumber = /^[1-9]\d{0,99}$/;

/** What is true of one pair. */
interface LocalMarket {
  readonly book: LocalBook;
  /** Snapshots that were asked for and not given. */
  wanted: number;
  /** The highest trade id that is a whole number; zero before the first. */
  highestTrade: bigint;
  ticker: TickerUpdate | undefined;
}

/** Makes live markets for a connector without a network: books, trades and tickers are told by the program itself. */
export function createLocalMarkets(options: LocalMarketsOptions): LocalMarkets {
  return new Local(options);
}

class Local implements LocalMarkets {
  readonly #options: LocalMarketsOptions;
  readonly #live: ReturnType<typeof createLiveMarkets>;
  readonly #markets = new Map<Pair, LocalMarket>();

  constructor(options: LocalMarketsOptions) {
    const { runtime, venue, instruments, streams = ['book', 'trades', 'ticker'] } = options;
    this.#options = options;
    this.#live = createLiveMarkets({
      ...{ runtime, venue, streams },
      instruments: () => instruments,
      session: this.#session(),
      toTopic: (stream, { pair }) => ({ channel: stream, symbol: pair }),
      requestSnapshot: ({ pair }) => this.#requestSnapshot(pair),
      // Nobody is there who could refuse.
      onRefused: () => {},
    });
  }

  readonly open = (pair: Pair, options?: OpenOptions): Promise<MarketHandle> =>
    this.#live.open(pair, options);

  replaceBook(pair: Pair, sides: Parameters<LocalMarkets['replaceBook']>[1]): void {
    const { book } = this.#marketOf(pair);
    const first = !book.known;
    const change = book.replace(sides, this.#now());
    if (first) this.#answer(pair);
    else this.#live.writer(pair)?.book.change(change, this.#now());
  }

  changeBook(pair: Pair, { bids = [], asks = [] }: Parameters<LocalMarkets['changeBook']>[1]): void {
    const { book } = this.#marketOf(pair);
    if (!book.known) throw this.#fault(pair, 'expected replaceBook before the first change of a book');
    const change = book.change({ bids, asks }, this.#now());
    this.#live.writer(pair)?.book.change(change, this.#now());
  }

  trade(pair: Pair, { price, amount, side, tradeId }: LocalTrade): void {
    const market = this.#marketOf(pair);
    const given = tradeId ?? (market.highestTrade + 1n).toString();
    // An id that is used twice would be taken for a repeat, and the later trade lost.
    if (wholeNumber.test(given) && BigInt(given) > market.highestTrade) market.highestTrade = BigInt(given);
    const trade = {
      tradeId: given,
      price: decimal(price),
      amount: decimal(amount),
      side,
      // The venue is this process, so its time is ours.
      venueTimeMs: this.#now(),
    };
    this.#live.writer(pair)?.trades.trades([trade], this.#now());
  }

  ticker(pair: Pair, { bid, ask }: LocalTicker): void {
    const market = this.#marketOf(pair);
    market.ticker = { bid: toLevel(bid), ask: toLevel(ask), venueTimeMs: this.#now() };
    this.#live.writer(pair)?.ticker.ticker(market.ticker, this.#now());
  }

  close(): void {
    this.#live.close();
  }

  /** A session that confirms at once, and that nothing can break. */
  #session(): LiveMarketsOptions['session'] {
    return {
      epoch: () => 1,
      reconnect: () => {},
      subscribe: ({ channel, symbol }, observer) => {
        observer.confirmed();
        const ticker = channel === 'ticker' ? this.#markets.get(symbol)?.ticker : undefined;
        if (ticker !== undefined) this.#live.writer(symbol)?.ticker.ticker(ticker, this.#now());
        return { confirmed: true, unsubscribe: () => {}, renew: () => {} };
      },
    };
  }

  /** The book that asks is not ready for the answer before this returns. */
  #requestSnapshot(pair: Pair): boolean {
    const market = this.#marketOf(pair);
    market.wanted += 1;
    if (market.book.known) void Promise.resolve().then(() => this.#answer(pair));
    return true;
  }

  #answer(pair: Pair): void {
    const market = this.#marketOf(pair);
    const { wanted } = market;
    market.wanted = 0;
    const now = this.#now();
    for (let given = 0; given < wanted; given += 1) {
      this.#live.snapshot(pair, market.book.snapshot(now), now);
    }
  }

  #marketOf(pair: Pair): LocalMarket {
    const known = this.#markets.get(pair);
    if (known !== undefined) return known;
    this.#options.instruments.require(pair);
    const book = new LocalBook((message) => this.#fault(pair, message));
    const market: LocalMarket = { book, wanted: 0, highestTrade: 0n, ticker: undefined };
    this.#markets.set(pair, market);
    return market;
  }

  #now(): number {
    return this.#options.runtime.clock.now();
  }

  #fault(pair: Pair, message: string): VenueError {
    const { venue } = this.#options;
    return new VenueError({
      code: 'invalid-request',
      venue,
      operation: 'book',
      message: `${pair}: ${message}`,
    });
  }
}

function toLevel(level: PriceLevelText | undefined): TickerUpdate['bid'] {
  if (level === undefined) return undefined;
  return Object.freeze({ price: decimal(level[0]), amount: decimal(level[1]) });
}
