import type {
  Book,
  DepthScale,
  DepthStage,
  DepthUpdate,
  Pair,
  Runtime,
  VenueError,
} from '@venuekit/connector-core';
import type { LimitUse } from '../limits/limit-use.ts';
import type { BestLevels } from './best-levels.ts';

/** Whoever has asked for a snapshot. */
export interface SnapshotTaker {
  /** It came. */
  snapshot(snapshot: DepthUpdate, receivedAtMs: number): void;
  /** The venue answered with an error, or with something unreadable. */
  snapshotFailed(error: VenueError): void;
}

/** What a book needs of its connector. */
export interface BookKeeperOptions {
  readonly runtime: Runtime;
  /** Venue id for errors. */
  readonly venue: string;
  readonly pair: Pair;
  /** Asks the venue for a snapshot, whose answer goes to `taker`; false if there is no connection. */
  readonly requestSnapshot: (taker: SnapshotTaker) => boolean;
  /** Limit of snapshot requests; share its limiter between books that the venue counts together. None if left out. */
  readonly snapshotLimit?: LimitUse;
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
  /** A change came, in a stage of the book's scale, which is read within the call. */
  stage(stage: DepthStage, receivedAtMs: number): void;
  /** A change came. */
  change(update: DepthUpdate, receivedAtMs: number): void;
  /** A change of this book came that could not be read. */
  unreadable(error: VenueError): void;
  /** A snapshot came. */
  snapshot(snapshot: DepthUpdate, receivedAtMs: number): void;
  /** The venue answered a snapshot request with an error, or with something unreadable. */
  snapshotFailed(error: VenueError): void;
  /** The venue is known to have more to say of this book than it says: it is stale until it is asked anew. Only a live book listens. */
  silent(reason: string): void;
  /** Something is odd: the next comparison with a snapshot comes soon. */
  suspect(): void;
  /** When the newest message of this book came, on the clock that only goes forward; -Infinity before the first. */
  readonly lastMessageAt: number;
  /** When the book was last joined to a snapshot or equal to one, on the same clock; -Infinity before. */
  readonly freshAt: number;
  /** Venue time of the last change; `undefined` where it gives none, and while the book is not live. */
  readonly venueTimeMs: number | undefined;
  /** The best levels, `undefined` for a side that is empty; nothing while the book is not live. */
  best(): BestLevels | undefined;
  /** Ends the book. */
  close(): void;
}
