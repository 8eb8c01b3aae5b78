import type { AsyncOptions, AuditResult, Runtime, VenueError } from '@venuekit/connector-core';
import { Waiters } from '../waiting/waiters.ts';

/** What audits need of their book. */
export interface BookAuditsOptions {
  readonly runtime: Runtime;
  /** Time from one audit to the next, in milliseconds; `undefined` for no audits but those that are asked for. */
  readonly everyMs: number | undefined;
  /** Begins an audit, and asks for its snapshot. */
  readonly begin: () => void;
  /** Gives up the audit that is under way. */
  readonly end: () => void;
  /** The messages had time to reach the snapshot. */
  readonly overdue: () => void;
  /** The snapshot of an audit did not come in time. */
  readonly unanswered: () => void;
}

/** An audit that somebody asked for, and one that nobody did, are given up after this long without a snapshot; the latter may wait for room. */
const [timeoutMs, ownTimeoutMs] = [15_000, 60_000];
/** Messages that a snapshot has overtaken come within this time: the venue sends at least three times a second. */
const graceMs = 1_000;
/** That time passes in parts: a process that stands still for a while finds messages to read after the first of them. */
const graceParts = 4;
/** A suspicion is looked into this long after the last audit, and twice as long for each one in a row that came to nothing. */
const firstSuspicionMs = 1_000;
const longestSuspicionMs = 60_000;
/** Books that went live together are not audited together: up to this share of the first period, and of later ones, is taken off by chance. */
const [firstSpread, spread] = [0.5, 0.1];

/** When a live book is compared with a fresh snapshot: at intervals, when something is suspicious, and when somebody asks. */
export class BookAudits {
  readonly #options: BookAuditsOptions;
  readonly #waiters: Waiters<AuditResult>;
  /** The next audit, or the end of the one under way. */
  #timer: Disposable | undefined;
  #grace: Disposable | undefined;
  #freshAt = Number.NEGATIVE_INFINITY;
  /** When the next audit begins, on the same clock. */
  #dueAt = Number.POSITIVE_INFINITY;
  #running = false;
  /** Suspicions in a row that came to nothing. */
  #unfounded = 0;
  #suspicious = false;

  constructor(options: BookAuditsOptions) {
    this.#options = options;
    this.#waiters = new Waiters(options.runtime.timers, 'book-audit');
  }

  /** When the book was last seen to be right, on the clock that only goes forward; -Infinity before. */
  get freshAt(): number {
    return this.#freshAt;
  }

  /** The book joined a snapshot: the next audit is due within a period. */
  joined(): void {
    this.#freshAt = this.#options.runtime.clock.monotonic();
    this.#plan(firstSpread);
  }

  /** Something is legal and odd: the next audit comes soon, unless one like it came to nothing a moment ago. */
  suspect(): void {
    if (this.#options.everyMs === undefined || this.#running) return;
    const now = this.#options.runtime.clock.monotonic();
    const apartMs = Math.min(firstSuspicionMs * 2 ** this.#unfounded, longestSuspicionMs);
    const dueAt = Math.max(now, this.#freshAt + apartMs);
    if (dueAt >= this.#dueAt) return;
    this.#suspicious = true;
    this.#beginAt(dueAt - now);
  }

  /** The snapshot is ahead of the messages. */
  behind(): void {
    if (this.#grace === undefined) this.#waitFor(graceParts);
  }

  /** An audit is finished: tells those who wait. */
  finished(result: AuditResult): void {
    const { outcome } = result;
    // An audit that came in its time clears one suspicion: all at once would let a market that always looks odd begin anew.
    if (outcome === 'inconclusive') this.#unfounded += 1;
    else if (outcome !== 'equal') this.#unfounded = 0;
    else this.#unfounded = this.#suspicious ? this.#unfounded + 1 : Math.max(0, this.#unfounded - 1);
    if (outcome === 'equal' || outcome === 'repaired')
      this.#freshAt = this.#options.runtime.clock.monotonic();
    this.#plan(spread);
    // Nothing is known of the book yet.
    if (outcome === 'inconclusive') this.suspect();
    this.#waiters.resolve(result);
  }

  /** The book joined a snapshot, which overtook whatever audit somebody waits for: it cannot be decided, and the book is fresh. */
  overtaken(result: AuditResult): void {
    this.#unfounded = 0;
    this.joined();
    this.#waiters.resolve(result);
  }

  /** The book is live no more. */
  lost(): void {
    this.#stop();
  }

  /** Those who wait get the error. */
  reject(error: VenueError): void {
    this.#waiters.reject(error);
  }

  /** Waits for the result of an audit that begins now, or is under way. */
  async wait(options: AsyncOptions, onTimeout: (ms: number) => VenueError): Promise<AuditResult> {
    const result = this.#waiters.wait({ timeoutMs, ...options, onTimeout });
    this.#options.begin();
    try {
      return await result;
    } catch (error) {
      if (this.#waiters.size === 0 && !this.#running) {
        this.#endGrace();
        this.#options.end();
      }
      throw error;
    }
  }

  /** One that is under way already, because somebody asked, becomes this one. */
  #begin(): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#running = true;
    this.#options.begin();
    if (this.#running) this.#setTimer(ownTimeoutMs, () => this.#giveUp());
  }

  #waitFor(parts: number): void {
    const pass = (): void => {
      this.#grace = undefined;
      if (parts > 1) this.#waitFor(parts - 1);
      else this.#options.overdue();
    };
    this.#grace = this.#options.runtime.timers.setTimer(graceMs / graceParts, pass, 'book-audit-grace');
  }

  /** The snapshot did not come: the book is as right as before, and the next audit comes in its time. */
  #giveUp(): void {
    // It came late, and what it is compared with is on its way.
    if (this.#grace !== undefined) return;
    this.#options.unanswered();
    if (this.#waiters.size === 0) this.#options.end();
    this.#plan(spread);
  }

  /** The next audit, a period from now. */
  #plan(share: number): void {
    const { everyMs, runtime } = this.#options;
    this.#stop();
    this.#suspicious = false;
    if (everyMs !== undefined) this.#beginAt(everyMs * (1 - share * runtime.random.next('book-audit')));
  }

  #beginAt(delayMs: number): void {
    this.#dueAt = this.#options.runtime.clock.monotonic() + delayMs;
    this.#setTimer(delayMs, () => this.#begin());
  }

  #setTimer(delayMs: number, fire: () => void): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#options.runtime.timers.setTimer(delayMs, fire, 'book-audit');
  }

  #stop(): void {
    this.#running = false;
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#endGrace();
  }

  #endGrace(): void {
    this.#grace?.[Symbol.dispose]();
    this.#grace = undefined;
  }
}
