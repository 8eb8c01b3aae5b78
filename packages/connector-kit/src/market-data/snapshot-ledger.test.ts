import { expect, test } from 'vitest';
import type { SnapshotTaker } from '../book/book-keeper-options.ts';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { SnapshotLedger } from './snapshot-ledger.ts';

const taker = (): SnapshotTaker => ({ snapshot() {}, snapshotFailed() {} });
const [first, second, third] = [taker(), taker(), taker()];

function setUp() {
  const runtime = createManualRuntime();
  const link = { epoch: 5 };
  const ledger = new SnapshotLedger(runtime.clock, () => link.epoch);
  return { runtime, link, ledger };
}

test('answers are for those who asked, the first one first, each once, and each pair by itself', () => {
  const { ledger } = setUp();
  for (const one of [first, second, third]) ledger.asked('A-B', one);
  ledger.asked('C-D', third);
  const answered = () => ledger.answered('A-B');
  expect([answered(), answered(), answered(), answered()]).toEqual([first, second, third, undefined]);
  expect([ledger.answered('C-D'), ledger.answered('C-D')]).toEqual([third, undefined]);
  expect(ledger.answered('E-F')).toBeUndefined();
});

test('a request is answered within thirty seconds, or never', async () => {
  const { ledger, runtime } = setUp();
  ledger.asked('A-B', first);
  await runtime.advance(30_000);
  ledger.asked('A-B', second);
  expect(ledger.answered('A-B')).toBe(first);
  await runtime.advance(30_001);
  ledger.asked('A-B', third);
  expect([ledger.answered('A-B'), ledger.answered('A-B')]).toEqual([third, undefined]);
});

test('nothing that was asked on another connection is answered on this one', () => {
  for (const epoch of [4, 6]) {
    const { ledger, link } = setUp();
    ledger.asked('A-B', first);
    link.epoch = epoch;
    expect(ledger.answered('A-B')).toBeUndefined();
    ledger.asked('A-B', second);
    expect([ledger.answered('A-B'), ledger.answered('A-B')]).toEqual([second, undefined]);
  }
});
