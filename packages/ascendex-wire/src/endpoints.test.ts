import { expect, test } from 'vitest';
import { type EndpointName, endpointPath, endpoints, productionEndpoints, streamPath } from './endpoints.ts';

const table: readonly (readonly [EndpointName, string, string, string])[] = [
  ['assets', 'GET', '/api/pro/v2/assets', ''],
  ['products', 'GET', '/api/pro/v1/cash/products', ''],
  ['legacyProducts', 'GET', '/api/pro/v1/products', ''],
  ['ticker', 'GET', '/api/pro/v1/spot/ticker', ''],
  ['barIntervals', 'GET', '/api/pro/v1/barhist/info', ''],
  ['bars', 'GET', '/api/pro/v1/barhist', ''],
  ['depth', 'GET', '/api/pro/v1/depth', ''],
  ['trades', 'GET', '/api/pro/v1/trades', ''],
  ['riskLimitInfo', 'GET', '/api/pro/v2/risk-limit-info', ''],
  ['legacyRiskLimitInfo', 'GET', '/api/pro/v1/risk-limit-info', ''],
  ['exchangeInfo', 'GET', '/api/pro/v1/exchange-info', ''],
  ['accountInfo', 'GET', '/api/pro/v1/info', 'info'],
  ['fees', 'GET', '/7/api/pro/v1/spot/fee', 'fee'],
  ['genericFees', 'GET', '/7/api/pro/v1/spot/fee/info', 'fee'],
  ['balance', 'GET', '/7/api/pro/v1/cash/balance', 'balance'],
  ['placeOrder', 'POST', '/7/api/pro/v1/cash/order', 'order'],
  ['cancelOrder', 'DELETE', '/7/api/pro/v1/cash/order', 'order'],
  ['cancelAll', 'DELETE', '/7/api/pro/v1/cash/order/all', 'order/all'],
  ['placeBatch', 'POST', '/7/api/pro/v1/cash/order/batch', 'order/batch'],
  ['cancelBatch', 'DELETE', '/7/api/pro/v1/cash/order/batch', 'order/batch'],
  ['orderStatus', 'GET', '/7/api/pro/v1/cash/order/status', 'order/status'],
  ['openOrders', 'GET', '/7/api/pro/v1/cash/order/open', 'order/open'],
  ['recentOrders', 'GET', '/7/api/pro/v1/cash/order/hist/current', 'order/hist/current'],
  ['orderHistory', 'GET', '/api/pro/data/v2/order/hist', 'data/v2/order/hist'],
  ['balanceSnapshot', 'GET', '/api/pro/data/v1/cash/balance/snapshot', 'data/v1/cash/balance/snapshot'],
  ['balanceHistory', 'GET', '/api/pro/data/v1/cash/balance/history', 'data/v1/cash/balance/history'],
];

test.each(table)('%s is %s %s and signs %j', (name, method, path, prehash) => {
  const endpoint = endpoints[name];
  expect(endpoint.method).toBe(method);
  expect(endpointPath(name, { group: 7 })).toBe(path);
  expect(endpoint.prehash ?? '').toBe(prehash);
  expect(endpoint.auth).toBe(prehash === '' ? 'public' : 'signed');
  expect(endpoint.groupInPath).toBe(path.startsWith('/7/'));
});

test('the table has every endpoint', () => {
  expect(table.map(([name]) => name)).toEqual(Object.keys(endpoints));
});

test('no endpoint moves money out of the account', () => {
  for (const { path } of Object.values(endpoints))
    expect(path).not.toMatch(/transfer|wallet|withdraw|subuser/);
});

test.each([undefined, -1, 1.5, Number.NaN])('a path with a group refuses the group %s', (group) => {
  const options = group === undefined ? {} : { group };
  expect(() => endpointPath('balance', options)).toThrow(
    expect.objectContaining({ code: 'invalid-request' }),
  );
});

test('a public path needs no group; group 0 is a group', () => {
  expect(endpointPath('products')).toBe('/api/pro/v1/cash/products');
  expect(endpointPath('balance', { group: 0 })).toBe('/0/api/pro/v1/cash/balance');
});

test('the stream', () => {
  expect(`${productionEndpoints.streamUrl}${streamPath()}`).toBe('wss://ascendex.com/0/api/pro/v1/stream');
  expect(streamPath({ group: 12 })).toBe('/12/api/pro/v1/stream');
  expect(productionEndpoints.restUrl).toBe('https://ascendex.com');
  expect(() => streamPath({ group: -1 })).toThrow('group');
});
