import { type DepthStage, type DepthStageSide, growDepthStage } from '@venuekit/connector-core';

const quote = 0x22;
const comma = 0x2c;
const point = 0x2e;
const zero = 0x30;
const openBracket = 0x5b;
const closeBracket = 0x5d;
/** The exact decoder takes no more digits behind a point. */
const longestFraction = 40;
/** So many digits fit an integer of 32 bits, which is several times as fast as a double. */
const shortDigits = 9;
/** 10^0 to 10^15, exact. */
const powersOfTen: Float64Array = Float64Array.from({ length: 16 }, (_, zeros) => Number(`1e${zeros}`));

/*
 * Every function here takes where to begin and returns where what it has read ends, or -1 for anything but the usual form.
 * The frame has to end with a byte that is none of what is read here, a brace: so no loop goes behind it, and a frame that was
 * cut needs no test of its own.
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
  let units = (frame[start] as number) - zero;
  let at = start + 1;
  let digit = (frame[at] as number) - zero;
  if (units < 0 || units > 9 || (units === 0 && digit >= 0 && digit <= 9)) return -1;
  let room = shortDigits - 1;
  while (digit >= 0 && digit <= 9 && room > 0) {
    units = Math.imul(units, 10) + digit;
    room -= 1;
    at += 1;
    digit = (frame[at] as number) - zero;
  }
  let missing = scale;
  if (frame[at] === point) {
    if (room > missing) room = missing;
    missing -= room;
    at += 1;
    digit = (frame[at] as number) - zero;
    while (digit >= 0 && digit <= 9 && room > 0) {
      units = Math.imul(units, 10) + digit;
      room -= 1;
      at += 1;
      digit = (frame[at] as number) - zero;
    }
    missing += room;
  }
  if (frame[at] !== quote || frame[at - 1] === point) return readLongBytes(frame, start, scale, into, index);
  const value = units * (powersOfTen[missing] as number);
  into[index] = value;
  return value <= Number.MAX_SAFE_INTEGER ? at + 1 : -1;
}

/** As {@link readScaledBytes}, for any number of digits. */
function readLongBytes(
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
  value *= powersOfTen[missing] as number;
  into[index] = value;
  return value <= Number.MAX_SAFE_INTEGER ? at + 1 : -1;
}

/** Reads a whole number without a sign, up to the first byte that is no digit, and puts it at `into[index]`. */
export function readCountBytes(frame: Uint8Array, start: number, into: Float64Array, index: number): number {
  let at = start + 1;
  let units = (frame[start] as number) - zero;
  let digit = (frame[at] as number) - zero;
  if (units < 0 || units > 9 || (units === 0 && digit >= 0 && digit <= 9)) return -1;
  const short = start + shortDigits;
  while (digit >= 0 && digit <= 9 && at < short) {
    units = Math.imul(units, 10) + digit;
    at += 1;
    digit = (frame[at] as number) - zero;
  }
  let value = units;
  while (digit >= 0 && digit <= 9) {
    value = value * 10 + digit;
    at += 1;
    digit = (frame[at] as number) - zero;
  }
  into[index] = value;
  return value <= Number.MAX_SAFE_INTEGER ? at : -1;
}
