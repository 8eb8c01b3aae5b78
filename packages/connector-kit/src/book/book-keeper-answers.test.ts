import { type BookEvent, decimal, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { changeAt, snapshotAt } from '../../test/depth-messages.ts';
import { minuteLimit } from '../../test/session-limits.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createBookKeeper } from './book-keeper.ts';
import type { SnapshotTaker } from './book-keeper-options.ts';

/** A keeper whose requests are answered by the test, each by its own. */
function setUp({ auditEveryMs = 50_000, capacity = 1_000 } = {}) {
  const runtime = createManualRuntime();
  const takers: SnapshotTaker[] = [];
  const hopeless: string[] = [];
  const silent: string[] = [];
  const limit = minuteLimit(runtime, capacity);
  const keeper = createBookKeeper({
    ...{ runtime, venue: 'v', pair: 'A-B', auditEveryMs, snapshotLimit: limit },
    requestSnapshot: (taker) => takers.push(taker) > 0,
    onUnavailable() {},
    onHopeless: (reason) => hopeless.push(reason),
    onSilent: (reason) => silent.push(reason),
  });
  const answer = (sequence: bigint, at = takers.length - 1) =>
    takers[at]?.snapshot(snapshotAt(sequence), runtime.clock.now());
  const change = (sequence: bigint) => keeper.change(changeAt(sequence), runtime.clock.now());
  const live = (sequence: bigint) => {
    keeper.confirmed();
    answer(sequence);
  };
  const shown = () => {
    const view = keeper.book.read();
    return view.state === 'live' ? view.sequence : view.state;
  };
  return { runtime, keeper, takers, hopeless, silent, answer, change, live, shown, limit };
}

test('an answer from before a renewal is not joined after it', async () => {
  const { keeper, takers, answer, live, shown } = setUp();
  live(10n);
  void keeper.book.audit().catch(() => {});
  keeper.lost('silent', 0);
  keeper.confirmed();
  expect(takers).toHaveLength(3);
  answer(9n, 1);
  expect(shown()).toBe('resyncing');
  answer(12n, 2);
  expect(shown()).toBe(12n);
});

test('a snapshot that is ahead of a live book begins an audit, though nobody asked', async () => {
  const { runtime, answer, live, silent, shown } = setUp();
  live(10n);
  answer(12n);
  expect(shown()).toBe(10n);
  await runtime.advance(1_000);
  expect(silent).toHaveLength(1);
});

test('a venue whose own book is crossed costs no connection', async () => {
  const { keeper, runtime, takers, hopeless, shown } = setUp();
  keeper.confirmed();
  for (let answers = 0; answers < 30; answers += 1) {
    const before = takers.length;
    takers.at(-1)?.snapshot(snapshotAt(BigInt(answers), [['12', '1']]), 1);
    while (takers.length === before) await runtime.advance(100);
  }
  expect([shown(), hopeless]).toEqual(['opening', []]);
});

test('a snapshot that is no book ends an audit, and says nothing of the messages', async () => {
  const { keeper, live, takers, change, shown } = setUp();
  live(10n);
  const audit = keeper.book.audit();
  takers.at(-1)?.snapshot(snapshotAt(10n, [['x', '1']]), 1);
  expect(await audit).toEqual({ outcome: 'inconclusive', sequence: 10n });
  change(11n);
  expect(shown()).toBe(11n);
});

test('a message that could not be read before the first snapshot asks for a newer one', () => {
  const { keeper, runtime, takers, answer, shown } = setUp();
  keeper.confirmed();
  keeper.unreadable(new VenueError({ code: 'protocol', message: 'bad level' }));
  answer(10n);
  expect(shown()).toBe('opening');
  return runtime.advance(300).then(() => {
    expect(takers).toHaveLength(2);
    answer(11n);
    expect(shown()).toBe(11n);
  });
});

test('a book that loses a message again and again leaves room for others', async () => {
  const { keeper, runtime, takers, answer, live } = setUp();
  live(10n);
  let sequence = 10n;
  for (let at = 0; at < 100; at += 1) {
    keeper.unreadable(new VenueError({ code: 'protocol', message: 'bad level' }));
    await runtime.advance(100);
    sequence += 2n;
    answer(sequence);
  }
  expect(takers.length).toBeLessThan(20);
});

test('a resync goes before an audit that waits for room', async () => {
  const { keeper, runtime, takers, live, limit, answer, change, shown } = setUp({ capacity: 2 });
  live(10n);
  await limit.limiter.run(limit.id, () => {});
  await runtime.advance(15_000);
  const other: number[] = [];
  const rest = [0, 1].map((n) =>
    limit.limiter.run(limit.id, () => void other.push(n), { lane: 'background' }),
  );
  void keeper.book.audit({ timeoutMs: 90_000 }).catch(() => {});
  change(12n);
  await runtime.advance(61_000);
  expect(takers).toHaveLength(2);
  answer(12n);
  expect(shown()).toBe(12n);
  await runtime.advance(120_000);
  await Promise.all(rest);
});

test('while a fault is told, nobody reads a live book', () => {
  const { keeper, runtime, live, change } = setUp();
  live(10n);
  expect(keeper.book.read().state).toBe('live');
  const seen: string[] = [];
  runtime.meter.count = (name) => seen.push(`${name} ${keeper.book.read().state}`);
  change(12n);
  expect(seen).toContain('book_faults resyncing');
});

test('the gap of a book that an audit repaired begins when it was last seen to be right', async () => {
  const { keeper, runtime, live, takers, change } = setUp();
  live(10n);
  const rightAt = runtime.clock.now();
  const gaps: BookEvent[] = [];
  keeper.book.subscribe((event) => event.kind === 'gap' && gaps.push(event));
  await runtime.advance(5_000);
  change(11n);
  const audit = keeper.book.audit();
  takers.at(-1)?.snapshot(snapshotAt(11n, [['8', '1']]), runtime.clock.now());
  await settle();
  expect((await audit).outcome).toBe('repaired');
  expect(gaps).toMatchObject([{ fromMs: rightAt, toMs: rightAt + 5_000 }]);
});

test('a side that there is not is refused, and never answered by the other', () => {
  const { keeper, live } = setUp();
  live(10n);
  const ask = (side: string) => () => keeper.book.priceForVolume(side as 'buy', '1');
  for (const side of ['SELL', 'bids', '', 'toString'])
    expect(ask(side)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  expect(keeper.book.priceForVolume('sell', decimal('1')).price?.toString()).toBe('9');
});
