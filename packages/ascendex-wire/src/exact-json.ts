import { VenueError } from '@venuekit/connector-core';
import { excerpt, longestExcerpt } from './excerpt.ts';
import { findJsonFault } from './json-fault.ts';
import { venueId } from './venue.ts';

/** Deepest nesting that is read. The venue's own messages have five levels. */
export const deepestJson = 64;

/** A double keeps so many digits whatever they are. */
const safeDigits = 15;
const longInteger = /^-?\d{16,}$/;

type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
/** `JSON.parse` with access to the source text of a value, which the standard library's types do not have yet. */
const parseWithSource = JSON.parse as (text: string, reviver: SourceReviver) => unknown;

/**
 * `JSON.parse` that keeps every digit: an integer of 16 or more digits, and any other number of which a double would lose a
 * digit, comes out as its text. Everything else comes out as from `JSON.parse`, so trailing zeros of a fraction, which say
 * nothing, are gone. A name such as `__proto__` is a plain property of its object.
 * @throws VenueError `protocol` for what is not JSON, with the offset, and for nesting deeper than {@link deepestJson}.
 */
export function parseExactJson(text: string): unknown {
  const isSimple = lookThrough(text);
  try {
    return isSimple ? JSON.parse(text) : parseWithSource(text, exactValue);
  } catch (cause) {
    const { offset, expected } = findJsonFault(text);
    throw notJson(`expected ${expected}`, text, offset, cause);
  }
}

function exactValue(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  return longInteger.test(source) || !isSameNumber(source, String(value)) ? source : value;
}

/** True if two texts are the same number, whatever their exponents and zeros. */
function isSameNumber(left: string, right: string): boolean {
  return left === right || normalized(left) === normalized(right);
}

/** Significant digits and the power of ten behind the last of them; all zeros are the same. */
function normalized(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  let end = digits.length;
  while (end > 0 && digits.charAt(end - 1) === '0') end -= 1;
  // No number, such as `Infinity`, is told apart from zero by its text.
  if (end === 0) return whole === '' ? text : '0';
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - end);
  return `${sign}${digits.slice(0, end)}e${power}`;
}

/**
 * True if no number can lose a digit: none has an exponent, or more than 15 characters. Depth is checked here too, before
 * anything is parsed, so that no reader behind this one needs a stack for it.
 */
function lookThrough(text: string): boolean {
  let [depth, digits, isSimple] = [0, 0, true];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if ((char >= zero && char <= nine) || char === point) {
      digits += 1;
      if (digits > safeDigits) isSimple = false;
      continue;
    }
    if (char === quote) {
      at = closingQuote(text, at + 1);
    } else if (char === openBracket || char === openBrace) {
      depth += 1;
      if (depth > deepestJson) throw notJson(`expected at most ${deepestJson} levels`, text, at);
    } else if (char === closeBracket || char === closeBrace) depth -= 1;
    else if (digits > 0 && (char === smallE || char === largeE)) isSimple = false;
    digits = 0;
  }
  return isSimple;
}

const quote = 0x22;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const largeE = 0x45;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const smallE = 0x65;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** The first quote from `start` on that no backslash makes a part of its text; the end of the text if there is none. */
function closingQuote(text: string, start: number): number {
  let at = start;
  // One by one: most texts are so short that a search takes longer to begin than to end.
  for (; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) return at;
    if (char === backslash) at += 1;
  }
  return at;
}

function notJson(expected: string, text: string, offset: number, cause?: unknown): VenueError {
  const from = Math.max(0, Math.min(offset - 20, text.length - longestExcerpt));
  const got =
    text === '' ? 'no text' : `"${excerpt(text.slice(from, from + longestExcerpt), longestExcerpt - 2)}"`;
  return new VenueError({
    code: 'protocol',
    venue: venueId,
    operation: 'parseExactJson',
    message: `JSON: ${expected} at offset ${offset}, got ${got}`,
    ...(cause !== undefined && { cause }),
  });
}
