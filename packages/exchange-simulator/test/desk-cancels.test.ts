import { expect, test } from 'vitest';
import type { CancelRefusal, OrderUpdate } from '../src/desk/desk-types.ts';
import { deskCase } from './desk-case.ts';

const asked = { account: 'ann', orderId: 'one', symbol: 'ASD/USDT' } as const;
const newest = ({ updates }: ReturnType<typeof deskCase>): OrderUpdate => updates.at(-1) as OrderUpdate;

test('a refusal names the request that it refuses, if that had a name', () => {
  const given = deskCase({ delayMs: () => 100 });
  for (const requestId of ['first', undefined, 'third'])
    given.desk.cancel('ann', 'none', 'ASD/USDT', requestId);
  given.runtime.pass(100);
  const refused = given.updates.slice(-3) as readonly OrderUpdate[];
  expect(refused.map(({ requestId }) => requestId)).toEqual(['first', undefined, 'third']);
  expect(refused.map((update) => 'requestId' in update)).toEqual([true, false, true]);
});

test('a cancel that is refused elsewhere is told as it was refused, and nothing is canceled', () => {
  const given = deskCase();
  given.submit('one', { priceTicks: 700 });
  const order = given.desk.order('ann', 'one');
  const before = given.desk.sequence;
  for (const refusal of ['unknown-order', 'repeated', 'already-ended'] as const satisfies CancelRefusal[]) {
    given.desk.refuseCancel({ ...asked, symbol: 'X/Y', refusal, requestId: 'mine' });
    const what = { kind: 'order', change: 'cancel-refused', refusal, requestId: 'mine' };
    expect(newest(given)).toMatchObject({ ...asked, ...what, order });
  }
  expect(newest(given).sequence).toBe(before + 3);
  expect(given.desk.order('ann', 'one')).toEqual(order);
  given.desk.refuseCancel({ ...asked, orderId: 'none', symbol: 'X/Y', refusal: 'unknown-order' });
  expect(newest(given)).toMatchObject({ orderId: 'none', symbol: 'X/Y', order: undefined });
});

test('a cancel that is refused elsewhere does not wait for the engine, and never comes to it', () => {
  let delayMs = 100;
  const given = deskCase({ delayMs: () => delayMs });
  given.desk.refuseCancel({ ...asked, refusal: 'unknown-order' });
  expect(given.heard()).toEqual(['one cancel-refused unknown-order']);
  delayMs = 0;
  given.submit('one', { priceTicks: 700 });
  given.runtime.pass(100);
  expect(given.heard()).toEqual(['one accepted open']);
});

test('only accounts of the desk have cancels', () => {
  const { desk } = deskCase();
  const refusal = { ...asked, account: 'nobody', refusal: 'repeated' } as const;
  expect(() => desk.refuseCancel(refusal)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
});
