import type { BookEvent } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { auditedBook } from '../../test/audited-book.ts';
import { changeAt, snapshotAt } from '../../test/depth-messages.ts';
import { settle } from '../testing/manual-runtime.ts';

const everyMs = 50_000;
const startMs = 1_700_000_000_000;

/** @param auditEveryMs 0 for no audits but those that are asked for. */
function setUp(auditEveryMs = everyMs) {
  const silent: string[] = [];
  const events: BookEvent[] = [];
  const book = auditedBook({
    startMs,
    ...(auditEveryMs === 0 ? {} : { auditEveryMs }),
    onSilent: (reason, sinceMs) => {
      silent.push(`${reason} since ${sinceMs - startMs}`);
      book.keeper.lost(reason, sinceMs);
      book.keeper.confirmed();
    },
  });
  book.keeper.book.subscribe((event) => events.push(event));
  const gaps = () => events.filter(({ kind }) => kind === 'gap');
  return { ...book, silent, gaps, untilAsked: () => book.untilAsked(10) };
}

/** A deletion of a level that is not there. */
const odd = (sequence: bigint) => changeAt(sequence, [['5', '0']]);

test('a live book is compared each period, less what chance takes off it', async () => {
  const { asked, outcomes, snapshot, untilAsked, runtime } = setUp();
  for (const chance of [0, 0.5, 0.99]) {
    runtime.chance = chance;
    await untilAsked();
    snapshot(snapshotAt(10n));
  }
  expect(outcomes).toEqual(['equal', 'equal', 'equal']);
  const apart = asked.map((at, index) => at - (asked[index - 1] ?? 0));
  // The first period was drawn when the book was joined.
  expect(apart.map((ms) => Math.round(ms / 100))).toEqual([375, 500, 475]);
});

test('without a period there is no timer, and an audit happens when somebody asks', async () => {
  const { runtime, keeper, snapshot, change } = setUp(0);
  change(odd(11n));
  expect(runtime.waiting).toEqual([]);
  const audit = keeper.book.audit();
  snapshot(snapshotAt(11n));
  expect(await audit).toEqual({ outcome: 'equal', sequence: 11n });
  expect(runtime.waiting).toEqual([]);
});

test('unknown deletions bring the next audit forward, later and later while they come to nothing', async () => {
  const { runtime, asked, snapshot, change, outcomes } = setUp();
  let sequence = 10n;
  const told: number[] = [];
  for (let seconds = 0; seconds < 600; seconds += 1) {
    sequence += 1n;
    change(odd(sequence));
    const before = asked.length;
    await runtime.advance(1_000);
    if (asked.length > before) {
      told.push(seconds);
      snapshot(snapshotAt(sequence));
    }
  }
  expect(told[0]).toBeLessThanOrEqual(1);
  const apart = told.slice(1, 6).map((at, index) => at - (told[index] ?? 0));
  expect(apart).toEqual([2, 4, 8, 16, 32]);
  expect(new Set(outcomes)).toEqual(new Set(['equal']));
  // A market that always looks odd is asked about a little more often than any other, and not in bursts.
  expect(told.length).toBeLessThan(5 + 600 / 32);
});

test('a deletion that showed a wrong book is found a second after it was last right', async () => {
  const { runtime, asked, snapshot, change, outcomes, gaps, keeper } = setUp();
  await runtime.advance(10_000);
  change(odd(11n));
  await runtime.advance(0);
  expect(asked).toHaveLength(1);
  snapshot(snapshotAt(11n, [['8', '1']]));
  expect(outcomes).toEqual(['repaired']);
  expect(gaps()).toHaveLength(1);
  expect(keeper.book.bestBid()?.price.toString()).toBe('8');
});

test('a snapshot that overtook messages waits for them, and nothing is told', async () => {
  const { runtime, snapshot, change, untilAsked, outcomes, silent, gaps } = setUp();
  await untilAsked();
  snapshot(snapshotAt(12n, [['9', '3']]));
  await runtime.advance(600);
  change(changeAt(11n, [['9', '2']]));
  await runtime.advance(390);
  expect(outcomes).toEqual([]);
  change(changeAt(12n, [['9', '3']]));
  expect(outcomes).toEqual(['equal']);
  await runtime.advance(5_000);
  expect([silent, gaps()]).toEqual([[], []]);
});

test('messages that never come show a silent stream: it is asked anew, and its gap begins with its last word', async () => {
  const bench = setUp();
  const { runtime, keeper, snapshot, change, untilAsked, outcomes, silent, gaps } = bench;
  await runtime.advance(5_000);
  change(changeAt(11n));
  await untilAsked();
  snapshot(snapshotAt(14n));
  await runtime.advance(999);
  expect(silent).toEqual([]);
  await runtime.advance(1);
  expect(silent).toEqual(['the venue is at message 14 and sent none after 11 since 5000']);
  expect(outcomes).toEqual(['silent']);
  expect(keeper.book.read()).toMatchObject({ state: 'resyncing' });
  expect(keeper.book.stats.silences).toBe(1);
  await runtime.advance(100);
  snapshot(snapshotAt(14n));
  const [gap] = gaps();
  expect(gap).toMatchObject({ fromMs: startMs + 5_000, toMs: runtime.clock.now() });
  expect(keeper.book.read().state).toBe('live');
});

test('a book that is silent again within a minute needs a new connection, and a later one does not', async () => {
  const { runtime, snapshot, untilAsked, silent, hopeless } = setUp();
  for (const number of [14n, 18n]) {
    await untilAsked();
    snapshot(snapshotAt(number));
    await runtime.advance(1_000);
    snapshot(snapshotAt(number));
  }
  expect([silent.length, hopeless.length]).toEqual([1, 1]);
  await runtime.advance(1);
  expect(hopeless[0]).toMatch(/^A-B: the venue is at message 18/);
});

test('a process that stood still reads what came meanwhile before it calls a stream silent', async () => {
  for (const atMs of [0, 200, 700, 740]) {
    const { runtime, snapshot, change, untilAsked, silent, outcomes } = setUp();
    await untilAsked();
    snapshot(snapshotAt(11n));
    await runtime.advance(atMs);
    runtime.stall(3_000);
    await runtime.advance(0);
    change(changeAt(11n));
    await runtime.advance(3_000);
    expect([silent, outcomes]).toEqual([[], ['equal']]);
  }
});

test('an audit that its asker gave up leaves the next one all of its time', async () => {
  const { runtime, keeper, snapshot, change, silent, outcomes } = setUp();
  const abort = new AbortController();
  const audit = keeper.book.audit({ signal: abort.signal }).catch(() => 'given up');
  await settle();
  snapshot(snapshotAt(11n));
  await runtime.advance(900);
  abort.abort();
  expect(await audit).toBe('given up');
  change(changeAt(11n));
  const second = keeper.book.audit();
  await settle();
  snapshot(snapshotAt(12n));
  await runtime.advance(500);
  change(changeAt(12n));
  expect((await second).outcome).toBe('equal');
  expect([silent, outcomes]).toEqual([[], ['equal']]);
});

test('an audit that somebody asked for goes on when the next one of its own is due', async () => {
  const { runtime, keeper, snapshot, silent } = setUp();
  await runtime.advance(47_000);
  const audit = keeper.book.audit().catch(() => 'cut off');
  await settle();
  snapshot(snapshotAt(11n));
  await runtime.advance(1_000);
  expect(silent).toHaveLength(1);
  expect(await audit).toMatchObject({ outcome: 'silent' });
});

test('a snapshot that comes late is compared, and one that does not come is counted', async () => {
  const { runtime, asked, snapshot, untilAsked, silent, outcomes } = setUp();
  await untilAsked();
  await runtime.advance(14_900);
  snapshot(snapshotAt(11n));
  await runtime.advance(1_000);
  expect([silent.length, outcomes]).toEqual([1, ['silent']]);
  snapshot(snapshotAt(11n));
  await untilAsked();
  await runtime.advance(60_000);
  expect(outcomes).toEqual(['silent', 'unanswered']);
  const before = asked.length;
  await runtime.advance(everyMs);
  expect(asked.length).toBeGreaterThan(before);
});

test('a silent audit says nothing for the book', async () => {
  const { runtime, keeper, snapshot, untilAsked } = setUp();
  const joinedAt = keeper.freshAt;
  await untilAsked();
  snapshot(snapshotAt(11n));
  await runtime.advance(1_000);
  expect(keeper.freshAt).toBe(joinedAt);
});

test('a book that is closed or lost leaves no timer, wherever its audit was', async () => {
  for (const end of ['close', 'lost'] as const)
    for (const where of ['before', 'asked', 'behind'] as const) {
      const { runtime, keeper, snapshot, untilAsked } = setUp();
      if (where !== 'before') await untilAsked();
      if (where === 'behind') snapshot(snapshotAt(11n));
      if (end === 'close') keeper.close();
      else keeper.lost('cut', runtime.clock.now());
      expect(runtime.waiting, `${end} ${where}`).toEqual([]);
    }
});
