import {
  type BookEvent,
  createDepthStage,
  type DepthUpdate,
  stageDepthUpdate,
  VenueError,
} from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { changeAt, snapshotAt } from '../../test/depth-messages.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createBookKeeper } from './book-keeper.ts';

function setUp() {
  const runtime = createManualRuntime();
  const asked: number[] = [];
  const counted: string[] = [];
  const silent: string[] = [];
  const hopeless: string[] = [];
  const keeper = createBookKeeper({
    runtime: { ...runtime, meter: { count: (name) => void counted.push(name), record() {} } },
    ...{ venue: 'v', pair: 'A-B', auditEveryMs: 50_000 },
    requestSnapshot: () => asked.push(runtime.clock.monotonic()) > 0,
    onUnavailable() {},
    onHopeless: (reason) => hopeless.push(reason),
    onSilent: (reason) => silent.push(reason),
  });
  const snapshot = (update: DepthUpdate) => keeper.snapshot(update, runtime.clock.now());
  const change = (update: DepthUpdate) => keeper.change(update, runtime.clock.now());
  return { runtime, keeper, asked, counted, silent, hopeless, snapshot, change };
}

test('best levels and the venue’s time are those of a live book, and of no other', () => {
  const { keeper, runtime, snapshot, change } = setUp();
  const shown = () => {
    const best = keeper.best();
    return best && [best.bid?.price.toString(), best.ask?.price.toString(), keeper.venueTimeMs];
  };
  const none = () => expect([keeper.best(), keeper.venueTimeMs]).toEqual([undefined, undefined]);
  none();
  keeper.confirmed();
  snapshot(snapshotAt(10n));
  expect(shown()).toEqual(['9', '11', 2]);
  change(changeAt(12n));
  none();
  snapshot(snapshotAt(12n));
  keeper.lost('cut', runtime.clock.now());
  none();
  keeper.close();
  none();
});

test('nothing is suspected of a book that is not live', async () => {
  const { keeper, runtime, snapshot, asked } = setUp();
  keeper.suspect();
  keeper.confirmed();
  snapshot(snapshotAt(10n));
  keeper.lost('cut', runtime.clock.now());
  keeper.suspect();
  expect(runtime.waiting).toEqual([]);
  await runtime.advance(120_000);
  expect(asked).toHaveLength(1);
});

test('a silence within a minute of another is hopeless, and a minute later it is not', async () => {
  for (const [apartMs, expected] of [
    [59_999, [1, 1]],
    [60_000, [2, 0]],
  ] as const) {
    const { keeper, runtime, silent, hopeless, snapshot } = setUp();
    keeper.confirmed();
    snapshot(snapshotAt(10n));
    keeper.silent('quiet');
    await runtime.advance(apartMs);
    keeper.silent('quiet');
    expect([silent.length, hopeless.length]).toEqual(expected);
  }
});

test('a snapshot that does not come in time is counted', async () => {
  const { keeper, runtime, counted } = setUp();
  keeper.confirmed();
  await runtime.advance(4_999);
  expect(counted).not.toContain('book_snapshots_late');
  await runtime.advance(1);
  expect(counted).toEqual(['book_snapshots_late']);
});

test('a slow reader gets the newest state, and each gap', async () => {
  const { keeper, runtime, snapshot } = setUp();
  keeper.confirmed();
  snapshot(snapshotAt(10n));
  const seen: BookEvent[] = [];
  let goOn = () => {};
  const reading = (async () => {
    for await (const event of keeper.book) {
      seen.push(event);
      if (seen.length === 1)
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
    }
  })();
  await settle();
  for (const n of [20n, 30n]) {
    keeper.lost(`cut before ${n}`, runtime.clock.now());
    keeper.confirmed();
    snapshot(snapshotAt(n));
  }
  goOn();
  await settle();
  keeper.close();
  await reading;
  const story = seen.map((event) => (event.kind === 'gap' ? event.reason : event.state));
  expect(story.filter((word) => word.startsWith('cut'))).toEqual(['cut before 20', 'cut before 30']);
  expect(story.filter((word) => word === 'live')).toHaveLength(2);
});

const later = new VenueError({ code: 'venue-unavailable', message: 'later' });

test('a view has the best levels, made once, and both times', async () => {
  const { keeper, runtime, snapshot } = setUp();
  await runtime.advance(700);
  keeper.confirmed();
  snapshot({
    ...snapshotAt(10n),
    bids: [
      ['9', '1'],
      ['8', '1'],
    ],
    asks: [
      ['11', '1'],
      ['12', '1'],
    ],
  });
  const view = keeper.book.read();
  if (view.state !== 'live') throw new Error(view.reason);
  expect([view.bestBid?.price.toString(), view.bestAsk?.price.toString()]).toEqual(['9', '11']);
  expect(view.bestBid).toBe(view.bestBid);
  expect([view.venueTimeMs, view.receivedAtMs]).toEqual([2, runtime.clock.now()]);
});

test('each message of the book is one, readable or not', async () => {
  const { keeper, runtime } = setUp();
  const stage = createDepthStage({ priceScale: 0, amountScale: 0 });
  stageDepthUpdate(changeAt(11n), stage);
  expect(keeper.lastMessageAt).toBe(Number.NEGATIVE_INFINITY);
  for (const take of [
    () => keeper.change(changeAt(10n), runtime.clock.now()),
    () => keeper.stage(stage, runtime.clock.now()),
    () => keeper.unreadable(later),
  ]) {
    await runtime.advance(100);
    take();
    expect(keeper.lastMessageAt).toBe(runtime.clock.monotonic());
  }
});

test('only a live book is silent', () => {
  const { keeper, runtime, silent, snapshot, counted } = setUp();
  keeper.silent('quiet');
  keeper.confirmed();
  snapshot(snapshotAt(10n));
  keeper.lost('cut', runtime.clock.now());
  keeper.silent('quiet');
  expect([silent, counted.includes('book_silences'), keeper.book.stats.silences]).toEqual([[], false, 0]);
});

test('joins, faults, audits and silences are counted', () => {
  const { keeper, snapshot, change, counted } = setUp();
  keeper.confirmed();
  snapshot(snapshotAt(10n));
  change(changeAt(12n));
  snapshot(snapshotAt(12n));
  keeper.silent('quiet');
  expect(counted).toEqual(['book_joins', 'book_faults', 'book_joins', 'book_silences']);
});

test('a book that lost its way during an audit has no audit any more', async () => {
  const { keeper, runtime, snapshot, change, counted, asked } = setUp();
  keeper.confirmed();
  snapshot(snapshotAt(10n));
  while (asked.length < 2) await runtime.advance(100);
  change(changeAt(12n));
  expect(runtime.waiting).toEqual(['snapshot-deadline']);
  await runtime.advance(20_000);
  expect(counted).not.toContain('book_audits');
});

test('while messages are awaited that a snapshot overtook, no other is asked for', async () => {
  const { keeper, runtime, snapshot, change, asked } = setUp();
  keeper.confirmed();
  snapshot(snapshotAt(10n));
  while (asked.length < 2) await runtime.advance(100);
  snapshot(snapshotAt(11n, [['8', '1']]));
  keeper.snapshotFailed(later);
  expect(runtime.waiting).not.toContain('snapshot-retry');
  // Somebody asks; the answer is not needed once the book was repaired.
  void keeper.book.audit().catch(() => {});
  change(changeAt(11n));
  expect(runtime.waiting).toEqual(['book-audit']);
});

test('a request for which nobody waits any more is not made again, and a retry is not late', async () => {
  const { keeper, runtime, snapshot, asked, counted } = setUp();
  keeper.confirmed();
  keeper.snapshotFailed(later);
  await runtime.advance(200);
  expect([asked.length, counted]).toEqual([2, []]);
  snapshot(snapshotAt(10n));
  const audit = keeper.book.audit({ timeoutMs: 100 }).catch(({ code }: VenueError) => code);
  await runtime.advance(20_000);
  expect([await audit, asked.length]).toEqual(['timeout', 3]);
});

test('a useless first snapshot is nothing that a book could miss', () => {
  const { keeper, runtime, snapshot, change } = setUp();
  const kinds: string[] = [];
  keeper.book.subscribe(({ kind }) => kinds.push(kind));
  keeper.confirmed();
  change(changeAt(15n));
  snapshot(snapshotAt(13n));
  keeper.lost('cut', runtime.clock.now());
  keeper.confirmed();
  snapshot(snapshotAt(20n));
  expect(kinds).not.toContain('gap');
});

test('a book that was refused ends its readers with the error, and one that was closed says so', async () => {
  const gone = new VenueError({ code: 'market-unavailable', message: 'gone' });
  const { keeper } = setUp();
  const reading = (async () => {
    for await (const _ of keeper.book);
  })();
  keeper.refused(gone);
  await expect(reading).rejects.toBe(gone);
  const other = setUp();
  other.keeper.close();
  expect(() => other.keeper.book.bestBid()).toThrow(expect.objectContaining({ code: 'closed' }));
});
