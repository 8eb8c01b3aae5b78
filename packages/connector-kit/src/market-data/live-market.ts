import {
  type AsyncOptions,
  type DepthUpdate,
  type Instrument,
  type MarketHandle,
  type StreamName,
  VenueError,
} from '@venuekit/connector-core';
import type { BestLevels } from '../book/best-levels.ts';
import { createBookKeeper } from '../book/book-keeper.ts';
import type { BookKeeper, SnapshotTaker } from '../book/book-keeper-options.ts';
import { createBookScope } from '../book/book-scope.ts';
import { scaleOf } from '../book/instrument-scale.ts';
import { OrderBook } from '../book/order-book.ts';
import { createFeedScope } from '../feed/feed-scope.ts';
import { sendIfRoom } from '../limits/send-if-room.ts';
import type { LiveMarketsOptions, MarketWriter } from './live-markets.ts';
import { MarketFreshness } from './market-freshness.ts';
import { TickerProbe, TradesProbe } from './quiet-stream-probe.ts';
import type { SnapshotLedger } from './snapshot-ledger.ts';
import { StreamSlot } from './stream-slot.ts';
import { createTickerKeeper, type TickerKeeper } from './ticker-keeper.ts';
import {
  createTradesKeeper,
  type StreamKeeper,
  type TradesKeeper,
  type TradeUpdate,
} from './trades-keeper.ts';

/** What an open pair is made of. */
export interface LiveMarketOptions extends LiveMarketsOptions {
  readonly requests: SnapshotLedger;
  /** True if a connection may be given up now because a stream stays silent on it. */
  readonly mayStartOver: () => boolean;
}

/**
 * A stream that falls silent again within this time, in milliseconds, is not helped by asking anew on the same connection: time
 * for it to be confirmed, and to be found out by a question that is asked once a minute.
 */
const silentAgainMs = 90_000;

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
  readonly #freshness: MarketFreshness;
  readonly #tradesProbe: TradesProbe;
  readonly #tickerProbe: TickerProbe;
  /** When a stream was asked for anew because it was silent, on the clock that only goes forward. */
  readonly #silentAt = new Map<StreamName, number>();
  /** Streams that have ever said anything: no other is worth a new connection. */
  readonly #heard = new Set<StreamName>();

  constructor(options: LiveMarketOptions, instrument: Instrument, onEmpty: () => void) {
    this.#options = options;
    this.#instrument = instrument;
    this.#onEmpty = onEmpty;
    this.#book = this.#makeBook();
    this.#trades = this.#makeTrades();
    this.#ticker = this.#makeTicker();
    const { clock } = options.runtime;
    const silent = (stream: StreamName, reason: string) => this.#fallSilent(stream, reason);
    this.#freshness = new MarketFreshness({ clock, silent, streams: () => this });
    this.#tradesProbe = new TradesProbe({ clock, silent, request: () => this.#requestTrades() });
    this.#tickerProbe = new TickerProbe({ clock, silent, request: () => this.#requestBest() });
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

  /** Looks whether a stream has fallen silent; to be called about once a second. True if something is in doubt. */
  checkFreshness(): boolean {
    if (this.trades.latest !== undefined) this.#heard.add('trades');
    if (this.ticker.latest !== undefined) this.#heard.add('ticker');
    const best = this.ticker.isConfirmed ? this.book.best() : undefined;
    const isInDoubt = this.#freshness.check(best);
    this.#tradesProbe.check(this.trades);
    // Beside a live book the ticker is compared with that.
    if (best === undefined) this.#tickerProbe.check(this.ticker);
    return isInDoubt;
  }

  /** The venue answered with its newest trades. */
  newestTrades(updates: readonly TradeUpdate[]): void {
    this.#tradesProbe.answered(this.trades, updates);
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

  /** A stream has more to say than it says: it is asked for anew, and if that does not help, everything is. */
  #fallSilent(stream: StreamName, reason: string): void {
    if (stream === 'book') {
      this.book.silent(reason);
      return;
    }
    const { runtime, venue } = this.#options;
    const { pair } = this.#instrument;
    const now = runtime.clock.monotonic();
    const again = now - (this.#silentAt.get(stream) ?? Number.NEGATIVE_INFINITY) < silentAgainMs;
    this.#silentAt.set(stream, now);
    runtime.meter.count('stream_silences', 1, { venue, pair, stream });
    const { slot } = stream === 'trades' ? this.#trades : this.#ticker;
    const sinceMs =
      stream === 'trades'
        ? this.trades.completeToMs
        : (this.ticker.latest?.receivedAtMs ?? runtime.clock.now());
    if (again && this.#heard.has(stream)) this.#startOver(slot, `${pair} ${stream}: ${reason}`, sinceMs);
    else slot.renew(reason, sinceMs);
  }

  /**
   * Asking anew for a stream did not help, so its connection is given up, unless that was tried a short while ago. Its loss is told
   * first: the connection says only what came last of anything.
   */
  #startOver(slot: StreamSlot, reason: string, sinceMs: number): void {
    slot.renew(reason, sinceMs);
    if (this.#options.mayStartOver()) this.#options.session.reconnect(this.#instrument.venueSymbol, reason);
  }

  #makeBook(): Stream<BookKeeper> {
    const { runtime, venue, snapshotLimit, snapshotDepth, session, freshness } = this.#options;
    const { pair, venueSymbol } = this.#instrument;
    const scale = scaleOf(this.#instrument);
    return this.#makeStream('book', (slot) => {
      const keeper: BookKeeper = createBookKeeper({
        ...{ runtime, venue, pair },
        requestSnapshot: (taker) => this.#requestSnapshot(taker),
        ...(snapshotLimit === undefined ? {} : { snapshotLimit }),
        ...(snapshotDepth === undefined ? {} : { snapshotDepth }),
        ...(scale === undefined ? {} : { scale }),
        ...(freshness === undefined ? {} : { auditEveryMs: freshness.auditEveryMs }),
        onFirstUse: () => slot.use(),
        onUnavailable: (error) => slot.giveUp(error),
        onHopeless: (reason) => {
          const view = keeper.book.read();
          // One that was never joined has contradicted itself; a live one is silent.
          if (view.state === 'live') this.#startOver(slot, reason, view.receivedAtMs);
          else if (this.#options.mayStartOver()) session.reconnect(venueSymbol, reason);
        },
        onSilent: (reason, sinceMs) => slot.renew(reason, sinceMs),
      });
      return keeper;
    });
  }

  #requestSnapshot(taker: SnapshotTaker): boolean {
    const { requests, requestSnapshot } = this.#options;
    const { pair } = this.#instrument;
    // Before it is sent: a venue in memory answers within the call.
    requests.asked(pair, taker);
    const sent = requestSnapshot(this.#instrument);
    if (!sent) requests.notAsked(pair, taker);
    return sent;
  }

  #requestTrades(): void {
    this.#options.freshness?.requestTrades?.(this.#instrument);
  }

  /** Asks for the book on behalf of the ticker. */
  #requestBest(): void {
    const { snapshotLimit: limit } = this.#options;
    const taker: SnapshotTaker = {
      snapshot: (update) => this.#tickerProbe.answered(this.ticker, bestOf(update)),
      snapshotFailed: () => {},
    };
    if (limit === undefined) this.#requestSnapshot(taker);
    else sendIfRoom(limit, () => this.#requestSnapshot(taker));
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

/** The best levels of a snapshot in text. */
function bestOf(update: DepthUpdate): BestLevels {
  const book = new OrderBook();
  book.replace(update);
  return { bid: book.bestBid, ask: book.bestAsk };
}

function unclaimed(venue: string, stream: StreamName): VenueError {
  const message = `expected a stream that this venue offers, got ${stream}`;
  return new VenueError({ code: 'unsupported', venue, operation: 'open', message });
}
