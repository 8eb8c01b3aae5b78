import type { BookEvent, BookState, MarketHandle, Trade, TradeEvent } from '@venuekit/connector-core';
import type { EventLog } from './event-log.ts';
import type { TradeTape } from './trade-tape.ts';
import type { PairRow } from './view-model.ts';

/** Follows one pair: notes what goes wrong, and keeps its last trade. */
export class PairWatch {
  readonly handle: MarketHandle;
  readonly #log: EventLog;
  readonly #tape: TradeTape;
  readonly #onFirstLive: () => void;
  readonly #subscriptions = new DisposableStack();
  #lastTrade: Trade | undefined;
  #trades = 0;
  #wasLive = false;
  #state: BookState = 'opening';
  /** True from a noted trouble until the book is live again: one incident is told once. */
  #troubled = false;

  constructor(handle: MarketHandle, log: EventLog, tape: TradeTape, onFirstLive: () => void) {
    this.handle = handle;
    this.#log = log;
    this.#tape = tape;
    this.#onFirstLive = onFirstLive;
    this.#subscriptions.use(handle.book.subscribe((event) => this.#onBook(event)));
    this.#subscriptions.use(handle.trades.subscribe((event) => this.#onTrade(event)));
  }

  /** The pair at this moment. */
  row(): PairRow {
    const { book, instrument, pair } = this.handle;
    const view = book.read();
    const { applied, dropped, gaps, resyncs } = book.stats;
    return {
      pair,
      state: view.state,
      priceDecimals: instrument.tickSize.decimalPlaces(),
      bid: view.state === 'live' ? view.bestBid?.price : undefined,
      ask: view.state === 'live' ? view.bestAsk?.price : undefined,
      lastTrade: this.#lastTrade,
      applied,
      dropped,
      gaps,
      resyncs,
      trades: this.#trades,
    };
  }

  /** Stops listening and ends the handle. */
  close(): void {
    this.#subscriptions.dispose();
    this.handle.close();
  }

  #onBook(event: BookEvent): void {
    if (event.kind === 'gap') {
      if (!this.#troubled) this.#log.note('bad', `gap in the book: ${event.reason}`, this.handle.pair);
      return;
    }
    const before = this.#state;
    this.#state = event.state;
    if (event.state === before) return;
    if (event.state === 'live') this.#onLive();
    else if (this.#wasLive && event.state !== 'closed') {
      this.#troubled = true;
      const reason = event.reason === undefined ? '' : `: ${event.reason}`;
      this.#log.note(
        event.state === 'stale' ? 'bad' : 'note',
        `book ${event.state}${reason}`,
        this.handle.pair,
      );
    }
  }

  #onLive(): void {
    if (this.#wasLive) this.#log.note('good', 'book live again', this.handle.pair);
    else this.#onFirstLive();
    this.#wasLive = true;
    this.#troubled = false;
  }

  #onTrade(event: TradeEvent): void {
    if (event.kind === 'gap')
      this.#log.note('note', `trades may be missing: ${event.reason}`, this.handle.pair);
    if (event.kind !== 'trade') return;
    this.#trades += 1;
    this.#lastTrade = event;
    this.#tape.add(event);
  }
}
