import {
  type AuditResult,
  type Book,
  decimal,
  type LiveBook,
  type MarketHandle,
  type Runtime,
} from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { settle } from './settlement.ts';

const known: Partial<LiveBook> = {
  state: 'live',
  pair: 'A-B',
  sequence: 5n,
  venueTimeMs: undefined,
  receivedAtMs: 0,
  bestBid: { price: decimal('1'), amount: decimal('1') },
  bestAsk: undefined,
  bids: () => [],
  asks: () => [],
};
const live = known as LiveBook;
const runtime: Pick<Runtime, 'clock' | 'timers'> = {
  clock: { now: () => 0, monotonic: () => 0 },
  timers: { setTimer: () => ({ [Symbol.dispose]: () => undefined }) },
};

/** A handle whose book is live, and whose audits end as told, one after the other. */
function handleOf(
  pair: string,
  outcomes: readonly (AuditResult['outcome'] | Error)[],
  isLive = true,
): MarketHandle {
  const left = [...outcomes];
  const book: Partial<Book> = {
    read: () => (isLive ? live : { state: 'stale', pair, reason: 'no connection' }),
    whenLive: async () => {
      if (!isLive) throw new Error('expected a live book within 10000 ms, got none');
      return live as never;
    },
    audit: async () => {
      const outcome = left.shift() ?? new Error('no more audits expected');
      if (outcome instanceof Error) throw outcome;
      return { outcome, sequence: 5n };
    },
  };
  return { pair, book } as MarketHandle;
}

function settled(
  open: readonly MarketHandle[],
  faultsRequested = false,
  missing: { pair: string; reason: string }[] = [],
) {
  const { signal } = new AbortController();
  return settle({ watch: { open, missing }, opening: Promise.resolve(), faultsRequested, runtime, signal });
}

test('live and equal books are good', async () => {
  expect(await settled([handleOf('A-B', ['equal']), handleOf('C-D', ['equal'])])).toEqual({
    ok: true,
    lines: ['OK: all 2 books are live and equal to a fresh snapshot of the venue.'],
  });
});

test('a book that had to be repaired was silently wrong', async () => {
  const { ok, lines } = await settled([handleOf('A-B', ['repaired', 'equal'])]);
  expect(ok).toBe(false);
  expect(lines).toEqual(['NOT OK: 1 of 1 pairs failed.', 'A-B: the audit at sequence 5 was repaired']);
});

test('with faults a repair may happen, if the book is equal afterwards', async () => {
  expect((await settled([handleOf('A-B', ['repaired', 'equal'])], true)).ok).toBe(true);
  expect((await settled([handleOf('A-B', ['repaired', 'repaired', 'repaired'])], true)).ok).toBe(false);
});

test('an audit that could not be compared, or failed, is tried again, thrice at most', async () => {
  expect((await settled([handleOf('A-B', ['inconclusive', new Error('stale'), 'equal'])])).ok).toBe(true);
  const { lines } = await settled([
    handleOf('A-B', ['inconclusive', 'inconclusive', 'inconclusive', 'equal']),
  ]);
  expect(lines[1]).toBe('A-B: the audit at sequence 5 was inconclusive');
});

test('a book that stays stale, a refused pair and no pair at all are not good', async () => {
  expect(await settled([handleOf('A-B', [], false)])).toEqual({
    ok: false,
    lines: ['NOT OK: 1 of 1 pairs failed.', 'A-B: book still stale: no connection'],
  });
  const { ok, lines } = await settled([handleOf('A-B', ['equal'])], false, [
    { pair: 'C-D', reason: 'halted' },
  ]);
  expect([ok, lines[1]]).toEqual([false, 'C-D: not open: halted']);
  expect((await settled([])).ok).toBe(false);
});

test('a user who has enough of waiting is obeyed', async () => {
  const stop = new AbortController();
  const reason = new Error('stopped');
  stop.abort(reason);
  const watch = { open: [handleOf('A-B', ['equal'])], missing: [] };
  const opening = Promise.resolve();
  await expect(settle({ watch, opening, faultsRequested: false, runtime, signal: stop.signal })).rejects.toBe(
    reason,
  );
});
