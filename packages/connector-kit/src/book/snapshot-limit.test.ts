import { expect, test } from 'vitest';
import { minuteLimit } from '../../test/session-limits.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createBookKeeper } from './book-keeper.ts';

/** Books on one limit of one snapshot request a minute, which somebody else has used. */
async function setUp(books = 1) {
  const runtime = createManualRuntime();
  const limit = minuteLimit(runtime, 1);
  await limit.limiter.run(limit.id, () => {});
  const link = { up: true };
  const asked: string[] = [];
  const keepers = Array.from({ length: books }, (_, n) =>
    createBookKeeper({
      ...{ runtime, venue: 'v', pair: `A${n}-B`, snapshotLimit: limit },
      requestSnapshot: () => link.up && asked.push(`A${n}`) > 0,
      ...{ onUnavailable() {}, onHopeless() {} },
    }),
  );
  const usage = () => {
    const { limits, waiting } = limit.limiter.usage();
    return { used: limits[0]?.windows[0]?.used, waiting: waiting.all };
  };
  return { runtime, limit, link, asked, keepers, usage };
}

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
  const { runtime, asked, keepers } = await setUp(3);
  for (const keeper of keepers) keeper.confirmed();
  await runtime.advance(60_000);
  expect(asked).toEqual(['A0']);
  keepers[0]?.snapshot({ sequence: 1n, venueTimeMs: 5, bids: [['9', '1']], asks: [] }, 1);
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
