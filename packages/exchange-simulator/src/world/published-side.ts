import type { OrderSide } from '../engine/engine-types.ts';

/** A changed level: price in ticks, new total in lots, 0 if it is gone. */
export type LevelChange = readonly [priceTicks: number, sizeLots: number];

/** One side of a book as it was published last, and what has changed since. */
export class PublishedSide {
  /** 1 if lower prices are better, -1 if higher ones are. */
  readonly #direction: 1 | -1;
  readonly #published = new Map<number, number>();
  /** Published prices, the best first. */
  readonly #prices: number[] = [];
  readonly #waiting = new Map<number, number>();

  constructor(side: OrderSide) {
    this.#direction = side === 'sell' ? 1 : -1;
  }

  /** A level has another total now. */
  change(priceTicks: number, sizeLots: number): void {
    this.#waiting.set(priceTicks, sizeLots);
  }

  /** Publishes what has changed; gives the levels that differ, the best price first. */
  publish(): readonly LevelChange[] {
    if (this.#waiting.size === 0) return [];
    const changes: LevelChange[] = [];
    for (const [priceTicks, sizeLots] of this.#waiting) {
      if ((this.#published.get(priceTicks) ?? 0) === sizeLots) continue;
      changes.push([priceTicks, sizeLots]);
      this.#set(priceTicks, sizeLots);
    }
    this.#waiting.clear();
    return changes.sort(([a], [b]) => (a - b) * this.#direction);
  }

  /** Published levels, the best first. */
  top(depth: number): readonly LevelChange[] {
    return this.#prices
      .slice(0, depth)
      .map((priceTicks) => [priceTicks, this.#published.get(priceTicks) ?? 0]);
  }

  #set(priceTicks: number, sizeLots: number): void {
    const isThere = this.#published.has(priceTicks);
    if (sizeLots === 0) this.#published.delete(priceTicks);
    else this.#published.set(priceTicks, sizeLots);
    if (isThere && sizeLots === 0) this.#prices.splice(this.#placeOf(priceTicks), 1);
    else if (!isThere && sizeLots > 0) this.#prices.splice(this.#placeOf(priceTicks), 0, priceTicks);
  }

  /** Where a price stands, or would stand. */
  #placeOf(priceTicks: number): number {
    let low = 0;
    let high = this.#prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (((this.#prices[middle] ?? 0) - priceTicks) * this.#direction < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
