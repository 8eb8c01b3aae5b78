const timeText = /^(\d{1,12})(?:\.(\d{1,9}))?$/;
const fractionDigits = 9;

/** Nanoseconds since the epoch of a recorded time such as `1704067202.087`, exact; `undefined` for what is none. */
export function toNanoseconds(time: string): bigint | undefined {
  const match = timeText.exec(time);
  if (match === null) return undefined;
  const [, seconds = '', fraction = ''] = match;
  return BigInt(`${seconds}${fraction.padEnd(fractionDigits, '0')}`);
}

/** The recorded form of nanoseconds since the epoch: seconds, without zeros at the end. */
export function toRecordedTime(nanoseconds: bigint): string {
  const digits = nanoseconds.toString().padStart(fractionDigits + 1, '0');
  const seconds = digits.slice(0, -fractionDigits);
  const fraction = digits.slice(-fractionDigits).replace(/0+$/, '');
  return fraction === '' ? seconds : `${seconds}.${fraction}`;
}

/** Nanoseconds of a clock's milliseconds. The fraction is taken by itself: a float does not hold all the digits together. */
export function millisecondsToNanoseconds(milliseconds: number): bigint {
  const whole = Math.floor(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.floor((milliseconds - whole) * 1e6));
}
