import { expect, test } from 'vitest';
import { isMoneyName, moneyProblems } from './money-types.ts';

function found(text: string, file = '@venuekit/a-spot/dist/index.d.ts'): readonly string[] {
  return [...moneyProblems(new Map([[file, text]]))].map(({ file, got }) => `${file.split(':')[1]} ${got}`);
}

test.each([
  ['interface Trade {\n  readonly price: number;\n}', '2 Trade.price price: number'],
  [
    'interface Trade { readonly feeAmount?: number | undefined; }',
    '1 Trade.feeAmount feeAmount: number | undefined',
  ],
  ['export declare function toPrice(tick: bigint): number;', '1 toPrice toPrice: number'],
  ['declare function place(pair: string, quantity: number): void;', '1 place.quantity quantity: number'],
  [
    'interface Account { balances: ReadonlyMap<string, number>; }',
    '1 Account.balances balances: ReadonlyMap<string, number>',
  ],
  [
    'interface Book { priceForVolume(volume: string): { readonly value: number }; }',
    '1 Book.priceForVolume priceForVolume: { readonly value: number }',
  ],
  [
    'interface Fees { readonly fees: { readonly maker: number } }',
    '1 Fees.fees fees: { readonly maker: number }',
  ],
  ['type PriceLevel = readonly [number, number];', '1 PriceLevel PriceLevel: readonly [number, number]'],
  ['type Level = readonly [price: number, amount: string];', '1 Level.price price: number'],
  ['type Scaled = number;\ninterface Order { filled: Scaled; }', '2 Order.filled filled: Scaled'],
  ['declare class Ledger { get available(): number; }', '1 Ledger.available available: number'],
  ['declare const takerFee = 0.001;', '1 takerFee takerFee: 0.001'],
  ['interface Rules { orderSize: number; }', '1 Rules.orderSize orderSize: number'],
  ["interface Raw { 'held-funds': number; }", '1 Raw.held-funds held-funds: number'],
  [
    'interface Cost { readonly cost: (levels: number) => number; }',
    '1 Cost.cost cost: (levels: number) => number',
  ],
  ['interface Trade { prices: readonly number[]; }', '1 Trade.prices prices: readonly number[]'],
  ['interface Top { readonly bid: number; }', '1 Top.bid bid: number'],
])('money as a number is found: %s', (text, problem) => {
  expect(found(text)).toContain(problem);
});

test.each([
  'interface Trade { readonly price: Decimal; readonly amount: string; readonly volume: bigint; }',
  'interface Stage { readonly prices: Float64Array; readonly amounts: BigInt64Array; }',
  'interface Book { bids(depth?: number): readonly BookLevel[]; readonly bookDepth: number; }',
  'interface Stats { readonly fillCount: number; readonly feeCheckedAtMs: number; readonly totalBytes: number; }',
  'interface Rules { readonly priceDecimals: number; readonly amountScale: number; }',
  'interface Book { volumeForPrice(price: Decimal, levelCount: number): Decimal; }',
  'interface Fills { readonly fill: (index: number) => Decimal; }',
  'interface Fills { readonly fill: { readonly price: Decimal; readonly atMs: number }; }',
  'interface Orders { readonly available: boolean; readonly size: number; }',
  '/** price: number */\ninterface Note { readonly text: "price: number"; }',
  'type Rounding = "down" | "up";\ndeclare function roundPrice(price: Decimal, rounding: Rounding): Decimal;',
])('fine: %s', (text) => {
  expect(found(text)).toEqual([]);
});

test('a name that sounds like money and is none is excepted by its full name only', () => {
  const text =
    'interface SimulatorStats { readonly total: number; }\ninterface Other { readonly total: number; }';
  expect(found(text, '@venuekit/exchange-simulator/dist/index.d.ts')).toEqual([
    '2 Other.total total: number',
  ]);
  expect(found(text)).toHaveLength(2);
});

test('an alias of another file of the package is seen through', () => {
  const declarations = new Map([
    ['@venuekit/a/dist/units.d.ts', 'export type Money = Float;\ntype Float = number;'],
    ['@venuekit/a/dist/index.d.ts', 'export interface A { balance: Money | undefined; }'],
  ]);
  expect([...moneyProblems(declarations)]).toEqual([
    {
      file: '@venuekit/a/dist/index.d.ts:1 A.balance',
      expected: 'Decimal, text, or scaled integers in a typed array',
      got: 'balance: Money | undefined',
    },
  ]);
});

test.each([
  ['price', 'askPrices', 'totalHeld', 'feeRate', 'lotSize', 'base_qty', 'minNotional', 'unfilled_amount'],
  ['bestBid', 'ask', 'spread', 'realizedProfit', 'stopLoss'],
])('names of money', (...names) => {
  expect(names.filter((name) => !isMoneyName(name))).toEqual([]);
});

test.each([
  ['size', 'bookDepth', 'fillCount', 'pricedAtMs', 'feedback', 'coffee', 'refund_id', 'decimalPlaces'],
  [
    'priceTicks',
    'filledLots',
    'priceBandPercent',
    'balanceRequests',
    'tickSizeCode',
    'lotsPerDay',
    'bestBidPriceUnits',
  ],
])('other names', (...names) => {
  expect(names.filter(isMoneyName)).toEqual([]);
});
