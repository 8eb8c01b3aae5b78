import type { MoneyUnits } from '../../engine/engine-types.ts';

/** Decimals of money. */
const scale = 9;
const wholeUnits = 10n ** BigInt(scale);
const plainDecimal = /^(\d{1,30})(?:\.(\d{1,30}))?$/;

/** Decimal text of an amount, without zeros at its end. */
export function amountText(units: MoneyUnits): string {
  const digits = `${units < 0n ? -units : units}`.padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${withoutZeros(`${digits.slice(0, -scale)}.${digits.slice(-scale)}`)}`;
}

/** Units of a plain decimal; `undefined` if it is none, or has more than nine places that are not zero. */
export function amountOf(text: string): MoneyUnits | undefined {
  const [, integer, fraction = ''] = plainDecimal.exec(text) ?? [];
  const digits = fraction.replace(/0+$/, '');
  if (integer === undefined || digits.length > scale) return undefined;
  return BigInt(integer + digits.padEnd(scale, '0'));
}

/** The same decimal without zeros at the end of its fraction. */
function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Average price of what was filled, in nine places, half rounded up; `0` if nothing was. */
export function averageText(quote: MoneyUnits, base: MoneyUnits): string {
  if (base === 0n) return '0';
  return amountText((2n * quote * wholeUnits + base) / (2n * base));
}

/** Product of two amounts, rounded down to a unit. */
export function timesAmount(one: MoneyUnits, other: MoneyUnits): MoneyUnits {
  return (one * other) / wholeUnits;
}
