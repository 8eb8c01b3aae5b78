import type { AuditResult, BookState } from '@venuekit/connector-core';
import { type DepthUpdate, OrderBook } from './order-book.ts';

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
}

const nothing: BookSyncStep = { changed: false };

/** Messages kept while a snapshot is awaited; older ones go first, which only makes one more snapshot necessary. */
const mostBuffered = 10_000;
/** Snapshots that did not meet the kept messages, after which those are taken for leftovers of another sequence. */
const mostFruitless = 2;

/**
 * Decides whether a book is right: a pure state machine over the venue's sequence numbers.
 *
 * Changes are kept until a snapshot with number S comes; those up to S are dropped, the first one after it must be S + 1, and
 * each later one the previous plus 1. Anything else makes the book unavailable in the same call, until a new snapshot is joined.
 */
export class BookSync {
  readonly #snapshotDepth: number;
  readonly #counts: BookSyncCounts = { applied: 0, dropped: 0, repeated: 0, gaps: 0, resyncs: 0, audits: 0 };
  #book = new OrderBook();
  #state: BookState = 'opening';
  #reason: string | undefined = 'waiting for the first snapshot';
  #sequence: bigint | undefined;
  #venueTimeMs: number | undefined;
  #joinedBefore = false;
  /** Changes that wait for a snapshot, ascending and without repeats. */
  #waiting: DepthUpdate[] = [];
  #fruitless = 0;
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

  /** The subscription is confirmed on a new connection: a snapshot is needed. */
  confirmed(): BookSyncStep {
    if (this.#state === 'closed') return nothing;
    const changed = this.#state === 'stale';
    if (changed) this.#become('resyncing', 'reconnected, waiting for a snapshot');
    return { changed, snapshot: 'now' };
  }

  /** The connection is gone. */
  lost(reason: string): BookSyncStep {
    if (this.#state === 'closed') return nothing;
    this.#waiting = [];
    this.#audit = undefined;
    this.#sequence = undefined;
    this.#become('stale', reason);
    return { changed: true };
  }

  /** Nothing more will come. */
  close(reason: string): BookSyncStep {
    if (this.#state === 'closed') return nothing;
    this.#waiting = [];
    this.#audit = undefined;
    this.#book = new OrderBook();
    this.#become('closed', reason);
    return { changed: true };
  }

  /** A change came. */
  change(update: DepthUpdate): BookSyncStep {
    if (this.#state === 'closed' || this.#state === 'stale') return nothing;
    if (this.#state === 'live' && this.#sequence !== undefined)
      return this.#changeLive(update, this.#sequence);
    return this.#keep(update);
  }

  /** A change could not be read: the book would be without it. */
  unreadable(reason: string): BookSyncStep {
    return this.#state === 'live' ? this.#desync(reason) : nothing;
  }

  /** From now on an audit can be answered by a snapshot. */
  beginAudit(): void {
    if (this.#state === 'live' && this.#sequence !== undefined) {
      this.#audit ??= { from: this.#sequence, applied: [] };
    }
  }

  /** The audit's snapshot does not come. */
  endAudit(): void {
    this.#audit = undefined;
  }

  /** A snapshot came, asked for or not. */
  snapshot(snapshot: DepthUpdate): BookSyncStep {
    if (this.#state === 'closed' || this.#state === 'stale') return nothing;
    if (this.#state === 'live') return this.#compare(snapshot);
    return this.#join(snapshot);
  }

  #changeLive(update: DepthUpdate, last: bigint): BookSyncStep {
    if (update.sequence === last) {
      this.#counts.repeated += 1;
      return nothing;
    }
    if (update.sequence < last) {
      // An old message again, or the venue counts anew: only a snapshot can tell.
      return this.#desync(`message ${update.sequence} after ${last}`, update);
    }
    if (update.sequence > last + 1n) {
      return this.#desync(`message ${update.sequence} where ${last + 1n} was due`, update);
    }
    this.#apply(update);
    if (this.#book.crossed) return this.#desync(`bid meets ask after message ${update.sequence}`);
    return { changed: true };
  }

  #apply(update: DepthUpdate): void {
    this.#book.apply(update);
    this.#sequence = update.sequence;
    this.#venueTimeMs = update.venueTimeMs;
    this.#counts.applied += 1;
    this.#audit?.applied.push(update);
  }

  #desync(gap: string, first?: DepthUpdate): BookSyncStep {
    this.#counts.gaps += 1;
    this.#waiting = first === undefined ? [] : [first];
    this.#fruitless = 0;
    this.#audit = undefined;
    this.#become('resyncing', gap);
    return { changed: true, snapshot: 'now', gap };
  }

  /** Keeps a change in its place. */
  #keep(update: DepthUpdate): BookSyncStep {
    const newest = this.#waiting.at(-1);
    if (newest === undefined || update.sequence > newest.sequence) {
      this.#waiting.push(update);
      if (this.#waiting.length > mostBuffered) this.#waiting.shift();
      return nothing;
    }
    const floor = this.#sequence;
    if (floor !== undefined && update.sequence <= floor) {
      // Older than what the book already had: the venue counts anew, so what was kept belongs to the old count.
      this.#waiting = [update];
      this.#sequence = undefined;
      return nothing;
    }
    const at = this.#waiting.findIndex(({ sequence }) => sequence >= update.sequence);
    if (this.#waiting[at]?.sequence === update.sequence) this.#counts.repeated += 1;
    else this.#waiting.splice(at, 0, update);
    return nothing;
  }

  #join(snapshot: DepthUpdate): BookSyncStep {
    const later = this.#waiting.filter(({ sequence }) => sequence > snapshot.sequence);
    const hole = firstHole(snapshot.sequence, later);
    if (hole !== undefined) return this.#fruitlessly(`snapshot ${snapshot.sequence} lacks message ${hole}`);
    const book = new OrderBook();
    book.replace(snapshot);
    for (const update of later) book.apply(update);
    if (book.crossed) return this.#fruitlessly(`bid meets ask in snapshot ${snapshot.sequence}`);
    this.#counts.dropped += this.#waiting.length - later.length;
    this.#counts.applied += later.length;
    this.#adopt(book, later.at(-1) ?? snapshot);
    return { changed: true, joined: true };
  }

  #fruitlessly(reason: string): BookSyncStep {
    this.#fruitless += 1;
    if (this.#fruitless > mostFruitless) {
      this.#waiting = [];
      this.#fruitless = 0;
    }
    this.#become(this.#state, reason);
    return { changed: true, snapshot: 'later' };
  }

  #adopt(book: OrderBook, last: DepthUpdate): void {
    this.#book = book;
    this.#sequence = last.sequence;
    this.#venueTimeMs = last.venueTimeMs;
    this.#waiting = [];
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
    if (sequence < audit.from) {
      return { changed: false, audit: { outcome: 'inconclusive', sequence } };
    }
    const later = audit.applied.filter((update) => update.sequence > sequence);
    const expected = new OrderBook();
    expected.replace(snapshot);
    for (const update of later) expected.apply(update);
    const ahead = this.#sequence !== undefined && sequence > this.#sequence;
    if (!ahead && expected.equals(this.#book, this.#snapshotDepth)) {
      return { changed: false, audit: { outcome: 'equal', sequence } };
    }
    const gap = ahead
      ? `audit: the venue is at message ${sequence}, the book at ${this.#sequence}`
      : `audit: the book differs from snapshot ${sequence}`;
    this.#counts.gaps += 1;
    this.#adopt(expected, later.at(-1) ?? snapshot);
    return { changed: true, gap, joined: true, audit: { outcome: 'repaired', sequence } };
  }

  #become(state: BookState, reason: string | undefined): void {
    this.#state = state;
    this.#reason = reason;
  }
}

/** The first number missing between a snapshot and the changes after it. */
function firstHole(sequence: bigint, later: readonly DepthUpdate[]): bigint | undefined {
  let due = sequence + 1n;
  for (const update of later) {
    if (update.sequence !== due) return due;
    due += 1n;
  }
  return undefined;
}
