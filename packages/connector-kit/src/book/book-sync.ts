import type { AuditResult, BookState } from '@venuekit/connector-core';
import { type DepthUpdate, OrderBook } from './order-book.ts';
import { WaitingChanges } from './waiting-changes.ts';

/** Counters of one book's synchronisation. */
export interface BookSyncCounts {
  applied: number;
  dropped: number;
  repeated: number;
  gaps: number;
  resyncs: number;
  audits: number;
}

/** What one message did. */
export interface BookSyncStep {
  /** The state or the content is another one than before. */
  readonly changed: boolean;
  /** A snapshot is needed: at once, or after a while because the last one was of no use. */
  readonly snapshot?: 'now' | 'later';
  /** Set when data was found missing: what showed it. */
  readonly gap?: string;
  /** True when a snapshot was joined, so that the book became live. */
  readonly joined?: boolean;
  /** Set when an audit was finished. */
  readonly audit?: AuditResult;
  /** Set when snapshots and messages contradict each other for good: only a new connection can help. */
  readonly hopeless?: string;
}

const nothing: BookSyncStep = { changed: false };

/** Snapshots in a row that did not meet the messages, after which the connection is given up. */
const mostFruitless = 8;
/** How far behind a snapshot a message may be, right after it was joined, to be one that the snapshot overtook. */
const overtaken = 10n;

/**
 * Decides whether a book is right: a pure state machine over the venue's sequence numbers.
 *
 * Changes are kept until a snapshot with number S comes; those up to S are dropped, the first one after it must be S + 1, and
 * each later one the previous plus 1. Anything else makes the book unavailable in the same call, until a new snapshot is joined.
 * A book never goes live behind a message that was seen on the same connection.
 */
export class BookSync {
  readonly #snapshotDepth: number;
  readonly #counts: BookSyncCounts = { applied: 0, dropped: 0, repeated: 0, gaps: 0, resyncs: 0, audits: 0 };
  #book = new OrderBook();
  #state: BookState = 'opening';
  #reason: string | undefined = 'waiting for the first snapshot';
  /** The subscription is confirmed on this connection: before that, messages and snapshots answer somebody else. */
  #subscribed = false;
  /** Number of the last message that was applied on this connection. */
  #sequence: bigint | undefined;
  #venueTimeMs: number | undefined;
  #joinedBefore = false;
  /** A change was applied since the last snapshot was joined. */
  #followed = false;
  #fruitless = 0;
  readonly #waiting = new WaitingChanges();
  /** Changes applied since an audit began, and the number of the book at that moment. */
  #audit: { readonly from: bigint; readonly applied: DepthUpdate[] } | undefined;

  /** @param snapshotDepth levels a side that the venue's snapshots hold at most. */
  constructor(snapshotDepth: number = Number.POSITIVE_INFINITY) {
    this.#snapshotDepth = snapshotDepth;
  }

  get state(): BookState {
    return this.#state;
  }

  /** Why the book is not live. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Number of the last message in the book; `undefined` while it is not live. */
  get sequence(): bigint | undefined {
    return this.#state === 'live' ? this.#sequence : undefined;
  }

  /** Venue time of the last message in the book. */
  get venueTimeMs(): number | undefined {
    return this.#venueTimeMs;
  }

  /** The book; read it only while live. */
  get book(): OrderBook {
    return this.#book;
  }

  get counts(): Readonly<BookSyncCounts> {
    return this.#counts;
  }

  /** True while an audit waits for its snapshot. */
  get auditing(): boolean {
    return this.#audit !== undefined;
  }

  /** The subscription is confirmed on a new connection: a snapshot is needed. */
  confirmed(): BookSyncStep {
    if (this.#state === 'closed') return nothing;
    this.#subscribed = true;
    const changed = this.#state === 'stale';
    if (changed) this.#become('resyncing', 'reconnected, waiting for a snapshot');
    return { changed, snapshot: 'now' };
  }

  /** The connection is gone, and with it all that was known of its numbers. */
  lost(reason: string): BookSyncStep {
    if (this.#state === 'closed') return nothing;
    this.#forget();
    this.#become('stale', reason);
    return { changed: true };
  }

  /** Nothing more will come. */
  close(reason: string): BookSyncStep {
    if (this.#state === 'closed') return nothing;
    this.#forget();
    this.#book = new OrderBook();
    this.#become('closed', reason);
    return { changed: true };
  }

  /** A change came. */
  change(update: DepthUpdate): BookSyncStep {
    if (!this.#subscribed) return nothing;
    if (this.#state === 'live' && this.#sequence !== undefined)
      return this.#changeLive(update, this.#sequence);
    this.#keep(update);
    return nothing;
  }

  /** A change could not be read: the book would be without it. */
  unreadable(reason: string): BookSyncStep {
    if (this.#state !== 'live' || this.#sequence === undefined) {
      this.#waiting.skipOne();
      return nothing;
    }
    const missing = this.#sequence + 1n;
    const step = this.#desync(reason);
    this.#waiting.expect(missing);
    return step;
  }

  /** From now on an audit can be answered by a snapshot. */
  beginAudit(): void {
    if (this.#state === 'live' && this.#sequence !== undefined) {
      this.#audit ??= { from: this.#sequence, applied: [] };
    }
  }

  /** The audit's snapshot does not come, or nobody wants it any more. */
  endAudit(): void {
    this.#audit = undefined;
  }

  /** A snapshot came, asked for or not. */
  snapshot(snapshot: DepthUpdate): BookSyncStep {
    if (!this.#subscribed) return nothing;
    return this.#state === 'live' ? this.#compare(snapshot) : this.#join(snapshot);
  }

  #changeLive(update: DepthUpdate, last: bigint): BookSyncStep {
    if (update.sequence <= last) return this.#old(update, last);
    if (update.sequence > last + 1n) {
      return this.#desync(`message ${update.sequence} where ${last + 1n} was due`, update);
    }
    this.#book.apply(update);
    this.#sequence = update.sequence;
    this.#venueTimeMs = update.venueTimeMs;
    this.#followed = true;
    this.#counts.applied += 1;
    this.#audit?.applied.push(update);
    if (this.#book.crossed) return this.#desync(`bid meets ask after message ${update.sequence}`, update);
    return this.#renewThin(update);
  }

  /** An old message again, one that its snapshot overtook, or the venue counts anew: only the last needs a snapshot. */
  #old(update: DepthUpdate, last: bigint): BookSyncStep {
    const late = !this.#followed && update.sequence > last - overtaken;
    // A snapshot may have a time of its own; a message that comes again has that of the first time.
    const isRepeated = update.sequence === last && update.venueTimeMs === this.#venueTimeMs;
    if (late || isRepeated) {
      this.#counts.repeated += 1;
      return nothing;
    }
    return this.#desync(`message ${update.sequence} after ${last}`, update);
  }

  /** A book that was cut at a depth runs out of levels as the market moves: a fresh snapshot shows those beyond. */
  #renewThin(update: DepthUpdate): BookSyncStep {
    if (this.#book.isThin(1))
      return this.#desync(`the market left the snapshot's range at ${update.sequence}`, update);
    const quarter = this.#snapshotDepth / 4;
    if (this.#audit !== undefined || !this.#book.isThin(quarter)) return { changed: true };
    this.beginAudit();
    return { changed: true, snapshot: 'now' };
  }

  #desync(gap: string, kept?: DepthUpdate): BookSyncStep {
    this.#counts.gaps += 1;
    this.#waiting.clear();
    this.#waiting.expect(this.#sequence);
    this.#fruitless = 0;
    this.#audit = undefined;
    this.#become('resyncing', gap);
    if (kept !== undefined) this.#keep(kept);
    return { changed: true, snapshot: 'now', gap };
  }

  #keep(update: DepthUpdate): void {
    const kept = this.#waiting.keep(update, this.#sequence);
    if (kept === 'repeated') this.#counts.repeated += 1;
    // What the book had belongs to the old count.
    if (kept === 'counts-anew') this.#sequence = undefined;
  }

  #join(snapshot: DepthUpdate): BookSyncStep {
    const later = this.#waiting.after(snapshot.sequence);
    const missing = this.#waiting.missingAfter(snapshot.sequence);
    if (missing !== undefined)
      return this.#fruitlessly(`snapshot ${snapshot.sequence} lacks message ${missing}`);
    const book = this.#rollForward(snapshot, later);
    if (book.crossed) return this.#fruitlessly(`bid meets ask in snapshot ${snapshot.sequence}`);
    this.#counts.dropped += this.#waiting.length - later.length;
    this.#counts.applied += later.length;
    this.#adopt(book, later.at(-1) ?? snapshot, later.length > 0);
    return { changed: true, joined: true };
  }

  #rollForward(snapshot: DepthUpdate, later: readonly DepthUpdate[]): OrderBook {
    const book = new OrderBook();
    book.replace(snapshot, this.#snapshotDepth);
    for (const update of later) book.apply(update);
    return book;
  }

  #fruitlessly(reason: string): BookSyncStep {
    this.#fruitless += 1;
    this.#become(this.#state, reason);
    if (this.#fruitless < mostFruitless) return { changed: true, snapshot: 'later' };
    this.#fruitless = 0;
    return { changed: true, snapshot: 'later', hopeless: reason };
  }

  #adopt(book: OrderBook, last: DepthUpdate, followed: boolean): void {
    this.#book = book;
    this.#sequence = last.sequence;
    this.#venueTimeMs = last.venueTimeMs;
    this.#followed = followed;
    this.#waiting.clear();
    this.#fruitless = 0;
    if (this.#joinedBefore) this.#counts.resyncs += 1;
    this.#joinedBefore = true;
    this.#become('live', undefined);
  }

  /** A snapshot of a live book: an audit, if one was begun. */
  #compare(snapshot: DepthUpdate): BookSyncStep {
    const audit = this.#audit;
    if (audit === undefined) return nothing;
    this.#audit = undefined;
    this.#counts.audits += 1;
    const { sequence } = snapshot;
    if (sequence < audit.from) return { changed: false, audit: { outcome: 'inconclusive', sequence } };
    const later = audit.applied.filter((update) => update.sequence > sequence);
    const expected = this.#rollForward(snapshot, later);
    const ahead = this.#sequence !== undefined && sequence > this.#sequence;
    if (!ahead && expected.equals(this.#book)) {
      // The same as far as both are known; the snapshot may know more.
      this.#book = expected;
      return { changed: false, audit: { outcome: 'equal', sequence } };
    }
    if (expected.crossed) return this.#desync(`audit: bid meets ask in snapshot ${sequence}`);
    const gap = ahead
      ? `audit: the venue is at message ${sequence}, the book at ${this.#sequence}`
      : `audit: the book differs from snapshot ${sequence}`;
    this.#counts.gaps += 1;
    this.#adopt(expected, later.at(-1) ?? snapshot, later.length > 0);
    return { changed: true, gap, joined: true, audit: { outcome: 'repaired', sequence } };
  }

  #forget(): void {
    this.#subscribed = false;
    this.#waiting.clear();
    this.#audit = undefined;
    this.#sequence = undefined;
    this.#fruitless = 0;
  }

  #become(state: BookState, reason: string | undefined): void {
    this.#state = state;
    this.#reason = reason;
  }
}
