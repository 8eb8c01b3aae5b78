import { expect, test } from 'vitest';
import { clearDepthStage, createDepthStage, growDepthStage } from './index.ts';

const scale = { priceScale: 4, amountScale: 8 };

test('a stage grows without losing what is staged, and is emptied without giving its room back', () => {
  const stage = createDepthStage({ ...scale, levels: 2 });
  const { bids } = stage;
  for (let level = 0; level < 5; level += 1) {
    if (bids.count === bids.prices.length) growDepthStage(bids);
    bids.prices[bids.count] = 2 ** 53 - 1 - level;
    bids.amounts[bids.count] = level;
    bids.count += 1;
  }
  expect([...bids.prices.subarray(0, bids.count)]).toEqual(
    [0, 1, 2, 3, 4].map((level) => 2 ** 53 - 1 - level),
  );
  expect([...bids.amounts.subarray(0, bids.count)]).toEqual([0, 1, 2, 3, 4]);
  expect(bids.prices.length).toBe(8);
  clearDepthStage(stage);
  expect([stage.firstSequence, stage.sequence, stage.venueTimeMs]).toEqual([-1, -1, -1]);
  expect([stage.bids.count, stage.asks.count]).toEqual([0, 0]);
  expect(stage.bids.prices.length).toBe(8);
});

test('a stage without room grows too', () => {
  const { asks } = createDepthStage({ ...scale, levels: 0 });
  growDepthStage(asks);
  expect(asks.prices.length).toBeGreaterThan(0);
  expect(asks.amounts.length).toBe(asks.prices.length);
});

test.each([-1, 16, 0.5, Number.NaN])('a scale of %d is refused by name', (bad) => {
  expect(createDepthStage(scale)).toMatchObject(scale);
  expect(() => createDepthStage({ ...scale, priceScale: bad })).toThrow(
    `createDepthStage: expected priceScale to be a whole number from 0 to 15, got ${bad}`,
  );
  expect(() => createDepthStage({ ...scale, amountScale: bad })).toThrow('expected amountScale');
});
