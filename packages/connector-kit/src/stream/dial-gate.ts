import { type Grant, isLimitError } from '@venuekit/rate-limiter';
import type { StreamLimits } from './stream-limits.ts';

/** Leave for one dial. */
export interface DialTicket {
  /** The venue answered the dial: it is open, or was refused. */
  replied(): void;
  /** The socket is gone, or never came to be. */
  gone(): void;
  /** Nothing was dialled after all. */
  unused(): void;
}

/** Who wants to dial. */
export interface DialRequest {
  /** Dials. Called at once if there is room, otherwise when there is. */
  readonly dial: (ticket: DialTicket) => void;
  /** The limiter will not give leave; nothing was dialled. */
  readonly refused: (error: unknown) => void;
  /** Until when to wait, by the limiter's clock. */
  readonly deadlineMs?: number;
}

/** A venue that refuses the upgrade because of too many of them is left alone for at least this long, in milliseconds. */
const refusedWaitMs = 60_000;
const tooManyStatuses = new Set([403, 418, 429]);

/** Asks for leave to dial, for one session: one dial at a time. */
export class DialGate {
  readonly #limits: StreamLimits;
  #asking: AbortController | undefined;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  /** True while the session waits for leave. */
  get isAsking(): boolean {
    return this.#asking !== undefined;
  }

  /** Asks for leave. Nobody may be asking already. */
  ask({ dial, refused, deadlineMs }: DialRequest): void {
    const { limiter, dial: id } = this.#limits;
    const asking = new AbortController();
    this.#asking = asking;
    const work = (grant: Grant): Promise<void> => {
      this.#asking = undefined;
      return holdUntilGone(grant, dial);
    };
    const failed = (error: unknown): void => {
      if (!isLimitError(error)) throw error;
      if (this.#asking !== asking) return;
      this.#asking = undefined;
      refused(error);
    };
    const until = deadlineMs === undefined ? {} : { deadlineMs };
    limiter.run(id, work, { lane: 'query', signal: asking.signal, ...until }).catch(failed);
  }

  /** Asks no more. */
  stop(): void {
    const asking = this.#asking;
    this.#asking = undefined;
    asking?.abort();
  }

  /**
   * A connection has ended, or was refused with a status. Where that says that there were too many dials, nobody of the scope dials
   * for a while.
   * @returns how long that is, in milliseconds; 0 where it says nothing of the kind.
   */
  ended(ticket: DialTicket, httpStatus: number | undefined): number {
    if (httpStatus !== undefined) ticket.replied();
    ticket.gone();
    const waitMs = httpStatus !== undefined && tooManyStatuses.has(httpStatus) ? refusedWaitMs : 0;
    const { limiter, scope } = this.#limits;
    if (waitMs > 0)
      limiter.penalise(scope, limiter.now() + waitMs, `a dial was refused with HTTP ${httpStatus}`);
    return waitMs;
  }
}

/** A limit of how many are open counts a connection until its socket is gone. */
function holdUntilGone(grant: Grant, dial: (ticket: DialTicket) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unused = (): void => {
    grant.release();
    resolve();
  };
  dial({ replied: () => grant.replied(), gone: resolve, unused });
  return promise;
}
