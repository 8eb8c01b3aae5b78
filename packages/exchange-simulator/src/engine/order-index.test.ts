import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BookOrder } from './book-order.ts';
import { hashOf, OrderIndex } from './order-index.ts';

test('finds what a map finds, by id and by slot, whatever comes and goes, also where all want the same places', () => {
  const hashes = [undefined, 3, -1, 127, 2 ** 31 - 1] as const;
  const step = fc.tuple(fc.nat(150), fc.boolean());
  const long = fc.array(step, { minLength: 100, maxLength: 600, size: 'max' });
  fc.assert(
    fc.property(fc.constantFrom(...hashes), long, (hash, steps) => {
      let most = 0;
      const index = new OrderIndex();
      const model = new Map<string, BookOrder>();
      for (const [number, isAdded] of steps) {
        const id = `order-${number}`;
        const idHash = hash === undefined ? hashOf(id) : hash - (number % 3);
        const known = model.get(id);
        expect(index.get(id, idHash)).toBe(known);
        if (known !== undefined) {
          index.remove(known);
          model.delete(id);
        } else if (isAdded) {
          const order = { id } as BookOrder;
          index.add(order, idHash);
          model.set(id, order);
          most = Math.max(most, model.size);
        }
      }
      for (const [id, order] of model) {
        expect(index.get(id, order.idHash)).toBe(order);
        expect(index.at(order.slot)).toBe(order);
        expect(order.slot).toBeGreaterThan(0);
        expect(order.slot).toBeLessThanOrEqual(most);
      }
    }),
    { numRuns: 200 },
  );
});

test('all of an id counts for its hash', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (id) => {
      expect(hashOf(`${id}a`)).not.toBe(hashOf(`${id}b`));
      expect(hashOf(`a${id}`)).not.toBe(hashOf(`b${id}`));
    }),
  );
});
