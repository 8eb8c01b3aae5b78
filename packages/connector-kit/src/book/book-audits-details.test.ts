import type { DepthUpdate } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { auditedBook } from '../../test/audited-book.ts';
import { changeAt, snapshotAt } from '../../test/depth-messages.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createBookKeeper } from './book-keeper.ts';

/** A book whose stream is not asked for anew. */
function setUp({ everyMs = 50_000, onAsked = (_: (update: DepthUpdate) => void) => {} } = {}) {
  const book = auditedBook({
    auditEveryMs: everyMs,
    requestSnapshot: ({ snapshot }) => {
      onAsked((update) => snapshot(update, 0));
      return true;
    },
  });
  /** Suspects the book, and says how long it takes until that is looked into, and comes to nothing. */
  const oddity = async () => {
    book.keeper.suspect();
    const ms = await book.untilAsked();
    book.snapshot(snapshotAt(10n));
    return ms;
  };
  return { ...book, oddity };
}

test('a market that always looks odd is compared each minute at least, and each period', async () => {
  for (const [everyMs, longest] of [
    [600_000, 60_000],
    [50_000, 47_500],
  ] as const) {
    const { oddity } = setUp({ everyMs });
    const apart: number[] = [];
    for (let n = 0; n < 9; n += 1) apart.push(await oddity());
    expect(apart.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000]);
    expect(Math.max(...apart)).toBe(longest);
  }
});

test('a comparison in its time clears one suspicion, and no more than there were', async () => {
  const { oddity, untilAsked, snapshot } = setUp();
  for (const ms of [1_000, 2_000]) expect(await oddity()).toBe(ms);
  await untilAsked();
  snapshot(snapshotAt(10n));
  expect(await oddity()).toBe(2_000);
  for (let n = 0; n < 4; n += 1) {
    await untilAsked();
    snapshot(snapshotAt(10n));
  }
  expect(await oddity()).toBe(1_000);
});

test('a comparison that says nothing begins the suspicions anew', async () => {
  const { oddity, keeper, runtime, snapshot } = setUp();
  for (const ms of [1_000, 2_000, 4_000]) expect(await oddity()).toBe(ms);
  keeper.lost('cut', runtime.clock.now());
  keeper.confirmed();
  snapshot(snapshotAt(10n));
  expect(await oddity()).toBe(1_000);
});

test('what looks odd during an audit does not move its end', async () => {
  const { untilAsked, runtime, change, outcomes } = setUp();
  await untilAsked();
  await runtime.advance(59_000);
  change(changeAt(11n, [['5', '0']]));
  await runtime.advance(1_000);
  expect(outcomes).toEqual(['unanswered']);
});

test('two snapshots ahead are waited for once, and the wait ends with them', async () => {
  const { untilAsked, runtime, snapshot, change, outcomes } = setUp();
  await untilAsked();
  for (const _ of [1, 2]) snapshot(snapshotAt(11n));
  expect(runtime.waiting.filter((label) => label === 'book-audit-grace')).toHaveLength(1);
  change(changeAt(11n));
  expect([outcomes, runtime.waiting]).toEqual([['equal'], ['book-audit']]);
});

test('a stream is found silent also after messages once came in time', async () => {
  const { untilAsked, runtime, snapshot, change, outcomes } = setUp();
  await untilAsked();
  snapshot(snapshotAt(11n));
  change(changeAt(11n));
  await untilAsked();
  snapshot(snapshotAt(12n));
  await runtime.advance(1_000);
  expect(outcomes).toEqual(['equal', 'silent']);
});

test('a silent book for which nothing is done is compared again a period later', async () => {
  const { untilAsked, runtime, snapshot, hopeless } = setUp();
  await untilAsked();
  snapshot(snapshotAt(11n));
  await runtime.advance(1_000);
  expect(hopeless).toHaveLength(1);
  expect(await untilAsked()).toBe(47_500);
});

test('whoever gives up its own audit leaves the one of the period alone', async () => {
  const { untilAsked, keeper, snapshot, outcomes } = setUp();
  await untilAsked();
  const abort = new AbortController();
  const audit = keeper.book.audit({ signal: abort.signal }).catch(() => 'given up');
  await settle();
  abort.abort();
  expect(await audit).toBe('given up');
  snapshot(snapshotAt(10n));
  expect(outcomes).toEqual(['equal']);
});

test('an audit of the period that is not answered asks no more, unless somebody waits for longer', async () => {
  const { untilAsked, runtime, asked, outcomes, snapshot } = setUp();
  await untilAsked();
  await runtime.advance(60_000);
  expect(outcomes).toEqual(['unanswered']);
  // The request that was under way then is the last one.
  const before = asked.length;
  await runtime.advance(20_000);
  expect(asked.length - before).toBe(0);
  snapshot(snapshotAt(10n, [['1', '1']]));
  expect(outcomes).toEqual(['unanswered']);

  const other = setUp();
  const audit = other.keeper.book.audit({ timeoutMs: 100_000 });
  await other.runtime.advance(90_000);
  expect(other.outcomes).toEqual([]);
  other.snapshot(snapshotAt(10n));
  expect((await audit).outcome).toBe('equal');
});

test('a venue that answers within the request is compared each period', async () => {
  const { runtime, asked, outcomes } = setUp({ onAsked: (answer) => answer(snapshotAt(10n)) });
  await runtime.advance(200_000);
  expect([asked.length, outcomes]).toEqual([4, Array(4).fill('equal')]);
});

test('one odd deletion is looked into once', async () => {
  const runtime = createManualRuntime();
  const asked: number[] = [];
  const keeper = createBookKeeper({
    ...{ runtime, venue: 'v', pair: 'A-B', auditEveryMs: 50_000 },
    requestSnapshot: () => asked.push(runtime.clock.monotonic()) > 0,
    ...{ onUnavailable() {}, onHopeless() {} },
  });
  keeper.confirmed();
  keeper.snapshot(snapshotAt(10n), 0);
  keeper.change(changeAt(11n, [['5', '0']]), 0);
  await runtime.advance(1_000);
  expect(asked).toEqual([0, 1_000]);
  keeper.snapshot(snapshotAt(11n), 0);
  await runtime.advance(20_000);
  expect(asked).toEqual([0, 1_000]);
});
