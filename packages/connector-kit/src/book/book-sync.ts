import { type BookState, type DepthStage, type DepthUpdate, toDepthUpdate } from '@venuekit/connector-core';
import { AuditMemory } from './audit-memory.ts';
import {
  type BookFault,
  type BookFaultKind,
  type BookSyncCounts,
  type BookSyncOptions,
  type BookSyncStep,
  noCounts,
} from './book-sync-step.ts';
import { toKept } from './kept-update.ts';
import { LastSequence } from './last-sequence.ts';
import { OrderBook } from './order-book.ts';
import { WaitingChanges } from './waiting-changes.ts';

const nothing: BookSyncStep = Object.freeze({ changed: false });
const applied: BookSyncStep = Object.freeze({ changed: true });
const hole: BookSyncStep = Object.freeze({ changed: false, snapshot: 'newer' });

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
  readonly #options: BookSyncOptions;
  readonly #snapshotDepth: number;
  readonly #counts = noCounts();
  #book: OrderBook;
  #state: BookState = 'opening';
  #reason: string | undefined = 'waiting for the first snapshot';
  /** The subscription is confirmed on this connection: before that, messages and snapshots answer somebody else. */
  #subscribed = false;
  /** The last message that was applied on this connection. */
  readonly #last = new LastSequence();
  /** Venue time of that message; -1 where the venue gave none. */
  #venueTimeMs = -1;
  #joinedBefore = false;
  /** A change was applied since the last snapshot was joined. */
  #followed = false;
  #fruitless = 0;
  readonly #waiting = new WaitingChanges();
  readonly #audit = new AuditMemory();
  /** A message of an unknown number could not be read: a snapshot from before it would hide it. */
  #missedUnknown = false;
  /** The venue was found to count anew after this number: a snapshot of the old count may still be on its way. */
  #formerCount: bigint | undefined;
  /** Unknown deletions of books that were left for newer ones. */
  #earlierDeletes = 0;

  constructor(options: BookSyncOptions = {}) {
    this.#options = options;
    this.#snapshotDepth = options.snapshotDepth ?? Number.POSITIVE_INFINITY;
    this.#book = new OrderBook(options.scale);
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
    return this.#state === 'live' ? this.#last.value : undefined;
  }

  /** Venue time of the last message in the book. */
  get venueTimeMs(): number | undefined {
    return this.#venueTimeMs < 0 ? undefined : this.#venueTimeMs;
  }

  /** The book; read it only while live. */
  get book(): OrderBook {
    return this.#book;
  }

  get counts(): Readonly<BookSyncCounts> {
    this.#counts.unknownDeletes = this.unknownDeletes;
    return this.#counts;
  }

  /** Deletions so far of levels that the book did not have. */
  get unknownDeletes(): number {
    return this.#earlierDeletes + this.#book.unknownDeletes;
  }

  /** True while an audit is under way. */
  get auditing(): boolean {
    return this.#audit.isUnderWay;
  }

  /** True while an audit has its snapshot, and the messages have not come as far. */
  get behind(): boolean {
    return this.#audit.ahead !== undefined;
  }

  /** The subscription is confirmed on a new connection: a snapshot is needed. */
  confirmed(): BookSyncStep {
    if (this.#state === 'closed') return nothing;
    this.#subscribed = true;
    const changed = this.#state === 'stale';
    if (changed) this.#become('resyncing', 'subscribed again, waiting for a snapshot');
    return { changed, snapshot: 'now' };
  }

  /** The subscription is gone, and with it all that was known of its numbers. */
  lost(reason: string): BookSyncStep {
    if (this.#state === 'closed') return nothing;
    this.#forget();
    this.#become('stale', reason);
    return applied;
  }

  /** Nothing more will come. */
  close(reason: string): BookSyncStep {
    if (this.#state === 'closed') return nothing;
    this.#forget();
    this.#use(new OrderBook(this.#options.scale));
    this.#become('closed', reason);
    return applied;
  }

  /** A change of the book's own scale came: the way without an object for each level. */
  stage(stage: DepthStage): BookSyncStep {
    const { next } = this.#last;
    // Nothing compares with NaN, which is what stands for numbers that are no safe integers.
    const isNext = stage.firstSequence <= next && stage.sequence >= next;
    return isNext && this.#state === 'live' ? this.#applyStage(stage) : this.change(toDepthUpdate(stage));
  }

  /** A change came. */
  change(update: DepthUpdate): BookSyncStep {
    if (!this.#subscribed) return nothing;
    const last = this.sequence;
    if (last !== undefined) return this.#changeLive(update, last);
    const { due } = this.#waiting;
    this.#keep(update);
    const isHole = due !== undefined && (update.firstSequence ?? update.sequence) > due + 1n;
    // A snapshot that is on its way may be older than the hole. Where none fits, asking slows down instead.
    return isHole && this.#fruitless === 0 ? hole : nothing;
  }

  /** A change could not be read: the book would be without it. */
  unreadable(reason: string): BookSyncStep {
    const last = this.sequence;
    if (last === undefined) {
      if (!this.#waiting.skipOne()) this.#missedUnknown = this.#subscribed;
      return nothing;
    }
    const step = this.#desync('unreadable', reason);
    this.#waiting.expect(last + 1n);
    return step;
  }

  /** From now on an audit can be answered by a snapshot. */
  beginAudit(): void {
    const from = this.sequence;
    if (from !== undefined) this.#audit.begin(from);
  }

  /** The audit's snapshot does not come, or nobody wants it any more. */
  endAudit(): void {
    this.#audit.end();
  }

  /**
   * The messages had time enough to reach the snapshot of the audit. If they have not, the venue does not send them: the book is as
   * old as its last message, whatever the connection says.
   */
  overdue(): BookSyncStep {
    const { sequence } = this.#audit.ahead ?? {};
    if (sequence === undefined || this.#state !== 'live') return nothing;
    const silent = `the venue is at message ${sequence} and sent none after ${this.#last.value}`;
    this.#audit.end();
    this.#counts.audits += 1;
    return { changed: false, silent, audit: { outcome: 'silent', sequence } };
  }

  /** A snapshot came, asked for or not. One that is no book is of no use, and says nothing of the messages. */
  snapshot(snapshot: DepthUpdate): BookSyncStep {
    if (!this.#subscribed) return nothing;
    try {
      return this.#state === 'live' ? this.#compare(snapshot) : this.#join(snapshot);
    } catch (error) {
      if (this.auditing) return this.#endUndecided(snapshot.sequence);
      if (this.#state === 'live') return nothing;
      const reason = error instanceof Error ? error.message : String(error);
      return this.#fruitlessly(`snapshot ${snapshot.sequence}: ${reason}`);
    }
  }

  #endUndecided(sequence: bigint): BookSyncStep {
    this.#audit.end();
    this.#counts.audits += 1;
    return { changed: false, audit: { outcome: 'inconclusive', sequence } };
  }

  #changeLive(update: DepthUpdate, last: bigint): BookSyncStep {
    const { sequence, firstSequence = sequence } = update;
    if (sequence <= last) return this.#old(update, last);
    if (firstSequence > last + 1n) {
      return this.#desync('missing', `message ${firstSequence} where ${last + 1n} was due`, update);
    }
    this.#book.apply(update);
    this.#last.set(sequence);
    this.#audit.remember(update);
    return this.#followedBy(update.venueTimeMs ?? -1, update);
  }

  #applyStage(stage: DepthStage): BookSyncStep {
    const fault = this.#book.applyStage(stage);
    if (fault !== undefined) {
      return this.unreadable(`${fault.side ?? 'stage'}[${fault.index}]: expected ${fault.expected}`);
    }
    this.#last.advance(stage.sequence);
    if (this.#audit.isUnderWay) this.#audit.remember(toDepthUpdate(stage));
    return this.#followedBy(stage.venueTimeMs, stage);
  }

  /** A message was applied. */
  #followedBy(venueTimeMs: number, update: DepthUpdate | DepthStage): BookSyncStep {
    this.#venueTimeMs = venueTimeMs;
    this.#followed = true;
    this.#counts.applied += 1;
    if (this.#book.crossed) {
      return this.#desync('crossed', `bid meets ask after message ${update.sequence}`, toKept(update));
    }
    const { ahead } = this.#audit;
    if (ahead !== undefined && ahead.sequence <= BigInt(update.sequence)) return this.#compareReached(ahead);
    return this.#book.isThin(this.#snapshotDepth / 4) ? this.#renewThin(update) : applied;
  }

  /** An old message again, one that its snapshot overtook, or the venue counts anew: only the last needs a snapshot. */
  #old(update: DepthUpdate, last: bigint): BookSyncStep {
    // By the venue's own time it happened after what the book has: then no snapshot has overtaken it.
    const isNewer = this.#venueTimeMs >= 0 && (update.venueTimeMs ?? -1) > this.#venueTimeMs;
    const late = !this.#followed && update.sequence > last - overtaken && !isNewer;
    // A snapshot may have a time of its own; a message that comes again has that of the first time.
    const isRepeated = update.sequence === last && (update.venueTimeMs ?? -1) === this.#venueTimeMs;
    if (late || isRepeated) {
      this.#counts.repeated += 1;
      return nothing;
    }
    return this.#desync('old', `message ${update.sequence} after ${last}`, update);
  }

  /** A book that was cut at a depth runs out of levels as the market moves: a fresh snapshot shows those beyond. */
  #renewThin(update: DepthUpdate | DepthStage): BookSyncStep {
    if (this.#book.isThin(1)) {
      const reason = `the market left the snapshot's range at ${update.sequence}`;
      return this.#desync('out-of-range', reason, toKept(update));
    }
    if (this.#audit.isUnderWay) return applied;
    this.beginAudit();
    return { changed: true, snapshot: 'now' };
  }

  #desync(kind: BookFaultKind, reason: string, kept?: DepthUpdate): BookSyncStep {
    this.#counts.gaps += 1;
    this.#waiting.clear();
    this.#waiting.expect(this.#last.value);
    this.#fruitless = 0;
    this.#audit.end();
    this.#become('resyncing', reason);
    if (kept !== undefined) this.#keep(kept);
    return { changed: true, snapshot: 'newer', fault: { kind, reason } };
  }

  #keep(update: DepthUpdate): void {
    const kept = this.#waiting.keep(update, this.#last.value);
    if (kept === 'repeated') this.#counts.repeated += 1;
    // What the book had belongs to the old count.
    if (kept !== 'counts-anew') return;
    this.#formerCount = this.#last.value;
    this.#last.set(undefined);
  }

  #join(snapshot: DepthUpdate): BookSyncStep {
    const later = this.#waiting.after(snapshot.sequence);
    const missing = this.#waiting.missingAfter(snapshot.sequence);
    if (missing !== undefined)
      return this.#fruitlessly(`snapshot ${snapshot.sequence} lacks message ${missing}`);
    const isFormer = this.#formerCount !== undefined && snapshot.sequence > this.#formerCount - overtaken;
    if (this.#missedUnknown || isFormer) {
      this.#missedUnknown = false;
      this.#formerCount = undefined;
      return this.#fruitlessly(`snapshot ${snapshot.sequence} may be from before what was seen`);
    }
    const book = this.#rollForward(snapshot, later);
    if (book.crossed) {
      // The venue's own book is impossible. That contradicts no message, so a new connection would not help.
      this.#become(this.#state, `bid meets ask in snapshot ${snapshot.sequence}`);
      return { changed: true, snapshot: 'later' };
    }
    if (book.isThin(1))
      return this.#fruitlessly(`the market left the range of snapshot ${snapshot.sequence}`);
    this.#counts.dropped += this.#waiting.length - later.length;
    this.#counts.applied += later.length;
    this.#adopt(book, later.at(-1) ?? snapshot, later.length > 0);
    return { changed: true, joined: true };
  }

  #rollForward(snapshot: DepthUpdate, later: readonly DepthUpdate[]): OrderBook {
    const book = new OrderBook(this.#options.scale);
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
    this.#use(book);
    this.#last.set(last.sequence);
    this.#venueTimeMs = last.venueTimeMs ?? -1;
    this.#followed = followed;
    this.#waiting.clear();
    this.#fruitless = 0;
    this.#formerCount = undefined;
    if (this.#joinedBefore) this.#counts.resyncs += 1;
    this.#joinedBefore = true;
    this.#become('live', undefined);
  }

  #use(book: OrderBook): void {
    this.#earlierDeletes = this.unknownDeletes - book.unknownDeletes;
    this.#book = book;
  }

  /** A snapshot of a live book: an audit, if one was begun, or if it knows of messages that have not come. */
  #compare(snapshot: DepthUpdate): BookSyncStep {
    const last = this.#last.value;
    const { sequence } = snapshot;
    if (last === undefined) return nothing;
    if (sequence > last) return this.#waitFor(snapshot);
    if (!this.#audit.isUnderWay) return nothing;
    return this.#audit.reaches(sequence) ? this.#compareReached(snapshot) : this.#endUndecided(sequence);
  }

  /** It has overtaken messages that are on their way. @throws TypeError if it is no book. */
  #waitFor(snapshot: DepthUpdate): BookSyncStep {
    this.#rollForward(snapshot, []);
    this.beginAudit();
    this.#audit.waitFor(snapshot);
    return { changed: false, behind: true };
  }

  /** The book has come as far as the snapshot of its audit, or farther. */
  #compareReached(snapshot: DepthUpdate): BookSyncStep {
    const { sequence } = snapshot;
    const later = this.#audit.after(sequence);
    const expected = this.#rollForward(snapshot, later);
    const isReached = this.#audit.ahead !== undefined;
    this.#audit.end();
    this.#counts.audits += 1;
    if (expected.equals(this.#book)) {
      // The same as far as both are known; the snapshot may know more.
      const knowsMore = expected.size > this.#book.size;
      if (knowsMore) this.#use(expected);
      return { changed: isReached || knowsMore, audit: { outcome: 'equal', sequence } };
    }
    if (expected.crossed) return this.#desync('audit', `audit: bid meets ask in snapshot ${sequence}`);
    this.#counts.gaps += 1;
    this.#adopt(expected, later.at(-1) ?? snapshot, later.length > 0);
    const fault: BookFault = { kind: 'audit', reason: `audit: the book differs from snapshot ${sequence}` };
    return { changed: true, fault, joined: true, audit: { outcome: 'repaired', sequence } };
  }

  #forget(): void {
    this.#subscribed = false;
    this.#waiting.clear();
    this.#audit.end();
    this.#last.set(undefined);
    this.#fruitless = 0;
    this.#missedUnknown = false;
    this.#formerCount = undefined;
  }

  #become(state: BookState, reason: string | undefined): void {
    this.#state = state;
    this.#reason = reason;
  }
}
