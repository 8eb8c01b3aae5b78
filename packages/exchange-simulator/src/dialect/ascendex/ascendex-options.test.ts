import { expect, test } from 'vitest';
import { type AscendexChoices, completeAscendexOptions, defaultAscendexOptions } from './ascendex-options.ts';

test('nothing chosen is the defaults, and what is undefined hides none of them', () => {
  expect(completeAscendexOptions()).toEqual(defaultAscendexOptions);
  const choices = { strictAuth: undefined, limits: { connects: undefined } } as unknown as AscendexChoices;
  expect(completeAscendexOptions(choices)).toEqual(defaultAscendexOptions);
});

test('what is chosen in part is put into the whole', () => {
  const options = completeAscendexOptions({ priceBandPercent: 12.5, limits: { connects: 3 } });
  expect(options).toEqual({
    ...defaultAscendexOptions,
    priceBandPercent: 12.5,
    limits: { ...defaultAscendexOptions.limits, connects: 3 },
  });
});

test('limits may be as low as one, and both thresholds of a group the same', () => {
  const limits = { admin: [1, 1], connects: 1, crowdedStatus: 400, bannedStatus: 599 } as const;
  expect(completeAscendexOptions({ limits }).limits).toEqual({ ...defaultAscendexOptions.limits, ...limits });
});

test.each([
  ['strictAuth', { strictAuth: 'yes' }, 'one of true, false'],
  ['uidForm', { uidForm: 'short' }, 'one of lettered, digits'],
  ['tickSizeCode', { tickSizeCode: 300002 }, 'one of 300001, 300014'],
  ['orderTimeWindowMs', { orderTimeWindowMs: -1 }, 'a whole number from 0'],
  ['duplicateCancelMs', { duplicateCancelMs: 0.5 }, 'a whole number from 0'],
  ['marketSlippagePercent', { marketSlippagePercent: 100 }, 'more than 0 and less than 100'],
  ['priceBandPercent', { priceBandPercent: 1.234 }, 'to two places'],
  ['numberCode', { numberCode: 300001 }, 'one of 100004, 100001'],
  ['marketSlippagePercent', { marketSlippagePercent: '10' }, 'to two places, got "10"'],
  ['limits', { limits: 5 }, 'an object, got 5'],
  ['limits', { limits: null }, 'an object, got null'],
  ['limits', { limits: [800, 1000] }, 'an object, got [800,1000]'],
  ['limits.connects', { limits: { connects: 0 } }, 'a whole number above 0, got 0'],
  ['limits.connects', { limits: { connects: [1, 2] } }, 'a whole number above 0, got [1,2]'],
  ['limits.connects', { limits: { connects: '5' } }, 'a whole number above 0, got "5"'],
  ['limits.windowMs', { limits: { windowMs: Number.POSITIVE_INFINITY } }, 'above 0, got Infinity'],
  [
    'limits.admin',
    { limits: { admin: 5 } },
    'two whole numbers above 0, the second not below the first, got 5',
  ],
  ['limits.admin', { limits: { admin: [] } }, 'two whole numbers above 0'],
  ['limits.admin', { limits: { admin: [800] } }, 'two whole numbers above 0'],
  ['limits.stream', { limits: { stream: [1, 2, 3] } }, 'two whole numbers above 0'],
  ['limits.orders', { limits: { orders: [0, 2] } }, 'two whole numbers above 0'],
  ['limits.snapshots', { limits: { snapshots: [1, 2.5] } }, 'two whole numbers above 0'],
  ['limits.admin', { limits: { admin: [1_000, 800] } }, 'not below the first, got [1000,800]'],
  ['limits.crowdedStatus', { limits: { crowdedStatus: 7 } }, 'an HTTP status from 400 to 599, got 7'],
  ['limits.bannedStatus', { limits: { bannedStatus: 600 } }, 'an HTTP status from 400 to 599, got 600'],
  ['limits.conects', { limits: { conects: 1 } }, 'one of '],
  ['strictauth', { strictauth: true }, 'one of strictAuth'],
])('%s that cannot be is refused by its name', (name, choices, expected) => {
  const complete = (): unknown => completeAscendexOptions(choices as unknown as AscendexChoices);
  expect(complete).toThrow(expect.objectContaining({ code: 'invalid-options' }));
  expect(complete).toThrow(`ascendex: ${name}: expected`);
  expect(complete).toThrow(expected);
});
