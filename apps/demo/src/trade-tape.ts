import type { Trade } from '@venuekit/connector-core';

/** Trades kept for the report; a run of days must not grow without end. */
const mostTrades = 10_000;

/** The newest public trades of all pairs, in the order in which they came. */
export class TradeTape {
  readonly #most: number;
  #trades: Trade[] = [];
  #seen = 0;

  constructor(most: number = mostTrades) {
    this.#most = most;
  }

  add(trade: Trade): void {
    this.#seen += 1;
    this.#trades.push(trade);
    // Twice the bound before cutting, so that a cut is rare.
    if (this.#trades.length >= 2 * this.#most) this.#trades = this.#trades.slice(-this.#most);
  }

  /** Oldest first. */
  list(): readonly Trade[] {
    return this.#trades.slice(-this.#most);
  }

  /** Older trades that are not in the list. */
  get omitted(): number {
    return Math.max(0, this.#seen - this.#most);
  }
}
