import { type BookEvent, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { minuteLimit } from '../../test/session-limits.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createBookKeeper } from './book-keeper.ts';
import type { DepthUpdate, PriceLevelText } from './order-book.ts';

function setUp(budget = 100) {
  const runtime = createManualRuntime();
  const asked: number[] = [];
  const unavailable: VenueError[] = [];
  const hopeless: string[] = [];
  const link = { up: true };
  const keeper = createBookKeeper({
    runtime,
    venue: 'v',
    pair: 'A-B',
    requestSnapshot: () => {
      if (link.up) asked.push(runtime.clock.monotonic());
      return link.up;
    },
    snapshotLimit: minuteLimit(runtime, budget),
    onUnavailable: (error) => unavailable.push(error),
    onHopeless: (reason) => hopeless.push(reason),
  });
  const events: BookEvent[] = [];
  return { runtime, keeper, book: keeper.book, asked, unavailable, hopeless, link, events };
}

function message(sequence: bigint, bids: PriceLevelText[] = [['9', '1']]): DepthUpdate {
  return { sequence, venueTimeMs: 5, bids, asks: [['11', '1']] };
}

test('only a live book gives prices', async () => {
  const { keeper, book, runtime } = setUp();
  expect(book.read()).toMatchObject({ state: 'opening', pair: 'A-B' });
  expect(() => book.bestBid()).toThrow(expect.objectContaining({ code: 'stale' }));
  keeper.confirmed();
  keeper.snapshot(message(1n), runtime.clock.now());
  const view = book.read();
  expect(view.state === 'live' && view.sequence).toBe(1n);
  expect(book.bestAsk()?.price.toString()).toBe('11');
  keeper.change(message(3n), runtime.clock.now());
  expect(book.read().state).toBe('resyncing');
  expect(() => book.bestAsk()).toThrow(/resyncing: message 3 where 2 was due/);
  expect(view.state === 'live' && view.bids()[0]?.price.toString()).toBe('9');
});

test('a gap comes before the first new data, with the span that is in doubt', async () => {
  const { keeper, book, runtime, events } = setUp();
  book.subscribe((event) => events.push(event));
  keeper.confirmed();
  keeper.snapshot(message(1n), runtime.clock.now());
  await runtime.advance(1_000);
  const goodUntil = runtime.clock.now();
  keeper.lost('cut', runtime.clock.now());
  await runtime.advance(500);
  keeper.confirmed();
  keeper.snapshot(message(8n), runtime.clock.now());
  const story = events.map((event) => (event.kind === 'gap' ? 'gap' : event.state));
  expect(story).toEqual(['opening', 'live', 'stale', 'resyncing', 'gap', 'live']);
  expect(events[4]).toEqual({ kind: 'gap', fromMs: goodUntil, toMs: goodUntil + 500, reason: 'cut' });
});

test('a snapshot is asked for once at a time, again when none comes, and later when it did not fit', async () => {
  const { keeper, runtime, asked } = setUp();
  keeper.confirmed();
  keeper.confirmed();
  expect(asked).toEqual([0]);
  await runtime.advance(5_000);
  expect(asked).toEqual([0, 5_000]);
  keeper.change(message(10n), runtime.clock.now());
  keeper.snapshot(message(5n), runtime.clock.now());
  expect(asked).toHaveLength(2);
  await runtime.advance(200);
  expect(asked).toHaveLength(3);
  keeper.snapshot(message(10n), runtime.clock.now());
  await runtime.advance(60_000);
  expect(asked).toHaveLength(3);
  expect(runtime.waiting).toEqual([]);
});

test('the budget is kept: a book waits for room', async () => {
  const { keeper, runtime, asked } = setUp(1);
  keeper.confirmed();
  await runtime.advance(50_000);
  expect(asked).toEqual([0]);
  await runtime.advance(15_000);
  expect(asked).toEqual([0, 60_000]);
});

test('without a connection nothing is asked and nothing is planned', async () => {
  const { keeper, runtime, asked, link } = setUp();
  keeper.confirmed();
  keeper.snapshot(message(1n), runtime.clock.now());
  keeper.lost('cut', runtime.clock.now());
  link.up = false;
  await runtime.advance(60_000);
  expect(asked).toEqual([0]);
  expect(runtime.waiting).toEqual([]);
});

test('whenLive resolves with the live book, and keeps its own deadline and signal', async () => {
  const { keeper, book, runtime } = setUp();
  const waiting = book.whenLive();
  const late = book.whenLive({ timeoutMs: 100 });
  const abort = new AbortController();
  const aborted = book.whenLive({ signal: abort.signal });
  const lateError = late.catch((error: VenueError) => error.code);
  const reason = new Error('enough');
  const abortError = aborted.catch((error) => error);
  abort.abort(reason);
  await runtime.advance(100);
  expect(await lateError).toBe('timeout');
  expect(await abortError).toBe(reason);
  keeper.confirmed();
  keeper.snapshot(message(1n), runtime.clock.now());
  expect((await waiting).sequence).toBe(1n);
});

test('an audit asks for a snapshot and says what it found', async () => {
  const { keeper, book, runtime } = setUp();
  keeper.confirmed();
  keeper.snapshot(message(1n), runtime.clock.now());
  const [first, second] = [book.audit(), book.audit()];
  keeper.snapshot(message(1n), runtime.clock.now());
  expect(await first).toEqual({ outcome: 'equal', sequence: 1n });
  expect(await second).toEqual({ outcome: 'equal', sequence: 1n });
  const repaired = book.audit();
  keeper.snapshot(message(1n, [['8', '1']]), runtime.clock.now());
  expect(await repaired).toEqual({ outcome: 'repaired', sequence: 1n });
  expect(book.bestBid()?.price.toString()).toBe('8');
});

test('an audit ends with timeout when no snapshot comes, and is cut off with the connection', async () => {
  const { keeper, book, runtime } = setUp();
  await expect(book.audit()).rejects.toMatchObject({ code: 'stale' });
  keeper.confirmed();
  keeper.snapshot(message(1n), runtime.clock.now());
  const late = book.audit({ timeoutMs: 2_000 }).catch((error: VenueError) => error.code);
  await runtime.advance(2_000);
  expect(await late).toBe('timeout');
  const cut = book.audit().catch((error: VenueError) => error.code);
  await settle();
  keeper.lost('cut', runtime.clock.now());
  expect(await cut).toBe('stale');
});

test('a resync that overtakes an audit leaves it undecided', async () => {
  const { keeper, book, runtime } = setUp();
  keeper.confirmed();
  keeper.snapshot(message(1n), runtime.clock.now());
  const audit = book.audit();
  keeper.change(message(5n), runtime.clock.now());
  keeper.snapshot(message(5n), runtime.clock.now());
  expect(await audit).toEqual({ outcome: 'inconclusive', sequence: 5n });
});

test('a snapshot that is no book is asked for again, and a change that is none is a gap', async () => {
  const { keeper, book, runtime, asked } = setUp();
  keeper.confirmed();
  keeper.snapshot(message(1n, [['-1', '1']]), runtime.clock.now());
  expect(book.read().state).toBe('opening');
  await runtime.advance(200);
  expect(asked).toHaveLength(2);
  keeper.snapshot(message(1n), runtime.clock.now());
  keeper.change(message(2n, [['x', '1']]), runtime.clock.now());
  expect(book.read()).toMatchObject({ state: 'resyncing' });
  expect(book.stats.gaps).toBe(1);
});

test('a refused snapshot is asked for again, or gives the book up when the venue has none', async () => {
  const { keeper, book, runtime, asked, unavailable } = setUp();
  keeper.confirmed();
  keeper.snapshotFailed(new VenueError({ code: 'venue-unavailable', message: 'later' }));
  await runtime.advance(1_000);
  expect(asked.length).toBeGreaterThan(1);
  const gone = new VenueError({ code: 'market-unavailable', message: 'no such market' });
  keeper.snapshotFailed(gone);
  expect(unavailable).toEqual([gone]);
  const waiting = book.whenLive().catch((error) => error);
  keeper.refused(gone);
  expect(await waiting).toBe(gone);
  expect(book.read()).toMatchObject({ state: 'closed', reason: 'no such market' });
  expect(() => book.bestBid()).toThrow(gone);
  await expect(book.whenLive()).rejects.toBe(gone);
});

test('closing ends readers, waits and timers', async () => {
  const { keeper, book, runtime } = setUp();
  keeper.confirmed();
  const waiting = book.whenLive({ timeoutMs: 9_000 }).catch((error: VenueError) => error.code);
  const reading = (async () => {
    const states: string[] = [];
    for await (const event of book) states.push(event.kind === 'gap' ? 'gap' : event.state);
    return states;
  })();
  keeper.close();
  keeper.close();
  expect(await waiting).toBe('closed');
  expect(await reading).toEqual(['opening', 'closed']);
  expect(runtime.waiting).toEqual([]);
});
