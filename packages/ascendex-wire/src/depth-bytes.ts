import { type DepthStage, type DepthStageSide, growDepthStage } from '@venuekit/connector-core';
import { powersOfTen } from './depth-staging.ts';
import { asBytes } from './symbol-table.ts';

const quote = 0x22;
const comma = 0x2c;
const point = 0x2e;
const zero = 0x30;
const openBracket = 0x5b;
const closeBracket = 0x5d;
/** The exact decoder takes no more digits behind a point. */
const longestFraction = 40;

/*
 * Every function here takes where to begin and returns where what it has read ends, or -1 for anything but the usual form.
 * A byte behind the end is `undefined`, which is no byte and no digit, so a frame that was cut needs no test of its own. -1 is
 * looked for before it is read at.
 */

/** Reads the levels of one side, from behind its `[` to behind its `]`. */
export function readSideBytes(
  frame: Uint8Array,
  start: number,
  side: DepthStageSide,
  { priceScale, amountScale }: DepthStage,
): number {
  side.count = 0;
  if (frame[start] === closeBracket) return start + 1;
  for (let at = start, count = 0; ; at += 1) {
    if (frame[at] !== openBracket || frame[at + 1] !== quote) return -1;
    if (count === side.prices.length) growDepthStage(side);
    at = readScaledBytes(frame, at + 2, priceScale, side.prices, count);
    if (at < 0 || side.prices[count] === 0) return -1;
    if (frame[at] !== comma || frame[at + 1] !== quote) return -1;
    at = readScaledBytes(frame, at + 2, amountScale, side.amounts, count);
    if (at < 0 || frame[at] !== closeBracket) return -1;
    count += 1;
    at += 1;
    if (frame[at] === comma) continue;
    side.count = count;
    return frame[at] === closeBracket ? at + 1 : -1;
  }
}

/** Reads a decimal, from behind its quote to behind the other, and puts it in units of 10^-scale at `into[index]`. */
function readScaledBytes(
  frame: Uint8Array,
  start: number,
  scale: number,
  into: Float64Array,
  index: number,
): number {
  let at = readCountBytes(frame, start, into, index);
  if (at < 0) return -1;
  let value = into[index] as number;
  let missing = scale;
  if (frame[at] === point) {
    at += 1;
    const fraction = at;
    let digit = (frame[at] as number) - zero;
    while (missing > 0 && digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      missing -= 1;
      at += 1;
      digit = (frame[at] as number) - zero;
    }
    while (frame[at] === zero) at += 1;
    if (at === fraction || at - fraction > longestFraction) return -1;
  }
  if (frame[at] !== quote) return -1;
  // Rounding never takes a number from 2^53 on below it, so it is enough to look at the end.
  if (missing > 0) value *= powersOfTen[missing] as number;
  if (!(value <= Number.MAX_SAFE_INTEGER)) return -1;
  into[index] = value;
  return at + 1;
}

/** Reads a whole number without a sign, up to the first byte that is no digit, and puts it at `into[index]`. */
export function readCountBytes(frame: Uint8Array, start: number, into: Float64Array, index: number): number {
  let at = start + 1;
  let value = (frame[start] as number) - zero;
  if (!(value >= 0 && value <= 9)) return -1;
  let digit = (frame[at] as number) - zero;
  if (value === 0 && digit >= 0 && digit <= 9) return -1;
  while (digit >= 0 && digit <= 9) {
    value = value * 10 + digit;
    at += 1;
    digit = (frame[at] as number) - zero;
  }
  if (!(value <= Number.MAX_SAFE_INTEGER)) return -1;
  into[index] = value;
  return at;
}

/** Bytes that are looked for, four at a time, which is twice as fast as one by one. */
export interface ExpectedBytes {
  readonly length: number;
  /** Every four bytes from the first on; the last four may overlap those before them. */
  readonly words: Int32Array;
}

/** Prepares an ASCII text of four characters or more for {@link skipBytes}. */
export function expectBytes(text: string): ExpectedBytes {
  const bytes = asBytes(text);
  const words = Int32Array.from({ length: Math.ceil(text.length / 4) }, (_, index) =>
    wordAt(bytes, Math.min(index * 4, text.length - 4)),
  );
  return { length: text.length, words };
}

/** Behind what is expected, if it stands at `start`. */
export function skipBytes(frame: Uint8Array, start: number, { length, words }: ExpectedBytes): number {
  const end = start + length;
  if (end > frame.length) return -1;
  const last = words.length - 1;
  for (let at = 0; at < last; at += 1) if (wordAt(frame, start + at * 4) !== words[at]) return -1;
  return wordAt(frame, end - 4) === words[last] ? end : -1;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

/** The closing quote of a text that stands for itself: printable ASCII without a backslash, and not empty. */
export function findQuoteByte(frame: Uint8Array, start: number): number {
  let at = start;
  while (isPlain(frame[at] as number)) at += 1;
  return at > start && frame[at] === quote ? at : -1;
}

function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e && byte !== quote && byte !== 0x5c;
}
