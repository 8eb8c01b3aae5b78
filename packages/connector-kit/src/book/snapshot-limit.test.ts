import type { VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { failureOf } from '../../test/failure-of.ts';
import { minuteLimit } from '../../test/session-limits.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createBookKeeper } from './book-keeper.ts';

/** Books on one limit of one snapshot request a minute, which somebody else has used. */
async function setUp({ books = 1, snapshotDepth = Number.POSITIVE_INFINITY } = {}) {
  const runtime = createManualRuntime();
  const limit = minuteLimit(runtime, 1);
  const { limiter } = limit;
  const run: typeof limiter.run = limiter.run.bind(limiter);
  await run(limit.id, () => {});
  const link = { up: true };
  const asked: string[] = [];
  const unavailable: VenueError[] = [];
  const tries: string[] = [];
  const onGrant = { act() {} };
  limiter.run = (id, work, options) => {
    tries.push(id);
    const granted: typeof work = (grant) => {
      onGrant.act();
      return work(grant);
    };
    return run(id, granted, options);
  };
  const keepers = Array.from({ length: books }, (_, n) =>
    createBookKeeper({
      ...{ runtime, venue: 'v', pair: `A${n}-B`, snapshotLimit: limit, snapshotDepth },
      requestSnapshot: () => link.up && asked.push(`A${n}`) > 0,
      onUnavailable: (error) => unavailable.push(error),
      onHopeless() {},
    }),
  );
  /** Makes the first book live without a request, in the minute in which there is no room for any. */
  const goLive = () => {
    const [keeper] = keepers;
    keeper?.confirmed();
    keeper?.snapshot(message(1n), runtime.clock.now());
    return keeper?.book as NonNullable<typeof keeper>['book'];
  };
  const usage = () => {
    const { limits, waiting } = limit.limiter.usage();
    return { used: limits[0]?.windows[0]?.used, waiting: waiting.all };
  };
  return { runtime, limit, link, asked, unavailable, tries, onGrant, keepers, goLive, usage };
}

const message = (sequence: bigint) => ({
  ...{ sequence, venueTimeMs: 5 },
  ...{ bids: [['9', '1']] as const, asks: [['11', '1']] as const },
});

test('a request that waits leaves with its connection, and with its book', async () => {
  for (const end of ['lost', 'closed'] as const) {
    const { runtime, asked, keepers, usage } = await setUp();
    const [keeper] = keepers;
    keeper?.confirmed();
    expect(usage().waiting).toBe(1);
    if (end === 'lost') keeper?.lost('cut', runtime.clock.now());
    else keeper?.close();
    await settle();
    expect([usage().waiting, runtime.waiting], end).toEqual([0, []]);
    await runtime.advance(120_000);
    expect(asked).toEqual([]);
  }
});

test('a request for which there is no connection any more gives its room back', async () => {
  const { runtime, link, asked, keepers, usage } = await setUp();
  keepers[0]?.confirmed();
  link.up = false;
  await runtime.advance(60_000);
  expect([asked, usage()]).toEqual([[], { used: 0, waiting: 0 }]);
});

test('books that wait are asked for in turn', async () => {
  const { runtime, asked, keepers } = await setUp({ books: 3 });
  for (const keeper of keepers) keeper.confirmed();
  await runtime.advance(60_000);
  expect(asked).toEqual(['A0']);
  keepers[0]?.snapshot(message(1n), 1);
  await runtime.advance(120_000);
  expect(asked).toEqual(['A0', 'A1', 'A2']);
});

test('a limiter whose queue is full is asked again, one that was closed is not', async () => {
  for (const isClosed of [false, true]) {
    const { runtime, limit, keepers, asked } = await setUp();
    const full = {
      ...{ usage: () => limit.limiter.usage(), now: () => limit.limiter.now() },
      run: (id: string, work: never) => limit.limiter.run(id, work, { deadlineMs: limit.limiter.now() }),
    } as unknown as typeof limit.limiter;
    if (isClosed) limit.limiter.close();
    const keeper = createBookKeeper({
      ...{ runtime, venue: 'v', pair: 'C-B', snapshotLimit: { limiter: full, id: limit.id } },
      requestSnapshot: () => asked.push('C') > 0,
      ...{ onUnavailable() {}, onHopeless() {} },
    });
    expect(keepers).toHaveLength(1);
    keeper.confirmed();
    await runtime.advance(60_000);
    expect(asked).toEqual(isClosed ? [] : ['C']);
    keeper.close();
    expect(runtime.waiting).toEqual([]);
  }
});

test('a request that waits leaves as soon as a snapshot came without it', async () => {
  const { asked, goLive, runtime, usage } = await setUp();
  const book = goLive();
  expect([book.read().state, usage().waiting, runtime.waiting]).toEqual(['live', 0, []]);
  await runtime.advance(120_000);
  expect(asked).toEqual([]);
});

test('a request that waits leaves with the last audit that wants it', async () => {
  const { asked, goLive, runtime, usage } = await setUp();
  const book = goLive();
  const [first, second] = [100, 200].map((timeoutMs) => failureOf(book.audit({ timeoutMs })));
  await runtime.advance(100);
  expect([(await first)?.code, usage().waiting]).toEqual(['timeout', 1]);
  await runtime.advance(100);
  expect([(await second)?.code, usage().waiting, runtime.waiting]).toEqual(['timeout', 0, []]);
  await runtime.advance(120_000);
  expect(asked).toEqual([]);
});

test('an audit that ends while the book has lost its way leaves the request to the book', async () => {
  const { asked, goLive, keepers, runtime, usage } = await setUp();
  const book = goLive();
  const audit = failureOf(book.audit({ timeoutMs: 100 }));
  keepers[0]?.change(message(3n), runtime.clock.now());
  await runtime.advance(100);
  expect([(await audit).code, usage().waiting]).toEqual(['timeout', 1]);
  await runtime.advance(60_000);
  expect(asked).toEqual(['A0']);
});

test('a request that is let through as the book is closed is not sent, and gives its room back', async () => {
  const { asked, keepers, onGrant, runtime, usage } = await setUp();
  keepers[0]?.confirmed();
  onGrant.act = () => keepers[0]?.close();
  await runtime.advance(60_000);
  expect([asked, usage()]).toEqual([[], { used: 0, waiting: 0 }]);
});

test.each([
  ['closed', 'closed'],
  ['unknown-limit', 'invalid-options'],
] as const)('a book that its limiter refuses snapshots as %s is given up once', async (reason, code) => {
  const { keepers, limit, runtime, tries, unavailable } = await setUp();
  if (reason === 'closed') limit.limiter.close();
  else limit.limiter.setLimits([{ id: 'other', windows: [{ capacity: 1, windowMs: 1_000 }] }]);
  keepers[0]?.confirmed();
  await runtime.advance(600_000);
  expect([unavailable, tries]).toMatchObject([[{ code, venue: 'v', cause: { code: reason } }], ['snapshot']]);
});

test('an audit whose limiter is closed while it waits fails with that, and the book stays live', async () => {
  const { goLive, keepers, limit, runtime, unavailable } = await setUp();
  const book = goLive();
  const audit = failureOf(book.audit());
  limit.limiter.close();
  await settle();
  expect(await Promise.race([audit, settle()])).toMatchObject({ code: 'closed', cause: { code: 'closed' } });
  keepers[0]?.change(message(2n), runtime.clock.now());
  expect([book.read().state, unavailable, runtime.waiting]).toEqual(['live', [], []]);
});

test('a live book that could not be renewed stays live, and asks again with the next change', async () => {
  const { asked, keepers, limit, runtime, unavailable } = await setUp({ snapshotDepth: 8 });
  const [keeper] = keepers;
  const bids = (amount: string, prices: readonly number[]) =>
    prices.map((price) => [String(price), amount] as const);
  keeper?.confirmed();
  keeper?.snapshot({ ...message(1n), bids: bids('1', [1, 2, 3, 4, 5, 6, 7, 8]) }, runtime.clock.now());
  const windows = [{ capacity: 5, windowMs: 60_000 }];
  limit.limiter.setLimits([{ id: 'other', windows }]);
  keeper?.change({ ...message(2n), bids: bids('0', [1, 2, 3, 4, 5, 6, 7]) }, runtime.clock.now());
  await runtime.advance(60_000);
  expect([keeper?.book.read().state, asked, unavailable, runtime.waiting]).toEqual(['live', [], [], []]);
  limit.limiter.setLimits([{ id: limit.id, windows }]);
  keeper?.change({ ...message(3n), bids: [] }, runtime.clock.now());
  expect(asked).toEqual(['A0']);
});
