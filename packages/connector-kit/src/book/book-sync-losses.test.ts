import { expect, test } from 'vitest';
import { changeAt, opened, snapshotAt } from '../../test/depth-messages.ts';
import { BookSync } from './book-sync.ts';
import { OrderBook, type PriceLevelText } from './order-book.ts';

test('while the connection is gone nothing is taken: no snapshot makes the book live, no change is kept', () => {
  const sync = opened();
  sync.lost('cut');
  expect(sync.snapshot(snapshotAt(12n))).toEqual({ changed: false });
  expect(sync.state).toBe('stale');
  sync.change(changeAt(50n));
  sync.confirmed();
  expect(sync.snapshot(snapshotAt(20n))).toMatchObject({ joined: true });
});

test('what was kept for a snapshot is forgotten with the connection', () => {
  const sync = new BookSync();
  sync.confirmed();
  sync.change(changeAt(50n));
  sync.lost('cut');
  sync.confirmed();
  expect(sync.snapshot(snapshotAt(20n))).toMatchObject({ joined: true });
});

test('numbers of the old connection say nothing about those of the new one', () => {
  const sync = opened();
  sync.lost('cut');
  sync.confirmed();
  sync.change(changeAt(5n));
  sync.change(changeAt(4n));
  sync.snapshot(snapshotAt(3n));
  expect(sync.sequence).toBe(5n);
});

test('the message that showed the hole is kept, and is in the book that comes back', () => {
  const sync = opened();
  sync.change(changeAt(12n, [['8', '1']]));
  sync.snapshot(snapshotAt(11n));
  expect(sync.sequence).toBe(12n);
  expect(sync.book.size).toBe(3);
});

test('old numbers that do not follow each other prove nothing', () => {
  const sync = opened();
  sync.change(changeAt(12n));
  for (const n of [3n, 5n, 4n]) sync.change(changeAt(n));
  expect(sync.snapshot(snapshotAt(5n))).toMatchObject({ snapshot: 'later' });
  expect(sync.snapshot(snapshotAt(11n))).toMatchObject({ joined: true });
});

test('a message that comes twice while a snapshot is awaited is kept once', () => {
  const sync = new BookSync();
  sync.confirmed();
  for (const n of [11n, 12n, 11n]) sync.change(changeAt(n));
  expect(sync.snapshot(snapshotAt(10n))).toMatchObject({ joined: true });
  expect(sync.counts).toMatchObject({ repeated: 1, applied: 2 });
});

test('the venue’s time is that of the newest message in the book', () => {
  const sync = opened();
  expect(sync.venueTimeMs).toBe(2);
  sync.change({ ...changeAt(11n), venueTimeMs: 3 });
  expect(sync.venueTimeMs).toBe(3);
  const joined = new BookSync();
  joined.confirmed();
  joined.change({ ...changeAt(11n), venueTimeMs: 3 });
  joined.snapshot(snapshotAt(10n));
  expect(joined.venueTimeMs).toBe(3);
});

test.each<[string, (sync: BookSync) => void]>([
  ['was answered', (sync) => sync.snapshot(snapshotAt(10n))],
  ['ended', (sync) => sync.endAudit()],
  [
    'was cut off',
    (sync) => {
      sync.lost('cut');
      sync.confirmed();
      sync.snapshot(snapshotAt(10n));
    },
  ],
  [
    'was overtaken',
    (sync) => {
      sync.change(changeAt(12n));
      sync.snapshot(snapshotAt(12n));
    },
  ],
])('after an audit that %s, a snapshot that nobody asked for touches nothing', (_, end) => {
  const sync = opened();
  sync.beginAudit();
  end(sync);
  expect(sync.state).toBe('live');
  const audits = sync.counts.audits;
  expect(sync.snapshot(snapshotAt(12n, [['1', '1']])).changed).toBe(false);
  expect(sync.counts.audits).toBe(audits);
  expect(sync.book.bestBid?.price.toString()).toBe('9');
});

test('a book repaired from an older snapshot has the changes after it, and their number', () => {
  const sync = opened();
  sync.beginAudit();
  sync.change(changeAt(11n, [['8', '1']]));
  expect(sync.snapshot(snapshotAt(10n, [['7', '1']])).audit?.outcome).toBe('repaired');
  expect(sync.sequence).toBe(11n);
  expect(sync.book.bestBid?.price.toString()).toBe('8');
});

test('a second audit does not move the start of the first', () => {
  const sync = opened();
  sync.beginAudit();
  sync.change(changeAt(11n));
  sync.beginAudit();
  expect(sync.snapshot(snapshotAt(10n)).audit?.outcome).toBe('equal');
});

test('levels beyond a full snapshot do not make an audit differ', () => {
  const sync = opened(10n, 1);
  sync.change(changeAt(11n, [['8', '1']]));
  sync.beginAudit();
  expect(sync.snapshot(snapshotAt(11n)).audit?.outcome).toBe('equal');
});

test('a closed book asks for nothing', () => {
  const sync = opened();
  sync.close('done');
  expect(sync.confirmed()).toEqual({ changed: false });
});

test('the horizon of asks is their highest price; leading zeros are no difference', () => {
  const asks: PriceLevelText[] = [
    ['2', '01.0'],
    ['3', '1'],
  ];
  const [cut, whole] = [new OrderBook(), new OrderBook()];
  cut.replace({ bids: [], asks: asks.slice(0, 1) }, 1);
  whole.replace({
    bids: [],
    asks: [
      ['2', '1'],
      ['3', '1'],
    ],
  });
  expect(cut.equals(whole)).toBe(true);
  whole.apply({ bids: [], asks: [['1', '1']] });
  expect(cut.equals(whole)).toBe(false);
});

test('a second message of a number, of another time, proves a new count: what waited for a snapshot is of the old one', () => {
  const sync = new BookSync();
  sync.confirmed();
  for (const n of [11n, 12n, 13n]) sync.change({ ...changeAt(n), venueTimeMs: 1_000 });
  for (const n of [12n, 13n]) sync.change({ ...changeAt(n), venueTimeMs: 2_000 });
  expect(sync.snapshot({ ...snapshotAt(10n), venueTimeMs: 900 }).joined).toBeUndefined();
  expect(sync.state).toBe('opening');
  expect(sync.snapshot({ ...snapshotAt(12n), venueTimeMs: 2_000 }).joined).toBe(true);
  expect(sync.sequence).toBe(13n);
});

test('a live book takes a number again for a repeat only if it is of the same time', () => {
  const sync = opened(10n);
  const message = { ...changeAt(11n), venueTimeMs: 1_000 };
  for (const update of [message, message]) sync.change(update);
  expect([sync.state, sync.counts.repeated]).toEqual(['live', 1]);
  expect(sync.change({ ...message, venueTimeMs: 2_000 }).fault?.reason).toBe('message 11 after 11');
});
