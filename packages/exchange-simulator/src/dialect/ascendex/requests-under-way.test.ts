import { expect, test } from 'vitest';
import type { AccountUpdate, DeskOrder, OrderUpdate } from '../../desk/desk-types.ts';
import { createRequestsUnderWay } from './requests-under-way.ts';

type Told = Pick<OrderUpdate, 'change' | 'orderId'> & Partial<OrderUpdate>;

function stage(duplicateCancelMs = 1_000) {
  const [listeners, timers] = [new Map<string, (update: AccountUpdate) => void>(), [] as (() => void)[]];
  const handed: string[] = [];
  const clock = { nowMs: 0, monotonic: () => clock.nowMs };
  const underWay = createRequestsUnderWay({
    desk: {
      submit: ({ id }) => void handed.push(`submit ${id}`),
      cancel: (_, orderId) => void handed.push(`cancel ${orderId}`),
      cancelAll: (account, symbol) => void handed.push(`cancel all ${account} ${symbol}`),
      refuseCancel: ({ orderId, refusal }) => void handed.push(`refuse ${orderId} ${refusal}`),
      subscribe(account, listener) {
        if (listeners.has(account)) throw new Error(`expected to be subscribed to ${account} once`);
        listeners.set(account, listener);
        return { [Symbol.dispose]: () => undefined };
      },
    },
    clock,
    timers: {
      setTimer(_, fire) {
        timers.push(fire);
        return { [Symbol.dispose]: () => undefined };
      },
    },
    options: { duplicateCancelMs },
  });
  return {
    ...{ underWay, handed, clock },
    order: (id: string, account = 'ann') =>
      underWay.takeOrder({ id, account, symbol: 'BTC/USDT' } as DeskOrder),
    cancel: (orderId: string, requestId = `cancel of ${orderId}`) =>
      underWay.takeCancel({ account: 'ann', orderId, symbol: 'BTC/USDT', requestId }),
    tell: (update: Told, account = 'ann') =>
      listeners.get(account)?.({ kind: 'order', account, ...update } as OrderUpdate),
    fire: () => timers.shift()?.(),
  };
}

test.each(['accepted', 'rejected'] as const)(
  'an order is under way from its reply until it is told as %s, for its account and its market',
  (change) => {
    const { underWay, order, tell } = stage();
    order('one');
    expect(underWay.hasOrder('ann', 'one')).toBe(true);
    expect(underWay.hasOrder('ann', 'one', 'BTC/USDT')).toBe(true);
    expect(underWay.hasOrder('ann', 'one', 'ETH/USDT')).toBe(false);
    expect([underWay.hasOrder('bob', 'one'), underWay.hasOrder('ann', 'two')]).toEqual([false, false]);
    tell({ change, orderId: 'two' });
    tell({ change: 'filled', orderId: 'one' });
    expect(underWay.hasOrder('ann', 'one')).toBe(true);
    tell({ change, orderId: 'one' });
    expect(underWay.hasOrder('ann', 'one')).toBe(false);
  },
);

test('an order knows how many of its id are before it, as long as they are under way', () => {
  const { underWay, order, tell } = stage();
  expect([order('one').ahead, order('one').ahead, order('two').ahead, order('one', 'bob').ahead]).toEqual([
    0, 1, 0, 0,
  ]);
  tell({ change: 'accepted', orderId: 'one' });
  expect(order('one').ahead).toBe(1);
  for (const _ of [1, 2]) tell({ change: 'rejected', orderId: 'one' });
  expect(underWay.hasOrder('ann', 'one')).toBe(false);
});

test('what may go on now waits for what is behind a reply', () => {
  const { underWay, order, cancel, handed, fire } = stage();
  order('one').submit('now');
  order('two').submit('behind-reply');
  underWay.takeCancelAll('ann', 'BTC/USDT').submit('now');
  const request = { account: 'ann', orderId: 'two', symbol: 'BTC/USDT', requestId: 'r' };
  underWay.takeRefusal(request, 'repeated').submit('now');
  expect(handed.splice(0)).toEqual(['submit one']);
  for (const _ of [1, 2, 3]) fire();
  cancel('three').submit('now');
  expect(handed).toEqual(['submit two', 'cancel all ann BTC/USDT', 'refuse two repeated', 'cancel three']);
});

test('a cancel counts for a while from its reply', () => {
  const { underWay, cancel, clock } = stage();
  cancel('one');
  clock.nowMs = 999;
  expect([underWay.hasCancel('ann', 'one'), underWay.hasCancel('bob', 'one')]).toEqual([true, false]);
  clock.nowMs = 1_000;
  expect(underWay.hasCancel('ann', 'one')).toBe(false);
  cancel('one');
  expect(underWay.hasCancel('ann', 'one')).toBe(true);
});

test('a cancel that is refused counts no longer; the refusal of another one, or of the same again, changes nothing', () => {
  const { underWay, cancel, tell } = stage();
  cancel('one', 'first');
  tell({ change: 'cancel-refused', orderId: 'one', refusal: 'already-ended', requestId: 'other' });
  tell({ change: 'cancel-refused', orderId: 'one', refusal: 'repeated', requestId: 'first' });
  tell({ change: 'canceled', orderId: 'one' });
  expect(underWay.hasCancel('ann', 'one')).toBe(true);
  tell({ change: 'cancel-refused', orderId: 'one', refusal: 'not-trading', requestId: 'first' });
  expect(underWay.hasCancel('ann', 'one')).toBe(false);
});

test('beyond ten thousand, the oldest cancels are forgotten', () => {
  const { underWay, cancel } = stage();
  for (let index = 0; index <= 10_000; index += 1) cancel(`order ${index}`);
  expect(['order 0', 'order 1', 'order 10000'].map((id) => underWay.hasCancel('ann', id))).toEqual([
    false,
    true,
    true,
  ]);
});
