import { decimal } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { exampleRow } from '../../test/example-rows.ts';
import { countText, priceText, spreadColumn } from './market-columns.ts';
import { createPalette } from './palette.ts';

const { symbols } = createPalette({ isTerminal: false, platform: 'linux', environment: {} });

test.each([
  [0, '0'],
  [99_999, '99999'],
  [100_000, '100k'],
  [1_250_000, '1.3M'],
  [123_456_789, '123M'],
])('%i updates are shown as %s', (count, text) => {
  expect(countText(count, 100_000)).toBe(text);
});

test('a price has the digits of its market, and never fewer than it has', () => {
  expect(priceText(decimal('94.5'), 3, symbols)).toBe('94.500');
  expect(priceText(decimal('0.000000001'), 2, symbols)).toBe('0.000000001');
  expect(priceText(undefined, 2, symbols)).toBe('–');
});

test.each([
  ['100', '100', '0.000%', '0.00%'],
  ['99.999', '100.001', '0.002%', '0.00%'],
  ['99', '101', '2.00%', '2.00%'],
  ['1', '3', '100.0%', '100%'],
  ['101', '99', '-2.00%', '-2.00%'],
])('between %s and %s lie %s', (bid, ask, text, short) => {
  expect(spreadColumn([exampleRow('A-B', bid, ask)], symbols).cells).toEqual([{ text, short }]);
});

test('a side without a price has no spread', () => {
  const row = exampleRow('A-B', '1', '2', { ask: undefined });
  expect(spreadColumn([row], symbols).cells).toEqual([{ text: '–' }]);
});
