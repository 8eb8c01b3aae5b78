import { expect, test } from 'vitest';
import type { OrderTruth, TruthEntry } from './truth-entry.ts';
import { createTruthMemory } from './truth-memory.ts';

const order = (
  orderId: string,
  phase: OrderTruth['phase'],
  change: OrderTruth['change'] = 'filled',
): OrderTruth => ({
  ...{ kind: 'order', account: 'a', sequence: 1, timeMs: 1, change, orderId, clientId: '', symbol: 'A/B' },
  ...{ side: 'buy', type: 'limit', timeInForce: 'GTC', postOnly: false, price: '1', amount: '1', phase },
  ...{ filled: '0', filledQuote: '0', fee: '0', feeAsset: 'B' },
});

const request = (path: string): TruthEntry => ({
  kind: 'request',
  timeMs: 1,
  method: 'GET',
  path,
  status: 200,
});

test('each kind is remembered up to its limit, the newest of it', () => {
  const memory = createTruthMemory({ limit: 3 });
  for (let at = 0; at < 20; at += 1) memory.sink(request(`/${at}`));
  memory.sink({ kind: 'stream', event: 'opened', timeMs: 1 });
  expect(memory.entries('request').map(({ path }) => path)).toEqual(['/17', '/18', '/19']);
  expect(memory.entries('stream')).toHaveLength(1);
});

test('live orders are never forgotten, ended ones when there are too many', () => {
  const memory = createTruthMemory({ limit: 2 });
  for (const id of ['live', '1', '2', '3']) memory.sink(order(id, 'open', 'accepted'));
  for (const id of ['1', '2', '3']) memory.sink(order(id, 'filled'));
  expect(memory.orders().map(({ orderId, phase }) => [orderId, phase])).toEqual([
    ['live', 'open'],
    ['2', 'filled'],
    ['3', 'filled'],
  ]);
  expect(memory.orders('b')).toEqual([]);
});

test('an id that is refused because it is used already, or a cancel that is, leaves its order as it is', () => {
  const memory = createTruthMemory();
  memory.sink(order('1', 'open', 'accepted'));
  memory.sink(order('1', 'rejected', 'rejected'));
  memory.sink({ ...order('1', 'open', 'cancel-refused'), timeMs: 2 });
  expect(memory.orders()[0]?.timeMs).toBe(1);
  memory.sink(order('2', 'rejected', 'rejected'));
  expect(memory.orders().map(({ phase }) => phase)).toEqual(['open', 'rejected']);
});

test('a book is what its changes have made of it, sorted by price and not by text', () => {
  const memory = createTruthMemory();
  const { sink } = memory;
  const common = { kind: 'book', symbol: 'A/B', timeMs: 1 } as const;
  sink({
    ...common,
    seqnum: 1n,
    whole: true,
    bids: [
      ['9', '1'],
      ['8', '1'],
    ],
    asks: [
      ['10', '1'],
      ['100', '2'],
    ],
  });
  sink({
    ...common,
    seqnum: 2n,
    whole: false,
    bids: [
      ['8', '0'],
      ['9.5', '3'],
    ],
    asks: [['20', '4']],
  });
  expect(memory.book('A/B')).toMatchObject({
    seqnum: 2n,
    bids: [
      ['9.5', '3'],
      ['9', '1'],
    ],
    asks: [
      ['10', '1'],
      ['20', '4'],
      ['100', '2'],
    ],
  });
  sink({ ...common, seqnum: 1n, whole: true, bids: [], asks: [['7', '1']] });
  expect(memory.book('A/B')).toMatchObject({ seqnum: 1n, bids: [], asks: [['7', '1']] });
  expect(memory.book('C/D')).toBeUndefined();
});

test('of balances the newest counts', () => {
  const memory = createTruthMemory();
  const { sink } = memory;
  const common = { kind: 'balance', sequence: 1, timeMs: 1, available: '0', reason: 'deposit' } as const;
  sink({ ...common, account: 'a', asset: 'X', total: '1' });
  sink({ ...common, account: 'b', asset: 'X', total: '2' });
  sink({ ...common, account: 'a', asset: 'X', total: '3' });
  expect(memory.balances('a')).toMatchObject([{ total: '3' }]);
  expect(memory.balances()).toHaveLength(2);
});
