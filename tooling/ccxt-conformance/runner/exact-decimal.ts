/** Digits after the point that are kept: those of the finest price times those of the finest size, and more. */
const places = 24;
const one = 10n ** BigInt(places);

/**
 * Reads decimal text, in units of 10^-24.
 * @throws Error if it is no plain decimal of at most 24 places.
 */
export function units(text: string): bigint {
  const [, sign, whole = '', rest = ''] = /^(-?)(\d+)(?:\.(\d{0,24}))?$/.exec(text) ?? [];
  if (sign === undefined) throw new Error(`expected a decimal, got ${JSON.stringify(text)}`);
  const size = BigInt(whole + rest.padEnd(places, '0'));
  return sign === '' ? size : -size;
}

/** Writes units of 10^-24 without zeros at the end. */
export function decimalText(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(places + 1, '0');
  const rest = digits.slice(-places).replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -places)}${rest === '' ? '' : `.${rest}`}`;
}

/** The product of two amounts in units of 10^-24, cut at the last of them. */
export function times(a: bigint, b: bigint): bigint {
  return (a * b) / one;
}

/** An amount divided by another, cut at the last unit. */
export function over(a: bigint, b: bigint): bigint {
  return (a * one) / b;
}

/** The largest whole multiple of `step` that is not above `amount`; both are not negative. */
export function downTo(step: bigint, amount: bigint): bigint {
  return amount - (amount % step);
}

/** The smallest whole multiple of `step` that is not below `amount`; both are not negative. */
export function upTo(step: bigint, amount: bigint): bigint {
  return downTo(step, amount + step - 1n);
}
