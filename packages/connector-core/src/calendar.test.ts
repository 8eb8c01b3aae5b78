import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addIntervalsMs, type Interval, intervalStartMs, intervalsBetween } from './index.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const iso = (timeMs: number) => new Date(timeMs).toISOString();

test.each([
  ['1m', '2024-02-29T23:59:59.999', '2024-02-29T23:59:00.000Z', '2024-03-01T00:00:00.000Z'],
  ['4h', '2024-02-29T03:59:59.999', '2024-02-29T00:00:00.000Z', '2024-02-29T04:00:00.000Z'],
  ['1d', '2024-12-31T12:00:00', '2024-12-31T00:00:00.000Z', '2025-01-01T00:00:00.000Z'],
  // A Sunday belongs to the week that began on the Monday before.
  ['1w', '2024-03-03T23:59:59.999', '2024-02-26T00:00:00.000Z', '2024-03-04T00:00:00.000Z'],
  ['1w', '2024-03-04T00:00:00', '2024-03-04T00:00:00.000Z', '2024-03-11T00:00:00.000Z'],
  ['1w', '1970-01-01T00:00:00', '1969-12-29T00:00:00.000Z', '1970-01-05T00:00:00.000Z'],
  ['1M', '2024-02-29T12:00:00', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ['1M', '2023-02-28T23:59:59.999', '2023-02-01T00:00:00.000Z', '2023-03-01T00:00:00.000Z'],
  ['1M', '2100-02-28T23:59:59.999', '2100-02-01T00:00:00.000Z', '2100-03-01T00:00:00.000Z'],
  ['3M', '2024-05-31T00:00:00', '2024-04-01T00:00:00.000Z', '2024-07-01T00:00:00.000Z'],
  ['1M', '1969-12-31T23:59:59.999', '1969-12-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
] as const)('%s at %s begins at %s and ends at %s', (interval, time, start, end) => {
  expect(iso(intervalStartMs(interval, at(time)))).toBe(start);
  expect(iso(addIntervalsMs(interval, at(time), 1))).toBe(end);
});

const intervals = fc.constantFrom<Interval>(
  '1s',
  '1m',
  '15m',
  '1h',
  '12h',
  '1d',
  '1w',
  '2w',
  '1M',
  '3M',
  '12M',
);
const times = fc.integer({ min: Date.UTC(1890, 0), max: Date.UTC(2190, 0) });

test('intervals cover all of time: each begins where the one before ends, and contains its times', () => {
  fc.assert(
    fc.property(intervals, times, fc.integer({ min: -500, max: 500 }), (interval, timeMs, count) => {
      const start = intervalStartMs(interval, timeMs);
      const next = addIntervalsMs(interval, start, 1);
      expect(start <= timeMs && timeMs < next).toBe(true);
      expect(intervalStartMs(interval, next - 1)).toBe(start);
      expect(intervalStartMs(interval, next)).toBe(next);
      const far = addIntervalsMs(interval, timeMs, count);
      expect(intervalsBetween(interval, timeMs, far)).toBe(count);
      expect(addIntervalsMs(interval, far, -count)).toBe(start);
    }),
  );
});

test('weeks begin on Monday and months on the first, by the calendar of the platform', () => {
  fc.assert(
    fc.property(times, (timeMs) => {
      const week = new Date(intervalStartMs('1w', timeMs));
      expect([week.getUTCDay(), week.getTime() % 86_400_000]).toEqual([1, week.getTime() < 0 ? -0 : 0]);
      const { 0: year, 1: month } = [new Date(timeMs).getUTCFullYear(), new Date(timeMs).getUTCMonth()];
      expect(intervalStartMs('1M', timeMs)).toBe(Date.UTC(year, month, 1));
    }),
  );
});

test.each([
  () => intervalStartMs('1x' as Interval, 0),
  () => intervalStartMs('1M', Number.NaN),
  () => intervalStartMs('1m', 0.5),
  () => intervalStartMs('1m', 9e15),
  () => addIntervalsMs('1M', 0, 1.5),
  () => addIntervalsMs('1M', 0, 9e9),
  () => addIntervalsMs('1d', 0, Number.MAX_SAFE_INTEGER),
])('what is no time or no interval is refused (%#)', (call) => {
  expect(call).toThrow(expect.objectContaining({ name: 'VenueError', code: 'invalid-request' }));
});
