import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunningSum } from './running-sum.ts';
import { shortened } from './units.ts';

const edge = 2n ** 53n;

const amount = fc.oneof(
  fc.bigInt({ min: 0n, max: 1_000_000n }),
  fc.bigInt({ min: edge - 3n, max: edge + 3n }),
  fc.bigInt({ min: edge / 2n - 3n, max: edge / 2n + 3n }),
  fc.bigInt({ min: 0n, max: 10n ** 30n }),
);

test('a sum is exact after anything that is added or taken away', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), amount), { maxLength: 30 }), (changes) => {
      const sum = new RunningSum();
      let expected = 0n;
      for (const [isAdded, units] of changes) {
        if (isAdded) sum.add(shortened(units));
        else sum.subtract(shortened(units));
        expected += isAdded ? units : -units;
        expect(sum.units).toBe(expected);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a sum covers what is no more than it', () => {
  const step = fc.tuple(fc.boolean(), amount, fc.bigInt({ min: -2n, max: 2n }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const sum = new RunningSum();
      let expected = 0n;
      for (const [isAdded, units, offset] of steps) {
        const isCovered = units <= expected;
        expect(sum.covers(shortened(units))).toBe(isCovered);
        if (isAdded) sum.add(shortened(units));
        else if (isCovered) sum.subtract(shortened(units));
        expected += isAdded ? units : isCovered ? -units : 0n;
        expect(sum.covers(shortened(expected + offset))).toBe(offset <= 0n);
      }
    }),
    { numRuns: 1_000 },
  );
});
