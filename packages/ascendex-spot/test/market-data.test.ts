import type { ConnectorEvent, TickerEvent } from '@venuekit/connector-core';
import { type ListeningSimulator, loadReplay, startExchangeSimulator } from '@venuekit/exchange-simulator';
import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AscendexSpot, createAscendexSpot } from '../src/index.ts';

let simulator: ListeningSimulator;
let venue: AscendexSpot;

beforeAll(async () => {
  simulator = await startExchangeSimulator({ market: { kind: 'synthetic', seed: 'market data', pairs: 25 } });
  venue = createAscendexSpot({ endpoints: simulator.endpoints });
  await venue.connect();
});

afterAll(async () => {
  await venue.close();
  await simulator.close();
});

test('25 markets take at most three subscribe messages a channel, and all of them move', async () => {
  const pairs = (await venue.marketData.fetchTickers()).map(({ pair }) => pair);
  expect(pairs).toHaveLength(25);
  const markets = await Promise.all(
    pairs.map((pair) => venue.marketData.open(pair, { streams: ['book', 'trades', 'ticker'] })),
  );
  await Promise.all(markets.map(({ book }) => book.whenLive({ timeoutMs: 10_000 })));
  const { subscribe } = simulator.stats.requests;
  expect(subscribe).toEqual({ depth: 3, trades: 3, bbo: 3 });
  await Promise.all(
    markets.map(async ({ book }) => {
      for await (const event of book) if (event.kind === 'book' && book.stats.applied > 0) break;
    }),
  );
  for (const { book, instrument } of markets) {
    const view = book.read();
    if (view.state !== 'live') throw new Error(`${view.pair} is ${view.state}`);
    expect(view.bestBid!.price.lessThan(view.bestAsk!.price)).toBe(true);
    expect(view.bestBid!.price.isMultipleOf(instrument.tickSize)).toBe(true);
  }
  for (const market of markets) market.close();
});

test('instruments carry every trading rule', () => {
  const { instruments } = venue.marketData;
  expect(instruments.size).toBeGreaterThanOrEqual(25);
  for (const instrument of instruments) {
    expect(instrument.pair).toBe(`${instrument.base}-${instrument.quote}`);
    expect(instrument.venueSymbol).toBe(`${instrument.base}/${instrument.quote}`);
    for (const rule of [
      'tickSize',
      'lotSize',
      'minAmount',
      'maxAmount',
      'minNotional',
      'maxNotional',
    ] as const) {
      expect(instrument[rule]?.greaterThan('0'), `${instrument.pair} ${rule}`).toBe(true);
    }
    expect(instrument.maxNotional?.greaterThan(instrument.minNotional)).toBe(true);
    expect(instrument.feeReserveRate.lessThan('1')).toBe(true);
    expect(['base', 'quote', 'received']).toContain(instrument.feeAsset);
  }
  expect(instruments.get('NOPE-USDT')).toBeUndefined();
});

test('an unknown pair is refused with a suggestion, wherever it is asked for', async () => {
  const { marketData } = venue;
  const unknown = {
    code: 'market-unavailable',
    message: expect.stringMatching(/"btc\/usdt"; did you mean BTC-USDT\?/),
  };
  await expect(marketData.open('btc/usdt')).rejects.toMatchObject(unknown);
  await expect(marketData.fetchBook('btc/usdt')).rejects.toMatchObject(unknown);
  await expect(marketData.fetchTrades('btc/usdt')).rejects.toMatchObject(unknown);
  await expect(marketData.fetchTickers(['btc/usdt'])).rejects.toMatchObject(unknown);
});

test('a market that the list has and the stream refuses is an error and an event, never a quiet book', async () => {
  // The products of this session list a market that the session does not have.
  const replay = await loadReplay(syntheticSession);
  const partial = await startExchangeSimulator({ market: { kind: 'replay', ...replay, speed: 'max' } });
  const connector = createAscendexSpot({ endpoints: partial.endpoints });
  await connector.connect();
  const events: ConnectorEvent[] = [];
  connector.events.subscribe((event) => events.push(event));
  const opening = connector.marketData.open('OLD-BTC', { streams: ['book'] });
  await expect(opening).rejects.toMatchObject({ code: 'market-unavailable' });
  const refusal = { kind: 'subscription-refused', pair: 'OLD-BTC', stream: 'book' };
  expect(events).toContainEqual(expect.objectContaining(refusal));
  await connector.close();
  await partial.close();
});

test('a ticker follows the best prices and says when they came', async () => {
  const market = await venue.marketData.open('BTC-USDT');
  const seen: TickerEvent[] = [];
  for await (const event of market.ticker) {
    seen.push(event);
    if (seen.length === 3) break;
  }
  for (const event of seen) {
    if (event.kind !== 'ticker') throw new Error(event.kind);
    expect(event.bid!.price.lessThan(event.ask!.price)).toBe(true);
    expect(Math.abs(event.receivedAtMs - event.venueTimeMs!)).toBeLessThan(5_000);
  }
  market.close();
});

test('fetched tickers, trades and books agree with each other', async () => {
  const { marketData } = venue;
  const [one] = await marketData.fetchTickers(['ETH-USDT']);
  const two = await marketData.fetchTickers(['ETH-USDT', 'BTC-USDT']);
  expect(one?.pair).toBe('ETH-USDT');
  expect(two.map(({ pair }) => pair)).toEqual(['ETH-USDT', 'BTC-USDT']);
  expect(await marketData.fetchTickers([])).toEqual([]);
  const book = await marketData.fetchBook('BTC-USDT', { depth: 5 });
  expect([book.bids.length, book.asks.length]).toEqual([5, 5]);
  const prices = book.bids.map(({ price }) => price.toNumber());
  expect(prices).toEqual([...prices].sort((a, b) => b - a));
  expect(book.bids[0]!.price.lessThan(book.asks[0]!.price)).toBe(true);
  const trades = await marketData.fetchTrades('BTC-USDT', { limit: 5 });
  expect(trades.length).toBeLessThanOrEqual(5);
  const numbers = trades.map(({ tradeId }) => BigInt(tradeId));
  expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)));
  for (const limit of [0, -1, 1.5, 101, Number.NaN]) {
    await expect(marketData.fetchTrades('BTC-USDT', { limit })).rejects.toMatchObject({
      code: 'invalid-request',
    });
  }
});

test('the clock offset comes with its bound', async () => {
  const { offsetMs, boundMs } = await venue.fetchClockOffset();
  expect(boundMs).toBeGreaterThan(0);
  // One machine has one clock: the estimate is off by its bound and by the millisecond that the venue rounds to.
  expect(Math.abs(offsetMs)).toBeLessThanOrEqual(boundMs + 2);
});
