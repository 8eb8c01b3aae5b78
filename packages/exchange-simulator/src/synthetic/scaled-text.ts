/** Decimal text of `units` of size 10^-`decimals`, without trailing zeros: 1230 units of 0.01 are `12.3`. */
export function toDecimalText(units: number | bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
