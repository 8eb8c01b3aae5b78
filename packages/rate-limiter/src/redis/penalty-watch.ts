import type { Scope } from '../limit.ts';
import type { GateOwner } from '../limiter.ts';
import { micros } from './redis-plan.ts';
import type { StoreReply } from './redis-store.ts';

/** How often the store is asked whether a penalty still lasts. */
const everyMs = 1_000;
/** The store learns of a penalty a little later than we, so its end is a little later too. */
const sameMs = 250;

type ClosedScope = Pick<Scope, 'id' | 'closedUntilMs'>;

/** What a watch is made of. */
export interface PenaltyWatchOptions {
  readonly owner: GateOwner;
  /** Asks how much longer the penalties of some scopes last; `undefined` while there is nobody to ask. */
  readonly look: (scopes: readonly string[]) => Promise<StoreReply | undefined>;
  /** Tells the store of a penalty that it does not know. */
  readonly tell: (scope: string, lasts: number, reason: string) => void;
}

/**
 * Keeps penalties the same everywhere while they last: one that another process pardoned ends here too, and one that the store does
 * not know, as it was away or lost its memory, is told to it again.
 */
export class PenaltyWatch {
  readonly #options: PenaltyWatchOptions;
  #timer: Disposable | undefined;
  #closed = false;

  constructor(options: PenaltyWatchOptions) {
    this.#options = options;
  }

  /** A scope was closed. */
  begin(): void {
    if (this.#timer !== undefined || this.#closed) return;
    const { time } = this.#options.owner.settings;
    this.#timer = time.setTimer(everyMs, () => void this.#look(), 'rate-limit-penalties');
  }

  close(): void {
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const { owner, look } = this.#options;
    try {
      const closed = this.#closedScopes();
      const reply = closed.length > 0 ? await look(closed.map(({ id }) => id)) : undefined;
      if (reply !== undefined && !this.#closed) this.#compare(closed, reply);
    } catch (error) {
      owner.observe({ kind: 'failure', error });
    }
    this.#timer = undefined;
    if (this.#closedScopes().length > 0) this.begin();
  }

  #closedScopes(): readonly ClosedScope[] {
    const { limits, settings } = this.#options.owner;
    const nowMs = settings.time.now();
    const closed = [...limits().scopes.values()].filter((scope) => scope.closedUntilMs > nowMs);
    return closed.map(({ id, closedUntilMs }) => ({ id, closedUntilMs }));
  }

  #compare(closed: readonly ClosedScope[], reply: StoreReply): void {
    const { owner, tell } = this.#options;
    const nowMs = owner.settings.time.now();
    for (const [at, { id, closedUntilMs }] of closed.entries()) {
      const scope = owner.limits().scopes.get(id);
      // What was changed here meanwhile is newer than the answer.
      if (scope?.closedUntilMs !== closedUntilMs || closedUntilMs <= nowMs) continue;
      const left = (reply[2] as readonly unknown[])[at];
      const untilMs = nowMs + Number(left) / 1_000;
      if (left === '') tell(id, micros(closedUntilMs - nowMs), scope.reason);
      else if (untilMs < closedUntilMs - sameMs) this.#shorten(scope, untilMs, nowMs);
    }
  }

  #shorten(scope: Scope, untilMs: number, nowMs: number): void {
    const { owner } = this.#options;
    scope.closedUntilMs = untilMs > nowMs ? untilMs : Number.NEGATIVE_INFINITY;
    if (untilMs <= nowMs) owner.observe({ kind: 'pardon', scope: scope.id });
    owner.retry();
  }
}
