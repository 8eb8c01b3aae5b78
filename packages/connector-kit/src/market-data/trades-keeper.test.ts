import { decimal, type TradeEvent, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { createTradesKeeper, type TradeUpdate } from './trades-keeper.ts';

const one = decimal('1');
const trade = (tradeId: number | string): TradeUpdate => ({
  ...{ tradeId: String(tradeId), price: one, amount: one },
  ...{ side: 'buy', venueTimeMs: 7 },
});
const bad = new VenueError({ code: 'protocol', message: 'bad row' });

function setUp() {
  const runtime = createManualRuntime();
  const uses: string[] = [];
  const keeper = createTradesKeeper({
    runtime,
    venue: 'v',
    pair: 'A-B',
    onFirstUse: () => uses.push('used'),
  });
  const events: TradeEvent[] = [];
  /** What came, with times since the beginning. */
  const story = () =>
    events.splice(0).map((event) => {
      if (event.kind === 'trade') return event.tradeId;
      if (event.kind === 'start') return `start ${event.fromMs - startMs}`;
      return `gap ${event.fromMs - startMs}-${event.toMs - startMs} ${event.reason}`;
    });
  const startMs = runtime.clock.now();
  const listen = () => keeper.feed.subscribe((event) => events.push(event));
  const take = (ids: readonly (number | string)[], lost?: VenueError) =>
    keeper.trades(ids.map(trade), runtime.clock.now(), lost);
  return { runtime, keeper, uses, story, listen, take, startMs };
}

test('nothing is promised before the confirmation, and after a loss', async () => {
  const { keeper, listen, take, story, uses, runtime } = setUp();
  listen();
  expect(uses).toEqual(['used']);
  take([1]);
  keeper.unreadable(bad);
  keeper.lost('never there', runtime.clock.now());
  expect([keeper.isConfirmed, keeper.lastMessageAt, keeper.latest]).toEqual([false, -Infinity, undefined]);
  await runtime.advance(100);
  keeper.confirmed();
  expect(story()).toEqual(['start 100']);
  take([1, 2]);
  keeper.lost('cut', runtime.clock.now());
  take([3]);
  keeper.unreadable(bad);
  expect(story()).toEqual(['1', '2']);
  expect(keeper.isConfirmed).toBe(false);
});

test('what is known of the newest trade and message is of this connection', async () => {
  const { keeper, runtime, take, startMs } = setUp();
  await runtime.advance(100);
  keeper.confirmed();
  expect([keeper.lastMessageAt, keeper.completeToMs - startMs, keeper.latest]).toEqual([100, 100, undefined]);
  await runtime.advance(100);
  take([1, 2]);
  expect([keeper.lastMessageAt, keeper.completeToMs - startMs]).toEqual([200, 200]);
  expect(keeper.latest).toEqual({ tradeId: '2', venueTimeMs: 7, at: 200 });
  await runtime.advance(100);
  take([]);
  expect([keeper.lastMessageAt, keeper.latest?.at]).toEqual([300, 200]);
  keeper.lost('cut', runtime.clock.now());
  expect(keeper.latest).toBeUndefined();
});

test('a loss is a gap from where it began, with its first reason, and each has one', async () => {
  const { keeper, runtime, listen, story, startMs } = setUp();
  listen();
  keeper.confirmed();
  await runtime.advance(500);
  keeper.lost('first', startMs + 300);
  keeper.lost('second', startMs + 400);
  await runtime.advance(500);
  keeper.confirmed();
  keeper.confirmed();
  expect(story()).toEqual(['start 0', 'gap 300-1000 first', 'start 1000', 'start 1000']);
});

test('what could not be read is missing since the frame before; trades beside it are told first', async () => {
  const { keeper, runtime, listen, story, take } = setUp();
  listen();
  keeper.confirmed();
  await runtime.advance(100);
  take([1]);
  await runtime.advance(100);
  take([2], bad);
  await runtime.advance(100);
  keeper.unreadable(bad);
  await runtime.advance(100);
  take([3]);
  expect(story()).toEqual([
    'start 0',
    '1',
    '2',
    'gap 100-200 bad row',
    'start 200',
    'gap 200-300 bad row',
    'start 300',
    '3',
  ]);
});

test('a trade is told once among the thousand before it', () => {
  const { keeper, listen, story, take } = setUp();
  listen();
  keeper.confirmed();
  take([1, 1, 2]);
  for (let n = 3; n <= 1_000; n += 1) take([n]);
  take([1, 2, 1]);
  expect(story()).toHaveLength(1 + 1_000);
  take([1_001]);
  // The oldest is forgotten, and no other.
  take([2, 1]);
  expect(story()).toEqual(['1001', '1']);
});

test('who comes first gets what came since the confirmation: a thousand events, or a new start', async () => {
  const { keeper, listen, story, take } = setUp();
  keeper.confirmed();
  for (let n = 1; n < 1_000; n += 1) take([n]);
  listen();
  expect(story()).toHaveLength(1_000);
  listen();
  expect(story()).toEqual(['start 0']);
  const late = setUp();
  late.keeper.confirmed();
  for (let n = 1; n < 1_000; n += 1) late.take([n]);
  await late.runtime.advance(100);
  late.take([1_000]);
  late.take([1_001]);
  late.listen();
  expect(late.story()).toEqual(['start 100', '1001']);
});

test('a refused stream ends with the error, and a closed one without', async () => {
  for (const error of [bad, undefined]) {
    const { keeper } = setUp();
    const reading = (async () => {
      for await (const _ of keeper.feed);
      return 'over';
    })();
    if (error === undefined) keeper.close();
    else keeper.refused(error);
    expect(await reading.catch((failure) => failure)).toBe(error ?? 'over');
  }
});
