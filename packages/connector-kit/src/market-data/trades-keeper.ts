import type { Feed, Pair, Runtime, Trade, TradeEvent, VenueError } from '@venuekit/connector-core';
import { createFeed, type FeedSource } from '../feed/feed.ts';

/** A trade as a connector hands it on. */
export type TradeUpdate = Omit<Trade, 'pair' | 'receivedAtMs'>;

/** The writing side of a live stream: what a subscription tells it. */
export interface StreamKeeper {
  /** The venue confirmed the stream on the current connection. */
  confirmed(): void;
  /** The connection is gone; the last frame came at `sinceMs`, local time. */
  lost(reason: string, sinceMs: number): void;
  /** The venue refused the stream: its feed ends with the error. */
  refused(error: VenueError): void;
  /** Nobody wants the stream any more: its feed ends. */
  close(): void;
}

/** The writing side of a trades feed. */
export interface TradesKeeper extends StreamKeeper {
  /** The reading side, to hand out. */
  readonly feed: Feed<TradeEvent>;
  /** Trades came, oldest first; beside `lost`, which could not be read. */
  trades(updates: readonly TradeUpdate[], receivedAtMs: number, lost?: VenueError): void;
  /** Something came that could not be read, and may have held trades of this pair. */
  unreadable(error: VenueError): void;
  /** True while the venue has promised to send every trade. */
  readonly isConfirmed: boolean;
  /** When the newest trades, or the confirmation before them, came, on the clock that only goes forward; -Infinity before. */
  readonly lastMessageAt: number;
  /** The newest trade that came since the confirmation. */
  readonly latest: LatestTrade | undefined;
  /** Local time up to which no trade is missing, in milliseconds since the epoch. */
  readonly completeToMs: number;
}

/** The newest trade of a flow. */
export interface LatestTrade {
  readonly tradeId: string;
  readonly venueTimeMs: number | undefined;
  /** When it came, on the clock that only goes forward. */
  readonly at: number;
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
/** Trades of which a repeat is recognised. */
const mostRemembered = 1_000;

/**
 * Makes a trades feed: a flow that begins with `start` once the subscription is confirmed, and in which each loss becomes a gap,
 * and a new start, before the next trade. What comes between the confirmation and the first consumer is kept for it, so that
 * nothing falls between `open` and `subscribe`; if that grows too long, the flow starts anew at its end.
 */
export function createTradesKeeper(options: PairFeedOptions): TradesKeeper {
  return new FlowOfTrades(options);
}

class FlowOfTrades implements TradesKeeper {
  readonly #clock: Runtime['clock'];
  readonly #pair: Pair;
  readonly #source: FeedSource<TradeEvent>;
  readonly #remembered = new Set<string>();
  #confirmed = false;
  #lastMessageAt = Number.NEGATIVE_INFINITY;
  #latest: LatestTrade | undefined;
  /** Local time up to which nothing is missing. */
  #completeToMs = 0;
  #missing: { readonly fromMs: number; readonly reason: string } | undefined;
  #kept: TradeEvent[] | undefined = [];

  constructor({ runtime, venue, pair, onFirstUse }: PairFeedOptions) {
    this.#clock = runtime.clock;
    this.#pair = pair;
    this.#source = createFeed<TradeEvent>({
      name: `${pair} trades`,
      venue,
      opening: () => this.#opening(),
      onFirstConsumer: onFirstUse,
      onListenerError: (error) =>
        runtime.logger.error(`a listener of ${pair} trades threw: ${String(error)}`),
    });
  }

  get feed(): Feed<TradeEvent> {
    return this.#source.feed;
  }

  get isConfirmed(): boolean {
    return this.#confirmed;
  }

  get lastMessageAt(): number {
    return this.#lastMessageAt;
  }

  get latest(): LatestTrade | undefined {
    return this.#latest;
  }

  get completeToMs(): number {
    return this.#completeToMs;
  }

  confirmed(): void {
    this.#confirmed = true;
    this.#lastMessageAt = this.#clock.monotonic();
    this.#begin();
  }

  lost(reason: string, sinceMs: number): void {
    if (this.#confirmed) this.#missing ??= { fromMs: sinceMs, reason };
    this.#confirmed = false;
    this.#latest = undefined;
  }

  refused(error: VenueError): void {
    this.#source.end(error);
  }

  close(): void {
    this.#source.end();
  }

  trades(updates: readonly TradeUpdate[], receivedAtMs: number, lost?: VenueError): void {
    // Before the confirmation nothing is promised, and the gap or start to come covers it.
    if (!this.#confirmed) return;
    const completeBefore = this.#completeToMs;
    this.#completeToMs = receivedAtMs;
    this.#lastMessageAt = this.#clock.monotonic();
    const newest = updates.at(-1);
    if (newest !== undefined) {
      const { tradeId, venueTimeMs } = newest;
      this.#latest = { tradeId, venueTimeMs, at: this.#lastMessageAt };
    }
    for (const update of updates) {
      if (this.#isRepeated(update.tradeId)) continue;
      this.#emit({ kind: 'trade', ...update, pair: this.#pair, receivedAtMs });
    }
    if (lost !== undefined) this.#miss(completeBefore, lost);
  }

  unreadable(error: VenueError): void {
    if (this.#confirmed) this.#miss(this.#completeToMs, error);
  }

  #miss(fromMs: number, error: VenueError): void {
    this.#missing = { fromMs, reason: error.message };
    this.#begin();
  }

  /** The flow is complete from now on; what is missing before is told first. */
  #begin(): void {
    const now = this.#clock.now();
    if (this.#missing !== undefined) this.#emit({ kind: 'gap', ...this.#missing, toMs: now });
    this.#missing = undefined;
    this.#completeToMs = now;
    this.#emit({ kind: 'start', fromMs: now });
  }

  #opening(): readonly TradeEvent[] {
    const start: TradeEvent = { kind: 'start', fromMs: this.#clock.now() };
    const opening = this.#kept ?? (this.#confirmed ? [start] : []);
    this.#kept = undefined;
    return opening;
  }

  #emit(event: TradeEvent): void {
    this.#kept?.push(event);
    if (this.#kept !== undefined && this.#kept.length > mostKept) {
      this.#kept = [{ kind: 'start', fromMs: this.#clock.now() }];
    }
    this.#source.emit(event);
  }

  #isRepeated(tradeId: string): boolean {
    if (this.#remembered.has(tradeId)) return true;
    this.#remembered.add(tradeId);
    const [oldest] = this.#remembered;
    if (this.#remembered.size > mostRemembered && oldest !== undefined) this.#remembered.delete(oldest);
    return false;
  }
}
