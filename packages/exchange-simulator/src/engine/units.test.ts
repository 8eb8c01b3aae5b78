import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAtMost, least, minus, plus, shortened, times, type Units } from './units.ts';

const edge = 2n ** 53n;

/** Of every size, and often next to what a number can just hold, or to its root. */
const amount = fc
  .oneof(
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
    fc.tuple(fc.constantFrom(-edge, edge, edge / 2n, 94_906_265n), fc.bigInt({ min: -3n, max: 3n })).map(sum),
  )
  .map(shortened);

test.each<[string, (one: Units, other: Units) => Units, (one: bigint, other: bigint) => bigint]>([
  ['plus', plus, (one, other) => one + other],
  ['minus', minus, (one, other) => one - other],
  ['times', times, (one, other) => one * other],
])('%s is what whole numbers give, in the form that it should have', (_, quick, exact) => {
  fc.assert(
    fc.property(amount, amount, (one, other) => {
      expect(quick(one, other)).toSatisfy(isShort);
      expect(BigInt(quick(one, other))).toBe(exact(BigInt(one), BigInt(other)));
    }),
    { numRuns: 2_000 },
  );
});

test('amounts of either form are compared by their size', () => {
  fc.assert(
    fc.property(amount, amount, (one, other) => {
      const isMore = BigInt(one) > BigInt(other);
      expect(isAtMost(one, other)).toBe(!isMore);
      expect(least(one, other)).toBe(isMore ? other : one);
    }),
    { numRuns: 2_000 },
  );
});

test('an amount is a number up to the last one that is exact, and a bigint beyond', () => {
  expect([edge - 1n, edge, edge + 1n].map(shortened)).toEqual([Number.MAX_SAFE_INTEGER, edge, edge + 1n]);
  expect([1n - edge, -edge].map(shortened)).toEqual([Number.MIN_SAFE_INTEGER, -edge]);
  expect(plus(Number.MAX_SAFE_INTEGER, 1)).toBe(edge);
  expect(minus(edge, 1)).toBe(Number.MAX_SAFE_INTEGER);
});

function sum([one, other]: readonly [bigint, bigint]): bigint {
  return one + other;
}

/** True if a number would hold it no better. */
function isShort(units: Units): boolean {
  return Number.isSafeInteger(Number(units)) === (typeof units === 'number');
}
