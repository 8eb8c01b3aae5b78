import { getEventListeners } from 'node:events';
import {
  decimal,
  type StreamName,
  type TickerEvent,
  type TradeEvent,
  VenueError,
} from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { instrument } from '../../test/instrument.ts';
import { minuteLimit } from '../../test/session-limits.ts';
import type { TopicObserver } from '../stream/subscriptions.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createInstruments } from './instrument-list.ts';
import { createLiveMarkets } from './live-markets.ts';

function setUp(streams: readonly StreamName[] = ['book', 'trades', 'ticker']) {
  const runtime = createManualRuntime();
  const topics = new Map<string, TopicObserver>();
  const refusals: string[] = [];
  const reconnects: string[] = [];
  const confirmedTopics = new Set<string>();
  const markets = createLiveMarkets({
    runtime,
    venue: 'v',
    instruments: () => createInstruments('v', ['BTC-USDT', 'BTC-EUR', 'ETH-USDT'].map(instrument)),
    session: {
      epoch: () => 1,
      reconnect: (_symbol, reason) => reconnects.push(reason),
      subscribe: ({ channel, symbol }, observer) => {
        const key = `${channel}:${symbol}`;
        if (topics.has(key)) throw new Error(`${key} twice`);
        topics.set(key, observer);
        return {
          get confirmed() {
            return confirmedTopics.has(key);
          },
          unsubscribe: () => void topics.delete(key),
          renew: () => {},
        };
      },
    },
    streams,
    toTopic: (stream, { venueSymbol }) => ({ channel: stream, symbol: venueSymbol }),
    requestSnapshot: () => true,
    snapshotLimit: minuteLimit(runtime, 100),
    onRefused: (pair, stream, error) => refusals.push(`${pair} ${stream} ${error.code}`),
  });
  const confirm = (key: string) => {
    confirmedTopics.add(key);
    topics.get(key)?.confirmed();
  };
  const refuse = (key: string, error: VenueError) => {
    const observer = topics.get(key);
    topics.delete(key);
    observer?.refused(error);
  };
  return { runtime, markets, topics, refusals, confirm, refuse };
}

const noMarket = new VenueError({ code: 'market-unavailable', message: 'no such market' });

test('open subscribes at once to what is named and resolves when the venue has confirmed it', async () => {
  const { markets, topics, confirm } = setUp();
  let opened = false;
  const opening = markets.open('BTC-USDT', { streams: ['book', 'trades'] }).then((handle) => {
    opened = true;
    return handle;
  });
  await settle();
  expect([...topics.keys()]).toEqual(['book:BTC/USDT', 'trades:BTC/USDT']);
  confirm('book:BTC/USDT');
  await settle();
  expect(opened).toBe(false);
  confirm('trades:BTC/USDT');
  expect((await opening).instrument.base).toBe('BTC');
});

test('a stream that is not named is subscribed at its first use', async () => {
  const { markets, topics } = setUp();
  const handle = await markets.open('BTC-USDT');
  expect(topics.size).toBe(0);
  expect(handle.book.read().state).toBe('opening');
  expect([...topics.keys()]).toEqual(['book:BTC/USDT']);
  handle.trades.subscribe(() => {});
  handle.ticker[Symbol.asyncIterator]();
  expect([...topics.keys()]).toEqual(['book:BTC/USDT', 'trades:BTC/USDT', 'ticker:BTC/USDT']);
});

test('handles share their subscriptions, and the last one to close ends them', async () => {
  const { markets, topics, confirm, runtime } = setUp();
  const first = await markets.open('BTC-USDT');
  const second = await markets.open('BTC-USDT');
  first.book.read();
  second.book.read();
  confirm('book:BTC/USDT');
  expect(topics.size).toBe(1);
  first.close();
  first.close();
  expect(topics.size).toBe(1);
  second[Symbol.dispose]();
  expect(topics.size).toBe(0);
  expect(second.book.read().state).toBe('closed');
  expect(runtime.waiting).toEqual([]);
  expect(markets.writer('BTC-USDT')).toBeUndefined();
  const third = await markets.open('BTC-USDT');
  expect(third.book.read().state).toBe('opening');
});

test('a refused stream is an error and an event, its feed ends, and opening again asks again', async () => {
  const { markets, topics, refusals, refuse } = setUp();
  const opening = markets.open('BTC-USDT', { streams: ['book'] }).catch((error) => error);
  await settle();
  refuse('book:BTC/USDT', noMarket);
  expect(await opening).toBe(noMarket);
  expect(refusals).toEqual(['BTC-USDT book market-unavailable']);

  const handle = await markets.open('BTC-USDT');
  const ends: unknown[] = [];
  handle.trades.subscribe(() => {}, { onEnd: (error) => ends.push(error) });
  handle.book.read();
  refuse('trades:BTC/USDT', noMarket);
  refuse('book:BTC/USDT', noMarket);
  expect(ends).toEqual([noMarket]);
  expect(handle.book.read()).toMatchObject({ state: 'closed', reason: 'no such market' });
  const again = await markets.open('BTC-USDT');
  again.book.read();
  expect([...topics.keys()]).toEqual(['book:BTC/USDT']);
  expect(again.book.read().state).toBe('opening');
});

test('a book that the venue has no snapshot of is given up with its subscription', async () => {
  const { markets, topics, refusals, confirm } = setUp();
  const handle = await markets.open('BTC-USDT');
  const waiting = handle.book.whenLive().catch((error) => error);
  confirm('book:BTC/USDT');
  markets.snapshotFailed('BTC-USDT', noMarket);
  expect(await waiting).toBe(noMarket);
  expect(topics.size).toBe(0);
  expect(refusals).toEqual(['BTC-USDT book market-unavailable']);
});

test('an unknown pair, stream or an aborted call costs nothing', async () => {
  const { markets, topics } = setUp(['book']);
  await expect(markets.open('btc/usdt')).rejects.toThrow(/did you mean BTC-USDT\?/);
  await expect(markets.open('BTC-GBP')).rejects.toThrow(/did you mean BTC-USDT or BTC-EUR\?/);
  await expect(markets.open('DOGE-USDT')).rejects.toThrow(/the venue lists 3 pairs/);
  await expect(markets.open('BTC-USDT', { streams: ['ticker'] })).rejects.toMatchObject({
    code: 'unsupported',
  });
  await expect(markets.open('BTC-USDT', { signal: AbortSignal.abort(noMarket) })).rejects.toBe(noMarket);
  expect(topics.size).toBe(0);
});

test('an open that fails for one stream waits for no other, whoever else has the pair', async () => {
  const { markets, refuse, runtime } = setUp();
  await markets.open('BTC-USDT');
  const { signal } = new AbortController();
  const streams = ['book', 'trades'] as const;
  const opening = markets.open('BTC-USDT', { streams, signal, timeoutMs: 60_000 });
  await settle();
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  refuse('book:BTC/USDT', noMarket);
  await expect(opening).rejects.toBe(noMarket);
  expect([getEventListeners(signal, 'abort'), runtime.waiting]).toEqual([[], []]);
});

test('an open whose caller leaves ends with the reason, and takes the market along', async () => {
  const { markets, topics } = setUp();
  const abort = new AbortController();
  const opening = markets.open('BTC-USDT', { streams: ['book'], signal: abort.signal });
  await settle();
  const reason = new Error('enough');
  abort.abort(reason);
  await expect(opening).rejects.toBe(reason);
  expect([topics.size, getEventListeners(abort.signal, 'abort')]).toEqual([0, []]);
});

test('a wait for confirmation ends by itself, and takes the market along', async () => {
  const { markets, topics, runtime } = setUp();
  const opening = markets
    .open('BTC-USDT', { streams: ['book'], timeoutMs: 500 })
    .catch((error: VenueError) => error.code);
  await runtime.advance(500);
  expect(await opening).toBe('timeout');
  expect(topics.size).toBe(0);
  expect(runtime.waiting).toEqual([]);
});

const trade = (tradeId: string) => ({
  tradeId,
  price: decimal('2'),
  amount: decimal('1'),
  side: 'sell' as const,
  venueTimeMs: 1,
});

test('trades begin with a start, and a lost connection is a gap before the next trade', async () => {
  const { markets, topics, confirm, runtime } = setUp();
  const handle = await markets.open('BTC-USDT');
  const events: TradeEvent[] = [];
  handle.trades.subscribe((event) => events.push(event));
  confirm('trades:BTC/USDT');
  const started = runtime.clock.now();
  const writer = () => markets.writer('BTC-USDT');
  writer()?.trades.trades([trade('144115207815068068')], 7);
  await runtime.advance(1_000);
  topics.get('trades:BTC/USDT')?.lost('cut', runtime.clock.now());
  await runtime.advance(2_000);
  confirm('trades:BTC/USDT');
  writer()?.trades.trades([trade('2')], 8);
  expect(events.map(({ kind }) => kind)).toEqual(['start', 'trade', 'gap', 'start', 'trade']);
  expect(events[0]).toEqual({ kind: 'start', fromMs: started });
  expect(events[1]).toMatchObject({ tradeId: '144115207815068068', pair: 'BTC-USDT', receivedAtMs: 7 });
  expect(events[2]).toEqual({ kind: 'gap', fromMs: started + 1_000, toMs: started + 3_000, reason: 'cut' });
});

test('what comes between the confirmation and the first listener is kept for it, up to a bound', async () => {
  const { markets, confirm, runtime } = setUp();
  const opening = markets.open('BTC-USDT', { streams: ['trades'] });
  await settle();
  confirm('trades:BTC/USDT');
  const started = runtime.clock.now();
  markets.writer('BTC-USDT')?.trades.trades([trade('1'), trade('2')], 7);
  const handle = await opening;
  await runtime.advance(100);
  const listen = () => {
    const events: TradeEvent[] = [];
    handle.trades.subscribe((event) => events.push(event));
    return events;
  };
  const [first, second] = [listen(), listen()];
  markets.writer('BTC-USDT')?.trades.trades([trade('3')], 8);
  const told = (events: TradeEvent[]) =>
    events.map((event) => (event.kind === 'trade' ? event.tradeId : event));
  expect(told(first)).toEqual([{ kind: 'start', fromMs: started }, '1', '2', '3']);
  expect(told(second)).toEqual([{ kind: 'start', fromMs: started + 100 }, '3']);
});

test('a flow that nobody listens to is not kept without end', async () => {
  const { markets, confirm, runtime } = setUp();
  const opening = markets.open('BTC-USDT', { streams: ['trades'] });
  await settle();
  confirm('trades:BTC/USDT');
  const handle = await opening;
  await runtime.advance(100);
  for (let n = 0; n < 5_000; n += 1) markets.writer('BTC-USDT')?.trades.trades([trade(String(n))], 8);
  const events: TradeEvent[] = [];
  handle.trades.subscribe((event) => events.push(event));
  expect(events.length).toBeLessThanOrEqual(1_001);
  expect(events[0]).toEqual({ kind: 'start', fromMs: runtime.clock.now() });
  const ids = events.slice(1).map((event) => (event.kind === 'trade' ? Number(event.tradeId) : -1));
  expect(ids).toEqual(ids.map((_, at) => 5_000 - ids.length + at));
});

test('a ticker counts from the confirmation on: before it, nobody would hear of its loss', async () => {
  const { markets, topics, runtime, confirm } = setUp();
  const handle = await markets.open('BTC-USDT');
  const events: TickerEvent[] = [];
  handle.ticker.subscribe((event) => events.push(event));
  const update = { bid: undefined, ask: undefined, venueTimeMs: 1 };
  const tell = () => markets.writer('BTC-USDT')?.ticker.ticker(update, 9);
  tell();
  confirm('ticker:BTC/USDT');
  tell();
  topics.get('ticker:BTC/USDT')?.lost('cut', runtime.clock.now());
  await runtime.advance(70);
  tell();
  const late: TickerEvent[] = [];
  handle.ticker.subscribe((event) => late.push(event));
  expect([events.map(({ kind }) => kind), late]).toEqual([['ticker'], []]);
  confirm('ticker:BTC/USDT');
  tell();
  expect(events.map(({ kind }) => kind)).toEqual(['ticker', 'gap', 'ticker']);
  const toMs = runtime.clock.now();
  expect(events[1]).toMatchObject({ fromMs: toMs - 70, toMs, reason: 'cut' });
});

test('a ticker from before a loss is never given as the current one', async () => {
  const { markets, topics, confirm, runtime } = setUp();
  const handle = await markets.open('BTC-USDT');
  const events: TickerEvent[] = [];
  handle.ticker.subscribe((event) => events.push(event));
  confirm('ticker:BTC/USDT');
  const update = { bid: { price: decimal('1'), amount: decimal('1') }, ask: undefined, venueTimeMs: 3 };
  markets.writer('BTC-USDT')?.ticker.ticker(update, 9);
  const late: TickerEvent[] = [];
  handle.ticker.subscribe((event) => late.push(event));
  expect(late).toEqual(events);
  topics.get('ticker:BTC/USDT')?.lost('cut', runtime.clock.now());
  confirm('ticker:BTC/USDT');
  const after: TickerEvent[] = [];
  handle.ticker.subscribe((event) => after.push(event));
  expect(after).toEqual([]);
  expect(events.map(({ kind }) => kind)).toEqual(['ticker', 'gap']);
});

test('closing all ends every handle and refuses new ones', async () => {
  const { markets, topics, runtime } = setUp();
  const handle = await markets.open('BTC-USDT');
  const opening = markets.open('ETH-USDT', { streams: ['book'] }).catch((error: VenueError) => error.code);
  handle.book.read();
  await settle();
  markets.close();
  expect(await opening).toBe('closed');
  expect(topics.size).toBe(0);
  expect(runtime.waiting).toEqual([]);
  await expect(markets.open('BTC-USDT')).rejects.toMatchObject({ code: 'closed' });
});

test('a limiter that lacks the limit of snapshots is refused when the markets are made', () => {
  const runtime = createManualRuntime();
  const { limiter } = minuteLimit(runtime, 1);
  const make = () =>
    createLiveMarkets({
      ...{ runtime, venue: 'v', streams: ['book'], requestSnapshot: () => true },
      instruments: () => createInstruments('v', []),
      session: {
        epoch: () => 1,
        reconnect() {},
        subscribe: () => ({ confirmed: true, unsubscribe() {}, renew() {} }),
      },
      toTopic: (channel) => ({ channel, symbol: '' }),
      snapshotLimit: { limiter, id: 'other' },
      onRefused() {},
    });
  expect(make).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});
