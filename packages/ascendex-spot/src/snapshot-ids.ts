import type { Pair } from '@venuekit/connector-core';

/** Ids that are remembered; a refusal comes long before there are that many newer ones. */
const mostIds = 1_000;

/** What the snapshot requests of a connection were about: the venue's refusals carry their ids alone. */
export class SnapshotIds {
  readonly #pairs = new Map<string, Pair>();

  /** A request went out. */
  sent(id: string, pair: Pair): void {
    this.#pairs.set(id, pair);
    for (const [oldest] of this.#pairs) {
      if (this.#pairs.size <= mostIds) break;
      this.#pairs.delete(oldest);
    }
  }

  /** The pair of a request that was refused, which happens once. */
  take(id: string): Pair | undefined {
    const pair = this.#pairs.get(id);
    this.#pairs.delete(id);
    return pair;
  }

  /** Nothing that was asked on a lost connection is answered on the next one. */
  clear(): void {
    this.#pairs.clear();
  }
}
