import { type BookEvent, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { minuteLimit } from '../../test/session-limits.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createBookKeeper } from './book-keeper.ts';
import type { DepthUpdate, PriceLevelText } from './order-book.ts';

function setUp(options: { snapshotDepth?: number } = {}) {
  const runtime = createManualRuntime();
  const asked: number[] = [];
  const uses: string[] = [];
  const hopeless: string[] = [];
  const keeper = createBookKeeper({
    runtime,
    venue: 'v',
    pair: 'A-B',
    requestSnapshot: () => asked.push(runtime.clock.monotonic()) > 0,
    snapshotLimit: minuteLimit(runtime, 100),
    onFirstUse: () => uses.push('used'),
    onUnavailable() {},
    onHopeless: (reason) => hopeless.push(reason),
    ...options,
  });
  const events: BookEvent[] = [];
  const live = (n = 1n) => {
    keeper.confirmed();
    keeper.snapshot(message(n), runtime.clock.now());
  };
  return { runtime, keeper, book: keeper.book, asked, uses, hopeless, events, live };
}

function message(sequence: bigint, bids: PriceLevelText[] = [['9', '1']]): DepthUpdate {
  return { sequence, venueTimeMs: 5, bids, asks: [['11', '1']] };
}
const later = new VenueError({ code: 'venue-unavailable', message: 'later' });

test('a request under way is forgotten with the connection', () => {
  const { keeper, runtime } = setUp();
  keeper.confirmed();
  keeper.lost('cut', runtime.clock.now());
  expect(runtime.waiting).toEqual([]);
});

test('an answered request leaves no timer, and the next audit asks at once', async () => {
  const { keeper, book, runtime, asked, live } = setUp();
  live();
  for (const _ of [1, 2]) {
    const audit = book.audit();
    keeper.snapshot(message(1n), runtime.clock.now());
    expect((await audit).outcome).toBe('equal');
    expect(runtime.waiting).toEqual([]);
  }
  expect(asked).toHaveLength(3);
});

test('an answer that nobody waits for plans nothing', async () => {
  const { keeper, book, runtime, live } = setUp();
  live();
  const late = book.audit({ timeoutMs: 100 }).catch((error: VenueError) => error.code);
  await runtime.advance(100);
  expect(await late).toBe('timeout');
  keeper.snapshotFailed(later);
  expect(runtime.waiting).toEqual([]);
});

test('a request whose audit has ended is not made again', async () => {
  const { book, runtime, asked, live } = setUp();
  live();
  const late = book.audit({ timeoutMs: 100 }).catch((error: VenueError) => error.code);
  await runtime.advance(20_000);
  expect(await late).toBe('timeout');
  expect(asked).toHaveLength(2);
});

test('an audit that ended is not finished by a late snapshot', async () => {
  const { keeper, book, runtime, live } = setUp();
  live();
  const late = book.audit({ timeoutMs: 100 }).catch((error: VenueError) => error.code);
  await runtime.advance(100);
  expect(await late).toBe('timeout');
  keeper.snapshot(message(1n, [['1', '1']]), runtime.clock.now());
  expect(book.bestBid()?.price.toString()).toBe('9');
  expect(book.stats.audits).toBe(0);
});

test('an audit that is asked for while the last one repairs the book has an answer of its own', async () => {
  const { keeper, book, runtime, asked } = setUp();
  keeper.confirmed();
  keeper.snapshot(message(1n), runtime.clock.now());
  const outcomes: string[] = [];
  const audit = () => book.audit().then(({ outcome }) => outcomes.push(outcome));
  book.subscribe((event) => {
    if (event.kind === 'gap') void audit();
  });
  void audit();
  const before = asked.length;
  keeper.snapshot(message(1n, [['7', '1']]), runtime.clock.now());
  await settle();
  expect([outcomes, asked.length]).toEqual([['repaired'], before + 1]);
  keeper.snapshot(message(1n, [['7', '1']]), runtime.clock.now());
  await settle();
  expect(outcomes).toEqual(['repaired', 'equal']);
});

test('an audit whose request was refused asks again', async () => {
  const { keeper, book, runtime, asked, live } = setUp();
  live();
  const audit = book.audit();
  keeper.snapshotFailed(later);
  await runtime.advance(200);
  expect(asked).toHaveLength(3);
  keeper.snapshot(message(1n), runtime.clock.now());
  expect((await audit).outcome).toBe('equal');
});

test('an audit has 15 seconds by default', async () => {
  const { book, runtime, live } = setUp();
  live();
  const code = book.audit().catch((error: VenueError) => error.code);
  await runtime.advance(15_000);
  expect(await Promise.race([code, settle()])).toBe('timeout');
});

test('closing ends an audit', async () => {
  const { keeper, book, runtime, live } = setUp();
  live();
  const code = book.audit().catch((error: VenueError) => error.code);
  keeper.close();
  expect(await Promise.race([code, settle()])).toBe('closed');
  expect(runtime.waiting).toEqual([]);
});

test('a book that was never live has no gap', () => {
  const { keeper, book, runtime, events, live } = setUp();
  book.subscribe((event) => events.push(event));
  keeper.confirmed();
  keeper.change(message(5n), runtime.clock.now());
  keeper.lost('cut', runtime.clock.now());
  live(9n);
  expect(events.map(({ kind }) => kind)).not.toContain('gap');
});

test('each loss has a gap of its own, with the first reason and the last good moment', async () => {
  const { keeper, book, runtime, events, live } = setUp();
  book.subscribe((event) => events.push(event));
  live();
  const start = runtime.clock.now();
  await runtime.advance(500);
  keeper.change(message(1n), runtime.clock.now());
  await runtime.advance(500);
  keeper.change(message(3n), runtime.clock.now());
  keeper.lost('cut', runtime.clock.now());
  live(10n);
  const second = runtime.clock.now();
  await runtime.advance(700);
  keeper.lost('cut again', runtime.clock.now());
  live(20n);
  const gaps = events.filter((event) => event.kind === 'gap');
  expect(gaps).toEqual([
    { kind: 'gap', fromMs: start, toMs: start + 1_000, reason: 'message 3 where 2 was due' },
    { kind: 'gap', fromMs: second + 700, toMs: second + 700, reason: 'cut again' },
  ]);
});

test('waits between useless snapshots double up to ten seconds, and start again after a good one', async () => {
  const { keeper, runtime, asked } = setUp();
  runtime.chance = 0.999_9;
  const wait = async () => {
    const [from, before] = [runtime.clock.monotonic(), asked.length];
    keeper.snapshotFailed(later);
    while (asked.length === before) await runtime.advance(1);
    return runtime.clock.monotonic() - from;
  };
  keeper.confirmed();
  const waits: number[] = [];
  for (let n = 0; n < 8; n += 1) waits.push(await wait());
  expect(waits).toEqual([199, 399, 799, 1_599, 3_199, 6_399, 9_999, 9_999]);
  keeper.snapshot(message(1n), runtime.clock.now());
  await runtime.advance(10_000);
  keeper.change(message(3n), runtime.clock.now());
  expect(await wait()).toBe(199);
});

test('a planned retry is not doubled', async () => {
  const { keeper, asked } = setUp();
  keeper.confirmed();
  keeper.snapshotFailed(later);
  keeper.confirmed();
  expect(asked).toHaveLength(1);
});

test.each<[string, (book: ReturnType<typeof setUp>['book']) => void]>([
  ['read', (book) => void book.read()],
  ['whenLive', (book) => void book.whenLive().catch(() => {})],
  ['bestBid', (book) => expect(() => book.bestBid()).toThrow()],
  ['subscribe', (book) => void book.subscribe(() => {})],
])('%s is a first use', (_, use) => {
  const { book, uses } = setUp();
  use(book);
  use(book);
  expect(uses).toEqual(['used']);
});

test('an audit compares only what a snapshot can hold', async () => {
  const { keeper, book, runtime, live } = setUp({ snapshotDepth: 1 });
  live();
  keeper.change({ ...message(2n, [['8', '1']]), asks: [] }, runtime.clock.now());
  const audit = book.audit();
  keeper.snapshot(message(2n), runtime.clock.now());
  expect((await audit).outcome).toBe('equal');
});

test('what cannot be decided is told, once the snapshots have had their chance', async () => {
  const { keeper, runtime, hopeless, live } = setUp();
  live(10n);
  keeper.change(message(1_000n), runtime.clock.now());
  for (let n = 0; n < 7; n += 1) keeper.snapshot(message(12n), runtime.clock.now());
  expect(hopeless).toEqual([]);
  keeper.snapshot(message(12n), runtime.clock.now());
  expect(hopeless).toEqual(['A-B: snapshot 12 lacks message 13']);
});

test('an aborted call costs nothing, also where the answer is there', async () => {
  const { book, asked, live } = setUp();
  live();
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(book.audit({ signal })).rejects.toThrow('enough');
  await expect(book.whenLive({ signal })).rejects.toThrow('enough');
  expect(asked).toHaveLength(1);
});

test('a view and its levels cannot be changed', () => {
  const { book, live } = setUp();
  live();
  const view = book.read();
  expect(Object.isFrozen(view)).toBe(true);
  expect(view.state === 'live' && Object.isFrozen(view.bestBid)).toBe(true);
  expect(view.state === 'live' && Object.isFrozen(view.asks()[0])).toBe(true);
});

test('a hole asks beside what is under way, which may be older, and two answers are enough', async () => {
  const { keeper, book, runtime, asked, live } = setUp();
  live();
  const audit = book.audit().catch(() => 'cut off');
  await runtime.advance(10);
  keeper.change(message(3n), runtime.clock.now());
  await runtime.advance(10);
  expect(asked).toEqual([0, 0, 10]);
  // The answer to the audit is older than the hole: the other one is on its way.
  keeper.snapshot(message(1n), runtime.clock.now());
  await runtime.advance(1_000);
  expect([book.read().state, asked.length]).toEqual(['resyncing', 3]);
  keeper.snapshot(message(3n), runtime.clock.now());
  expect(book.read().state).toBe('live');
  expect(runtime.waiting).toEqual([]);
  await audit;
});

test('a hole among what waits asks once more, and not for each hole that follows', async () => {
  const { keeper, book, runtime, asked } = setUp();
  keeper.confirmed();
  for (const sequence of [2n, 3n]) keeper.change(message(sequence), runtime.clock.now());
  await runtime.advance(10);
  expect(asked).toHaveLength(1);
  for (const sequence of [5n, 7n, 9n]) keeper.change(message(sequence), runtime.clock.now());
  await runtime.advance(10);
  expect(asked).toHaveLength(2);
  keeper.snapshot(message(3n), runtime.clock.now());
  keeper.snapshot(message(6n), runtime.clock.now());
  await runtime.advance(300);
  // None fitted: from now on they are asked for one at a time, and ever more slowly.
  expect([book.read().state, asked.length]).toEqual(['opening', 3]);
  keeper.change(message(11n), runtime.clock.now());
  await runtime.advance(10);
  expect(asked).toHaveLength(3);
  keeper.snapshot(message(11n), runtime.clock.now());
  expect([book.read().state, runtime.waiting.length]).toEqual(['live', 0]);
});
