import { isVenueError } from '@venuekit/connector-core';

/** What a call may do beside succeeding. */
export interface CallTerms {
  /** Time within which it must settle, in milliseconds; none if it may wait as long as it takes. */
  readonly withinMs?: number | undefined;
  /** Reason of its signal: it may reject with exactly that. */
  readonly reason?: unknown;
}

/** What a watch needs. */
export interface CallWatchOptions {
  /** Virtual milliseconds. */
  readonly now: () => number;
  /** How long the process was busy since a moment, in milliseconds. */
  readonly busySince: (atMs: number) => number;
  readonly violate: (invariant: string, message: string) => void;
  readonly count: (name: string) => void;
}

interface Pending {
  readonly name: string;
  readonly atMs: number;
  withinMs: number | undefined;
  told: boolean;
}

/** Timers are whole microseconds, and what settles a promise may need a step of its own. */
const slackMs = 5;

/** Watches the calls of one connector: nothing but typed errors comes out of them (I12), and each settles in time (I13). */
export class CallWatch {
  readonly #options: CallWatchOptions;
  readonly #pending = new Set<Pending>();

  constructor(options: CallWatchOptions) {
    this.#options = options;
  }

  /** Makes a call that answers at once; gives its answer, or `undefined` if it threw. */
  now<T>(name: string, call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      this.#judge(name, error, {});
      return undefined;
    }
  }

  /** Makes a call that answers later; gives its answer, or `undefined` if it failed. */
  async later<T>(
    name: string,
    terms: CallTerms,
    call: () => Promise<T>,
  ): Promise<{ readonly value: T } | undefined> {
    const pending: Pending = { name, atMs: this.#options.now(), withinMs: terms.withinMs, told: false };
    this.#pending.add(pending);
    let promise: Promise<T>;
    try {
      promise = call();
    } catch (error) {
      this.#pending.delete(pending);
      this.#options.violate('I12', `${name}: expected a promise, got something thrown: ${String(error)}`);
      return undefined;
    }
    try {
      const value = await promise;
      this.#options.count(`${name}: answered`);
      return { value };
    } catch (error) {
      this.#judge(name, error, terms);
      return undefined;
    } finally {
      this.#pending.delete(pending);
    }
  }

  /** From now on whatever is still pending must settle within `ms`: what it belongs to is being closed. */
  closing(ms: number): void {
    const { now } = this.#options;
    for (const pending of this.#pending) {
      const lateMs = now() - pending.atMs + ms;
      pending.withinMs = Math.min(pending.withinMs ?? lateMs, lateMs);
    }
  }

  /** Looks for calls that are late. */
  check(): void {
    for (const pending of this.#pending) {
      const { atMs, name, told, withinMs } = pending;
      if (told || withinMs === undefined) continue;
      const { busySince, now, violate } = this.#options;
      const lateMs = now() - atMs - withinMs - slackMs;
      if (lateMs <= 0 || lateMs <= busySince(atMs)) continue;
      pending.told = true;
      violate('I13', `${name}: expected an answer within ${withinMs} ms, got none`);
    }
  }

  #judge(name: string, error: unknown, { reason }: CallTerms): void {
    if (isVenueError(error)) this.#options.count(`${name}: ${error.code}`);
    else if (reason !== undefined && error === reason) this.#options.count(`${name}: aborted`);
    else
      this.#options.violate(
        'I12',
        `${name}: expected a VenueError or the reason of the signal, got ${String(error)}`,
      );
  }
}
