import { expect, test } from 'vitest';
import type { OrderRecord } from '../../desk/desk-types.ts';
import { createOrdersUnderWay } from './orders-under-way.ts';

function stage() {
  const come = new Set<string>();
  const desk = { order: (_: string, id: string) => (come.has(id) ? ({ id } as OrderRecord) : undefined) };
  return { come, orders: createOrdersUnderWay(desk) };
}

test('an order is under way until the desk has it, for its own account', () => {
  const { come, orders } = stage();
  orders.add('ann', 'one');
  expect([orders.has('ann', 'one'), orders.has('bob', 'one'), orders.has('ann', 'two')]).toEqual([
    true,
    false,
    false,
  ]);
  expect([orders.any('ann'), orders.any('bob')]).toEqual([true, false]);
  come.add('one');
  expect([orders.has('ann', 'one'), orders.any('ann')]).toEqual([false, false]);
});

test('an order that the desk has already is not under way', () => {
  const { come, orders } = stage();
  come.add('one');
  orders.add('ann', 'one');
  come.clear();
  expect(orders.has('ann', 'one')).toBe(false);
});

test('beyond ten thousand the oldest are forgotten, those that have come first', () => {
  const { come, orders } = stage();
  for (let index = 0; index < 5_000; index += 1) orders.add('ann', `early${index}`);
  for (let index = 0; index < 5_000; index += 1) come.add(`early${index}`);
  for (let index = 0; index < 10_000; index += 1) orders.add('ann', `late${index}`);
  expect(orders.has('ann', 'late0')).toBe(true);
  orders.add('ann', 'last');
  expect([orders.has('ann', 'late0'), orders.has('ann', 'late1'), orders.has('ann', 'last')]).toEqual([
    false,
    true,
    true,
  ]);
});
