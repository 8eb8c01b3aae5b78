import type { Clock, Pair } from '@venuekit/connector-core';
import type { SnapshotTaker } from '../book/book-keeper-options.ts';

interface Request {
  readonly taker: SnapshotTaker;
  readonly epoch: number;
  readonly askedAt: number;
}

/** A request that was not answered for this long will not be. */
const patienceMs = 30_000;

/** Who asked for which snapshot: the venue's answers do not say it. */
export class SnapshotLedger {
  readonly #clock: Clock;
  readonly #epoch: (pair: Pair) => number;
  readonly #requests = new Map<Pair, Request[]>();

  /** @param epoch the connection that is in use: what was asked on another one is never answered. */
  constructor(clock: Clock, epoch: (pair: Pair) => number) {
    this.#clock = clock;
    this.#epoch = epoch;
  }

  /** Somebody asked. */
  asked(pair: Pair, taker: SnapshotTaker): void {
    const request: Request = { taker, epoch: this.#epoch(pair), askedAt: this.#clock.monotonic() };
    this.#requests.set(pair, [...this.#open(pair), request]);
  }

  /** It was not sent after all. */
  notAsked(pair: Pair, taker: SnapshotTaker): void {
    const left = this.#open(pair).filter((request) => request.taker !== taker);
    if (left.length > 0) this.#requests.set(pair, left);
    else this.#requests.delete(pair);
  }

  /** An answer came: whoever asked first. */
  answered(pair: Pair): SnapshotTaker | undefined {
    const [first, ...rest] = this.#open(pair);
    if (rest.length > 0) this.#requests.set(pair, rest);
    else this.#requests.delete(pair);
    return first?.taker;
  }

  #open(pair: Pair): readonly Request[] {
    const oldest = this.#clock.monotonic() - patienceMs;
    const epoch = this.#epoch(pair);
    return (this.#requests.get(pair) ?? []).filter(
      (request) => request.epoch === epoch && request.askedAt >= oldest,
    );
  }
}
