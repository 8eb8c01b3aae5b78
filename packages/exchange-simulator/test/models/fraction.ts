/** A fraction of whole numbers. The denominator is above 0; nothing is ever shortened. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Reads plain decimal text, such as `-0.025`. */
export function fractionOf(text: string): Fraction {
  const [, sign = '', whole = '', digits = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '') throw new Error(`expected a decimal, got ${text}`);
  const size = BigInt(whole + digits);
  return { numerator: sign === '-' ? -size : size, denominator: BigInt(`1${'0'.repeat(digits.length)}`) };
}

export function wholeNumber(value: number | bigint): Fraction {
  return { numerator: BigInt(value), denominator: 1n };
}

export function product(...factors: readonly Fraction[]): Fraction {
  return factors.reduce((one, other) => ({
    numerator: one.numerator * other.numerator,
    denominator: one.denominator * other.denominator,
  }));
}

export function sum(one: Fraction, other: Fraction): Fraction {
  return {
    numerator: one.numerator * other.denominator + other.numerator * one.denominator,
    denominator: one.denominator * other.denominator,
  };
}

export function isLess(one: Fraction, other: Fraction): boolean {
  return one.numerator * other.denominator < other.numerator * one.denominator;
}

/** The least whole number that is not below it. */
export function roundedUp({ numerator, denominator }: Fraction): bigint {
  const cut = numerator / denominator;
  return cut * denominator < numerator ? cut + 1n : cut;
}

/** It as a whole number, which it has to be. */
export function exactly({ numerator, denominator }: Fraction): bigint {
  if (numerator % denominator !== 0n) throw new Error(`${numerator}/${denominator} is no whole number`);
  return numerator / denominator;
}
