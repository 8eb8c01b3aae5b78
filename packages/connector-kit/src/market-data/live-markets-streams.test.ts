import { decimal, type TickerEvent, type TradeEvent, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { instrument } from '../../test/instrument.ts';
import { minuteLimit } from '../../test/session-limits.ts';
import type { TopicObserver } from '../stream/subscriptions.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createInstruments } from './instrument-list.ts';
import { createLiveMarkets } from './live-markets.ts';

const one = decimal('1');
function setUp() {
  const runtime = createManualRuntime();
  const topics = new Map<string, TopicObserver>();
  const confirmed = new Set<string>();
  const refusals: string[] = [];
  const markets = createLiveMarkets({
    runtime,
    venue: 'v',
    instruments: () => createInstruments('v', [instrument('A-B')]),
    session: {
      epoch: () => 1,
      reconnect() {},
      subscribe: ({ channel }, observer) => {
        topics.set(channel, observer);
        return {
          get confirmed() {
            return confirmed.has(channel);
          },
          unsubscribe: () => void topics.delete(channel),
          renew: () => {},
        };
      },
    },
    streams: ['book', 'trades', 'ticker'],
    toTopic: (stream, { venueSymbol }) => ({ channel: stream, symbol: venueSymbol }),
    requestSnapshot: () => true,
    snapshotLimit: minuteLimit(runtime, 100),
    snapshotDepth: 1,
    onRefused: (pair, stream, error) => refusals.push(`${pair} ${stream} ${error.code}`),
  });
  const confirm = (channel: string) => {
    confirmed.add(channel);
    topics.get(channel)?.confirmed();
  };
  const lose = (channel: string, reason = 'cut') => {
    confirmed.delete(channel);
    topics.get(channel)?.lost(reason, runtime.clock.now());
  };
  return { runtime, markets, topics, confirm, lose, refusals };
}
const level = (price: string) => ({ price: decimal(price), amount: one });

test('an open stream is not waited for again, and without a deadline one waits for the venue’s word', async () => {
  const { runtime, markets, confirm } = setUp();
  const first = markets.open('A-B', { streams: ['book'] });
  await settle();
  confirm('book');
  await first;
  const second = markets.open('A-B', { streams: ['book'] }).then(() => 'open');
  expect(await Promise.race([second, settle()])).toBe('open');
  const third = markets.open('A-B', { streams: ['trades'] }).then(() => 'open');
  await runtime.advance(600_000);
  expect(await Promise.race([third, settle()])).toBeUndefined();
  confirm('trades');
  expect(await third).toBe('open');
});

test('who comes to trades during an outage is not told that they are complete', async () => {
  const { markets, confirm, lose } = setUp();
  const handle = await markets.open('A-B');
  handle.trades.subscribe(() => {});
  confirm('trades');
  lose('trades');
  const late: TradeEvent[] = [];
  handle.trades.subscribe((event) => late.push(event));
  expect(late).toEqual([]);
});

test('each loss is a gap of its own, of trades and of the ticker', async () => {
  const { runtime, markets, confirm, lose } = setUp();
  const handle = await markets.open('A-B');
  const events: (TradeEvent | TickerEvent)[] = [];
  handle.trades.subscribe((event) => events.push(event));
  handle.ticker.subscribe((event) => events.push(event));
  for (const stream of ['trades', 'ticker']) confirm(stream);
  for (const reason of ['one', 'two']) {
    const at = runtime.clock.now();
    markets.writer('A-B')?.ticker.ticker({ bid: level('1'), ask: undefined, venueTimeMs: 1 }, at);
    await runtime.advance(700);
    for (const stream of ['trades', 'ticker']) lose(stream, reason);
    await runtime.advance(300);
    for (const stream of ['trades', 'ticker']) confirm(stream);
    const gaps = events.filter((event) => event.kind === 'gap').slice(-2);
    expect(gaps.map((gap) => gap.reason)).toEqual([reason, reason]);
    expect(gaps[1]).toMatchObject({ fromMs: at + 700, toMs: at + 1_000 });
  }
  expect(events.filter((event) => event.kind === 'gap')).toHaveLength(4);
});

test('a stream that ended is not refused once more', async () => {
  const { markets, confirm, refusals } = setUp();
  const handle = await markets.open('A-B');
  handle.book.read();
  confirm('book');
  const gone = new VenueError({ code: 'market-unavailable', message: 'gone' });
  markets.snapshotFailed('A-B', gone);
  markets.snapshotFailed('A-B', gone);
  expect(refusals).toEqual(['A-B book market-unavailable']);
});

test('an audit compares only what a snapshot can hold', async () => {
  const { markets, confirm, runtime } = setUp();
  const handle = await markets.open('A-B');
  handle.book.read();
  confirm('book');
  const writer = markets.writer('A-B');
  const at = runtime.clock.now();
  markets.snapshot('A-B', { sequence: 1n, venueTimeMs: 1, bids: [['9', '1']], asks: [['11', '1']] }, at);
  writer?.book.change({ sequence: 2n, venueTimeMs: 1, bids: [['8', '1']], asks: [] }, at);
  const audit = handle.book.audit();
  markets.snapshot('A-B', { sequence: 2n, venueTimeMs: 1, bids: [['9', '1']], asks: [['11', '1']] }, at);
  expect((await audit).outcome).toBe('equal');
});

test('a wait leaves no listener on its signal', async () => {
  const { markets, confirm } = setUp();
  const { signal } = new AbortController();
  let listeners = 0;
  const [add, remove] = [signal.addEventListener, signal.removeEventListener];
  signal.addEventListener = (...args: unknown[]) => {
    listeners += 1;
    return Reflect.apply(add, signal, args);
  };
  signal.removeEventListener = (...args: unknown[]) => {
    listeners -= 1;
    return Reflect.apply(remove, signal, args);
  };
  const opening = markets.open('A-B', { streams: ['book'], signal });
  await settle();
  expect(listeners).toBe(1);
  confirm('book');
  await opening;
  expect(listeners).toBe(0);
});
