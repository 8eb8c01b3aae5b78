import type { Feed, Pair, Runtime, Trade, TradeEvent, VenueError } from '@venuekit/connector-core';
import { createFeed, type FeedSource } from '../feed/feed.ts';

/** A trade as a connector hands it on. */
export type TradeUpdate = Omit<Trade, 'pair' | 'receivedAtMs'>;

/** The writing side of a live stream: what a subscription tells it. */
export interface StreamKeeper {
  /** The venue confirmed the stream on the current connection. */
  confirmed(): void;
  /** The connection is gone. */
  lost(reason: string): void;
  /** The venue refused the stream: its feed ends with the error. */
  refused(error: VenueError): void;
  /** Nobody wants the stream any more: its feed ends. */
  close(): void;
}

/** The writing side of a trades feed. */
export interface TradesKeeper extends StreamKeeper {
  /** The reading side, to hand out. */
  readonly feed: Feed<TradeEvent>;
  /** Trades came, oldest first. */
  trades(updates: readonly TradeUpdate[], receivedAtMs: number): void;
}

/** What a feed of one pair's stream is made of. */
export interface PairFeedOptions {
  readonly runtime: Runtime;
  readonly venue: string;
  readonly pair: Pair;
  readonly onFirstUse: () => void;
}

/** Events kept for a first consumer that attaches after the stream was confirmed. */
const mostKept = 1_000;

/**
 * Makes a trades feed: a flow that begins with `start` once the subscription is confirmed, and in which each loss of the
 * connection becomes a gap before the next trade. What comes between the confirmation and the first consumer is kept for it, so
 * that nothing falls between `open` and `subscribe`; if that grows too long, the flow starts anew at its end.
 */
export function createTradesKeeper({ runtime, venue, pair, onFirstUse }: PairFeedOptions): TradesKeeper {
  const { clock, logger } = runtime;
  let confirmed = false;
  let missingSince: { readonly fromMs: number; readonly reason: string } | undefined;
  let kept: TradeEvent[] | undefined = [];
  const start = (): TradeEvent => ({ kind: 'start', fromMs: clock.now() });
  const source: FeedSource<TradeEvent> = createFeed<TradeEvent>({
    name: `${pair} trades`,
    venue,
    opening: () => {
      const opening = kept ?? (confirmed ? [start()] : []);
      kept = undefined;
      return opening;
    },
    onFirstConsumer: onFirstUse,
    onListenerError: (error) => logger.error(`a listener of ${pair} trades threw: ${String(error)}`),
  });
  const emit = (event: TradeEvent) => {
    kept?.push(event);
    if (kept !== undefined && kept.length > mostKept) kept = [start()];
    source.emit(event);
  };
  return {
    feed: source.feed,
    confirmed: () => {
      confirmed = true;
      emit(missingSince === undefined ? start() : { kind: 'gap', ...missingSince, toMs: clock.now() });
      missingSince = undefined;
    },
    lost: (reason) => {
      if (confirmed) missingSince ??= { fromMs: clock.now(), reason };
      confirmed = false;
    },
    refused: (error) => source.end(error),
    trades: (updates, receivedAtMs) => {
      for (const update of updates) emit({ kind: 'trade', ...update, pair, receivedAtMs });
    },
    close: () => source.end(),
  };
}
