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
import type { BookKeeper } from '../book/book-keeper.ts';
import type { DepthUpdate } from '../book/order-book.ts';
import { type LimitUse, requireLimits } from '../limits/limit-use.ts';
import type { Topic } from '../stream/stream-dialect.ts';
import type { StreamSession } from '../stream/stream-session.ts';
import { LiveMarket } from './live-market.ts';
import { SnapshotLedger } from './snapshot-ledger.ts';
import type { TickerKeeper } from './ticker-keeper.ts';
import type { TradesKeeper } from './trades-keeper.ts';

/** What live markets are made of. */
export interface LiveMarketsOptions {
  readonly runtime: Runtime;
  readonly venue: string;
  /** The instruments, once they are loaded. */
  readonly instruments: () => Instruments;
  readonly session: Pick<StreamSession, 'subscribe' | 'reconnect' | 'epoch'>;
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
  /** Told of every stream that the venue refused. */
  readonly onRefused: (pair: Pair, stream: StreamName, error: VenueError) => void;
}

/** Where a connector writes what it received for one pair. What is not confirmed takes it and does nothing. */
export interface MarketWriter {
  /** Changes go here; snapshots go through {@link LiveMarkets.snapshot}. */
  readonly book: Pick<BookKeeper, 'change' | 'unreadable'>;
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
  /** Ends all. */
  close(): void;
}

/**
 * Makes the live part of a market-data facet.
 * @throws VenueError `invalid-options` if the limiter lacks the limit of snapshots.
 */
export function createLiveMarkets(options: LiveMarketsOptions): LiveMarkets {
  const { snapshotLimit: limit, venue } = options;
  if (limit !== undefined)
    requireLimits(limit.limiter, { ids: [limit.id] }, { venue, operation: 'createLiveMarkets' });
  const markets = new Map<Pair, LiveMarket>();
  const requests = new SnapshotLedger(options.runtime.clock, () => options.session.epoch);
  let closed = false;

  const refuse = (code: VenueError['code'], message: string): never => {
    throw new VenueError({ code, venue: options.venue, operation: 'open', message });
  };

  const marketOf = (instrument: Instrument): LiveMarket => {
    const known = markets.get(instrument.pair);
    if (known !== undefined) return known;
    const market = new LiveMarket({ ...options, requests }, instrument, () =>
      markets.delete(instrument.pair),
    );
    markets.set(instrument.pair, market);
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
    close: () => {
      closed = true;
      for (const market of [...markets.values()]) market.close();
    },
  };
}
