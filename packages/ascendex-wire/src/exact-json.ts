import { VenueError } from '@venuekit/connector-core';
import { excerpt, longestExcerpt } from './excerpt.ts';
import { findJsonFault } from './json-fault.ts';
import { venueId } from './venue.ts';

/** Deepest nesting that is read. The venue's own messages have five levels. */
export const deepestJson = 64;

/**
 * Text that may hold a number which a double cannot keep: 15 digits always survive, so it takes 16 characters or an exponent.
 * It also finds digits inside strings, which only costs time.
 */
const suspicious = /[\d.]{16}|\d[eE]/;
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
  refuseDepth(text);
  try {
    return suspicious.test(text) ? parseWithSource(text, exactValue) : JSON.parse(text);
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

/** Depth is checked before parsing, so that no reader behind this one needs a stack for it. */
function refuseDepth(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) {
      at = closingQuote(text, at);
    } else if (char === openBracket || char === openBrace) {
      depth += 1;
      if (depth > deepestJson) throw notJson(`expected at most ${deepestJson} levels`, text, at);
    } else if (char === closeBracket || char === closeBrace) depth -= 1;
  }
}

const quote = 0x22;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

function closingQuote(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at > 0; at = text.indexOf('"', at + 1)) {
    let backslashes = at;
    while (text.charAt(backslashes - 1) === '\\') backslashes -= 1;
    if ((at - backslashes) % 2 === 0) return at;
  }
  return text.length;
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
