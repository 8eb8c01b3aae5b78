import type { VenueError } from './venue-error.ts';

/** Data is missing between two moments; it comes before the first new data after the loss. */
export interface GapEvent {
  readonly kind: 'gap';
  /** Start of the doubtful span: local time of the last good data, in milliseconds since the epoch. */
  readonly fromMs: number;
  /** End of it: local time at which data is good again. */
  readonly toMs: number;
  /** What happened, in a few words. */
  readonly reason: string;
}

/** The flow is complete from `fromMs` on: the first event of a flow, and again after each gap. */
export interface StartEvent {
  readonly kind: 'start';
  /** Local time in milliseconds since the epoch. */
  readonly fromMs: number;
}

/** Counters of one feed since it was made. */
export interface FeedStats {
  /** Events given to the feed. */
  readonly emitted: number;
  /** Events replaced in a queue by a newer one of the same kind, before their reader came to them. */
  readonly conflated: number;
  /** Listeners and readers at this moment. */
  readonly consumers: number;
  /** Readers that were ended because they fell behind. */
  readonly slowConsumers: number;
  /** Calls of listeners that threw. */
  readonly listenerErrors: number;
}

/** What a listener may want to know beside events. */
export interface SubscribeOptions {
  /** Called once when no more events will come: without an argument after an orderly end. */
  readonly onEnd?: (error?: VenueError) => void;
}

/**
 * The one event primitive.
 *
 * A listener is called synchronously, for hot paths; one that throws is isolated and counted. `for await` reads through a
 * bounded queue of its own: states (book, ticker) keep only the newest event, flows (trades) keep all, and a reader that falls
 * behind the bound is ended with code `slow-consumer`. Leaving the loop ends its queue.
 *
 * Everybody hears events in the same order: what a listener causes is told after the event under way.
 */
export interface Feed<E> extends AsyncIterable<E> {
  /** Calls `listener` for every event from now on, beginning with the current state or a `start`. */
  subscribe(listener: (event: E) => void, options?: SubscribeOptions): Disposable;
  /**
   * Reads the feed as `for await` does until the signal is aborted: the loop then ends in order, without an error, and what it left
   * unread is dropped. A signal that was aborted before ends the loop at once. However the loop ends, nothing stays on the signal.
   */
  until(signal: AbortSignal): AsyncIterable<E>;
  /** Counters. */
  readonly stats: FeedStats;
}
