import type { Feed, TickerChanged, TickerEvent, VenueError } from '@venuekit/connector-core';
import { createFeed, type FeedSource } from '../feed/feed.ts';
import type { PairFeedOptions, StreamKeeper } from './trades-keeper.ts';

/** A ticker as a connector hands it on. */
export type TickerUpdate = Omit<TickerChanged, 'kind' | 'pair' | 'receivedAtMs'>;

/** The writing side of a ticker feed. */
export interface TickerKeeper extends StreamKeeper {
  /** The reading side, to hand out. */
  readonly feed: Feed<TickerEvent>;
  /** A ticker came. */
  ticker(update: TickerUpdate, receivedAtMs: number): void;
  /** Something came that could not be read, and may have been a ticker of this pair: the one before is the present one no more. */
  unreadable(error: VenueError): void;
  /** True while the venue has promised to send every change. */
  readonly isConfirmed: boolean;
  /** When the newest ticker, or the confirmation before it, came, on the clock that only goes forward; -Infinity before. */
  readonly lastMessageAt: number;
  /** The newest ticker of this connection. */
  readonly latest: TickerChanged | undefined;
}

/**
 * Makes a ticker feed: a state that begins with the newest ticker. What came before a loss of the connection is never given as
 * the current state afterwards.
 */
export function createTickerKeeper({ runtime, venue, pair, onFirstUse }: PairFeedOptions): TickerKeeper {
  const { clock, logger } = runtime;
  let latest: TickerChanged | undefined;
  let confirmed = false;
  let lastMessageAt = Number.NEGATIVE_INFINITY;
  let missingSince: { readonly fromMs: number; readonly reason: string } | undefined;
  const source: FeedSource<TickerEvent> = createFeed<TickerEvent>({
    name: `${pair} ticker`,
    venue,
    conflateBy: (event) => (event.kind === 'ticker' ? 'ticker' : undefined),
    opening: () => (latest === undefined ? [] : [latest]),
    onFirstConsumer: onFirstUse,
    onListenerError: (error) => logger.error(`a listener of the ${pair} ticker threw: ${String(error)}`),
  });
  return {
    feed: source.feed,
    get isConfirmed() {
      return confirmed;
    },
    get lastMessageAt() {
      return lastMessageAt;
    },
    get latest() {
      return latest;
    },
    confirmed: () => {
      confirmed = true;
      lastMessageAt = clock.monotonic();
      const missing = missingSince;
      missingSince = undefined;
      if (missing !== undefined) source.emit({ kind: 'gap', ...missing, toMs: clock.now() });
    },
    lost: (reason, sinceMs) => {
      if (latest !== undefined) missingSince ??= { fromMs: sinceMs, reason };
      latest = undefined;
      confirmed = false;
    },
    refused: (error) => source.end(error),
    ticker: (update, receivedAtMs) => {
      // Of what is not confirmed nobody would be told that it is over.
      if (!confirmed) return;
      latest = { kind: 'ticker', pair, ...update, receivedAtMs };
      lastMessageAt = clock.monotonic();
      source.emit(latest);
    },
    unreadable: (error) => {
      if (latest === undefined) return;
      const fromMs = latest.receivedAtMs;
      latest = undefined;
      source.emit({ kind: 'gap', fromMs, toMs: clock.now(), reason: error.message });
    },
    close: () => source.end(),
  };
}
