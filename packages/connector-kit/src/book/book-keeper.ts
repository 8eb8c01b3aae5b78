import {
  type AsyncOptions,
  type AuditResult,
  type Book,
  type BookEvent,
  type BookStats,
  type BookView,
  type LiveBook,
  type Pair,
  type Runtime,
  VenueError,
} from '@venuekit/connector-core';
import { createFeed, type FeedSource } from '../feed/feed.ts';
import type { LimitUse } from '../limits/limit-use.ts';
import { Waiters } from '../waiting/waiters.ts';
import { BookSync, type BookSyncStep } from './book-sync.ts';
import type { DepthUpdate } from './order-book.ts';
import { SnapshotRequests } from './snapshot-requests.ts';

/** What a book needs of its connector. */
export interface BookKeeperOptions {
  readonly runtime: Runtime;
  /** Venue id for errors. */
  readonly venue: string;
  readonly pair: Pair;
  /** Asks the venue for a snapshot; false if there is no connection. */
  readonly requestSnapshot: () => boolean;
  /** Limit of snapshot requests; share its limiter between books that the venue counts together. None if left out. */
  readonly snapshotLimit?: LimitUse;
  /** Levels a side that the venue's snapshots hold at most; all by default. */
  readonly snapshotDepth?: number;
  /** Time in which a snapshot must come, in milliseconds; 5,000 by default. */
  readonly snapshotTimeoutMs?: number;
  /** Called when the book is used for the first time: the moment to subscribe. */
  readonly onFirstUse?: () => void;
  /**
   * Called when the venue has no such book, or the limiter lets no request for it through any more: the moment to give the
   * subscription up, which then calls `refused`.
   */
  readonly onUnavailable: (error: VenueError) => void;
  /** Called when snapshots and messages contradict each other for good: only a new connection can help. */
  readonly onHopeless: (reason: string) => void;
}

/** The writing side of a live book. */
export interface BookKeeper {
  /** The reading side, to hand out. */
  readonly book: Book;
  /** The subscription is confirmed on a new connection. */
  confirmed(): void;
  /** The connection is gone; the last frame came at `sinceMs`, local time. */
  lost(reason: string, sinceMs: number): void;
  /** The subscription was refused: the book is closed for good. */
  refused(error: VenueError): void;
  /** A change came. */
  change(update: DepthUpdate, receivedAtMs: number): void;
  /** A change of this book came that could not be read. */
  unreadable(error: VenueError): void;
  /** A snapshot came. */
  snapshot(snapshot: DepthUpdate, receivedAtMs: number): void;
  /** The venue answered a snapshot request with an error, or with something unreadable. */
  snapshotFailed(error: VenueError): void;
  /** Ends the book. */
  close(): void;
}

const auditTimeoutMs = 15_000;

/** Keeps one order book right. */
export function createBookKeeper(options: BookKeeperOptions): BookKeeper {
  return new Keeper(options);
}

class Keeper implements BookKeeper {
  readonly book: Book;
  readonly #options: BookKeeperOptions;
  readonly #sync: BookSync;
  readonly #requests: SnapshotRequests;
  readonly #source: FeedSource<BookEvent>;
  readonly #live: Waiters<LiveBook>;
  readonly #audits: Waiters<AuditResult>;
  #used = false;
  #view: BookView | undefined;
  /** When the bytes of the newest message in the book came; `undefined` until the book was live once. */
  #receivedAtMs: number | undefined;
  /** Since when, and why, data may be missing. */
  #gap: { readonly fromMs: number; readonly reason: string } | undefined;
  #refusal: VenueError | undefined;

  constructor(options: BookKeeperOptions) {
    const { runtime, venue, pair } = options;
    this.#options = options;
    this.#sync = new BookSync(options.snapshotDepth);
    this.#live = new Waiters(runtime.timers, 'book-live');
    this.#audits = new Waiters(runtime.timers, 'book-audit');
    this.#requests = new SnapshotRequests({
      ...{ runtime, venue },
      limit: options.snapshotLimit,
      timeoutMs: options.snapshotTimeoutMs ?? 5_000,
      send: options.requestSnapshot,
      wanted: () => this.#wantsSnapshot(),
      refused: (error) => this.#withoutSnapshots(error),
    });
    this.#source = createFeed<BookEvent>({
      name: `${pair} book`,
      venue,
      conflateBy: (event) => (event.kind === 'book' ? 'book' : undefined),
      opening: () => [this.#changedEvent()],
      onFirstConsumer: () => this.#use(),
      onListenerError: (error) =>
        runtime.logger.error(`a listener of the ${pair} book threw: ${String(error)}`),
    });
    this.book = this.#reader();
  }

  confirmed(): void {
    this.#take(this.#sync.confirmed());
  }

  lost(reason: string, sinceMs: number): void {
    this.#requests.stop();
    this.#noteGap(reason, sinceMs);
    this.#take(this.#sync.lost(reason));
    this.#audits.reject(this.#error('stale', `the audit was cut off: ${reason}`));
  }

  refused(error: VenueError): void {
    this.#refusal = error;
    this.#end(error.message, error);
  }

  change(update: DepthUpdate, receivedAtMs: number): void {
    this.#guard(() => this.#take(this.#sync.change(update), receivedAtMs));
  }

  unreadable(error: VenueError): void {
    this.#take(this.#sync.unreadable(error.message));
  }

  snapshot(snapshot: DepthUpdate, receivedAtMs: number): void {
    this.#requests.answered();
    this.#guard(() => this.#take(this.#sync.snapshot(snapshot), receivedAtMs));
  }

  snapshotFailed(error: VenueError): void {
    if (error.code === 'market-unavailable') this.#options.onUnavailable(error);
    else if (this.#wantsSnapshot()) this.#requests.askLater();
    else this.#requests.answered();
  }

  close(): void {
    this.#end('nobody holds it any more', undefined);
  }

  /** What the wire let pass may still not be a book: then it is as good as missing. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#take(this.#sync.unreadable(message));
      if (this.#wantsSnapshot()) this.#requests.askLater();
    }
  }

  #wantsSnapshot(): boolean {
    const { state } = this.#sync;
    return state === 'opening' || state === 'resyncing' || this.#sync.auditing;
  }

  /** No snapshot will come. A live book goes on without its audit; any other never would be live. */
  #withoutSnapshots(error: VenueError): void {
    if (this.#sync.state !== 'live') {
      this.#options.onUnavailable(error);
      return;
    }
    this.#sync.endAudit();
    this.#audits.reject(error);
  }

  #take(step: BookSyncStep, receivedAtMs?: number): void {
    if (step.gap !== undefined) this.#noteGap(step.gap);
    if (receivedAtMs !== undefined && step.changed && this.#sync.state === 'live')
      this.#receivedAtMs = receivedAtMs;
    if (step.joined) this.#requests.satisfied();
    if (step.snapshot === 'now') this.#requests.ask();
    else if (step.snapshot === 'later') this.#requests.askLater();
    // Before anybody is told: an audit that a listener asks for now is another one.
    if (step.audit !== undefined) this.#audits.resolve(step.audit);
    else if (step.joined) this.#resolveOvertakenAudits();
    if (step.changed) this.#tell(step.joined === true);
    if (step.hopeless !== undefined) this.#options.onHopeless(`${this.#options.pair}: ${step.hopeless}`);
  }

  #tell(joined: boolean): void {
    this.#view = undefined;
    const gap = this.#gap;
    if (joined && gap !== undefined) {
      this.#gap = undefined;
      this.#source.emit({ kind: 'gap', ...gap, toMs: this.#options.runtime.clock.now() });
    }
    this.#source.emit(this.#changedEvent());
    const view = joined ? this.#read() : undefined;
    if (view?.state === 'live') this.#live.resolve(view);
  }

  /** An audit that a resync overtook cannot be decided; the book is fresh all the same. */
  #resolveOvertakenAudits(): void {
    const { sequence } = this.#sync;
    if (sequence !== undefined) this.#audits.resolve({ outcome: 'inconclusive', sequence });
  }

  /** Data may be missing since the last good message. A book that never was live has nothing to miss. */
  #noteGap(reason: string, fromMs: number | undefined = this.#receivedAtMs): void {
    if (this.#receivedAtMs !== undefined && fromMs !== undefined) this.#gap ??= { fromMs, reason };
  }

  #end(reason: string, error: VenueError | undefined): void {
    if (this.#sync.state === 'closed') return;
    this.#requests.stop();
    this.#take(this.#sync.close(reason));
    const ending = error ?? this.#error('closed', 'the book was closed');
    this.#live.reject(ending);
    this.#audits.reject(ending);
    this.#source.end(error);
  }

  #use(): void {
    if (this.#used) return;
    this.#used = true;
    this.#options.onFirstUse?.();
  }

  #changedEvent(): BookEvent {
    const { state, reason, sequence } = this.#sync;
    return { kind: 'book', pair: this.#options.pair, state, reason, sequence };
  }

  #read(): BookView {
    this.#view ??= this.#makeView();
    return this.#view;
  }

  #makeView(): BookView {
    const { pair } = this.#options;
    const { state, reason, sequence, venueTimeMs, book } = this.#sync;
    if (state !== 'live' || sequence === undefined) {
      return { state: state === 'live' ? 'resyncing' : state, pair, reason: reason ?? '' };
    }
    const { bestBid, bestAsk } = book;
    const receivedAtMs = this.#receivedAtMs ?? this.#options.runtime.clock.now();
    return Object.freeze({
      state,
      pair,
      sequence,
      venueTimeMs,
      receivedAtMs,
      bestBid,
      bestAsk,
      ...book.content(),
    });
  }

  #require(operation: string): LiveBook {
    this.#use();
    const view = this.#read();
    if (view.state === 'live') return view;
    if (this.#refusal !== undefined) throw this.#refusal;
    const code = view.state === 'closed' ? 'closed' : 'stale';
    throw this.#error(code, `expected a live book, got one that is ${view.state}: ${view.reason}`, operation);
  }

  async #whenLive(options: AsyncOptions): Promise<LiveBook> {
    options.signal?.throwIfAborted();
    this.#use();
    const view = this.#read();
    if (view.state === 'live') return view;
    if (view.state === 'closed') return this.#require('whenLive');
    const onTimeout = (ms: number) => {
      const { state, reason } = this.#sync;
      return this.#error(
        'timeout',
        `expected a live book within ${ms} ms, got one that is ${state}: ${reason}`,
      );
    };
    return this.#live.wait({ ...options, onTimeout });
  }

  async #audit(options: AsyncOptions): Promise<AuditResult> {
    options.signal?.throwIfAborted();
    this.#require('audit');
    const { timeoutMs = auditTimeoutMs } = options;
    const onTimeout = (ms: number) =>
      this.#error('timeout', `expected a snapshot within ${ms} ms, got none`, 'audit');
    this.#sync.beginAudit();
    const result = this.#audits.wait({ ...options, timeoutMs, onTimeout });
    this.#requests.ask();
    try {
      return await result;
    } catch (error) {
      if (this.#audits.size === 0) this.#endAudit();
      throw error;
    }
  }

  #endAudit(): void {
    this.#sync.endAudit();
    if (!this.#wantsSnapshot()) this.#requests.withdraw();
  }

  #error(code: VenueError['code'], message: string, operation = 'book'): VenueError {
    const { venue, pair } = this.#options;
    return new VenueError({ code, venue, operation, message: `${pair}: ${message}` });
  }

  #reader(): Book {
    const keeper = this;
    const { feed } = this.#source;
    return {
      subscribe: (listener, options) => feed.subscribe(listener, options),
      [Symbol.asyncIterator]: () => feed[Symbol.asyncIterator](),
      until: (signal) => feed.until(signal),
      read: () => {
        keeper.#use();
        return keeper.#read();
      },
      bestBid: () => keeper.#require('bestBid').bestBid,
      bestAsk: () => keeper.#require('bestAsk').bestAsk,
      whenLive: (options = {}) => keeper.#whenLive(options),
      audit: (options = {}) => keeper.#audit(options),
      get stats(): BookStats & Book['stats'] {
        return { ...feed.stats, ...keeper.#sync.counts };
      },
    };
  }
}
