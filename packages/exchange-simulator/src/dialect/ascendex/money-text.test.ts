import { expect, test } from 'vitest';
import { amountOf, amountText, averageText } from './money-text.ts';

test.each([
  [0n, '0'],
  [1n, '0.000000001'],
  [1_000_000_000n, '1'],
  [-2_708_750n, '-0.00270875'],
  [964_364_400_000n, '964.3644'],
  [500_000_000_000n, '500'],
  [100_000_000_000_000_000_000_000n, '100000000000000'],
])('%s units are %s', (units, text) => {
  expect(amountText(units)).toBe(text);
  if (units >= 0n) expect(amountOf(text)).toBe(units);
});

test.each(['', '.5', '5.', '-1', '1e3', '0.0000000001', '1,5', ' 1', '0x10'])('%j is no amount', (text) => {
  expect(amountOf(text)).toBeUndefined();
});

test.each([
  ['nothing', 0n, 0n, '0'],
  ['the worked example', 22_740_000_000n, 320_000_000_000n, '0.0710625'],
  ['a third', 1_000_000_000n, 3_000_000_000n, '0.333333333'],
  ['two thirds', 2_000_000_000n, 3_000_000_000n, '0.666666667'],
  ['exactly a half', 1n, 2_000_000_000n, '0.000000001'],
  ['just below a half', 1n, 2_000_000_001n, '0'],
])('the average of %s', (_, quote, base, text) => {
  expect(averageText(quote, base)).toBe(text);
});
