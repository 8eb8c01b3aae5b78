import { expect, test } from 'vitest';
import { SnapshotIds } from './snapshot-ids.ts';

test('an id is taken once, on the connection of its symbol', () => {
  const epochs = new Map([
    ['A/B', 1],
    ['C/D', 1],
  ]);
  const ids = new SnapshotIds((symbol) => epochs.get(symbol) ?? 0);
  ids.sent('1', 'A-B', 'A/B');
  ids.sent('2', 'C-D', 'C/D');
  epochs.set('C/D', 2);
  expect([ids.take('1'), ids.take('1'), ids.take('2'), ids.take('3')]).toEqual(['A-B', ...Array(3)]);
});

test('a thousand ids are remembered, and of more the oldest go', () => {
  const ids = new SnapshotIds(() => 1);
  for (let n = 1; n <= 1_001; n += 1) ids.sent(String(n), `P${n}-Q`, `P${n}/Q`);
  expect([ids.take('1'), ids.take('2'), ids.take('1001')]).toEqual([undefined, 'P2-Q', 'P1001-Q']);
});
