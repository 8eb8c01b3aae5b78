import { type Interval, parseInterval } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { ascendexIntervals, isAscendexInterval, toInterval, toVenueInterval } from './intervals.ts';

const table = [
  ['1m', '1', 60_000],
  ['5m', '5', 300_000],
  ['15m', '15', 900_000],
  ['30m', '30', 1_800_000],
  ['1h', '60', 3_600_000],
  ['2h', '120', 7_200_000],
  ['4h', '240', 14_400_000],
  ['6h', '360', 21_600_000],
  ['12h', '720', 43_200_000],
  ['1d', '1d', 86_400_000],
  ['1w', '1w', 604_800_000],
  ['1M', '1m', undefined],
] as const;

test.each(table)('%s is %s at the venue and back', (ours, venues, lengthMs) => {
  expect(toVenueInterval(ours)).toBe(venues);
  expect(toInterval(venues)).toBe(ours);
  expect(parseInterval(ours).lengthMs).toBe(lengthMs);
  expect(isAscendexInterval(ours)).toBe(true);
});

test('the list is the table', () => expect(ascendexIntervals).toEqual(table.map(([ours]) => ours)));

test.each<[Interval, string]>([
  ['3m', 'unsupported'],
  ['8h', 'unsupported'],
  ['3d', 'unsupported'],
  ['60m', 'unsupported'],
  ['1s', 'unsupported'],
  ['0m', 'invalid-request'],
  ['toString' as Interval, 'invalid-request'],
  ['1' as Interval, 'invalid-request'],
])('%s is refused with %s', (interval, code) => {
  expect(isAscendexInterval(interval)).toBe(false);
  expect(() => toVenueInterval(interval)).toThrow(expect.objectContaining({ code }));
});

test.each(['1M', '3', '', '1h', '__proto__', 'constructor'])('the venue’s %j is not guessed', (name) => {
  expect(() => toInterval(name)).toThrow(expect.objectContaining({ code: 'protocol' }));
});
