import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slowNextMs, slowStartMs } from '../../test/models/slow-bars.ts';
import { barIntervals, monthOf, monthStartMs, periodEndMs, periodStartMs } from './bar-interval.ts';

const anyTimeMs = fc.integer({ min: Date.UTC(1890, 0, 1), max: Date.UTC(2410, 0, 1) });

test.each(barIntervals)('periods of %s are those of the calendar of the platform', (interval) => {
  fc.assert(
    fc.property(anyTimeMs, (atMs) => {
      const startMs = periodStartMs(interval, atMs);
      expect(startMs).toBe(slowStartMs(interval, atMs));
      expect(periodEndMs(interval, startMs)).toBe(slowNextMs(interval, startMs));
      expect(periodStartMs(interval, startMs)).toBe(startMs);
      expect(periodStartMs(interval, periodEndMs(interval, startMs) - 1)).toBe(startMs);
    }),
    { numRuns: 300 },
  );
});

test('every month of eight centuries starts when it does', () => {
  for (let month = -2_400; month < 7_200; month += 1) {
    const startMs = Date.UTC(1970, month, 1);
    expect(monthStartMs(month)).toBe(startMs);
    expect(monthOf(startMs)).toBe(month);
    expect(monthOf(startMs - 1)).toBe(month - 1);
  }
});

test.each([
  ['2023-02-28T23:59:59.999Z', 28],
  ['2024-02-29T00:00:00.000Z', 29],
  ['1900-02-10T00:00:00.000Z', 28],
  ['2000-02-10T00:00:00.000Z', 29],
  ['2100-02-10T00:00:00.000Z', 28],
  ['2024-12-31T23:59:59.999Z', 31],
])('the month of %s has %i days', (text, days) => {
  const startMs = periodStartMs('1M', Date.parse(text));
  expect((periodEndMs('1M', startMs) - startMs) / 86_400_000).toBe(days);
});

test.each([
  ['2024-03-10T12:00:00Z', '2024-03-04T00:00:00Z'],
  ['2024-03-11T00:00:00Z', '2024-03-11T00:00:00Z'],
  ['1970-01-01T00:00:00Z', '1969-12-29T00:00:00Z'],
])('the week of %s starts on Monday', (text, monday) => {
  expect(periodStartMs('1w', Date.parse(text))).toBe(Date.parse(monday));
});
