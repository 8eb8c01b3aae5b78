import type { Pair } from '@venuekit/connector-core';

/** Ids that are remembered; a refusal comes long before there are that many newer ones. */
const mostIds = 1_000;

interface Asked {
  readonly pair: Pair;
  readonly symbol: string;
  readonly epoch: number;
}

/** What the snapshot requests of a connection were about: the venue's refusals carry their ids alone. */
export class SnapshotIds {
  readonly #asked = new Map<string, Asked>();
  readonly #epoch: (symbol: string) => number;

  /** @param epoch that of the connection of a symbol: nothing that was asked on a lost one is answered on the next one. */
  constructor(epoch: (symbol: string) => number) {
    this.#epoch = epoch;
  }

  /** A request went out. */
  sent(id: string, pair: Pair, symbol: string): void {
    this.#asked.set(id, { pair, symbol, epoch: this.#epoch(symbol) });
    for (const [oldest] of this.#asked) {
      if (this.#asked.size <= mostIds) break;
      this.#asked.delete(oldest);
    }
  }

  /** The pair of a request that was refused, which happens once. */
  take(id: string): Pair | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked !== undefined && asked.epoch === this.#epoch(asked.symbol) ? asked.pair : undefined;
  }
}
