import type { Clock, Pair } from '@venuekit/connector-core';
import type { BookKeeper } from '../book/book-keeper.ts';

interface Request {
  readonly keeper: BookKeeper;
  readonly epoch: number;
  readonly askedAt: number;
}

/** A request that was not answered for this long will not be. */
const patienceMs = 30_000;

/** Who asked for which snapshot: the venue's answers do not say it. */
export class SnapshotLedger {
  readonly #clock: Clock;
  readonly #epoch: () => number;
  readonly #requests = new Map<Pair, Request[]>();

  /** @param epoch the connection that is in use: what was asked on another one is never answered. */
  constructor(clock: Clock, epoch: () => number) {
    this.#clock = clock;
    this.#epoch = epoch;
  }

  /** A book asked. */
  asked(pair: Pair, keeper: BookKeeper): void {
    const request: Request = { keeper, epoch: this.#epoch(), askedAt: this.#clock.monotonic() };
    this.#requests.set(pair, [...this.#open(pair), request]);
  }

  /** An answer came: the book that asked first. */
  answered(pair: Pair): BookKeeper | undefined {
    const [first, ...rest] = this.#open(pair);
    if (rest.length > 0) this.#requests.set(pair, rest);
    else this.#requests.delete(pair);
    return first?.keeper;
  }

  #open(pair: Pair): readonly Request[] {
    const oldest = this.#clock.monotonic() - patienceMs;
    const epoch = this.#epoch();
    return (this.#requests.get(pair) ?? []).filter(
      (request) => request.epoch === epoch && request.askedAt >= oldest,
    );
  }
}
