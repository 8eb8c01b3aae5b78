import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InstrumentRules } from '../engine/engine-types.ts';
import { createListing, type Listing } from './listing.ts';

function listingOf(steps: Partial<Pick<InstrumentRules, 'tickSize' | 'lotSize'>>): Listing {
  return createListing({
    ...{ symbol: 'A/B', base: 'A', quote: 'B', tickSize: '0.01', lotSize: '1', commission: 'quote' },
    ...{ minNotional: '0', maxNotional: '1', minSize: '0', maxSize: '1', reserveRate: '0', ...steps },
  });
}

test.each([
  ['0.01', 7_125, '71.25'],
  ['0.01', 7_120, '71.2'],
  ['0.01', 7_100, '71'],
  ['0.01', 5, '0.05'],
  ['0.01', 0, '0'],
  ['0.010', 7_125, '71.25'],
  ['0.025', 3, '0.075'],
  ['0.025', 4, '0.1'],
  ['1', 100, '100'],
  ['10', 12, '120'],
  ['0.000000025', 9_007_199_254_740_991, '225179981.368524775'],
])('with a step of %s, %i of them are %s', (step, count, text) => {
  const listing = listingOf({ tickSize: step, lotSize: step });
  expect([listing.priceText(count), listing.sizeText(count)]).toEqual([text, text]);
  expect([listing.ticksOf(text), listing.lotsOf(text)]).toEqual([count, count]);
});

test('text gives the number back of which it was made, whatever the step', () => {
  const anyStep = fc.tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 9 }));
  fc.assert(
    fc.property(anyStep, fc.maxSafeNat(), ([units, decimals], count) => {
      const digits = `${units}`.padStart(decimals + 1, '0');
      const point = digits.length - decimals;
      const step = decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
      const listing = listingOf({ tickSize: step });
      const text = listing.priceText(count);
      expect(listing.ticksOf(text)).toBe(count);
      expect(text).not.toMatch(/\.\d*0$|\.$/);
    }),
  );
});

test('digits after the point are those of the step, without zeros behind it', () => {
  const listing = listingOf({ tickSize: '0.0100', lotSize: '10' });
  expect([listing.priceDecimals, listing.sizeDecimals]).toEqual([2, 0]);
});

test.each(['', 'x', '-1', '+1', '.5', '1.', '1e3', ' 1', '1,5', '0.015', '0.005', '90071992547409.92'])(
  '%j is no number of ticks of 0.01',
  (text) => {
    expect(listingOf({}).ticksOf(text)).toBeUndefined();
  },
);

test('what is between two steps is no number of them', () => {
  const listing = listingOf({ tickSize: '0.025', lotSize: '10' });
  expect(['0.02', '0.05'].map(listing.ticksOf)).toEqual([undefined, 2]);
  expect(['15', '20'].map(listing.lotsOf)).toEqual([undefined, 2]);
});

test('zeros do not matter, up to thirty digits on each side of the point', () => {
  const { ticksOf } = listingOf({});
  expect(ticksOf('0071.2500')).toBe(7_125);
  expect(ticksOf(`${'71'.padStart(30, '0')}.${'25'.padEnd(30, '0')}`)).toBe(7_125);
  expect(ticksOf('71'.padStart(31, '0'))).toBeUndefined();
  expect(ticksOf(`71.${'25'.padEnd(31, '0')}`)).toBeUndefined();
});
