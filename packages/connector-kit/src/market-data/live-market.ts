import {
  type AsyncOptions,
  type Instrument,
  type MarketHandle,
  type StreamName,
  VenueError,
} from '@venuekit/connector-core';
import { type BookKeeper, createBookKeeper } from '../book/book-keeper.ts';
import { createBookScope } from '../book/book-scope.ts';
import { createFeedScope } from '../feed/feed-scope.ts';
import type { LiveMarketsOptions, MarketWriter } from './live-markets.ts';
import type { SnapshotLedger } from './snapshot-ledger.ts';
import { StreamSlot } from './stream-slot.ts';
import { createTickerKeeper, type TickerKeeper } from './ticker-keeper.ts';
import { createTradesKeeper, type StreamKeeper, type TradesKeeper } from './trades-keeper.ts';

/** What an open pair is made of. */
export interface LiveMarketOptions extends LiveMarketsOptions {
  readonly requests: SnapshotLedger;
}

interface Stream<K extends StreamKeeper> {
  readonly slot: StreamSlot;
  readonly keeper: K;
}

/**
 * One open pair. Handles share its streams. A stream that was refused ends for the handles that have it; whoever opens the pair
 * afterwards gets a fresh one.
 */
export class LiveMarket implements MarketWriter {
  readonly #options: LiveMarketOptions;
  readonly #instrument: Instrument;
  readonly #onEmpty: () => void;
  #handles = 0;
  #book: Stream<BookKeeper>;
  #trades: Stream<TradesKeeper>;
  #ticker: Stream<TickerKeeper>;

  constructor(options: LiveMarketOptions, instrument: Instrument, onEmpty: () => void) {
    this.#options = options;
    this.#instrument = instrument;
    this.#onEmpty = onEmpty;
    this.#book = this.#makeBook();
    this.#trades = this.#makeTrades();
    this.#ticker = this.#makeTicker();
  }

  get book(): BookKeeper {
    return this.#book.keeper;
  }

  get trades(): TradesKeeper {
    return this.#trades.keeper;
  }

  get ticker(): TickerKeeper {
    return this.#ticker.keeper;
  }

  async open(streams: readonly StreamName[], wait: AsyncOptions): Promise<MarketHandle> {
    this.#handles += 1;
    this.#renewEnded();
    const slots = { book: this.#book.slot, trades: this.#trades.slot, ticker: this.#ticker.slot };
    const handle = this.#handle();
    // One stream that fails ends the wait for the others, which would stay on the caller's signal.
    const stop = new AbortController();
    const onAbort = () => stop.abort(wait.signal?.reason);
    wait.signal?.addEventListener('abort', onAbort, { once: true });
    const own = { ...wait, signal: stop.signal };
    try {
      await Promise.all(streams.map((stream) => slots[stream].whenConfirmed(own)));
    } catch (error) {
      stop.abort(error);
      handle.close();
      throw error;
    } finally {
      wait.signal?.removeEventListener('abort', onAbort);
    }
    return handle;
  }

  close(): void {
    this.#onEmpty();
    for (const { slot } of [this.#book, this.#trades, this.#ticker]) slot.close();
  }

  #handle(): MarketHandle {
    const { pair } = this.#instrument;
    const book = createBookScope(this.#book.keeper.book, this.#options.venue, pair);
    const trades = createFeedScope(this.#trades.keeper.feed);
    const ticker = createFeedScope(this.#ticker.keeper.feed);
    let open = true;
    const close = () => {
      if (!open) return;
      open = false;
      for (const scope of [book, trades, ticker]) scope.end();
      this.#handles -= 1;
      if (this.#handles === 0) this.close();
    };
    return {
      pair,
      instrument: this.#instrument,
      book: book.book,
      trades: trades.feed,
      ticker: ticker.feed,
      close,
      [Symbol.dispose]: close,
    };
  }

  #renewEnded(): void {
    if (this.#book.slot.ended) this.#book = this.#makeBook();
    if (this.#trades.slot.ended) this.#trades = this.#makeTrades();
    if (this.#ticker.slot.ended) this.#ticker = this.#makeTicker();
  }

  #makeBook(): Stream<BookKeeper> {
    const { runtime, venue, snapshotLimit, snapshotDepth, session } = this.#options;
    return this.#makeStream('book', (slot) => {
      const keeper: BookKeeper = createBookKeeper({
        runtime,
        venue,
        pair: this.#instrument.pair,
        requestSnapshot: () => this.#requestSnapshot(keeper),
        ...(snapshotLimit === undefined ? {} : { snapshotLimit }),
        ...(snapshotDepth === undefined ? {} : { snapshotDepth }),
        onFirstUse: () => slot.use(),
        onUnavailable: (error) => slot.giveUp(error),
        onHopeless: (reason) => session.reconnect(reason),
      });
      return keeper;
    });
  }

  #requestSnapshot(keeper: BookKeeper): boolean {
    const { requests, requestSnapshot } = this.#options;
    const sent = requestSnapshot(this.#instrument);
    if (sent) requests.asked(this.#instrument.pair, keeper);
    return sent;
  }

  #makeTrades(): Stream<TradesKeeper> {
    return this.#makeStream('trades', (slot) => createTradesKeeper(this.#feedOptions(slot)));
  }

  #makeTicker(): Stream<TickerKeeper> {
    return this.#makeStream('ticker', (slot) => createTickerKeeper(this.#feedOptions(slot)));
  }

  #feedOptions(slot: StreamSlot): Parameters<typeof createTradesKeeper>[0] {
    const { runtime, venue } = this.#options;
    return { runtime, venue, pair: this.#instrument.pair, onFirstUse: () => slot.use() };
  }

  #makeStream<K extends StreamKeeper>(stream: StreamName, make: (slot: StreamSlot) => K): Stream<K> {
    const { runtime, venue, session, streams, toTopic, onRefused } = this.#options;
    const slot = new StreamSlot({
      runtime,
      venue,
      session,
      topic: toTopic(stream, this.#instrument),
      onRefused: (error) => onRefused(this.#instrument.pair, stream, error),
    });
    const keeper = make(slot);
    slot.attach(keeper);
    if (!streams.includes(stream)) slot.withhold(unclaimed(venue, stream));
    return { slot, keeper };
  }
}

function unclaimed(venue: string, stream: StreamName): VenueError {
  const message = `expected a stream that this venue offers, got ${stream}`;
  return new VenueError({ code: 'unsupported', venue, operation: 'open', message });
}
