import { expect, test } from 'vitest';
import { type Connector, hasCandles, hasMarketData, hasTrading, isEnded, type OrderStatus } from './index.ts';

test('facets are told by what a connector claims', () => {
  const data = { capabilities: { marketData: {} } } as Connector;
  expect([hasMarketData(data), hasTrading(data), hasCandles(data)]).toEqual([true, false, false]);
  const all = { capabilities: { marketData: {}, trading: {}, candles: {} } } as Connector;
  expect([hasMarketData(all), hasTrading(all), hasCandles(all)]).toEqual([true, true, true]);
});

test('an order has ended in six states of thirteen', () => {
  const living: readonly OrderStatus[] = [
    'created',
    'journaled',
    'sent',
    'acked',
    'unknown',
    'open',
    'partially-filled',
  ];
  const ended: readonly OrderStatus[] = ['filled', 'canceled', 'expired', 'rejected', 'denied', 'not-placed'];
  expect(living.filter((status) => isEnded({ status }))).toEqual([]);
  expect(ended.filter((status) => !isEnded({ status }))).toEqual([]);
});
