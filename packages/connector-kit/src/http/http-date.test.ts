import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseHttpDate } from './http-date.ts';
import { readRetryAfterMs } from './retry-after.ts';

const nowMs = Date.UTC(2026, 5, 1);

test('agrees with the calendar of the platform for every date of four-digit years', () => {
  const max = Date.UTC(9999, 11, 31);
  const min = new Date(0).setUTCFullYear(1, 0, 1);
  fc.assert(
    fc.property(fc.integer({ min: Math.ceil(min / 1_000), max: max / 1_000 }), (seconds) => {
      expect(parseHttpDate(new Date(seconds * 1_000).toUTCString(), nowMs)).toBe(seconds * 1_000);
    }),
  );
});

test('reads the two old forms of the standard', () => {
  const sample = Date.UTC(1994, 10, 6, 8, 49, 37);
  expect(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT', nowMs)).toBe(sample);
  expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', nowMs)).toBe(sample);
  expect(parseHttpDate('Sun Nov  6 08:49:37 1994', nowMs)).toBe(sample);
  expect(parseHttpDate('Friday, 06-Nov-76 08:49:37 GMT', nowMs)).toBe(Date.UTC(2076, 10, 6, 8, 49, 37));
  expect(parseHttpDate('Friday, 06-Nov-77 08:49:37 GMT', nowMs)).toBe(Date.UTC(1977, 10, 6, 8, 49, 37));
});

test.each(['', '2026-06-01', 'Sun, 06 Nov 1994 24:00:00 GMT', 'Sun, 06 Xyz 1994 08:49:37 GMT', 'tomorrow'])(
  '%j is no date',
  (text) => expect(parseHttpDate(text, nowMs)).toBeUndefined(),
);

test.each([
  ['0', 0],
  ['120', 120_000],
  [' 7 ', 7_000],
  ['Mon, 01 Jun 2026 00:01:30 GMT', 90_000],
  ['Sun, 31 May 2026 23:59:00 GMT', 0],
  ['-5', undefined],
  ['1.5', undefined],
  ['99999999999', undefined],
  ['soon', undefined],
])('Retry-After %j asks to wait %s ms', (value, expected) => {
  expect(readRetryAfterMs(new Headers({ 'retry-after': value }), nowMs)).toBe(expected);
});

test('no Retry-After, no wait', () => expect(readRetryAfterMs(new Headers(), nowMs)).toBeUndefined());
