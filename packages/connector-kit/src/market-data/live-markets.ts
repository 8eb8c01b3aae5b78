import {
  type Instrument,
  type Instruments,
  type MarketHandle,
  type OpenOptions,
  type Pair,
  type Runtime,
  type StreamName,
  VenueError,
} from '@venuekit/connector-core';
import type { BookKeeper } from '../book/book-keeper-options.ts';
import type { DepthUpdate } from '../book/order-book.ts';
import { type LimitUse, requireLimits } from '../limits/limit-use.ts';
import type { Topic } from '../stream/stream-dialect.ts';
import { LiveMarket } from './live-market.ts';
import type { MarketSessions } from './market-sessions.ts';
import { SnapshotLedger } from './snapshot-ledger.ts';
import type { TickerKeeper } from './ticker-keeper.ts';
import type { TradesKeeper, TradeUpdate } from './trades-keeper.ts';

/** How streams are watched that may fall silent although their connection is there. */
export interface FreshnessOptions {
  /** Time from one comparison of a live book with a fresh snapshot to the next, in milliseconds. */
  readonly auditEveryMs: number;
  /** Asks the venue for the newest trades of an instrument, if there is room for it now. Trades are not watched if left out. */
  readonly requestTrades?: (instrument: Instrument) => void;
}

/** What live markets are made of. */
export interface LiveMarketsOptions {
  readonly runtime: Runtime;
  readonly venue: string;
  /** The instruments, once they are loaded. */
  readonly instruments: () => Instruments;
  readonly session: MarketSessions;
  /** Streams that the venue offers. */
  readonly streams: readonly StreamName[];
  /** What to subscribe to for a stream of an instrument. */
  readonly toTopic: (stream: StreamName, instrument: Instrument) => Topic;
  /** Asks the venue for a book's snapshot; false if there is no connection. */
  readonly requestSnapshot: (instrument: Instrument) => boolean;
  /** Limit of snapshot requests; none if left out. */
  readonly snapshotLimit?: LimitUse;
  /** Levels a side that the venue's snapshots hold at most; all by default. */
  readonly snapshotDepth?: number;
  /** Streams are not watched if left out: then only numbers and the connection tell that something is missing. */
  readonly freshness?: FreshnessOptions;
  /** Told of every stream that the venue refused. */
  readonly onRefused: (pair: Pair, stream: StreamName, error: VenueError) => void;
}

/** Where a connector writes what it received for one pair. What is not confirmed takes it and does nothing. */
export interface MarketWriter {
  /** Changes go here; snapshots go through {@link LiveMarkets.snapshot}. */
  readonly book: Pick<BookKeeper, 'change' | 'stage' | 'unreadable' | 'suspect'>;
  readonly trades: TradesKeeper;
  readonly ticker: TickerKeeper;
}

/** All markets that are open. */
export interface LiveMarkets {
  /** As `MarketData.open` of the contract. */
  open(pair: Pair, options?: OpenOptions): Promise<MarketHandle>;
  /** The open market of a pair, to write to. */
  writer(pair: Pair): MarketWriter | undefined;
  /** All open markets. */
  writers(): Iterable<MarketWriter>;
  /**
   * A snapshot of a pair's book came. Snapshots carry no id, so each counts as the answer to the oldest request of its pair on
   * this connection, and an answer to a book that was closed meanwhile is dropped.
   */
  snapshot(pair: Pair, snapshot: DepthUpdate, receivedAtMs: number): void;
  /** The venue answered the oldest request for a snapshot of a pair with an error, or with something unreadable. */
  snapshotFailed(pair: Pair, error: VenueError): void;
  /** The venue answered a request for the newest trades of a pair, oldest first. */
  newestTrades(pair: Pair, trades: readonly TradeUpdate[]): void;
  /** Ends all. */
  close(): void;
}

/** How often streams are looked at that may have fallen silent, in milliseconds. */
const watchEveryMs = 1_000;
/** And while streams of a market contradict each other: what flickers is then seen to agree now and then. */
const watchDoubtsEveryMs = 250;
/**
 * A connection that is given up takes all its streams with it, so one that stays silent on every connection must not do that again and
 * again: at least this long lies between two, in milliseconds, and twice as long each time until it was calm for a while.
 */
const startOverApartMs = 60_000;
const longestApartMs = 3_600_000;

/**
 * Makes the live part of a market-data facet.
 * @throws VenueError `invalid-options` if the limiter lacks the limit of snapshots.
 */
export function createLiveMarkets(options: LiveMarketsOptions): LiveMarkets {
  const { snapshotLimit: limit, venue } = options;
  if (limit !== undefined)
    requireLimits(limit.limiter, { ids: [limit.id] }, { venue, operation: 'createLiveMarkets' });
  const markets = new Map<Pair, LiveMarket>();
  const epochOf = (pair: Pair) => options.session.epoch(options.instruments().require(pair).venueSymbol);
  const requests = new SnapshotLedger(options.runtime.clock, epochOf);
  const mayStartOver = createStartOverAllowance(options.runtime.clock);
  let closed = false;
  let watch: Disposable | undefined;

  /** There is a timer only while there is something to look at. */
  const watchMarkets = (afterMs = watchEveryMs) => {
    if (options.freshness === undefined || watch !== undefined || markets.size === 0) return;
    const look = () => {
      watch = undefined;
      const doubts = [...markets.values()].map((market) => market.checkFreshness());
      watchMarkets(doubts.includes(true) ? watchDoubtsEveryMs : watchEveryMs);
    };
    watch = options.runtime.timers.setTimer(afterMs, look, 'freshness-check');
  };
  const forget = (pair: Pair) => {
    markets.delete(pair);
    if (markets.size > 0) return;
    watch?.[Symbol.dispose]();
    watch = undefined;
  };

  const refuse = (code: VenueError['code'], message: string): never => {
    throw new VenueError({ code, venue: options.venue, operation: 'open', message });
  };

  const marketOf = (instrument: Instrument): LiveMarket => {
    const known = markets.get(instrument.pair);
    if (known !== undefined) return known;
    const market = new LiveMarket({ ...options, requests, mayStartOver }, instrument, () =>
      forget(instrument.pair),
    );
    markets.set(instrument.pair, market);
    watchMarkets();
    return market;
  };

  return {
    open: async (pair, { streams = [], ...wait } = {}) => {
      if (closed) refuse('closed', 'the connector is closed');
      wait.signal?.throwIfAborted();
      for (const stream of streams) {
        if (options.streams.includes(stream)) continue;
        refuse(
          'unsupported',
          `expected one of ${options.streams.join(', ')}, got stream ${JSON.stringify(stream)}`,
        );
      }
      return marketOf(options.instruments().require(pair)).open(streams, wait);
    },
    writer: (pair) => markets.get(pair),
    writers: () => markets.values(),
    snapshot: (pair, snapshot, receivedAtMs) => requests.answered(pair)?.snapshot(snapshot, receivedAtMs),
    snapshotFailed: (pair, error) => requests.answered(pair)?.snapshotFailed(error),
    newestTrades: (pair, trades) => markets.get(pair)?.newestTrades(trades),
    close: () => {
      closed = true;
      for (const market of [...markets.values()]) market.close();
    },
  };
}

/** Says whether a connection may be given up now because of a silent stream, and remembers it if so. */
function createStartOverAllowance(clock: Runtime['clock']): () => boolean {
  let lastAt = Number.NEGATIVE_INFINITY;
  let apartMs = startOverApartMs;
  return () => {
    const sinceMs = clock.monotonic() - lastAt;
    if (sinceMs < apartMs) return false;
    const wasCalm = sinceMs >= 2 * apartMs;
    apartMs = wasCalm ? startOverApartMs : Math.min(2 * apartMs, longestApartMs);
    lastAt = clock.monotonic();
    return true;
  };
}
