import type { DepthScale, Pair, Runtime, VenueError } from '@venuekit/connector-core';
import type { LimitUse } from '../limits/limit-use.ts';

/** What a book needs of its connector. */
export interface BookKeeperOptions {
  readonly runtime: Runtime;
  /** Venue id for errors. */
  readonly venue: string;
  readonly pair: Pair;
  /** Asks the venue for a snapshot; false if there is no connection. */
  readonly requestSnapshot: () => boolean;
  /** Limit of snapshot requests; share its limiter between books that the venue counts together. None if left out. */
  readonly snapshotLimit?: LimitUse | (() => LimitUse | undefined);
  /** Levels a side that the venue's snapshots hold at most; all by default. */
  readonly snapshotDepth?: number;
  /** Digits of the instrument's prices and amounts, so that the book can count in whole numbers and take stages; texts only if left out. */
  readonly scale?: Readonly<DepthScale>;
  /** Time from one comparison with a fresh snapshot to the next, in milliseconds; never by itself if left out. */
  readonly auditEveryMs?: number;
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
  /**
   * Called when the venue has ceased to send messages of this book, though the connection is there: the moment to ask for them anew,
   * beginning with `lost`. `sinceMs`: local time of the last message that came. As `onHopeless` if left out.
   */
  readonly onSilent?: (reason: string, sinceMs: number) => void;
}
