import { expect, test } from 'vitest';
import { createSeededRandom } from '../seeded-random.ts';
import { selectPairs } from './pair-catalogue.ts';
import { createSyntheticSymbol } from './synthetic-symbol.ts';

test('after a long run the whole book is still about the middle', () => {
  for (const at of [0, 1, 7]) {
    const symbol = createSyntheticSymbol(selectPairs(8)[at]!, createSeededRandom('long'), 0);
    for (let round = 0; round < 20_000; round += 1) symbol.step(round);
    const { asks, bids } = symbol.book(500);
    const middle = (Number(asks[0]![0]) + Number(bids[0]![0])) / 2;
    for (const [price] of [...asks, ...bids]) expect(Math.abs(Number(price) / middle - 1)).toBeLessThan(0.03);
    expect(Math.min(asks.length, bids.length)).toBeGreaterThanOrEqual(40);
  }
});
