import assert from 'node:assert/strict';
import type { BookLevel } from '@venuekit/connector-core';

/** A level for comparisons: decimals keep their digits to themselves, so that objects of them always look alike. */
export function levelText(level: BookLevel | undefined): string {
  return level === undefined ? 'no level' : `${level.amount}@${level.price}`;
}

/** Fails unless both are the same level, or both none. */
export function assertSame(what: string, got: BookLevel | undefined, expected: BookLevel | undefined): void {
  assert.equal(levelText(got), levelText(expected), `expected ${what} to be the first level of its side`);
}

/** Fails unless one side is sorted from the best price on, and positive. */
export function assertSide(name: 'bids' | 'asks', levels: readonly BookLevel[]): void {
  for (const [at, level] of levels.entries()) {
    assertPositive(name, level);
    const before = levels[at - 1];
    const order = before?.price.compare(level.price);
    assert.ok(
      order === undefined || order === (name === 'bids' ? 1 : -1),
      `expected ${name} from the best on, got ${level.price} behind ${before?.price}`,
    );
  }
}

/** Fails unless price and amount are above zero. */
export function assertPositive(name: string, level: BookLevel): void {
  assert.ok(
    level.price.sign() > 0 && level.amount.sign() > 0,
    `expected positive ${name}, got ${levelText(level)}`,
  );
}

/** Fails if a best bid is not below the best ask. */
export function assertNotCrossed(bid: BookLevel | undefined, ask: BookLevel | undefined): void {
  if (bid === undefined || ask === undefined) return;
  assert.ok(
    bid.price.lessThan(ask.price),
    `expected prices that are not crossed, got ${bid.price} against ${ask.price}`,
  );
}
