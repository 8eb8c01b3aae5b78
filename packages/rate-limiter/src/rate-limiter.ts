import type { Grant } from './grant.ts';
import type { Lane, LimitDefinition, Patience } from './limit-definition.ts';
import { Limiter } from './limiter.ts';
import type { LimiterEvent, LimiterUsage } from './limiter-events.ts';
import { localGate } from './local-gate.ts';
import type { LimiterTime } from './time.ts';

/** What a limiter is made with. */
export interface RateLimiterOptions<Id extends string = string> {
  readonly limits: readonly LimitDefinition<Id>[];
  /** Clock and timers; the system's by default. */
  readonly time?: LimiterTime;
  /**
   * How much longer than another a request may be on its way to the server, in milliseconds: 100 by default. A request counts for its
   * window and this long more, or until its window after the reply (see {@link Grant.replied}). Up to such a difference, the server
   * never sees more than a limit; beyond it, as much more as came late.
   */
  readonly allowanceMs?: number;
  /** Share of every capacity that is ours, in percent, rounded down; 100 by default. */
  readonly sharePercent?: number;
  /** How long the lower lanes let the higher ones go first; 1 s, 5 s and 30 s by default. */
  readonly patience?: Partial<Patience>;
  /** Most requests that may wait; 10,000 by default. One more is refused with `queue-full`. */
  readonly maxWaiting?: number;
  /** Hears what happens, at once. One that throws is ignored. */
  readonly observe?: (event: LimiterEvent) => void;
}

/** How one request waits. */
export interface RequestOptions {
  /** What the request weighs; what its limit says by default. A whole number from 1. */
  readonly weight?: number;
  /** Who goes first; `query` by default. */
  readonly lane?: Lane;
  /** Takes the request out of the queue. Once it was let through, the signal means nothing to the limiter. */
  readonly signal?: AbortSignal;
  /**
   * Until when it waits, by the limiter's clock: for example `limiter.now() + 500`. A time that has come lets it go at once or not at
   * all; one more than a day ago is taken for a mistake. For ever by default.
   */
  readonly deadlineMs?: number;
  /** What to do while its scope is closed: wait for the end, as by default, or be refused with `penalised`. */
  readonly whenPenalised?: 'wait' | 'refuse';
}

/** What a server said about what is used. */
export interface ReportOptions {
  /** Which window it speaks of; needed where the limit has several. */
  readonly windowMs?: number;
  /**
   * When the request was sent to which it replied, as {@link Grant.sentAtMs}: what was sent later is not in its count. Now by default.
   */
  readonly sentAtMs?: number;
}

/**
 * Lets requests through as limits allow.
 *
 * A request names a limit and is charged to that and to all that are linked to it: to all at once, or to none. Requests go in the
 * order of their coming, within a lane. Those of one kind never pass each other. One of another kind passes only where it takes
 * nothing from those who came earlier: who waits keeps, of each limit that it needs, as much as it and all of its kind and lane who
 * wait need; a later request may go if there is room for it beside that. And nothing is kept of a limit of which everything that is
 * taken now comes back before the one who waits can go.
 *
 * Made by `createRateLimiter` in memory, or by `createRedisRateLimiter` of `/redis` for several processes.
 */
export interface RateLimiter<Id extends string = string> extends Disposable {
  /**
   * Runs `work` as soon as there is room: at once and before this returns, or later from a timer. The window of the request begins
   * when `work` is called. Whether the work fails or not, the request stays charged, unless `work` says `grant.release()`.
   * @returns what `work` gives, or its error as it is: one that the work throws says nothing about whether the request was sent.
   * @throws LimitError `unknown-limit`, `invalid-request`, `too-heavy`, `queue-full`, `deadline`, `aborted`, `penalised`,
   * `unavailable`, `closed`. Then nothing was charged and `work` was not called.
   */
  run<T>(id: Id, work: (grant: Grant) => T | PromiseLike<T>, options?: RequestOptions): Promise<T>;
  /**
   * Waits for room. The window begins when the promise settles, just before the caller goes on. Of limits that are `concurrent`, the
   * caller says `done()`.
   * @throws LimitError as {@link RateLimiter.run}.
   */
  acquire(id: Id, options?: RequestOptions): Promise<Grant>;
  /**
   * Closes a scope: nothing that counts towards a limit of it goes out until then. A shorter penalty does not end a longer one.
   * @param untilMs by the limiter's clock. With the system's, milliseconds since the epoch.
   * @param reason for people; it is shown in snapshots and errors.
   * @throws LimitError `unknown-limit` if no limit has this scope.
   */
  penalise(scope: string, untilMs: number, reason: string): void;
  /** Opens a scope again before its time. */
  pardon(scope: string): void;
  /**
   * The server's own count. More than is known here was used by somebody else and counts for a window from now on; less is not
   * believed, as requests may be on their way.
   * @param used weight in the server's window.
   * @throws LimitError `unknown-limit`, `invalid-request`.
   */
  report(id: Id, used: number, options?: ReportOptions): void;
  /**
   * Changes the limits while requests wait. What is in use stays in use, by id and position of the window; a window that becomes
   * longer counts what it cannot remember as used, and a reserve that is new to a `concurrent` limit counts what opens from then on.
   * Who waits goes on waiting, but for requests that the new limits do not know or never let through, which are refused. A limit that
   * was not there before begins with nothing in use; to name it in requests, make the limiter as `createRateLimiter<string>`.
   * @throws LimitError `invalid-limits`; then nothing was changed.
   */
  setLimits(limits: readonly LimitDefinition[]): void;
  /** What is used, what waits, what is closed. */
  usage(): LimiterUsage;
  /**
   * Hears {@link RateLimiter.usage} now and, while anything changes, every `everyMs` milliseconds: 1,000 by default. A listener that
   * throws is reported to the observer.
   */
  watch(listener: (usage: LimiterUsage) => void, options?: { readonly everyMs?: number }): Disposable;
  /**
   * Resolves when nothing waits and no work of `run` goes on. New requests are still taken.
   * @throws the signal's reason.
   */
  drain(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Refuses whoever waits, and everybody from now on, with `closed`. Work that goes on is left alone; {@link RateLimiter.drain} waits for it. */
  close(): void;
  /** The time by the limiter's clock. */
  now(): number;
}

/** A limiter in the memory of one process. */
export interface LocalRateLimiter<Id extends string = string> extends RateLimiter<Id> {
  /**
   * Leave for a request that goes out now, if there is room and nobody waits for it.
   * @throws LimitError `unknown-limit`, `invalid-request`, `too-heavy`, `closed`.
   */
  tryAcquire(id: Id, options?: Pick<RequestOptions, 'weight' | 'lane'>): Grant | undefined;
}

/**
 * Makes a limiter in memory. No timer runs until somebody waits.
 * @throws LimitError `invalid-limits` with the limit and the field, `invalid-request` for other options.
 */
export function createRateLimiter<const Id extends string>(
  options: RateLimiterOptions<Id>,
): LocalRateLimiter<Id> {
  return new Limiter(options, () => localGate) as unknown as LocalRateLimiter<Id>;
}
