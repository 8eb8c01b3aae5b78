import { expect, test } from 'vitest';
import { createMatchingEngine } from '../src/engine/create-engine.ts';
import type { OrderRequest } from '../src/engine/engine-types.ts';
import { createFloor, type Floor } from '../src/floor/floor.ts';
import { workedRules } from './desk-case.ts';

const fees = { maker: '0', taker: '0' };

/** A floor with an account that has plenty, and its clock. */
function stage(): { readonly floor: Floor; readonly clock: { atMs: number } } {
  const clock = { atMs: 1 };
  const floor = createFloor(
    (onEvent) => createMatchingEngine({ instruments: [workedRules], fees, onEvent }),
    { now: () => clock.atMs },
  );
  floor.openAccount('ann');
  for (const asset of ['ASD', 'USDT']) floor.deposit('ann', asset, 10n ** 15n);
  return { floor, clock };
}

function order(id: string, side: OrderRequest['side'] = 'buy'): OrderRequest {
  const usual = { account: 'ann', symbol: 'ASD/USDT', kind: 'limit' } as const;
  return { ...usual, id, side, priceTicks: 712, sizeLots: 500 };
}

test.each<[string, (floor: Floor) => void]>([
  ['an order', (floor) => floor.place(order('late'))],
  ['a cancel', (floor) => floor.cancel('first')],
  ['a cancel of all', (floor) => floor.cancelAll('ann')],
  ['a deposit', (floor) => floor.deposit('ann', 'USDT', 1n)],
  ['a withdrawal', (floor) => floor.withdraw('ann', 'USDT', 1n)],
  ['a transfer', (floor) => floor.transfer('ann', 'ann', 'USDT', 1n)],
  ['a halt', (floor) => floor.setStatus('ASD/USDT', 'halted')],
])('%s within an event is refused, and the operation goes on', (_what, act) => {
  const { floor } = stage();
  const refusals: unknown[] = [];
  let events = 0;
  floor.listen({
    event() {
      events += 1;
      try {
        act(floor);
      } catch (error) {
        refusals.push(error);
      }
    },
  });
  floor.place(order('first'));
  expect(floor.engine.levels('ASD/USDT', 'buy')).toEqual([{ priceTicks: 712, sizeLots: 500 }]);
  expect(refusals.length).toBe(events);
  expect(refusals[0]).toMatchObject({
    code: 'invalid-request',
    message: 'floor: expected an operation to begin when the one before is over, got one within an event',
  });
});

test('what somebody does who is told of an operation is done at once, and told behind it', () => {
  const { floor, clock } = stage();
  const told: string[] = [];
  let isFirst = true;
  floor.listen({
    event: ({ kind }) => void told.push(kind),
    settle: (atMs) => () => {
      told.push(`one ${atMs}`);
      if (!isFirst) return;
      isFirst = false;
      clock.atMs = 2;
      floor.place(order('second', 'sell'));
      told.push(`done: ${floor.engine.order('first') === undefined}`);
    },
  });
  floor.listen({
    settle(atMs) {
      told.push(`taken in ${atMs}`);
      return () => void told.push(`two ${atMs}`);
    },
  });
  floor.place(order('first'));
  expect(told.filter((text) => / |:/.test(text))).toEqual([
    ...['taken in 1', 'one 1', 'taken in 2', 'done: true', 'two 1', 'one 2', 'two 2'],
  ]);
});

test('an operation that throws is over, and so is one of which somebody throws who is told', () => {
  const { floor } = stage();
  expect(() => floor.deposit('nobody', 'USDT', 1n)).toThrow('account nobody');
  const ends: string[] = [];
  floor.listen({
    settle: () => () => {
      ends.push('heard');
      if (ends.length === 1) throw new Error('a mistake in it');
    },
  });
  expect(() => floor.place(order('first'))).toThrow('a mistake in it');
  expect(floor.place(order('second')).refusal).toBeUndefined();
  expect(ends).toEqual(['heard', 'heard']);
});

test('a transfer to nobody leaves the money where it is', () => {
  const { floor } = stage();
  expect(() => floor.transfer('ann', 'nobody', 'USDT', 40n)).toThrow('account nobody');
  expect(floor.engine.balance('ann', 'USDT').total).toBe(10n ** 15n);
  expect(floor.engine.ledger().get('USDT')?.withdrawn).toBe(0n);
});
