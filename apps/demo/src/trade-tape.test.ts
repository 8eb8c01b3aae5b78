import { decimal, type Trade } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { TradeTape } from './trade-tape.ts';

function tradeOf(index: number): Trade {
  const amount = decimal('1');
  const times = { venueTimeMs: undefined, receivedAtMs: index };
  return { pair: 'A-B', tradeId: String(index), price: amount, amount, side: 'buy', ...times };
}

test.each([0, 1, 4, 5, 6, 9, 10, 11, 37])('keeps the newest five of %i', (count) => {
  const tape = new TradeTape(5);
  for (let index = 0; index < count; index += 1) tape.add(tradeOf(index));
  const expected = Array.from({ length: count }, (_, index) => String(index)).slice(-5);
  expect(tape.list().map((trade) => trade.tradeId)).toEqual(expected);
  expect(tape.omitted).toBe(Math.max(0, count - 5));
});
