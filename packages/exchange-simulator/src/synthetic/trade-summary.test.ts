import { expect, test } from 'vitest';
import { createTradeLog } from '../market/trade-log.ts';
import { selectPairs } from './pair-catalogue.ts';
import { createSummaryKeeper } from './trade-summary.ts';

test('open, high, low, close and the sum of the sizes', () => {
  const keeper = createSummaryKeeper({ ...selectPairs(1)[0]!, priceDecimals: 2, sizeDecimals: 1 });
  for (const [ticks, lots] of [
    [500, 3],
    [700, 4],
    [300, 5],
    [400, 6],
  ] as const)
    keeper.add({ ticks, lots, takerSold: true });
  expect(keeper.read()).toEqual({ open: '5', high: '7', low: '3', close: '4', volume: '1.8' });
});

test('the newest thousand trades are kept', () => {
  const log = createTradeLog();
  const trade = (seqnum: number) => ({
    price: '1',
    size: '1',
    tsMs: 0,
    buyerIsMaker: true,
    seqnum: BigInt(seqnum),
  });
  log.add(
    'A/B',
    Array.from({ length: 1_500 }, (_, index) => trade(index)),
  );
  expect([log.of('A/B').length, log.of('A/B')[0]?.seqnum, log.of('A/B').at(-1)?.seqnum]).toEqual([
    1_000,
    500n,
    1_499n,
  ]);
});
