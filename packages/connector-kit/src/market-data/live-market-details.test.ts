import { decimal, type StreamName, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { failureOf } from '../../test/failure-of.ts';
import { instrument } from '../../test/instrument.ts';
import type { TopicObserver } from '../stream/subscriptions.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createInstruments } from './instrument-list.ts';
import { createLiveMarkets } from './live-markets.ts';

const all: readonly StreamName[] = ['book', 'trades', 'ticker'];
const gone = new VenueError({ code: 'market-unavailable', message: 'gone' });

function setUp(streams: readonly StreamName[] = all) {
  const runtime = createManualRuntime();
  const topics = new Map<string, TopicObserver>();
  const markets = createLiveMarkets({
    ...{ runtime, venue: 'v', streams },
    instruments: () => createInstruments('v', ['A-B', 'C-D'].map(instrument)),
    session: {
      epoch: () => 1,
      reconnect() {},
      subscribe: ({ channel, symbol }, observer) => {
        topics.set(`${channel}:${symbol}`, observer);
        return {
          confirmed: false,
          unsubscribe: () => void topics.delete(`${channel}:${symbol}`),
          renew() {},
        };
      },
    },
    toTopic: (stream, { venueSymbol }) => ({ channel: stream, symbol: venueSymbol }),
    requestSnapshot: () => true,
    freshness: { auditEveryMs: 50_000 },
    onRefused() {},
  });
  return { runtime, markets, topics };
}

/** Reads a feed to its end. */
async function endOf(feed: AsyncIterable<unknown>): Promise<string> {
  try {
    for await (const _ of feed);
    return 'over';
  } catch (error) {
    return (error as VenueError).code;
  }
}

test('the last handle of a market leaves each of its streams, and ends each reader', async () => {
  const { markets, topics } = setUp();
  const [first, second] = [await markets.open('A-B'), await markets.open('A-B')];
  const ends = all.map((stream) => endOf(first[stream]));
  const others = all.map((stream) => endOf(second[stream]));
  await settle();
  expect([...topics.keys()].toSorted()).toEqual(['book:A/B', 'ticker:A/B', 'trades:A/B']);
  first.close();
  expect(await Promise.all(ends)).toEqual(['over', 'over', 'over']);
  expect(topics.size).toBe(3);
  second.close();
  expect(await Promise.all(others)).toEqual(['over', 'over', 'over']);
  expect(topics.size).toBe(0);
});

test.each(all)(
  '%s that was refused ends for those who have it, and who opens the pair then has a fresh one',
  async (stream) => {
    const { markets, topics } = setUp();
    const first = await markets.open('A-B');
    const ended = endOf(first[stream]);
    await settle();
    topics.get(`${stream}:A/B`)?.refused(gone);
    expect(await ended).toBe('market-unavailable');
    const second = await markets.open('A-B');
    expect(topics.has(`${stream}:A/B`)).toBe(false);
    second[stream].subscribe(() => {});
    expect(topics.has(`${stream}:A/B`)).toBe(true);
  },
);

test.each(all)('%s that the venue does not offer is refused, and never subscribed', async (stream) => {
  const { markets, topics } = setUp(all.filter((other) => other !== stream));
  const handle = await markets.open('A-B');
  expect(await endOf(handle[stream])).toBe('unsupported');
  expect(topics.size).toBe(0);
  expect((await failureOf(markets.open('C-D', { streams: [stream] }))).code).toBe('unsupported');
});

test('streams are watched while a market is open, and as long as any is', async () => {
  const { runtime, markets } = setUp();
  expect(runtime.waiting).toEqual([]);
  for (const _ of [1, 2]) {
    const [first, second] = [await markets.open('A-B'), await markets.open('C-D')];
    expect(runtime.waiting).toEqual(['freshness-check']);
    await runtime.advance(5_000);
    first.close();
    expect(runtime.waiting).toEqual(['freshness-check']);
    second.close();
    expect(runtime.waiting).toEqual([]);
  }
});

test('a ticker of one side is one, and the gap of a lost ticker is told to a handle', async () => {
  const { runtime, markets, topics } = setUp();
  const handle = await markets.open('A-B');
  const kinds: string[] = [];
  handle.ticker.subscribe(({ kind }) => kinds.push(kind));
  const topic = topics.get('ticker:A/B');
  topic?.confirmed();
  const bid = { price: decimal('1'), amount: decimal('1') };
  markets.writer('A-B')?.ticker.ticker({ bid, ask: undefined, venueTimeMs: 1 }, runtime.clock.now());
  topic?.lost('cut', runtime.clock.now());
  topic?.confirmed();
  expect(kinds).toEqual(['ticker', 'gap']);
});
