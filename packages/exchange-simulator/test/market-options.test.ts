import { expect, test } from 'vitest';
import { createExchangeSimulator, selectPairs } from '../src/index.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { messageOf } from './refused-options.ts';

const synthetic = { kind: 'synthetic', seed: 1, pairs: 1, traders: false } as const;
const replay = { kind: 'replay', session: { items: [] }, products: [], speed: 'max' } as const;

const bar = { startMs: 0, openTicks: 1, highTicks: 1, lowTicks: 1, closeTicks: 1, volumeLots: 1 };
const loaded = { name: 'a.csv', interval: '1m', bars: [bar] };
const parsed = 'market.bars of BTC/USDT: expected what parseBarsCsv gives';

test.each([
  [{ bars: { 'BTC/USDT': loaded } }, 'taken'],
  [{ bars: { 'BTC/USDT': { ...loaded, name: 5 } } }, parsed],
  [{ bars: { 'BTC/USDT': { ...loaded, interval: '7m' } } }, parsed],
  [{ bars: { 'BTC/USDT': { ...loaded, bars: 'none' } } }, parsed],
  [{ bars: { 'BTC/USDT': { ...loaded, bars: [bar, null] } } }, parsed],
  [{ bars: 5 }, 'market.bars: expected an object, got 5'],
  [{ reference: [{ priceAt: () => 1 }] }, 'market.reference: expected an object, got a list of 1'],
])('a synthetic market with %j is %s', (change, message) => {
  expect(messageOf({ market: { ...synthetic, ...change } })).toContain(message);
});

test.each([
  [{ speed: Number.POSITIVE_INFINITY }, "expected speed to be a number above 0 or 'max', got Infinity"],
  [{ speed: -1 }, "expected speed to be a number above 0 or 'max', got -1"],
  [{ removeDepth: 'all' }, 'market.removeDepth: expected a function, got "all"'],
  [{ products: {} }, 'market.products: expected a list, got an empty object'],
  [{ sped: 1 }, 'market: expected only kind, session, products, speed, removeDepth, got "sped"'],
])('a replay with %j is refused: %s', (change, message) => {
  expect(messageOf({ market: { ...replay, ...change } })).toContain(message);
});

test('users can own what the usual pairs are made of, and nothing else', async () => {
  const listed = new Set(selectPairs(8).flatMap(({ rules: { base, quote } }) => [base, quote]));
  const market = { kind: 'synthetic', seed: 1, traders: false } as const;
  const balances = Object.fromEntries([...listed].map((asset) => [asset, '1']));
  await using simulator = createExchangeSimulator({
    ...{ market, users: [{ balances }], runtime: createHandMadeRuntime() },
  });
  expect(simulator.pairs).toHaveLength(8);
  const [, , , , , , , , ninth] = selectPairs(9);
  const base = ninth?.rules.base ?? '';
  expect(messageOf({ market, users: [{ balances: { [base]: '1' } }] })).toContain(`got "${base}"`);
});

test.each([
  ...['base', 'quote', 'tickSize', 'lotSize', 'minNotional', 'maxNotional', 'minSize', 'maxSize'],
  'reserveRate',
])('a pair whose %s is no text is refused by name', (name) => {
  const [pair] = selectPairs(1);
  const expected = `BTC/USDT, rules.${name}: expected text that is not empty, got`;
  for (const [value, got] of [
    ['', ' ""'],
    [1, ' 1, a number'],
    [undefined, ' nothing'],
  ]) {
    const pairs = [{ ...pair, rules: { ...pair?.rules, [`${name}`]: value } }];
    expect(messageOf({ market: { ...synthetic, pairs } })).toContain(`${expected}${got}`);
  }
});
