import {
  type AsyncOptions,
  type AuditResult,
  type Book,
  type BookEvent,
  type BookLevel,
  type BookView,
  type DepthStage,
  type DepthUpdate,
  type LiveBook,
  VenueError,
} from '@venuekit/connector-core';
import { createFeed, type FeedSource } from '../feed/feed.ts';
import { Waiters } from '../waiting/waiters.ts';
import type { BestLevels } from './best-levels.ts';
import { BookAudits } from './book-audits.ts';
import type { BookKeeper, BookKeeperOptions } from './book-keeper-options.ts';
import { createBookReader } from './book-reader.ts';
import { BookSync } from './book-sync.ts';
import type { BookFault, BookSyncStep } from './book-sync-step.ts';
import { bookView } from './book-view.ts';
import { SnapshotRequests } from './snapshot-requests.ts';

/** A book that falls silent again within this time, in milliseconds, is not helped by asking anew on the same connection. */
const silentAgainMs = 60_000;

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
  readonly #audits: BookAudits;
  #used = false;
  #view: BookView | undefined;
  /** When the bytes of the newest message in the book came; `undefined` until the book was live once. */
  #receivedAtMs: number | undefined;
  /** When the book was last joined to a snapshot or equal to one, local time. */
  #rightAtMs: number | undefined;
  /** Rises with each loss. */
  #era = 0;
  #silences = 0;
  #lastMessageAt = Number.NEGATIVE_INFINITY;
  #silentAt = Number.NEGATIVE_INFINITY;
  #knownDeletes = 0;
  /** Since when, and why, data may be missing. */
  #gap: { readonly fromMs: number; readonly reason: string } | undefined;
  #refusal: VenueError | undefined;

  constructor(options: BookKeeperOptions) {
    const { runtime, venue, pair, scale, snapshotDepth } = options;
    this.#options = options;
    this.#sync = new BookSync({ scale, snapshotDepth });
    this.#live = new Waiters(runtime.timers, 'book-live');
    this.#audits = this.#makeAudits();
    this.#requests = new SnapshotRequests({
      ...{ runtime, venue },
      limit: options.snapshotLimit,
      timeoutMs: options.snapshotTimeoutMs ?? 5_000,
      send: () => this.#requestSnapshot(),
      wanted: () => this.#wantsSnapshot(),
      isUrgent: () => this.#sync.state !== 'live',
      late: () => this.#count('book_snapshots_late'),
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
    this.book = this.#makeReader();
  }

  get lastMessageAt(): number {
    return this.#lastMessageAt;
  }

  get freshAt(): number {
    return this.#audits.freshAt;
  }

  get venueTimeMs(): number | undefined {
    return this.#sync.state === 'live' ? this.#sync.venueTimeMs : undefined;
  }

  best(): BestLevels | undefined {
    const { state, book } = this.#sync;
    return state === 'live' ? { bid: book.bestBid, ask: book.bestAsk } : undefined;
  }

  suspect(): void {
    if (this.#sync.state === 'live') this.#audits.suspect();
  }

  confirmed(): void {
    this.#take(this.#sync.confirmed());
  }

  lost(reason: string, sinceMs: number): void {
    this.#era += 1;
    this.#requests.stop();
    this.#audits.lost();
    this.#noteGap(reason, sinceMs);
    this.#take(this.#sync.lost(reason));
    this.#audits.reject(this.#error('stale', `the audit was cut off: ${reason}`));
  }

  refused(error: VenueError): void {
    this.#refusal = error;
    this.#end(error.message, error);
  }

  stage(stage: DepthStage, receivedAtMs: number): void {
    this.#noteMessage();
    this.#guard(() => this.#sync.stage(stage), receivedAtMs);
  }

  change(update: DepthUpdate, receivedAtMs: number): void {
    this.#noteMessage();
    this.#guard(() => this.#sync.change(update), receivedAtMs);
  }

  unreadable(error: VenueError): void {
    this.#noteMessage();
    this.#take(this.#sync.unreadable(error.message));
  }

  snapshot(snapshot: DepthUpdate, receivedAtMs: number): void {
    this.#requests.answered();
    this.#guard(() => this.#sync.snapshot(snapshot), receivedAtMs);
  }

  snapshotFailed(error: VenueError): void {
    this.#requests.answered();
    if (error.code === 'market-unavailable') this.#options.onUnavailable(error);
    else if (this.#wantsSnapshot()) this.#requests.askLater();
  }

  silent(reason: string): void {
    if (this.#sync.state === 'live') this.#take({ changed: false, silent: reason });
  }

  close(): void {
    this.#end('nobody holds it any more', undefined);
  }

  /** What the wire let pass may still not be a book: then it is as good as missing. */
  #guard(act: () => BookSyncStep, receivedAtMs: number): void {
    try {
      this.#take(act(), receivedAtMs);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#take(this.#sync.unreadable(message));
    }
  }

  #noteMessage(): void {
    this.#lastMessageAt = this.#options.runtime.clock.monotonic();
  }

  #wantsSnapshot(): boolean {
    const { state } = this.#sync;
    return state === 'opening' || state === 'resyncing' || (this.#sync.auditing && !this.#sync.behind);
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

  /** An answer is for the book as it was subscribed when it asked: one from before a renewal may be older than what was seen since. */
  #requestSnapshot(): boolean {
    const era = this.#era;
    return this.#options.requestSnapshot({
      snapshot: (update, receivedAtMs) => {
        if (era === this.#era) this.snapshot(update, receivedAtMs);
      },
      snapshotFailed: (error) => {
        if (era === this.#era) this.snapshotFailed(error);
      },
    });
  }

  #take(step: BookSyncStep, receivedAtMs?: number): void {
    if (step.changed) this.#view = undefined;
    if (step.fault !== undefined) this.#noteFault(step.fault);
    if (receivedAtMs !== undefined && step.changed && this.#sync.state === 'live')
      this.#receivedAtMs = receivedAtMs;
    if (step.joined) this.#requests.satisfied();
    if (step.snapshot === 'now') this.#requests.ask();
    else if (step.snapshot === 'newer') this.#requests.askNewer();
    else if (step.snapshot === 'later') this.#requests.askLater();
    this.#takeAudit(step);
    if (step.changed) this.#tell(step.joined === true);
    if (step.hopeless !== undefined && this.#sync.state !== 'closed')
      this.#options.onHopeless(`${this.#options.pair}: ${step.hopeless}`);
    if (step.silent !== undefined) this.#fallSilent(step.silent);
  }

  #noteFault({ kind, reason }: BookFault): void {
    this.#count('book_faults', { kind });
    // What an audit or an impossible book shows may have been wrong since it was last seen to be right.
    const isHidden = kind === 'audit' || kind === 'crossed';
    this.#noteGap(reason, isHidden ? this.#rightAtMs : this.#receivedAtMs);
    this.#audits.lost();
  }

  /** Before anybody is told: an audit that a listener asks for now is another one. */
  #takeAudit(step: BookSyncStep): void {
    if (step.behind) this.#audits.behind();
    if (step.audit !== undefined) {
      const { outcome } = step.audit;
      this.#count('book_audits', { outcome });
      if (outcome === 'equal' || outcome === 'repaired') this.#rightAtMs = this.#options.runtime.clock.now();
      this.#audits.finished(step.audit);
    } else if (step.joined) this.#joined();
    const { unknownDeletes } = this.#sync;
    if (unknownDeletes === this.#knownDeletes) return;
    this.#knownDeletes = unknownDeletes;
    this.suspect();
  }

  /** An audit that a resync overtook cannot be decided; the book is fresh all the same. */
  #joined(): void {
    this.#count('book_joins');
    this.#rightAtMs = this.#options.runtime.clock.now();
    const { sequence } = this.#sync;
    this.#audits.overtaken({ outcome: 'inconclusive', sequence });
  }

  #tell(joined: boolean): void {
    const gap = this.#gap;
    if (joined && gap !== undefined) {
      this.#gap = undefined;
      this.#source.emit({ kind: 'gap', ...gap, toMs: this.#options.runtime.clock.now() });
    }
    if (this.#source.hasConsumers) this.#source.emit(this.#changedEvent());
    const view = joined && this.#live.size > 0 ? this.#read() : undefined;
    if (view?.state === 'live') this.#live.resolve(view);
  }

  /** The connection is up and the book is old: the first time it is asked for anew, and then everything is. */
  #fallSilent(reason: string): void {
    const now = this.#options.runtime.clock.monotonic();
    const again = now - this.#silentAt < silentAgainMs;
    this.#silentAt = now;
    this.#silences += 1;
    this.#count('book_silences');
    const { onSilent, onHopeless, pair } = this.#options;
    if (again || onSilent === undefined) onHopeless(`${pair}: ${reason}`);
    else onSilent(reason, this.#receivedAtMs ?? this.#options.runtime.clock.now());
  }

  /** Data may be missing since the last good message. A book that never was live has nothing to miss. */
  #noteGap(reason: string, fromMs: number | undefined = this.#receivedAtMs): void {
    if (this.#receivedAtMs !== undefined && fromMs !== undefined) this.#gap ??= { fromMs, reason };
  }

  #end(reason: string, error: VenueError | undefined): void {
    if (this.#sync.state === 'closed') return;
    this.#requests.stop();
    this.#audits.lost();
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
    const receivedAtMs = this.#receivedAtMs ?? this.#options.runtime.clock.now();
    this.#view ??= bookView(this.#sync, this.#options.pair, receivedAtMs);
    return this.#view;
  }

  /** @throws VenueError unless the book is live. */
  #requireLive(operation: string): void {
    this.#use();
    const { state, reason } = this.#sync;
    if (state === 'live') return;
    if (this.#refusal !== undefined) throw this.#refusal;
    const code = state === 'closed' ? 'closed' : 'stale';
    throw this.#error(code, `expected a live book, got one that is ${state}: ${reason}`, operation);
  }

  #best(side: 'bestBid' | 'bestAsk'): BookLevel | undefined {
    this.#requireLive(side);
    return this.#sync.book[side];
  }

  async #whenLive(options: AsyncOptions): Promise<LiveBook> {
    options.signal?.throwIfAborted();
    this.#use();
    if (this.#sync.state === 'closed') this.#requireLive('whenLive');
    const view = this.#read();
    if (view.state === 'live') return view;
    const onTimeout = (ms: number) => {
      const { state, reason } = this.#sync;
      return this.#error(
        'timeout',
        `expected a live book within ${ms} ms, got one that is ${state}: ${reason}`,
      );
    };
    return this.#live.wait({ ...options, onTimeout });
  }

  #makeAudits(): BookAudits {
    const { runtime, auditEveryMs: everyMs } = this.#options;
    return new BookAudits({
      ...{ runtime, everyMs },
      begin: () => {
        this.#sync.beginAudit();
        this.#requests.ask();
      },
      end: () => {
        this.#sync.endAudit();
        if (!this.#wantsSnapshot()) this.#requests.withdraw();
      },
      overdue: () => this.#take(this.#sync.overdue()),
      unanswered: () => this.#count('book_audits', { outcome: 'unanswered' }),
    });
  }

  async #audit(options: AsyncOptions): Promise<AuditResult> {
    options.signal?.throwIfAborted();
    this.#requireLive('audit');
    const onTimeout = (ms: number) =>
      this.#error('timeout', `expected a snapshot within ${ms} ms, got none`, 'audit');
    return this.#audits.wait(options, onTimeout);
  }

  #count(name: string, labels: Readonly<Record<string, string>> = {}): void {
    const { runtime, venue, pair } = this.#options;
    runtime.meter.count(name, 1, { venue, pair, ...labels });
  }

  #error(code: VenueError['code'], message: string, operation = 'book'): VenueError {
    const { venue, pair } = this.#options;
    return new VenueError({ code, venue, operation, message: `${pair}: ${message}` });
  }

  #makeReader(): Book {
    return createBookReader({
      feed: this.#source.feed,
      read: () => {
        this.#use();
        return this.#read();
      },
      best: (side) => this.#best(side),
      queried: () => {
        this.#requireLive('query');
        return this.#sync.book.queried();
      },
      whenLive: (options) => this.#whenLive(options),
      audit: (options) => this.#audit(options),
      counts: () => ({ ...this.#sync.counts, silences: this.#silences }),
    });
  }
}
