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

test.each([
  ['strictAuth', { strictAuth: 'yes' }, 'one of true, false'],
  ['uidForm', { uidForm: 'short' }, 'one of lettered, digits'],
  ['tickSizeCode', { tickSizeCode: 300002 }, 'one of 300001, 300014'],
  ['orderTimeWindowMs', { orderTimeWindowMs: -1 }, 'a whole number from 0'],
  ['duplicateCancelMs', { duplicateCancelMs: 0.5 }, 'a whole number from 0'],
  ['marketSlippagePercent', { marketSlippagePercent: 100 }, 'more than 0 and less than 100'],
  ['priceBandPercent', { priceBandPercent: 1.234 }, 'to two places'],
  ['limits.connects', { limits: { connects: 0 } }, 'whole numbers above 0'],
  ['limits.conects', { limits: { conects: 1 } }, 'one of '],
  ['strictauth', { strictauth: true }, 'one of strictAuth'],
])('%s that cannot be is refused by its name', (name, choices, expected) => {
  const complete = (): unknown => completeAscendexOptions(choices as unknown as AscendexChoices);
  expect(complete).toThrow(expect.objectContaining({ code: 'invalid-options' }));
  expect(complete).toThrow(`ascendex: ${name}: expected`);
  expect(complete).toThrow(expected);
});
