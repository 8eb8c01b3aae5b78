import { expect, test } from 'vitest';
import { decodeProducts } from './products-response.ts';

const product = {
  symbol: 'ASD/USDT',
  displayName: 'ASD/USDT',
  domain: 'USDS',
  tradingStartTime: 1546300800000,
  collapseDecimals: '0.01,0.001,0.0001',
  minQty: '0.000000001',
  maxQty: '1000000000',
  minNotional: '5',
  maxNotional: '400000',
  statusCode: 'Normal',
  statusMessage: '',
  tickSize: '0.0001',
  useTick: false,
  priceScale: 4,
  lotSize: '0.1',
  useLot: false,
  qtyScale: 1,
  notionalScale: 4,
  commissionType: 'Quote',
  commissionReserveRate: '0.001',
};
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('a row becomes an instrument with every rule', () => {
  const { instruments, refused, skipped } = decodeProducts([product]);
  expect([refused, skipped]).toEqual([[], 0]);
  expect(plain(instruments)).toEqual([
    {
      pair: 'ASD-USDT',
      base: 'ASD',
      quote: 'USDT',
      venueSymbol: 'ASD/USDT',
      status: 'trading',
      venueStatus: 'Normal',
      tickSize: '0.0001',
      lotSize: '0.1',
      minAmount: '0.000000001',
      maxAmount: '1000000000',
      minNotional: '5',
      maxNotional: '400000',
      feeAsset: 'quote',
      feeReserveRate: '0.001',
    },
  ]);
});

test('the row itself comes along where asked for', () => {
  expect(decodeProducts([product], { raw: true }).instruments[0]?.raw).toEqual(product);
  expect(decodeProducts([product]).instruments[0]).not.toHaveProperty('raw');
});

test.each([
  ['Normal', 'trading'],
  ['NoTrading', 'halted'],
  ['InternalTrading', 'halted'],
  ['Auction', 'unknown'],
  ['constructor', 'unknown'],
])('status %s is %s', (statusCode, status) => {
  expect(decodeProducts([{ ...product, statusCode }]).instruments).toMatchObject([
    { status, venueStatus: statusCode },
  ]);
});

test.each([
  ['Quote', 'quote'],
  ['Base', 'base'],
  ['Received', 'received'],
])('commission type %s is %s', (commissionType, feeAsset) => {
  expect(decodeProducts([{ ...product, commissionType }]).instruments).toMatchObject([{ feeAsset }]);
});

test.each([
  [{ commissionType: 'Points' }, 'commissionType'],
  [{ commissionType: 'toString' }, 'commissionType'],
  [{ commissionType: undefined }, 'commissionType'],
  [{ tickSize: '0' }, 'tickSize'],
  [{ tickSize: '-0.1' }, 'tickSize'],
  [{ tickSize: 0.0001 }, 'tickSize'],
  [{ tickSize: '0.0003', priceScale: 3 }, 'tickSize'],
  [{ priceScale: 99 }, 'priceScale'],
  [{ lotSize: '' }, 'lotSize'],
  [{ lotSize: '1e-3' }, 'lotSize'],
  [{ minQty: 'NaN' }, 'minQty'],
  [{ maxQty: '0' }, 'maxQty'],
  [{ minQty: '5', maxQty: '4' }, 'maxQty'],
  [{ minNotional: null }, 'minNotional'],
  [{ minNotional: '9', maxNotional: '8' }, 'maxNotional'],
  [{ commissionReserveRate: '' }, 'commissionReserveRate'],
  [{ statusCode: undefined }, 'statusCode'],
  [{ symbol: 'A/B/C' }, 'symbol'],
  [{ symbol: '/USDT' }, 'symbol'],
  [{ symbol: 5 }, 'symbol'],
])('%j refuses its row alone, naming %s', (change, field) => {
  const { instruments, refused } = decodeProducts([product, { ...product, symbol: 'X/USDT', ...change }]);
  expect(instruments.map(({ pair }) => pair)).toEqual(['ASD-USDT']);
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ code: 'protocol', operation: 'decodeProducts' });
  expect(refused[0]?.message).toContain(`${field}: expected`);
});

test.each([
  ['0.01', 4, '0.01'],
  ['0.0001', 2, '0.01'],
  ['0.05', 2, '0.05'],
  ['5', 0, '5'],
  ['0.00000001', undefined, '0.00000001'],
])('the grid of tick %s and %s decimals is %s', (tickSize, priceScale, expected) => {
  expect(decodeProducts([{ ...product, tickSize, priceScale }]).instruments[0]?.tickSize.toString()).toBe(
    expected,
  );
});

test('what is not spot, leveraged or an index is left out without a word', () => {
  const rows = [
    { symbol: 'BTC-PERP' },
    { ...product, symbol: 'BTC3L/USDT', domain: 'LeveragedETF' },
    { ...product, symbol: '$AI/USDT' },
    product,
  ];
  expect(decodeProducts(rows)).toMatchObject({
    instruments: [{ pair: 'ASD-USDT' }],
    refused: [],
    skipped: 3,
  });
  const all = decodeProducts(rows, { includeLeveraged: true });
  expect(all.instruments.map(({ pair }) => pair)).toEqual(['BTC3L-USDT', '$AI-USDT', 'ASD-USDT']);
  expect(all.skipped).toBe(1);
});

test('two symbols of one pair are both refused, a repeated one counts once', () => {
  const rows = ['A-B/C', 'ASD/USDT', 'A/B-C', 'ASD/USDT'].map((symbol) => ({ ...product, symbol }));
  const { instruments, refused } = decodeProducts(rows);
  expect(instruments.map(({ venueSymbol }) => venueSymbol)).toEqual(['ASD/USDT']);
  expect(refused).toHaveLength(2);
});

test('the older list has the bounds that follow from its other rules', () => {
  const {
    minQty: _min,
    maxQty: _max,
    statusCode: _status,
    priceScale: _price,
    qtyScale: _qty,
    ...older
  } = product;
  const { instruments } = decodeProducts([{ ...older, status: 'Normal' }]);
  expect(plain(instruments)).toMatchObject([
    { status: 'trading', minAmount: '0.1', maxAmount: '4000000000' },
  ]);
});

test.each([undefined, null, {}, 'x'])('%j is no list of products', (data) => {
  expect(() => decodeProducts(data)).toThrow('products: data: expected a list');
});
