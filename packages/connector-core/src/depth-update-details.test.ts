import { expect, test } from 'vitest';
import { createDepthStage, stageDepthUpdate } from './index.ts';

test.each([
  ['the character behind the digits', '1:'],
  ['the character before the digits', '1/'],
  ['no digit before the point of a long text', '.1234567890'],
  ['the character behind the digits in a long text', '1000000000:'],
  ['the character before the digits in a long text', '1000000000/'],
])('does not take %s', (_what, text) => {
  const stage = createDepthStage({ priceScale: 12, amountScale: 12 });
  const empty = { sequence: 7n, venueTimeMs: undefined, asks: [], bids: [] };
  expect(stageDepthUpdate({ ...empty, asks: [['1', text]] }, stage)).toBe(false);
  expect(stageDepthUpdate({ ...empty, bids: [[text, '1']] }, stage)).toBe(false);
});
