import { expect, test } from 'vitest';
import type { OrderSide } from '../src/engine/engine-types.ts';
import { type PairProfile, selectPairs } from '../src/world/world-pairs.ts';
import { createTradersStage, type TradersStage } from './traders-stage.ts';

const minute = 60_000;
const symbols = ['BTC/USDT', 'DOGE/USDT', 'PAXG/USDT', 'ADA/BTC'];
const pairs = new Map(selectPairs(8).map((pair) => [pair.symbol, pair]));

test.each(symbols)('makers are back within two seconds after a stranger took all there was: %s', (symbol) => {
  for (const side of ['buy', 'sell'] as const) {
    const { stage, pair } = settledStage(symbol, `sweep ${side}`);
    sweep(stage, pair, side);
    const emptied = side === 'buy' ? 'sell' : 'buy';
    expect(stage.floor.engine.levels(symbol, emptied)).toEqual([]);
    stage.pass(2_000);
    expect(stage.floor.engine.levels(symbol, emptied).length).toBeGreaterThanOrEqual(10);
  }
});

test.each(symbols)('a sweep moves the price, which comes back to the reference by and by: %s', (symbol) => {
  const { stage, pair } = settledStage(symbol, 'impact');
  sweep(stage, pair, 'buy');
  stage.pass(3_000);
  expect(stage.middle(symbol) / pair.homeTicks).toBeGreaterThan(1.002);
  stage.pass(20 * minute);
  expect(Math.abs(stage.middle(symbol) / pair.homeTicks - 1)).toBeLessThan(0.002);
  expect(stage.refused).toEqual([]);
});

test.each(symbols)('a wall across the price is traded away, and then the price comes back: %s', (symbol) => {
  for (const [side, share] of [
    ['buy', 1.02],
    ['sell', 0.9],
  ] as const) {
    const { stage, pair } = settledStage(symbol, `wall ${side}`);
    const priceTicks = Math.round(pair.homeTicks * share);
    for (let orders = 0; orders < 100; orders += 1)
      stage.place({ symbol, side, priceTicks, sizeLots: mostLots(pair, priceTicks) });
    expect(stage.best(symbol, side)).toBe(priceTicks);
    stage.pass(5_000);
    const behind = stage.floor.engine.levels(symbol, side === 'buy' ? 'sell' : 'buy');
    expect(behind.length).toBeGreaterThanOrEqual(10);
    stage.pass(20 * minute);
    expect(stage.floor.engine.orders('stranger')).toEqual([]);
    expect(Math.abs(stage.middle(symbol) / pair.homeTicks - 1)).toBeLessThan(0.002);
    expect(stage.refused).toEqual([]);
  }
});

test.each(['BTC/USDT', 'SHIB/USDT', 'DOGE/USDT'])(
  'takers trade with a stranger at the best price: %s',
  (symbol) => {
    for (const side of ['buy', 'sell'] as const) {
      const { stage, pair } = settledStage(symbol, `rest ${side}`);
      const { order } = stage.place({
        symbol,
        side,
        priceTicks: stage.best(symbol, side),
        sizeLots: pair.typicalLots,
      });
      stage.pass(20 * minute);
      expect(order?.status).toBe('filled');
    }
  },
);

test('a stranger far from the price is left alone, and the book about it stays as it is', () => {
  const { stage, pair } = settledStage('BTC/USDT', 'far');
  const priceTicks = Math.round(pair.homeTicks * 0.8);
  stage.place({ symbol: pair.symbol, side: 'buy', priceTicks, sizeLots: 1_000 });
  stage.pass(10 * minute);
  expect(stage.floor.engine.orders('stranger').length).toBe(1);
  expect(Math.abs(stage.middle(pair.symbol) / pair.homeTicks - 1)).toBeLessThan(0.001);
});

test.each([
  ['BTC/USDT', 62],
  ['ADA/BTC', 45],
])('what strangers leave behind goes, and books have their usual depth: %s', (symbol, mostLevels) => {
  const { stage, pair } = settledStage(symbol, 'depth');
  for (let times = 0; times < 20; times += 1) {
    sweep(stage, pair, times % 3 === 0 ? 'sell' : 'buy');
    stage.pass(7_000);
  }
  stage.pass(5 * minute);
  for (const side of ['buy', 'sell'] as const)
    expect(stage.floor.engine.levels(symbol, side).length).toBeLessThanOrEqual(mostLevels);
});

test.each(symbols)('makers wait while there is no trading, and go on after that: %s', (symbol) => {
  for (const status of ['halted', 'cancel-only'] as const) {
    const { stage } = settledStage(symbol, status);
    const before = { events: stage.events, fired: stage.fired };
    stage.floor.setStatus(symbol, status);
    stage.pass(5 * minute);
    expect(stage.events).toBe(before.events);
    expect(stage.fired - before.fired).toBeLessThan(250);
    stage.floor.setStatus(symbol, 'trading');
    stage.pass(5 * minute);
    expect(stage.events).toBeGreaterThan(before.events);
    expect(stage.refused).toEqual([]);
  }
});

/** A pair whose reference does not move, after five minutes. */
function settledStage(
  symbol: string,
  seed: string,
): { readonly stage: TradersStage; readonly pair: PairProfile } {
  const pair = pairs.get(symbol);
  if (pair === undefined) throw new Error(`${symbol}: expected a pair of the world`);
  const stage = createTradersStage({
    seed,
    pairs: [pair],
    reference: () => ({ priceAt: () => pair.homeTicks }),
  });
  stage.traders.open();
  stage.traders.start();
  stage.pass(5 * minute);
  return { stage, pair };
}

/** Takes the whole other side. */
function sweep(stage: TradersStage, pair: PairProfile, side: OrderSide): void {
  const { symbol } = pair;
  const priceTicks = Math.round(pair.homeTicks * (side === 'buy' ? 2 : 0.5));
  const other = side === 'buy' ? 'sell' : 'buy';
  while (stage.floor.engine.levels(symbol, other, 1).length > 0)
    stage.place({ symbol, side, priceTicks, sizeLots: mostLots(pair, priceTicks), timeInForce: 'IOC' });
}

/** The largest size that the pair takes at a price, or a little less. */
function mostLots(
  { rules: { maxNotional, tickSize, lotSize, maxSize } }: PairProfile,
  priceTicks: number,
): number {
  const lots = Number(maxNotional) / (priceTicks * Number(tickSize) * Number(lotSize));
  return Math.floor(0.999 * Math.min(lots, Number(maxSize) / Number(lotSize)));
}
