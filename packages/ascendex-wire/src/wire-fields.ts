import { isVenueError, VenueError } from '@venuekit/connector-core';
import { describeValue } from './excerpt.ts';
import { venueId } from './venue.ts';

/** An object of the wire, before anything in it was checked. */
export type WireRecord = Readonly<Record<string, unknown>>;

/** Where a value was found, for the message of a refusal. */
export interface WirePlace {
  /** The function that reads, for example `decodeStreamFrame`. */
  readonly operation: string;
  /** What it reads, for example `depth of ASD/USDT`. */
  readonly subject: string;
}

const digits = /^(?:0|[1-9]\d{0,19})$/;

/** The error for a value that is not what the protocol says. */
export function refusal(place: WirePlace, field: string, expected: string, got: unknown): VenueError {
  return new VenueError({
    code: 'protocol',
    venue: venueId,
    operation: place.operation,
    message: `${place.subject}: ${field}: expected ${expected}, got ${describeValue(got)}`,
  });
}

/** True for a JSON object. */
function isRecord(value: unknown): value is WireRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `value` as a JSON object, or a refusal. */
export function readRecord(value: unknown, field: string, place: WirePlace): WireRecord {
  if (isRecord(value)) return value;
  throw refusal(place, field, 'an object', value);
}

/** `value` as a JSON list, or a refusal. */
export function readList(value: unknown, field: string, place: WirePlace): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw refusal(place, field, 'a list', value);
}

/** `value` as text that is not empty, or a refusal. */
export function readText(value: unknown, field: string, place: WirePlace): string {
  if (typeof value === 'string' && value !== '') return value;
  throw refusal(place, field, 'text', value);
}

/** `value` as a boolean, or a refusal. */
export function readBoolean(value: unknown, field: string, place: WirePlace): boolean {
  if (typeof value === 'boolean') return value;
  throw refusal(place, field, 'true or false', value);
}

/** True for text of a plain decimal from zero up: digits, perhaps a point and digits. No sign, no exponent, no blank. */
export function isAmount(value: unknown): value is string {
  return typeof value === 'string' && lookThrough(value) >= 0;
}

/** As {@link isAmount}, and above zero. */
export function isPositive(value: unknown): value is string {
  return typeof value === 'string' && lookThrough(value) > 0;
}

/** `value` as text of a plain decimal from zero up, digit for digit, or a refusal. */
export function readAmount(value: unknown, field: string, place: WirePlace): string {
  if (isAmount(value)) return value;
  throw refusal(place, field, 'decimal text such as "0.25"', value);
}

/** As {@link readAmount}, and above zero. */
export function readPositive(value: unknown, field: string, place: WirePlace): string {
  const text = readAmount(value, field, place);
  if (isPositive(text)) return text;
  throw refusal(place, field, 'a number above zero', value);
}

const zero = 0x30;
const pointBelowZero = 0x2e - zero;
/** Digits on either side of a point. */
const mostDigits = 40;

/** -1 for what is no plain decimal, 0 for zero, more for anything above. By character, which is faster than by pattern. */
function lookThrough(text: string): number {
  const { length } = text;
  let [whole, anyDigit] = [length, 0];
  for (let at = 0; at < length; at += 1) {
    const digit = text.charCodeAt(at) - zero;
    if (digit >= 0 && digit <= 9) anyDigit |= digit;
    else if (digit === pointBelowZero && whole === length) whole = at;
    else return -1;
  }
  const fraction = length - whole - 1;
  if (whole < 1 || whole > mostDigits || fraction === 0 || fraction > mostDigits) return -1;
  return anyDigit;
}

/** An integer of up to 64 bits, digit for digit, whether it came as a number or as text. */
export function readDigits(value: unknown, field: string, place: WirePlace): string {
  if (typeof value === 'string' && digits.test(value)) return value;
  if (isWhole(value) || Object.is(value, -0)) return String(value);
  throw refusal(place, field, 'a whole number from 0', value);
}

/** As {@link readDigits}, as a number of any size. */
export function readInteger(value: unknown, field: string, place: WirePlace): bigint {
  return BigInt(isWhole(value) ? value : readDigits(value, field, place));
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && ((value as number) > 0 || Object.is(value, 0));
}

/** A time in milliseconds since the epoch, or another count that fits a number. */
export function readCount(value: unknown, field: string, place: WirePlace): number {
  if (isWhole(value)) return value;
  const count = Number(readDigits(value, field, place));
  if (Number.isSafeInteger(count)) return count;
  throw refusal(place, field, 'a whole number below 2^53', value);
}

/** Text, or `undefined` where the venue has nothing to say; a number becomes its digits. */
export function toOptionalText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** True for the code of success, which is the number 0 or its text. */
export function isSuccessCode(code: unknown): boolean {
  return code === 0 || code === '0';
}

/** Reads each entry by itself: a refused one does not take its neighbours with it. */
export function readEach<T>(
  entries: readonly unknown[],
  read: (entry: unknown, index: number) => T,
): { readonly items: readonly T[]; readonly refused: readonly VenueError[] } {
  const items: T[] = [];
  const refused: VenueError[] = [];
  for (const [index, entry] of entries.entries()) {
    try {
      items.push(read(entry, index));
    } catch (error) {
      if (!isVenueError(error)) throw error;
      refused.push(error);
    }
  }
  return { items, refused };
}
