import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BookOrder } from './book-order.ts';
import { OrderIndex } from './order-index.ts';
import { type PriceLevel, PriceLevels } from './price-levels.ts';

/** Around where integers stop being small, and beyond; as many levels as no move by hand is meant for. */
const bases = [1, 2 ** 31 - 90, 2 ** 45] as const;
const prices = 180;

test('levels are in order, the best first, whatever comes and goes wherever', () => {
  // Also prices of which the low bits are the same.
  const away = fc.oneof(
    fc.nat(prices),
    fc.nat(prices).map((price) => (price % 4) * 1_024 + (price % 3)),
  );
  const step = fc.record({ away, sizeLots: fc.integer({ min: 1, max: 9 }) });
  const steps = fc.array(step, { minLength: 100, maxLength: 600, size: 'max' });
  fc.assert(
    fc.property(fc.constantFrom('buy', 'sell'), fc.constantFrom(...bases), steps, (side, base, all) => {
      const live = new OrderIndex();
      const levels = new PriceLevels(side, live);
      const orders = new Map<number, BookOrder>();
      for (const [at, { away, sizeLots }] of all.entries()) {
        const priceTicks = base + away;
        const known = orders.get(priceTicks);
        if (known === undefined) {
          const order = { id: `${at}`, priceTicks, leftLots: sizeLots } as BookOrder;
          live.add(order);
          levels.add(order);
          orders.set(priceTicks, order);
        } else {
          levels.remove(known, known.level as PriceLevel);
          live.remove(known);
          orders.delete(priceTicks);
        }
      }
      const sign = side === 'buy' ? -1 : 1;
      const expected = [...orders.values()].sort((a, b) => sign * (a.priceTicks - b.priceTicks));
      expect([...levels.orders()]).toEqual(expected);
      expect(levels.best?.priceTicks).toBe(expected[0]?.priceTicks);
      expect(levels.top(1_000)).toEqual(
        expected.map(({ priceTicks, leftLots }) => ({ priceTicks, sizeLots: leftLots })),
      );
    }),
    { numRuns: 200 },
  );
});
