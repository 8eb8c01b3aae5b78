/** Epoch seconds as plain decimal text, at most nine digits after the point: what a recording is stamped with. */
const timeText = /^\d{1,12}(?:\.\d{1,9})?$/;

/** Nanoseconds since the epoch of a recorded time, exact; `undefined` if the text is not one. */
export function toNanoseconds(text: string): bigint | undefined {
  if (!timeText.test(text)) return undefined;
  const [seconds = '', fraction = ''] = text.split('.');
  return BigInt(seconds + fraction.padEnd(9, '0'));
}

/** The recorded form of a time, in epoch seconds without trailing zeros. */
export function toTimeText(nanoseconds: bigint): string {
  const digits = nanoseconds.toString().padStart(10, '0');
  const fraction = digits.slice(-9).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, -9) : `${digits.slice(0, -9)}.${fraction}`;
}
