import type { BookLevel } from '@venuekit/connector-core';

/** The best level of each side; `undefined` where there is none. */
export interface BestLevels {
  readonly bid: BookLevel | undefined;
  readonly ask: BookLevel | undefined;
}

/** True if both sides have the same price and amount, by number. */
export function isSameBest(one: BestLevels, other: BestLevels): boolean {
  return isSameLevel(one.bid, other.bid) && isSameLevel(one.ask, other.ask);
}

function isSameLevel(one: BookLevel | undefined, other: BookLevel | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.price.equals(other.price) && one.amount.equals(other.amount);
}
