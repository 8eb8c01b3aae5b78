import type { MoneyUnits } from './engine-types.ts';
import { whole } from './money.ts';
import { shortened, type Units } from './units.ts';

/** A share of an amount, such as a fee, in lowest terms: 0.00085 is 17 of 20,000. */
export interface Rate {
  /** In units: 1 is 10^9. */
  readonly units: MoneyUnits;
  readonly numerator: number;
  readonly denominator: number;
}

/** A rate of so many units. */
export function createRate(units: MoneyUnits): Rate {
  const divisor = commonDivisor(units < 0n ? -units : units, whole);
  return { units, numerator: Number(units / divisor), denominator: Number(whole / divisor) };
}

/** `units` x `rate`, rounded up to a unit. */
export function shareOf(units: Units, rate: Rate): Units {
  const product = typeof units === 'number' ? units * rate.numerator : Number.NaN;
  // The quotient of two safe integers is never rounded to a whole number that it is not: below 2^53 / d, doubles lie closer than 2 / d.
  if (Number.isSafeInteger(product)) return Math.ceil(product / rate.denominator);
  return shortened(exactShareOf(BigInt(units), rate.units));
}

function exactShareOf(units: bigint, rate: bigint): bigint {
  const product = units * rate;
  // Division drops the rest, which is up for what is negative.
  return product > 0n ? (product + whole - 1n) / whole : product / whole;
}

function commonDivisor(one: bigint, other: bigint): bigint {
  return one === 0n ? other : commonDivisor(other % one, one);
}
