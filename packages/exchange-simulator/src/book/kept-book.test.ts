import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Level } from '../market/market.ts';
import { createKeptBook } from './kept-book.ts';

/** Prices in hundredths as text, some with zeros at the end, which are the same price. */
const price = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean()).map(([cents, long]) => {
  const text = (cents / 100).toFixed(2);
  return long ? `${text}0` : text.replace(/0$/, '');
});
const level = fc.tuple(price, fc.constantFrom('0', '0.0', '1', '2.50'));
const side = fc.array(level, { maxLength: 6 });

test('equals a map of prices after any changes, and is ordered', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(side, side), { maxLength: 12 }), (changes) => {
      const book = createKeptBook({ seqnum: 0n, tsMs: 0, asks: [], bids: [] });
      const model = { asks: new Map<number, string>(), bids: new Map<number, string>() };
      for (const [index, [asks, bids]] of changes.entries()) {
        book.apply({ seqnum: BigInt(index + 1), tsMs: index, asks, bids });
        change(model.asks, asks);
        change(model.bids, bids);
      }
      const image = book.image(Number.POSITIVE_INFINITY);
      expect(plain(image.asks)).toEqual([...model.asks].sort(([a], [b]) => a - b));
      expect(plain(image.bids)).toEqual([...model.bids].sort(([a], [b]) => b - a));
      expect(image.seqnum).toBe(BigInt(changes.length));
    }),
    { numRuns: 300 },
  );
});

test('prices that a float cannot tell apart stay apart', () => {
  const asks: Level[] = [
    ['0.10000000000000000002', '1'],
    ['0.10000000000000000001', '1'],
  ];
  const book = createKeptBook({ seqnum: 1n, tsMs: 0, asks, bids: [] });
  expect(book.image(500).asks.map(([text]) => text)).toEqual([
    '0.10000000000000000001',
    '0.10000000000000000002',
  ]);
});

test('a difference that is already contained changes nothing', () => {
  const book = createKeptBook({ seqnum: 5n, tsMs: 1, asks: [['1', '1']], bids: [] });
  book.apply({ seqnum: 5n, tsMs: 2, asks: [['1', '0']], bids: [] });
  expect(book.image(500)).toEqual({ seqnum: 5n, tsMs: 1, asks: [['1', '1']], bids: [] });
});

function change(side: Map<number, string>, levels: readonly Level[]): void {
  for (const [price, size] of levels) {
    if (Number(size) === 0) side.delete(Number(price));
    else side.set(Number(price), size);
  }
}

function plain(levels: readonly Level[]): [number, string][] {
  return levels.map(([price, size]) => [Number(price), size]);
}
