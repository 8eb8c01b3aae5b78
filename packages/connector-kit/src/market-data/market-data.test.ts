import { decimal, type Instruments, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { instrument } from '../../test/instrument.ts';
import { createConnectorLife } from '../connector/connector-life.ts';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { createInstrument } from './instrument.ts';
import { createInstruments } from './instrument-list.ts';
import { createLocalMarkets } from './local-markets.ts';
import { createMarketData, type MarketDataParts } from './market-data.ts';

const listed = createInstruments('v', [instrument('A-B')]);
const open: MarketDataParts['open'] = () => Promise.reject(new Error('not in this test'));

test('what is left out rejects with unsupported, and the fees are not known', async () => {
  const facet = createMarketData({ venue: 'v', instruments: () => listed, open });
  const unsupported = { code: 'unsupported', venue: 'v' };
  await expect(facet.fetchTickers()).rejects.toMatchObject({ ...unsupported, operation: 'fetchTickers' });
  await expect(facet.fetchTrades('A-B')).rejects.toMatchObject(unsupported);
  await expect(facet.fetchBook('A-B')).rejects.toMatchObject(unsupported);
  expect(facet.defaultFees('A-B')).toBeUndefined();
  expect(() => facet.defaultFees('X-Y')).toThrow(expect.objectContaining({ code: 'market-unavailable' }));
});

test('parts are asked about listed pairs only, and only when the list is loaded', async () => {
  let instruments: Instruments | undefined;
  const asked: unknown[] = [];
  const fees = { maker: decimal('0'), taker: decimal('0.001') };
  const facet = createMarketData({
    ...{ venue: 'v', open },
    instruments: () => {
      if (instruments === undefined) throw new VenueError({ code: 'not-connected', message: 'no list' });
      return instruments;
    },
    fetchTickers: async (pairs, options) => {
      asked.push([pairs, options]);
      return [];
    },
    fetchTrades: async (pair, options) => {
      asked.push([pair, options]);
      return [];
    },
    defaultFees: () => fees,
  });
  expect(() => facet.instruments).toThrow(expect.objectContaining({ code: 'not-connected' }));
  await expect(facet.fetchTickers()).rejects.toMatchObject({ code: 'not-connected' });
  instruments = listed;
  expect(facet.instruments).toBe(listed);
  await expect(facet.fetchTickers(['A-B', 'X-Y'])).rejects.toMatchObject({ code: 'market-unavailable' });
  await expect(facet.fetchTrades('X-Y')).rejects.toMatchObject({ code: 'market-unavailable' });
  expect(asked).toEqual([]);
  await facet.fetchTickers(['A-B'], { timeoutMs: 5 });
  await facet.fetchTrades('A-B', { limit: 3 });
  expect(asked).toEqual([
    [['A-B'], { timeoutMs: 5 }],
    ['A-B', { limit: 3 }],
  ]);
  expect(facet.defaultFees('A-B')).toBe(fees);
});

test('before connect a market is not-connected, after close it is closed, in between only unlisted', async () => {
  const runtime = createManualRuntime();
  for (const connects of [true, false]) {
    const markets = createLocalMarkets({ runtime, venue: 'v', instruments: listed });
    const life = createConnectorLife({
      ...{ runtime, venue: 'v', connect: async () => {}, close: () => markets.close() },
    });
    const marketData = createMarketData({
      ...{ venue: 'v', open: markets.open, instruments: () => life.afterConnect(listed) },
    });
    const connector = life.connectorWith({ capabilities: {} });
    const codes = async () => {
      const opened = await Promise.allSettled(['A-B', 'X-Y'].map((pair) => marketData.open(pair)));
      return opened.map((one) => (one.status === 'fulfilled' ? 'opened' : one.reason.code));
    };
    expect(await codes()).toEqual(['not-connected', 'not-connected']);
    if (connects) {
      await connector.connect();
      expect(await codes()).toEqual(['opened', 'market-unavailable']);
    }
    await connector.close();
    expect(await codes()).toEqual(['closed', 'closed']);
  }
});

test('an instrument of known rules has defaults for the rest', () => {
  const terms = { pair: 'A-B', base: 'A', quote: 'B', tickSize: '0.1', lotSize: '2' };
  expect(createInstrument({ ...terms, maxAmount: '8', maxNotional: '9' })).toEqual({
    ...terms,
    ...{ venueSymbol: 'A-B', status: 'trading', venueStatus: 'trading', feeAsset: 'quote' },
    ...{ tickSize: decimal('0.1'), lotSize: decimal('2'), minAmount: decimal('0'), maxAmount: decimal('8') },
    ...{ minNotional: decimal('0'), maxNotional: decimal('9'), feeReserveRate: decimal('0') },
  });
});
