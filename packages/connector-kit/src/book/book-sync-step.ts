import type { AuditResult, DepthScale } from '@venuekit/connector-core';

/** Counters of one book's synchronisation. */
export interface BookSyncCounts {
  applied: number;
  dropped: number;
  repeated: number;
  gaps: number;
  resyncs: number;
  audits: number;
  unknownDeletes: number;
}

/** The counters of a book of which nothing was heard. */
export function noCounts(): BookSyncCounts {
  const [applied, dropped, repeated, gaps, resyncs, audits] = [0, 0, 0, 0, 0, 0];
  return { applied, dropped, repeated, gaps, resyncs, audits, unknownDeletes: 0 };
}

/** What showed that a book is not right any more. */
export type BookFaultKind =
  /** A number was left out. */
  | 'missing'
  /** A number that was there before, or a lower one: the venue may count anew. */
  | 'old'
  /** The best bid is not below the best ask. */
  | 'crossed'
  /** A message could not be read. */
  | 'unreadable'
  /** The market left the levels that the last snapshot showed. */
  | 'out-of-range'
  /** A snapshot differs from the book. */
  | 'audit';

/** Data was found missing. */
export interface BookFault {
  readonly kind: BookFaultKind;
  /** In a few words. */
  readonly reason: string;
}

/** What one message did. */
export interface BookSyncStep {
  /** The state or the content is another one than before. */
  readonly changed: boolean;
  /**
   * A snapshot is needed: at once; at once, even if one is on its way that may be older than what is missing; or after a while, because
   * the last one was of no use.
   */
  readonly snapshot?: 'now' | 'newer' | 'later';
  /** Set when data was found missing. */
  readonly fault?: BookFault;
  /** True when a snapshot was joined, so that the book became live. */
  readonly joined?: boolean;
  /** Set when an audit was finished. */
  readonly audit?: AuditResult;
  /** True when the snapshot of an audit is ahead of the messages: they must follow soon, see {@link BookSync.overdue}. */
  readonly behind?: boolean;
  /** Set when the venue has ceased to send messages of this book: it must be asked to begin again. */
  readonly silent?: string;
  /** Set when snapshots and messages contradict each other for good: only a new connection can help. */
  readonly hopeless?: string;
}

/** What a book is synchronised with. */
export interface BookSyncOptions {
  /** Levels a side that the venue's snapshots hold at most; all by default. */
  readonly snapshotDepth?: number | undefined;
  /** Scale of the instrument, for a book that takes stages; texts only if left out. */
  readonly scale?: Readonly<DepthScale> | undefined;
}
