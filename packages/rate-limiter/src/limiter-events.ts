import type { Lane } from './limit-definition.ts';
import type { LimitErrorCode } from './limit-error.ts';

/** What is used of one window. */
export interface WindowUsage {
  readonly policy: string;
  /** What we may use: our share. */
  readonly capacity: number;
  /** In milliseconds; 0 for `concurrent`. */
  readonly windowMs: number;
  /** Weight in use, with what others were reported to have used. */
  readonly used: number;
}

/** One limit at one moment. */
export interface LimitUsage {
  readonly id: string;
  readonly scope: string;
  readonly windows: readonly WindowUsage[];
  /** Requests that wait and count towards this limit. */
  readonly waiting: number;
  /** How long the oldest of them has waited, in milliseconds; 0 if none waits. */
  readonly oldestWaitMs: number;
  /** Requests that named this limit and were let through, since the limiter was made. */
  readonly admitted: number;
  /** Requests that named this limit and were refused, aborted ones included. */
  readonly refused: number;
  /**
   * Weight of requests that named this limit and whose reply took longer than the allowance: so much may have reached the server
   * outside of the sliding window in which it was counted here.
   */
  readonly late: number;
}

/** A scope that is closed. */
export interface Penalty {
  readonly scope: string;
  /** By the limiter's clock. */
  readonly untilMs: number;
  readonly reason: string;
}

/** A limiter at one moment. */
export interface LimiterUsage {
  /** By the limiter's clock. */
  readonly atMs: number;
  readonly limits: readonly LimitUsage[];
  readonly penalties: readonly Penalty[];
  /** Requests that wait, by lane and in all. */
  readonly waiting: Readonly<Record<Lane | 'all', number>>;
  /** Work of `run` that goes on. */
  readonly running: number;
}

/** What a limiter tells its observer, for counters and logs. Nothing in it comes from a request but the id of its limit. */
export type LimiterEvent =
  | {
      readonly kind: 'admitted';
      readonly limit: string;
      readonly lane: Lane;
      readonly weight: number;
      readonly waitedMs: number;
    }
  | { readonly kind: 'refused'; readonly limit: string; readonly lane: Lane; readonly code: LimitErrorCode }
  | { readonly kind: 'late'; readonly limit: string; readonly weight: number; readonly tookMs: number }
  | { readonly kind: 'penalty'; readonly scope: string; readonly untilMs: number; readonly reason: string }
  | { readonly kind: 'pardon'; readonly scope: string }
  /** A server counted more than we knew of: `weight` was used by somebody else. */
  | { readonly kind: 'others-used'; readonly limit: string; readonly weight: number }
  /** A listener or the store failed; the limiter goes on. */
  | { readonly kind: 'failure'; readonly error: unknown };
