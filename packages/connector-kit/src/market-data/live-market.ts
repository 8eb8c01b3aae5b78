import type { AsyncOptions, Instrument, MarketHandle, StreamName } from '@venuekit/connector-core';
import { type BookKeeper, createBookKeeper } from '../book/book-keeper.ts';
import type { LiveMarketsOptions, MarketWriter } from './live-markets.ts';
import { StreamSlot } from './stream-slot.ts';
import { createTickerKeeper, type TickerKeeper } from './ticker-keeper.ts';
import { createTradesKeeper, type StreamKeeper, type TradesKeeper } from './trades-keeper.ts';

interface Stream<K extends StreamKeeper> {
  readonly slot: StreamSlot;
  readonly keeper: K;
}

/**
 * One open pair. Handles share its streams. A stream that was refused ends for the handles that have it; whoever opens the pair
 * afterwards gets a fresh one.
 */
export class LiveMarket implements MarketWriter {
  readonly #options: LiveMarketsOptions;
  readonly #instrument: Instrument;
  readonly #onEmpty: () => void;
  #handles = 0;
  #book: Stream<BookKeeper>;
  #trades: Stream<TradesKeeper>;
  #ticker: Stream<TickerKeeper>;

  constructor(options: LiveMarketsOptions, instrument: Instrument, onEmpty: () => void) {
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
    try {
      await Promise.all(streams.map((stream) => slots[stream].whenConfirmed(wait)));
    } catch (error) {
      handle.close();
      throw error;
    }
    return handle;
  }

  close(): void {
    this.#onEmpty();
    for (const { slot } of [this.#book, this.#trades, this.#ticker]) slot.close();
  }

  #handle(): MarketHandle {
    let open = true;
    const close = () => {
      if (!open) return;
      open = false;
      this.#handles -= 1;
      if (this.#handles === 0) this.close();
    };
    return {
      pair: this.#instrument.pair,
      instrument: this.#instrument,
      book: this.book.book,
      trades: this.trades.feed,
      ticker: this.ticker.feed,
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
    const { runtime, venue, snapshotBudget, snapshotDepth, requestSnapshot } = this.#options;
    return this.#makeStream('book', (slot) =>
      createBookKeeper({
        runtime,
        venue,
        pair: this.#instrument.pair,
        requestSnapshot: () => requestSnapshot(this.#instrument),
        snapshotBudget,
        ...(snapshotDepth === undefined ? {} : { snapshotDepth }),
        onFirstUse: () => slot.use(),
        onUnavailable: (error) => slot.giveUp(error),
      }),
    );
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
    const { runtime, venue, session, toTopic, onRefused } = this.#options;
    const slot = new StreamSlot({
      runtime,
      venue,
      session,
      topic: toTopic(stream, this.#instrument),
      onRefused: (error) => onRefused(this.#instrument.pair, stream, error),
    });
    const keeper = make(slot);
    slot.attach(keeper);
    return { slot, keeper };
  }
}
