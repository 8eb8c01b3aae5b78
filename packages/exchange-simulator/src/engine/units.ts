/**
 * An amount inside the engine, in units of 10^-9: a number while that holds it exactly, else a bigint. Making bigints was most of what
 * an order cost, and few amounts need one.
 */
export type Units = number | bigint;

/** A sum, exact whatever the sizes. */
export function plus(one: Units, other: Units): Units {
  if (typeof one === 'number' && typeof other === 'number') {
    const sum = one + other;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return shortened(BigInt(one) + BigInt(other));
}

/** A difference, exact whatever the sizes. */
export function minus(one: Units, other: Units): Units {
  if (typeof one === 'number' && typeof other === 'number') {
    const difference = one - other;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return shortened(BigInt(one) - BigInt(other));
}

/** A product, exact whatever the sizes. */
export function times(one: Units, other: Units): Units {
  if (typeof one === 'number' && typeof other === 'number') {
    const product = one * other;
    if (Number.isSafeInteger(product)) return product;
  }
  return shortened(BigInt(one) * BigInt(other));
}

/** The smaller one. */
export function least(one: Units, other: Units): Units {
  return one < other ? one : other;
}

/** True if one is as much as the other, or less. */
export function isAtMost(one: Units, other: Units): boolean {
  if (typeof one === 'number') {
    if (typeof other === 'number') return one <= other;
    // To compare unlike ones takes long, and is not needed: the bigint is farther from 0.
    return other > 0n;
  }
  return one <= other;
}

/** The form in which the engine keeps an amount. */
export function shortened(units: bigint): Units {
  const short = Number(units);
  return Number.isSafeInteger(short) ? short : units;
}
