import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRate, shareOf } from './rate.ts';
import { shortened } from './units.ts';

const whole = 1_000_000_000n;
const edge = 2n ** 53n;

/** Round ones, as venues have them, and any. */
const rateUnits = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, 1_000_000n, 850_000n, -150_000n, 2_000_000n, 999_999_999n, 333_333_333n),
  fc.bigInt({ min: 1n - whole, max: whole - 1n }),
);

/** Where a number holds what is taken of it, where it just does not, and far beyond. */
const units = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 27n }),
  fc.bigInt({ min: 0n, max: 100_000_000_000n }),
  fc.bigInt({ min: edge - 1_000n, max: edge + 1_000n }),
);

test('a share is the product by the formula, rounded up to a unit', () => {
  fc.assert(
    fc.property(units, rateUnits, (of, rate) => {
      expect(BigInt(shareOf(shortened(of), createRate(rate)))).toBe(roundedUp(of * rate));
    }),
    { numRuns: 5_000 },
  );
});

test('a share is exact on both sides of where its product can no longer be a number', () => {
  const near = fc.tuple(rateUnits, fc.bigInt({ min: -3n, max: 3n }));
  fc.assert(
    fc.property(near, ([rate, offset]) => {
      const { numerator } = createRate(rate);
      const of = edge / BigInt(Math.max(1, Math.abs(numerator))) + offset;
      expect(BigInt(shareOf(shortened(of), createRate(rate)))).toBe(roundedUp(of * rate));
    }),
    { numRuns: 2_000 },
  );
});

test('a share just above a whole number of units is rounded up, however large it is', () => {
  for (const rate of [1n, 1_000_000n, 850_000n, 999_999_999n]) {
    const { denominator } = createRate(rate);
    for (let of = edge - 1n - BigInt(denominator); of < edge; of += BigInt(denominator) / 4n + 1n)
      expect(BigInt(shareOf(shortened(of), createRate(rate)))).toBe(roundedUp(of * rate));
  }
});

/** Of 10^9 times as much. */
function roundedUp(product: bigint): bigint {
  const cut = product / whole;
  return cut * whole < product ? cut + 1n : cut;
}
