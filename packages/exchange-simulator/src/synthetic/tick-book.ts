/** A changed level: price in ticks, new total in lots, 0 if it is gone. */
export type TickLevel = readonly [ticks: number, lots: number];

/** One side of a book in ticks and lots, which remembers what changed. */
export interface TickSide {
  /** Levels that there are. */
  readonly size: number;
  /** Price of the best level, in ticks; `undefined` if there is none. */
  readonly best: number | undefined;
  /** Price of the worst level, in ticks; `undefined` if there is none. */
  readonly worst: number | undefined;
  /** Lots at a price; 0 if there is no level. */
  lotsAt(ticks: number): number;
  /** Sets the total of a level; 0 removes it. */
  set(ticks: number, lots: number): void;
  /** All levels, the best first. */
  levels(): readonly TickLevel[];
  /** What differs from the last call, the best price first, and forgets it. */
  takeChanges(): readonly TickLevel[];
}

/** Makes an empty side. */
export function createTickSide(side: 'ask' | 'bid'): TickSide {
  const direction = side === 'ask' ? 1 : -1;
  const lotsByTicks = new Map<number, number>();
  /** Prices from the best to the worst. */
  const prices: number[] = [];
  const before = new Map<number, number>();

  function place(ticks: number): number {
    const index = prices.findIndex((other) => (other - ticks) * direction >= 0);
    return index < 0 ? prices.length : index;
  }

  return {
    get size() {
      return prices.length;
    },
    get best() {
      return prices[0];
    },
    get worst() {
      return prices.at(-1);
    },
    lotsAt: (ticks) => lotsByTicks.get(ticks) ?? 0,
    set(ticks, lots) {
      const present = lotsByTicks.get(ticks) ?? 0;
      if (!before.has(ticks)) before.set(ticks, present);
      if (lots === 0) lotsByTicks.delete(ticks);
      else lotsByTicks.set(ticks, lots);
      if (present === 0 && lots > 0) prices.splice(place(ticks), 0, ticks);
      if (present > 0 && lots === 0) prices.splice(place(ticks), 1);
    },
    levels: () => prices.map((ticks): TickLevel => [ticks, lotsByTicks.get(ticks) ?? 0]),
    takeChanges() {
      const changes = [...before].flatMap(([ticks, lots]): TickLevel[] => {
        const now = lotsByTicks.get(ticks) ?? 0;
        return now === lots ? [] : [[ticks, now]];
      });
      before.clear();
      return changes.sort(([a], [b]) => (a - b) * direction);
    },
  };
}
