import { createDepthStage, stageDepthUpdate } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeAt, opened, snapshotAt } from '../../test/depth-messages.ts';
import { applyToTruth, emptyTruth, type TruthBook, truthLevels } from '../../test/models/truth-book.ts';
import { BookSync } from './book-sync.ts';
import type { BookSyncStep } from './book-sync-step.ts';
import type { DepthUpdate, PriceLevelText } from './order-book.ts';

/** The venue's side: a book that changes by numbered messages, and remembers every state it was in. */
class Venue {
  readonly states = new Map<bigint, TruthBook>();
  readonly messages = new Map<bigint, DepthUpdate>();
  sequence: bigint;

  constructor(first: bigint) {
    this.sequence = first;
    this.states.set(first, emptyTruth());
  }

  change(bids: PriceLevelText[], asks: PriceLevelText[]): DepthUpdate {
    const before = this.states.get(this.sequence) as TruthBook;
    this.sequence += 1n;
    const update = { sequence: this.sequence, venueTimeMs: undefined, bids, asks };
    this.states.set(this.sequence, applyToTruth(before, update));
    this.messages.set(this.sequence, update);
    return update;
  }

  snapshot(at: bigint = this.sequence): DepthUpdate {
    const state = this.states.get(at) as TruthBook;
    return {
      sequence: at,
      venueTimeMs: undefined,
      bids: truthLevels(state, 'bids'),
      asks: truthLevels(state, 'asks'),
    };
  }
}

/** A book of texts, one whose scale holds every amount, and one that must give its scale up when 2.5 comes. */
const way = fc.record({
  scale: fc.constantFrom(undefined, { priceScale: 0, amountScale: 1 }, { priceScale: 2, amountScale: 0 }),
  staged: fc.boolean(),
});

/** Bids below 50, asks above: never crossed. */
const side = (from: number) =>
  fc.array(fc.tuple(fc.integer({ min: from, max: from + 9 }).map(String), fc.constantFrom('0', '1', '2.5')), {
    maxLength: 3,
  });

const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), bids: side(41), asks: side(51) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), bids: side(41), asks: side(51) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('swap' as const), bids: side(41), asks: side(51) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), back: fc.nat(4) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('snapshot' as const), lag: fc.constantFrom(0, 0, 0, 1, 3) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('audit' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('overdue' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect' as const) }) },
);

function check(sync: BookSync, venue: Venue): void {
  if (sync.state !== 'live') return;
  const truth = venue.states.get(sync.sequence as bigint) as TruthBook;
  const content = sync.book.content();
  const text = (levels: readonly { price: object; amount: object }[]) =>
    levels.map(({ price, amount }) => [String(price), String(amount)]);
  expect(text(content.bids())).toEqual(truthLevels(truth, 'bids'));
  expect(text(content.asks())).toEqual(truthLevels(truth, 'asks'));
}

test('a live book is the venue’s book at its number, through loss, repeats, reordering, late snapshots and reconnects', () => {
  fc.assert(
    fc.property(way, fc.array(action, { maxLength: 60, size: 'max' }), ({ scale, staged }, plan) => {
      const venue = new Venue(100n);
      const sync = new BookSync({ scale });
      const stage = createDepthStage(scale ?? { priceScale: 0, amountScale: 0 });
      sync.confirmed();
      let held: DepthUpdate | undefined;
      const deliver = (update: DepthUpdate) => {
        if (staged && scale !== undefined && stageDepthUpdate(update, stage)) sync.stage(stage);
        else sync.change(update);
        check(sync, venue);
      };
      for (const step of plan) {
        if (step.do === 'deliver') {
          deliver(venue.change(step.bids, step.asks));
          if (held !== undefined) deliver(held);
          held = undefined;
        } else if (step.do === 'lose') venue.change(step.bids, step.asks);
        else if (step.do === 'swap') held = venue.change(step.bids, step.asks);
        else if (step.do === 'repeat') {
          const old = venue.messages.get(venue.sequence - BigInt(step.back));
          if (old !== undefined) deliver(old);
        } else if (step.do === 'snapshot') {
          const at = venue.sequence - BigInt(step.lag);
          sync.snapshot(venue.snapshot(at < 100n ? 100n : at));
          check(sync, venue);
        } else if (step.do === 'audit') sync.beginAudit();
        else if (step.do === 'overdue') {
          const { behind } = sync;
          expect(sync.overdue().silent !== undefined).toBe(behind);
        } else {
          sync.lost('cut');
          expect(sync.sequence).toBeUndefined();
          sync.confirmed();
        }
      }
      // Once the faults are over, the next message shows what is missing, and snapshots bring the book back.
      deliver(venue.change([['45', '7']], []));
      for (let tries = 0; sync.state !== 'live' && tries < 5; tries += 1) sync.snapshot(venue.snapshot());
      deliver(venue.change([['45', '8']], []));
      for (let tries = 0; sync.state !== 'live' && tries < 5; tries += 1) sync.snapshot(venue.snapshot());
      expect(sync.state).toBe('live');
      expect(sync.sequence).toBe(venue.sequence);
      check(sync, venue);
    }),
    { numRuns: 1_000 },
  );
});

test('keeps changes for the snapshot, drops those up to it, applies the rest', () => {
  const sync = new BookSync();
  expect(sync.confirmed()).toEqual({ changed: false, snapshot: 'now' });
  for (const n of [9n, 10n, 11n, 12n]) expect(sync.change(changeAt(n)).changed).toBe(false);
  expect(sync.snapshot(snapshotAt(10n))).toEqual({ changed: true, joined: true });
  expect(sync.sequence).toBe(12n);
  expect(sync.counts).toMatchObject({ applied: 2, dropped: 2, gaps: 0, resyncs: 0 });
});

test('a hole makes the book unavailable in the same call, and the kept messages meet the next snapshot', () => {
  const sync = opened();
  const step: BookSyncStep = sync.change(changeAt(12n));
  expect(step).toEqual({
    changed: true,
    snapshot: 'newer',
    fault: { kind: 'missing', reason: 'message 12 where 11 was due' },
  });
  expect(sync.state).toBe('resyncing');
  expect(sync.sequence).toBeUndefined();
  sync.change(changeAt(13n));
  expect(sync.snapshot(snapshotAt(10n))).toMatchObject({ snapshot: 'later' });
  expect(sync.state).toBe('resyncing');
  expect(sync.snapshot(snapshotAt(12n))).toMatchObject({ joined: true });
  expect(sync.counts).toMatchObject({ gaps: 1, resyncs: 1 });
  expect(sync.sequence).toBe(13n);
});

test('the same message again is left out', () => {
  const sync = opened();
  sync.change(changeAt(11n, [['8', '1']]));
  expect(sync.change(changeAt(11n, [['8', '5']])).changed).toBe(false);
  expect(sync.counts).toMatchObject({ applied: 1, repeated: 1, gaps: 0 });
});

test('a venue that counts anew is followed, once three numbers in a row show it', () => {
  const sync = opened(1_000n);
  sync.change(changeAt(1_001n));
  expect(sync.change(changeAt(3n))).toMatchObject({ changed: true, snapshot: 'newer' });
  sync.change(changeAt(4n));
  expect(sync.snapshot(snapshotAt(4n))).toMatchObject({ snapshot: 'later' });
  sync.change(changeAt(5n));
  expect(sync.snapshot(snapshotAt(4n))).toMatchObject({ joined: true });
  expect(sync.sequence).toBe(5n);
});

test('a number that nothing ever reaches costs the connection, not the truth', () => {
  const sync = opened(10n);
  sync.change(changeAt(1_000n));
  const steps = Array.from({ length: 8 }, () => sync.snapshot(snapshotAt(12n)));
  expect(steps.map(({ hopeless }) => hopeless !== undefined)).toEqual([...Array(7).fill(false), true]);
  expect(sync.state).toBe('resyncing');
  sync.lost('given up');
  sync.confirmed();
  expect(sync.snapshot(snapshotAt(12n))).toMatchObject({ joined: true });
});

test('messages that a snapshot overtook are left out; once the book moved on, an old number is a gap', () => {
  const sync = opened(15n);
  for (const n of [14n, 15n, 16n]) sync.change(changeAt(n));
  expect([sync.state, sync.sequence, sync.counts.gaps, sync.counts.repeated]).toEqual(['live', 16n, 0, 2]);
  expect(sync.change(changeAt(14n)).fault?.reason).toBe('message 14 after 16');
});

test('a book never goes live behind a message that was seen on this connection', () => {
  const kinds = ['ok', 'lose', 'repeat', 'cross', 'unreadable', 'snapshot', 'lag 1', 'lag 2'] as const;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 16 }), (plan) => {
      const sync = new BookSync();
      sync.confirmed();
      let [n, seen] = [10n, 0n];
      const see = (bids: PriceLevelText[]) => {
        n += 1n;
        seen = n;
        sync.change(changeAt(n, bids));
      };
      for (const step of plan) {
        if (step === 'ok') see([]);
        else if (step === 'lose') n += 1n;
        else if (step === 'repeat') sync.change(changeAt(n - 2n));
        else if (step === 'cross') see([['11', '1']]);
        else if (step === 'unreadable' && sync.state === 'live') {
          // Its number could not be read either; it is at least the next one.
          seen = (sync.sequence as bigint) + 1n;
          n += 1n;
          sync.unreadable('bad');
        } else if (step.startsWith('lag')) sync.snapshot(snapshotAt(n - BigInt(step.slice(4))));
        else sync.snapshot(snapshotAt(n));
        if (sync.state === 'live') expect(sync.sequence as bigint).toBeGreaterThanOrEqual(seen);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a message that showed the trouble is not forgotten', () => {
  const sync = opened();
  sync.change(changeAt(11n, [['12', '1']]));
  expect(sync.snapshot(snapshotAt(10n))).toMatchObject({ snapshot: 'later' });
  const holed = opened();
  holed.change(changeAt(12n));
  holed.change(changeAt(9n));
  expect(holed.snapshot(snapshotAt(11n))).toMatchObject({ joined: true });
  expect(holed.sequence).toBe(12n);
});

test('before the subscription is confirmed, and after it is lost, snapshots and changes are somebody else’s', () => {
  const sync = new BookSync();
  sync.snapshot(snapshotAt(10n));
  sync.change(changeAt(11n));
  expect(sync.state).toBe('opening');
  sync.confirmed();
  sync.snapshot(snapshotAt(20n));
  sync.lost('cut');
  sync.snapshot(snapshotAt(21n));
  expect(sync.state).toBe('stale');
  sync.confirmed();
  expect(sync.snapshot(snapshotAt(5n))).toMatchObject({ joined: true });
});

/** A venue with ten bids whose snapshots hold five. */
function deepVenue() {
  const levels = new Map(Array.from({ length: 10 }, (_, at) => [String(100 - at), '1']));
  const rows = () => [...levels].sort(([a], [b]) => Number(b) - Number(a)) as PriceLevelText[];
  const change = (sequence: bigint, bids: PriceLevelText[]): DepthUpdate => {
    for (const [price, amount] of bids) {
      if (amount === '0') levels.delete(price);
      else levels.set(price, amount);
    }
    return changeAt(sequence, bids);
  };
  const snapshot = (sequence: bigint): DepthUpdate => {
    return { sequence, venueTimeMs: 1, bids: rows().slice(0, 5), asks: [['200', '1']] };
  };
  return { rows, change, snapshot };
}

test('of a book deeper than its snapshot only what is known is served, and it is renewed before it runs out', () => {
  const venue = deepVenue();
  const sync = new BookSync({ snapshotDepth: 5 });
  sync.confirmed();
  sync.snapshot(venue.snapshot(1n));
  const first = venue.change(2n, [
    ['100', '0'],
    ['99', '0'],
    ['98', '0'],
    ['92', '7'],
  ]);
  expect(sync.change(first)).toEqual({ changed: true });
  const served = () =>
    sync.book
      .content()
      .bids()
      .map(({ price, amount }) => [String(price), String(amount)]);
  expect(served()).toEqual(venue.rows().slice(0, 2));
  expect(sync.change(venue.change(3n, [['97', '0']]))).toEqual({ changed: true, snapshot: 'now' });
  expect(sync.snapshot(venue.snapshot(3n)).audit?.outcome).toBe('equal');
  expect(served()).toEqual(venue.rows().slice(0, 5));
  expect(sync.counts.gaps).toBe(0);
});

test('a market that leaves its snapshot’s range at once is not served as empty', () => {
  const venue = deepVenue();
  const sync = new BookSync({ snapshotDepth: 5 });
  sync.confirmed();
  sync.snapshot(venue.snapshot(1n));
  const crash = venue.change(
    2n,
    ['100', '99', '98', '97', '96'].map((price) => [price, '0'] as const),
  );
  expect(sync.change(crash)).toMatchObject({ snapshot: 'newer', fault: { kind: 'out-of-range' } });
  expect(sync.state).toBe('resyncing');
  expect(sync.snapshot(venue.snapshot(2n))).toMatchObject({ joined: true });
  expect(sync.book.bestBid?.price.toString()).toBe('95');
});

test('a bid that meets the ask makes the book unavailable, also in a snapshot', () => {
  const sync = opened();
  expect(sync.change(changeAt(11n, [['11', '1']])).fault?.reason).toMatch(/bid meets ask/);
  expect(sync.snapshot(snapshotAt(12n, [['12', '1']]))).toMatchObject({ snapshot: 'later' });
  expect(sync.snapshot(snapshotAt(13n))).toMatchObject({ joined: true });
});

test('an audit compares at the snapshot’s own number', () => {
  const sync = opened();
  sync.beginAudit();
  sync.change(changeAt(11n, [['8', '1']]));
  expect(sync.snapshot(snapshotAt(10n)).audit).toEqual({ outcome: 'equal', sequence: 10n });
  sync.beginAudit();
  const behind = sync.snapshot(snapshotAt(9n));
  expect(behind.audit).toEqual({ outcome: 'inconclusive', sequence: 9n });
  expect(sync.state).toBe('live');
});

test('an audit that differs replaces the book in the same call', () => {
  const sync = opened();
  sync.beginAudit();
  const differs = sync.snapshot(snapshotAt(10n, [['7', '1']]));
  expect(differs).toMatchObject({ joined: true, audit: { outcome: 'repaired' }, fault: { kind: 'audit' } });
  expect(sync.book.bestBid?.price.toString()).toBe('7');
  expect(sync.counts).toMatchObject({ gaps: 1, audits: 1 });
});

test('a snapshot that overtook messages is compared when they have come', () => {
  const sync = opened();
  sync.beginAudit();
  expect(sync.snapshot(snapshotAt(12n, [['8', '1']]))).toEqual({ changed: false, behind: true });
  expect(sync.change(changeAt(11n, [['8', '1']]))).toEqual({ changed: true });
  const reached = sync.change(changeAt(12n, [['9', '0']]));
  expect(reached).toEqual({ changed: true, audit: { outcome: 'equal', sequence: 12n } });
  expect([sync.state, sync.sequence, sync.auditing, sync.behind]).toEqual(['live', 12n, false, false]);
  expect(sync.overdue()).toEqual({ changed: false });

  sync.beginAudit();
  sync.snapshot(snapshotAt(13n, [['6', '1']]));
  const differs = sync.change(changeAt(13n, [['7', '1']]));
  expect(differs).toMatchObject({ joined: true, fault: { kind: 'audit' }, audit: { outcome: 'repaired' } });
  expect(sync.book.content().bids().map(String)).toHaveLength(1);
  expect(sync.book.bestBid?.price.toString()).toBe('6');
});

test('messages that do not come after a snapshot of theirs are a silence, not a gap', () => {
  const sync = opened();
  sync.beginAudit();
  sync.snapshot(snapshotAt(15n));
  const step = sync.overdue();
  expect(step).toMatchObject({ changed: false, audit: { outcome: 'silent', sequence: 15n } });
  expect(step.silent).toMatch(/message 15 .* after 10/);
  expect(sync.counts).toMatchObject({ gaps: 0, audits: 1 });
  expect(sync.overdue()).toEqual({ changed: false });
});

test('a hole that shows while a snapshot is ahead is a hole', () => {
  const sync = opened();
  sync.beginAudit();
  sync.snapshot(snapshotAt(15n));
  expect(sync.change(changeAt(12n))).toMatchObject({ fault: { kind: 'missing' }, snapshot: 'newer' });
  expect(sync.overdue()).toEqual({ changed: false });
  expect(sync.state).toBe('resyncing');
});

test('a snapshot that nobody asked for does not touch a live book', () => {
  const sync = opened();
  expect(sync.snapshot(snapshotAt(10n, [['1', '1']])).changed).toBe(false);
  expect(sync.book.bestBid?.price.toString()).toBe('9');
});

test('an audit never puts a book live whose bid meets its ask', () => {
  const sync = opened();
  sync.beginAudit();
  expect(sync.snapshot(snapshotAt(10n, [['12', '1']]))).toMatchObject({
    snapshot: 'newer',
    fault: { kind: 'audit' },
  });
  expect(sync.state).toBe('resyncing');
});

test('a change that cannot be read makes a live book unavailable', () => {
  const sync = opened();
  expect(sync.unreadable('bad level')).toMatchObject({
    ...{ changed: true, snapshot: 'newer' },
    fault: { kind: 'unreadable', reason: 'bad level' },
  });
  expect(sync.state).toBe('resyncing');
});

test('a closed book stays closed', () => {
  const sync = opened();
  sync.close('done');
  sync.confirmed();
  sync.snapshot(snapshotAt(20n));
  sync.change(changeAt(21n));
  sync.lost('cut');
  expect(sync.state).toBe('closed');
  expect(sync.reason).toBe('done');
});
