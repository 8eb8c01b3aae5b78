import { type BookEvent, decimal, type TradeEvent, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { instrument } from '../../test/instrument.ts';
import { createManualStream } from '../../test/manual-stream.ts';
import { minuteLimit } from '../../test/session-limits.ts';
import type { DepthUpdate, PriceLevelText } from '../book/order-book.ts';
import { settle } from '../testing/manual-runtime.ts';
import { createInstruments } from './instrument-list.ts';
import { createLiveMarkets } from './live-markets.ts';
import { singleSession } from './market-sessions.ts';

/** Live markets over a session whose venue is the test. */
function setUp({ pairs = ['A-B'], messages = 1_000 } = {}) {
  const stream = createManualStream({ keepAlive: { pingAfterMs: 8_000, deadlineMs: 5_000 } }, messages);
  const asked: string[] = [];
  const list = createInstruments('v', pairs.map(instrument));
  const markets = createLiveMarkets({
    runtime: stream.runtime,
    venue: 'v',
    instruments: () => list,
    session: singleSession(stream.session),
    streams: ['book', 'trades', 'ticker'],
    toTopic: (name, { venueSymbol }) => ({ channel: name, symbol: venueSymbol }),
    requestSnapshot: ({ pair }) => {
      asked.push(pair);
      return stream.session.send(`snapshot ${pair}`);
    },
    snapshotLimit: minuteLimit(stream.runtime, 1_000),
    onRefused() {},
  });
  const now = () => stream.runtime.clock.now();
  const answer = (snapshot: DepthUpdate) => markets.snapshot('A-B', snapshot, now());
  const trade = (tradeId: string) => {
    const update = {
      tradeId,
      price: decimal('2'),
      amount: decimal('1'),
      side: 'sell' as const,
      venueTimeMs: 1,
    };
    markets.writer('A-B')?.trades.trades([update], now());
  };
  return { ...stream, markets, asked, answer, trade };
}

function message(sequence: bigint, bids: PriceLevelText[] = [['9', '1']]): DepthUpdate {
  return { sequence, venueTimeMs: 5, bids, asks: [['11', '1']] };
}

async function openBook({ markets, runtime }: ReturnType<typeof setUp>) {
  const handle = await markets.open('A-B');
  handle.book.read();
  await runtime.advance(0);
  return handle;
}

test('an answer to a closed book is not taken for one to the next, before its confirmation or after', async () => {
  for (const when of ['before', 'after'] as const) {
    const bench = setUp();
    await bench.goLive();
    const first = await openBook(bench);
    bench.confirmAll();
    first.close();
    await bench.runtime.advance(100);
    const second = await openBook(bench);
    if (when === 'before') bench.answer(message(100n));
    bench.confirmAll();
    if (when === 'after') bench.answer(message(100n));
    expect(second.book.read().state, when).toBe('opening');
    bench.answer(message(104n, [['8', '1']]));
    expect(bench.asked, when).toHaveLength(2);
    expect(second.book.read(), when).toMatchObject({ state: 'live', sequence: 104n });
  }
});

test('a book that nobody opened does not become live', async () => {
  const bench = setUp();
  await bench.goLive();
  const first = await openBook(bench);
  bench.confirmAll();
  first.close();
  const trades = await bench.markets.open('A-B');
  trades.trades.subscribe(() => {});
  bench.answer(message(100n));
  expect(trades.book.read().state).toBe('opening');
});

test('answers of an old connection count for nothing on the new one', async () => {
  const bench = setUp();
  await bench.goLive();
  const handle = await openBook(bench);
  bench.confirmAll();
  await bench.comeBack();
  bench.confirmAll();
  bench.answer(message(7n));
  expect(handle.book.read()).toMatchObject({ state: 'live', sequence: 7n });
  bench.answer(message(9n));
  expect(handle.book.read()).toMatchObject({ state: 'live', sequence: 7n });
});

test('a book that cannot be decided costs the connection', async () => {
  const bench = setUp();
  await bench.goLive();
  await openBook(bench);
  bench.confirmAll();
  bench.answer(message(1n));
  bench.markets.writer('A-B')?.book.change(message(1_000n), 1);
  for (let answers = 0; answers < 8; answers += 1) {
    const before = bench.asked.length;
    while (bench.asked.length === before) await bench.runtime.advance(100);
    bench.say({ m: 'pong' });
    bench.answer(message(5n));
  }
  expect(bench.session.state).toBe('down');
});

test('whoever hears that the connection is down finds no live book', async () => {
  const bench = setUp();
  await bench.goLive();
  const handle = await openBook(bench);
  bench.confirmAll();
  bench.answer(message(1n));
  const states: string[] = [];
  handle.trades.subscribe(() => {});
  const original = bench.states.push.bind(bench.states);
  bench.states.push = (...changes) => {
    states.push(handle.book.read().state);
    return original(...changes);
  };
  bench.socket().handlers.closed(1006, '');
  expect(states).toEqual(['stale']);
});

test('the gap of a half-open connection begins with its last frame, not with its discovery', async () => {
  const bench = setUp();
  await bench.goLive();
  const handle = await openBook(bench);
  const events: (TradeEvent | BookEvent)[] = [];
  handle.trades.subscribe((event) => events.push(event));
  handle.book.subscribe((event) => events.push(event));
  await bench.runtime.advance(0);
  bench.confirmAll();
  bench.answer(message(1n));
  await bench.runtime.advance(1_000);
  bench.say({ m: 'data' });
  const lastFrame = bench.runtime.clock.now();
  await bench.runtime.advance(13_000);
  expect(bench.session.state).toBe('down');
  await bench.runtime.advance(30_000);
  bench.socket().handlers.opened();
  bench.say({ m: 'hello' });
  await bench.runtime.advance(0);
  bench.confirmAll();
  bench.answer(message(2n));
  const gaps = events.filter((event) => event.kind === 'gap');
  expect(gaps.map(({ fromMs }) => fromMs)).toEqual([lastFrame, lastFrame]);
});

test('trades come after their start, and those of a new connection after its gap', async () => {
  const bench = setUp();
  await bench.goLive();
  const handle = await bench.markets.open('A-B');
  const listen = () => {
    const story: string[] = [];
    handle.trades.subscribe((event) => story.push(event.kind === 'trade' ? event.tradeId : event.kind));
    return story;
  };
  const early = listen();
  await bench.runtime.advance(0);
  bench.trade('too early');
  bench.confirmAll();
  bench.trade('1');
  bench.trade('1');
  bench.socket().handlers.closed(1006, '');
  const late = listen();
  await bench.runtime.advance(500);
  bench.socket().handlers.opened();
  bench.say({ m: 'hello' });
  await bench.runtime.advance(0);
  bench.trade('too early again');
  bench.confirmAll();
  bench.trade('2');
  expect(early).toEqual(['start', '1', 'gap', 'start', '2']);
  expect(late).toEqual(['gap', 'start', '2']);
});

/** A flow of trades whose last good frame came 50 ms ago, at `good`. */
async function tradesUntilNow() {
  const bench = setUp();
  await bench.goLive();
  const handle = await bench.markets.open('A-B');
  const events: TradeEvent[] = [];
  handle.trades.subscribe((event) => events.push(event));
  await bench.runtime.advance(0);
  bench.confirmAll();
  bench.trade('1');
  const good = bench.runtime.clock.now();
  await bench.runtime.advance(50);
  return { bench, events, good };
}

test('what could not be read is a gap in the trades', async () => {
  const { bench, events, good } = await tradesUntilNow();
  const error = new VenueError({ code: 'protocol', message: 'not a trade' });
  for (const writer of bench.markets.writers()) writer.trades.unreadable(error);
  expect(events.slice(-2)).toEqual([
    { kind: 'gap', fromMs: good, toMs: good + 50, reason: 'not a trade' },
    { kind: 'start', fromMs: good + 50 },
  ]);
});

test('a row that could not be read is missing since the frame before', async () => {
  const { bench, events, good } = await tradesUntilNow();
  const rest = { price: decimal('2'), amount: decimal('1'), side: 'sell', venueTimeMs: 1 } as const;
  const lost = new VenueError({ code: 'protocol', message: 'not a trade' });
  bench.markets.writer('A-B')?.trades.trades([{ tradeId: '3', ...rest }], good + 50, lost);
  expect(events.slice(-3).map(({ kind }) => kind)).toEqual(['trade', 'gap', 'start']);
  expect(events.at(-2)).toMatchObject({ fromMs: good, toMs: good + 50 });
});

test('closing a handle ends its own readers, listeners and waits, whoever else has the pair', async () => {
  const bench = setUp();
  await bench.goLive();
  const [mine, other] = [await bench.markets.open('A-B'), await bench.markets.open('A-B')];
  const others: string[] = [];
  other.book.subscribe((event) => others.push(event.kind));
  const ends: string[] = [];
  mine.book.subscribe(() => {}, { onEnd: () => ends.push('listener') });
  const reading = (async () => {
    for await (const _ of mine.trades) ends.push('trade');
    ends.push('reader');
  })();
  const waiting = mine.book.whenLive().catch((error) => error.code);
  await bench.runtime.advance(0);
  mine.close();
  await reading;
  expect(ends.sort()).toEqual(['listener', 'reader']);
  expect(await waiting).toBe('closed');
  expect(mine.book.read()).toMatchObject({ state: 'closed' });
  expect(() => mine.book.bestBid()).toThrow(expect.objectContaining({ code: 'closed' }));
  await expect(mine.book.audit()).rejects.toMatchObject({ code: 'closed' });
  bench.confirmAll();
  bench.answer(message(1n));
  expect(other.book.read().state).toBe('live');
  expect(others.length).toBeGreaterThan(1);
});

test('a listener that closes its handle at the first event hears the end', async () => {
  const bench = setUp();
  await bench.goLive();
  const handle = await bench.markets.open('A-B');
  let ended = 0;
  handle.book.subscribe(() => handle.close(), {
    onEnd: () => {
      ended += 1;
    },
  });
  await settle();
  expect(ended).toBe(1);
});

test('a thousand pairs open, however long our own budget of messages takes', async () => {
  const pairs = Array.from({ length: 1_000 }, (_, n) => `P${n}-Q`);
  const bench = setUp({ pairs, messages: 112 });
  await bench.goLive();
  const opening = Promise.all(
    pairs.map((pair) => bench.markets.open(pair, { streams: ['book', 'trades', 'ticker'] })),
  );
  let confirmed = 0;
  for (let second = 0; second < 240; second += 1) {
    await bench.runtime.advance(1_000);
    bench.say({ m: 'pong' });
    const frames = bench.socket().sent.filter((frame) => frame.startsWith('sub '));
    for (; confirmed < frames.length; confirmed += 1) {
      bench.say({ m: 'ack', id: frames[confirmed]?.split(' ')[1] ?? '' });
    }
  }
  expect(await opening).toHaveLength(1_000);
  expect(confirmed).toBe(300);
});
