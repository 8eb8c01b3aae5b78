import { getEventListeners } from 'node:events';
import { isVenueError } from '@venuekit/connector-core';

/** What a call may do beside succeeding. */
export interface CallTerms {
  /** Time within which it must settle, in milliseconds; none if it may wait as long as it takes. */
  readonly withinMs?: number | undefined;
  /** Reason of its signal: it may reject with exactly that. */
  readonly reason?: unknown;
  /** Its signal: once it is aborted the call settles at once, and afterwards nothing of it is left there. */
  readonly signal?: AbortSignal;
  /** True while the call has no reason to wait any longer. */
  readonly isDue?: () => boolean;
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
  readonly terms: CallTerms;
  withinMs: number | undefined;
  /** Since when it has had no reason to wait. */
  dueAtMs: number | undefined;
  told: boolean;
}

interface LeftSignal {
  readonly name: string;
  readonly signal: AbortSignal;
  /** When the call settled. */
  readonly atMs: number;
}

/** Timers are whole microseconds, and what settles a promise may need a step of its own. */
const slackMs = 5;

/** Watches the calls of one connector: nothing but typed errors comes out of them (I12), and each settles in time (I13). */
export class CallWatch {
  readonly #options: CallWatchOptions;
  readonly #pending = new Set<Pending>();
  /** Signals of calls that have settled since the last look. */
  #left: LeftSignal[] = [];
  #signals = 0;

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
    const { signal, withinMs } = terms;
    const pending: Pending = {
      ...{ name, terms, withinMs, atMs: this.#options.now() },
      ...{ dueAtMs: undefined, told: false },
    };
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
      if (signal !== undefined) this.#left.push({ name, signal, atMs: this.#options.now() });
    }
  }

  /** A signal that nobody will abort, for every second call that has no other. */
  idleSignal(): { readonly signal?: AbortSignal } {
    this.#signals += 1;
    return this.#signals % 2 === 0 ? {} : { signal: new AbortController().signal };
  }

  /** From now on whatever is still pending must settle within `ms`: what it belongs to is being closed. */
  closing(ms: number): void {
    const { now } = this.#options;
    for (const pending of this.#pending) {
      const lateMs = now() - pending.atMs + ms;
      pending.withinMs = Math.min(pending.withinMs ?? lateMs, lateMs);
    }
  }

  /** Looks for calls that are late, and for what they left. */
  check(): void {
    for (const pending of this.#pending) {
      const late = pending.told ? undefined : (this.#overdue(pending) ?? this.#late(pending));
      if (late === undefined) continue;
      pending.told = true;
      this.#options.violate('I13', `${pending.name}: expected an answer ${late}, got none`);
    }
    this.#left = this.#left.filter((call) => !this.#looked(call));
  }

  /** What several timers of one instant do is done when time goes on. */
  #looked({ atMs, name, signal }: LeftSignal): boolean {
    if (this.#options.now() <= atMs + slackMs) return false;
    const { length } = getEventListeners(signal, 'abort');
    if (length > 0)
      this.#options.violate('I13', `${name}: expected nothing left on its signal, got ${length} listeners`);
    return true;
  }

  #late({ atMs, withinMs }: Pending): string | undefined {
    const isLate = withinMs !== undefined && this.#isPast(atMs, withinMs);
    return isLate ? `within ${withinMs} ms` : undefined;
  }

  #overdue(pending: Pending): string | undefined {
    const { isDue, signal } = pending.terms;
    const isAborted = signal?.aborted === true;
    if (isAborted || isDue?.() === true) pending.dueAtMs ??= this.#options.now();
    else pending.dueAtMs = undefined;
    if (pending.dueAtMs === undefined || !this.#isPast(pending.dueAtMs, 0)) return undefined;
    return isAborted ? 'once its signal was aborted' : 'once there was nothing to wait for';
  }

  /** A process that is busy may be late by that. */
  #isPast(atMs: number, withinMs: number): boolean {
    const { busySince, now } = this.#options;
    const lateMs = now() - atMs - withinMs - slackMs;
    return lateMs > 0 && lateMs > busySince(atMs);
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
