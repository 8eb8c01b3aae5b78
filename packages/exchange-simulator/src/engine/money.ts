import { VenueError } from '@venuekit/connector-core';
import type { MoneyUnits } from './engine-types.ts';

/** Decimals of money, and of rates. */
const moneyScale = 9;
/** One of an asset in units; 1 as a rate. */
export const whole: MoneyUnits = 10n ** BigInt(moneyScale);

const decimalText = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Units of an amount, or of a rate.
 * @param what for the error.
 * @throws VenueError `invalid-options` for anything but a decimal of at most nine places.
 */
export function toUnits(text: string, what: string): MoneyUnits {
  const [, sign, integer = '', fraction = ''] = decimalText.exec(text) ?? [];
  const digits = fraction.replace(/0+$/, '');
  if (sign === undefined || digits.length > moneyScale)
    throw invalid(`${what}: expected a decimal of at most ${moneyScale} places, got ${text}`);
  const units = BigInt(integer + digits.padEnd(moneyScale, '0'));
  return sign === '-' ? -units : units;
}

/** Decimal text of units, without zeros at its end. */
export function toText(units: MoneyUnits): string {
  const digits = `${units < 0n ? -units : units}`.padStart(moneyScale + 1, '0');
  const fraction = digits.slice(-moneyScale).replace(/0+$/, '');
  const text = `${digits.slice(0, -moneyScale)}${fraction === '' ? '' : `.${fraction}`}`;
  return units < 0n ? `-${text}` : text;
}

/** An engine that cannot be made of what it was given. */
export function invalid(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', message });
}
