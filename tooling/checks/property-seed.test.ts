import { propertySeed } from '@venuekit/tooling-vitest/property-seed';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('draws the same on every machine, unless it is asked for other cases', () => {
  expect(propertySeed(undefined)).toBe(propertySeed(''));
  expect(propertySeed(undefined)).toEqual(expect.any(Number));
  expect(propertySeed('-7')).toBe(-7);
  expect(propertySeed('new')).toBeUndefined();
});

test.each(['x', '1.5', '1e3', '4294967296'])('refuses the seed %s', (setting) => {
  const message = `VENUEKIT_PROPERTY_SEED: expected new or a whole number of 32 bits, got ${setting}`;
  expect(() => propertySeed(setting)).toThrow(message);
});

test('is what property tests draw from', () => {
  expect(fc.readConfigureGlobal()?.seed).toBe(propertySeed(process.env.VENUEKIT_PROPERTY_SEED));
});
