import { isVenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { checkCount, checkDelay, checkStatus, checkWord, placeName } from './link-terms.ts';

/** The code of what a check throws; `undefined` if it throws nothing. */
function codeOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return isVenueError(error) ? error.code : String(error);
  }
}

const { NaN: none, POSITIVE_INFINITY: endless } = Number;

test.each<[string, (value: number) => void, readonly number[], readonly number[]]>([
  ['a count', (value) => checkCount('ask', value), [0, 1, 2 ** 53 - 1], [-1, 0.5, 2 ** 53, none, endless]],
  ['a delay', (value) => checkDelay('ask', value), [0, 0.001, 1e9], [-0.001, -1, none, endless, -endless]],
  ['a status', (value) => checkStatus('ask', value), [200, 204, 599], [99, 199, 200.5, 600, none, endless]],
])('%s is one from its range, the ends included', (_name, check, sound, unsound) => {
  for (const value of sound) expect(codeOf(() => check(value))).toBeUndefined();
  for (const value of unsound) expect(codeOf(() => check(value))).toBe('invalid-options');
});

test('a refusal names what was asked, what was expected and what came', () => {
  expect(() => checkWord('refuse', ['connection', 'silence'], 'maybe')).toThrow(
    'refuse: expected connection or silence, got maybe',
  );
  expect(() => checkCount('drop', -1)).toThrow('drop: expected a whole number from 0, got -1');
  expect(codeOf(() => checkWord('refuse', ['silence'], 'silence'))).toBeUndefined();
});

test.each([
  ['venue.test', 'venue.test'],
  ['VENUE.test', 'venue.test'],
  ['venue.test:443', 'venue.test'],
  ['venue.test:80', 'venue.test'],
  ['venue.test:8080', 'venue.test:8080'],
  ['venue.test:8443', 'venue.test:8443'],
  ['127.0.0.1:1', '127.0.0.1:1'],
  ['[::1]:80', '[::1]'],
])('the place of %s is %s', (authority, place) => {
  expect(placeName('link', authority)).toBe(place);
});

test.each([
  ...['', 'venue.test/', 'venue.test?a', 'venue.test#a', 'a@venue.test', 'venue\\test', 'venue test'],
  ...['venue.test\n', ':80', 'venue.test:x', 'venue.test:99999', 'https://venue.test'],
])('%j is no place', (authority) => {
  expect(codeOf(() => placeName('link', authority))).toBe('invalid-options');
});
