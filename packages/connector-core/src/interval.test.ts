import { expect, test } from 'vitest';
import { isInterval, parseInterval } from './interval.ts';
import { VenueError } from './venue-error.ts';

test('takes intervals apart; m is a minute and M a month', () => {
  expect(parseInterval('15m')).toEqual({ count: 15, unit: 'm', lengthMs: 900_000 });
  expect(parseInterval('1w')).toEqual({ count: 1, unit: 'w', lengthMs: 604_800_000 });
  expect(parseInterval('1M')).toEqual({ count: 1, unit: 'M', lengthMs: undefined });
});

test('refuses what is not an interval', () => {
  for (const text of ['', '0m', '-1m', '1.5h', '1', 'm', '1y', '1 m'])
    expect(isInterval(text), text).toBe(false);
  expect(() => parseInterval('0m')).toThrow(VenueError);
});
