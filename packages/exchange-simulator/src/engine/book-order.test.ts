import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BookOrder } from './book-order.ts';
import type { Member } from './member.ts';

test('an order has the size and the price of its request, also where those are no small integers', () => {
  const near = (edge: number) => fc.integer({ min: -2, max: 2 }).map((offset) => edge + offset);
  const count = fc.oneof(
    near(3),
    near(2 ** 30),
    near(2 ** 31),
    near(2 ** 32),
    near(2 ** 53 - 3),
    fc.maxSafeNat(),
  );
  fc.assert(
    fc.property(count, count, (sizeLots, priceTicks) => {
      const request = { id: 'a', account: 'ann', symbol: 'A/Q', side: 'buy', kind: 'limit' } as const;
      const order = new BookOrder({ ...request, sizeLots, priceTicks }, {} as Member, 1, 0);
      expect([order.sizeLots, order.priceTicks]).toEqual([sizeLots, priceTicks]);
    }),
  );
});
