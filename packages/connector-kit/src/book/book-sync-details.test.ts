import { createDepthStage, stageDepthUpdate } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { changeAt, opened, snapshotAt } from '../../test/depth-messages.ts';
import { BookSync } from './book-sync.ts';
import type { DepthUpdate, PriceLevelText } from './order-book.ts';

const scale = { priceScale: 0, amountScale: 0 };
/** A bid that meets the ask at 11, and a snapshot of the number before it in which it does not. */
const crossing = changeAt(11n, [['12', '1']]);
const apart: DepthUpdate = { ...snapshotAt(10n), asks: [['13', '1']] };

test('a snapshot may have overtaken nine messages before its own; the tenth is old', () => {
  expect(opened(100n).change(changeAt(91n))).toEqual({ changed: false });
  expect(opened(100n).change(changeAt(90n)).fault?.kind).toBe('old');
});

test('once the book was joined with messages of its own, an older one is old; after the next join it is overtaken again', () => {
  const sync = new BookSync();
  sync.confirmed();
  sync.change(changeAt(11n));
  sync.snapshot(snapshotAt(10n));
  expect(sync.change(changeAt(10n)).fault?.kind).toBe('old');
  sync.snapshot(snapshotAt(20n));
  expect(sync.change(changeAt(15n))).toEqual({ changed: false });
});

test('a book repaired at its own number takes what its snapshot overtook for overtaken', () => {
  const sync = opened();
  sync.beginAudit();
  expect(sync.snapshot(snapshotAt(10n, [['7', '1']])).audit?.outcome).toBe('repaired');
  expect(sync.change(changeAt(9n))).toEqual({ changed: false });
});

test('the message that made bid and ask meet is in the book that comes back, in text and in a stage', () => {
  const inText = opened();
  inText.change(crossing);
  expect(inText.snapshot(apart)).toEqual({ changed: true, joined: true });
  expect([inText.sequence, inText.book.bestBid?.price.toString()]).toEqual([11n, '12']);

  const staged = new BookSync({ scale });
  const stage = createDepthStage(scale);
  staged.confirmed();
  staged.snapshot(snapshotAt(10n));
  stageDepthUpdate(crossing, stage);
  expect(staged.stage(stage).fault?.kind).toBe('crossed');
  // The stage is used again for the next message.
  stageDepthUpdate(changeAt(50n, [['1', '1']]), stage);
  expect(staged.snapshot(apart)).toEqual({ changed: true, joined: true });
  expect([staged.sequence, staged.book.bestBid?.price.toString()]).toEqual([11n, '12']);
});

test('what could not be read while a snapshot is awaited has to be in the snapshot', () => {
  for (const sync of [new BookSync(), opened()]) {
    sync.confirmed();
    sync.change(changeAt(12n));
    sync.unreadable('bad');
    // An old message does not take that back.
    sync.change(changeAt(12n));
    expect(sync.snapshot(snapshotAt(12n)).snapshot).toBe('later');
    expect(sync.snapshot(snapshotAt(13n)).joined).toBe(true);
  }
});

test('a venue that counts anew is followed beyond the numbers that proved it, and what could not be read counts', () => {
  const begin = () => {
    const sync = opened(1_000n);
    for (const n of [3n, 4n, 5n]) sync.change(changeAt(n));
    return sync;
  };
  const followed = begin();
  followed.change(changeAt(6n));
  expect(followed.snapshot(snapshotAt(4n)).joined).toBe(true);
  expect(followed.sequence).toBe(6n);
  const unread = begin();
  unread.unreadable('bad');
  expect(unread.snapshot(snapshotAt(5n)).snapshot).toBe('later');
  expect(unread.snapshot(snapshotAt(6n)).joined).toBe(true);
});

test('old numbers of an earlier resync prove nothing in a later one', () => {
  const sync = opened(1_000n);
  for (const n of [1_002n, 3n, 4n]) sync.change(changeAt(n));
  sync.snapshot(snapshotAt(1_002n));
  for (const n of [1_004n, 5n]) sync.change(changeAt(n));
  sync.snapshot(snapshotAt(1_003n));
  expect(sync.sequence).toBe(1_004n);
});

test('ten thousand changes wait for a snapshot, and of more the oldest go', () => {
  const filled = (count: number) => {
    const sync = new BookSync();
    sync.confirmed();
    for (let n = 1; n <= count; n += 1) sync.change(changeAt(BigInt(n)));
    return sync;
  };
  const full = filled(10_000);
  expect(full.snapshot(snapshotAt(0n)).joined).toBe(true);
  expect(full.sequence).toBe(10_000n);
  const over = filled(10_001);
  expect(over.snapshot(snapshotAt(0n)).snapshot).toBe('later');
  expect(over.snapshot(snapshotAt(1n)).joined).toBe(true);
  expect(over.sequence).toBe(10_001n);
});

test('a kept message that covers several numbers meets a snapshot before the first of them', () => {
  const sync = new BookSync();
  sync.confirmed();
  sync.change({ ...changeAt(13n), firstSequence: 11n });
  expect(sync.snapshot(snapshotAt(10n)).joined).toBe(true);
  expect(sync.sequence).toBe(13n);
});

test('why snapshots are of no use is the reason, and each eight of them in a row are hopeless, on one connection', () => {
  const sync = opened();
  sync.change(changeAt(1_000n));
  const hopeless = (count: number) =>
    Array.from({ length: count }, () => sync.snapshot(snapshotAt(12n)).hopeless !== undefined);
  expect(hopeless(16).flatMap((is, at) => (is ? [at] : []))).toEqual([7, 15]);
  expect(sync.reason).toBe('snapshot 12 lacks message 13');
  hopeless(7);
  sync.lost('cut');
  sync.confirmed();
  sync.change(changeAt(1_000n));
  expect(hopeless(1)).toEqual([false]);
});

test('a message, a stage or a snapshot without a time leaves none of an earlier one', () => {
  const timeless = { venueTimeMs: undefined };
  const sync = new BookSync({ scale });
  sync.confirmed();
  sync.snapshot(snapshotAt(10n));
  sync.change({ ...changeAt(11n), ...timeless });
  expect(sync.venueTimeMs).toBeUndefined();
  const stage = createDepthStage(scale);
  stageDepthUpdate({ ...changeAt(12n), venueTimeMs: 7 }, stage);
  sync.stage(stage);
  expect(sync.venueTimeMs).toBe(7);
  sync.change(changeAt(20n));
  sync.snapshot({ ...snapshotAt(20n), ...timeless });
  expect([sync.state, sync.venueTimeMs]).toEqual(['live', undefined]);
});

test('unknown deletions of a book are counted beyond it, and a closed one holds no levels', () => {
  const sync = opened();
  sync.change(changeAt(11n, [['5', '0']]));
  sync.change(changeAt(13n));
  sync.snapshot(snapshotAt(13n));
  expect(sync.counts.unknownDeletes).toBe(1);
  sync.change(changeAt(14n, [['5', '0']]));
  expect(sync.counts.unknownDeletes).toBe(2);
  sync.close('done');
  expect([sync.book.size, sync.counts.unknownDeletes]).toEqual([0, 2]);
});

test('an audit that finds nothing changes nothing', () => {
  const sync = opened();
  sync.beginAudit();
  expect(sync.snapshot(snapshotAt(10n))).toEqual({
    changed: false,
    audit: { outcome: 'equal', sequence: 10n },
  });
});

test('a thin book asks for one snapshot, not for one with each change', () => {
  const sync = new BookSync({ snapshotDepth: 8 });
  sync.confirmed();
  const bids = (amount: string, prices: readonly number[]): PriceLevelText[] =>
    prices.map((price) => [String(price), amount]);
  sync.snapshot(snapshotAt(10n, bids('1', [1, 2, 3, 4, 5, 6, 7, 8])));
  expect(sync.change(changeAt(11n, bids('0', [1, 2, 3, 4, 5, 6, 7])))).toEqual({
    changed: true,
    snapshot: 'now',
  });
  expect(sync.change(changeAt(12n))).toEqual({ changed: true });
});

test('numbers beyond 2^53 are exact', () => {
  const far = 2n ** 53n + 1n;
  const sync = opened(far);
  expect(sync.sequence).toBe(far);
  expect(sync.change(changeAt(far + 1n)).changed).toBe(true);
  expect(sync.sequence).toBe(far + 1n);
});

test('a market that left its snapshot’s range is not served as empty after an older snapshot either', () => {
  const sync = new BookSync({ snapshotDepth: 1 });
  sync.confirmed();
  sync.snapshot(snapshotAt(10n));
  expect(sync.change(changeAt(11n, [['9', '0']])).fault?.kind).toBe('out-of-range');
  sync.snapshot(snapshotAt(10n));
  expect([sync.state, sync.book.bestBid]).not.toEqual(['live', undefined]);
});
