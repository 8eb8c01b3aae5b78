import type {
  AccountEvent,
  Order,
  OrderEventKind,
  OrderStatus,
  TrackedOrder,
} from '@venuekit/connector-core';
import { decimal, endedStatuses, isEnded } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goldOrder, othersOrder } from '../../test/orders.ts';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { createAccountLog } from './account-log.ts';
import { makeFill } from './fill.ts';

function setUp() {
  const runtime = createManualRuntime();
  const log = createAccountLog({ runtime, venue: 'v' });
  const told: AccountEvent[] = [];
  log.begin();
  log.events.subscribe((event) => told.push(event));
  return { runtime, log, last: () => told.at(-1), told };
}

const lateFill = (order: TrackedOrder, late = true) =>
  makeFill(order, { runtime: createManualRuntime(), amount: '1', price: '2', liquidity: 'maker', late });

test.each(endedStatuses)(
  'an order that is %s stays so, whatever is told, and what was told is an anomaly',
  (status) => {
    const { log, last } = setUp();
    const kept = log.tell('order-anomaly', goldOrder({ clientOrderId: 'mine', status }), { reason: 'first' });
    const wrong = { ...kept, filledAmount: decimal('9'), pendingCommand: 'cancel-requested' } as const;
    const acts: readonly (() => Order)[] = [
      () => log.tell('order-open', { ...wrong, status: 'open' }),
      () => log.tell('order-sent', wrong),
      () => log.tell('order-acked', { ...wrong, status: 'acked' }),
      () => log.tell('order-uncertain', { ...wrong, status: 'unknown' }, { reason: 'timeout' }),
      () => log.tell('order-recovered', { ...wrong, status: 'open' }),
      () => log.tell('order-triggered', wrong),
      () => log.tell('order-filled', { ...wrong, status: 'filled' }),
      () => log.tell('order-canceled', { ...wrong, status: 'canceled' }),
      () => log.tell('order-expired', { ...wrong, status: 'expired' }),
      () => log.tell('order-not-placed', { ...wrong, status: 'not-placed' }, { proof: 'none' }),
      () => log.tell('order-settled', { ...wrong, status: 'open' }),
      () => log.tell('order-fill', { ...wrong, status: 'open' }, { fill: lateFill(kept).fill }),
      () => log.tell('order-fill', wrong, { fill: lateFill(kept, false).fill }),
    ];
    for (const act of acts) {
      expect(act()).toEqual(kept);
      expect(log.orders.get('mine')).toEqual(kept);
      expect(last()).toMatchObject({
        ...{
          kind: 'order-anomaly',
          order: kept,
          reason: expect.stringContaining(`an order that is ${status}`),
        },
      });
    }
  },
);

test('an anomaly that takes the place of news has the times of the news, and its order keeps its own', async () => {
  const { log, last, runtime } = setUp();
  const kept = log.tell('order-canceled', goldOrder({ clientOrderId: 'mine', status: 'canceled' }), {
    venueTimeMs: 3,
  });
  await runtime.advance(10);
  log.tell('order-open', { ...kept, status: 'open' }, { venueTimeMs: 2, receivedAtMs: 7 });
  expect(last()).toMatchObject({ kind: 'order-anomaly', venueTimeMs: 2, receivedAtMs: 7, eventNumber: 2 });
  expect(log.orders.get('mine')).toEqual(kept);
});

test('late fills, a settlement, and what becomes of a cancel are told of an ended order', () => {
  const { log, told } = setUp();
  const kept = log.tell('order-canceled', goldOrder({ clientOrderId: 'mine', status: 'canceled' }));
  const { fill, order } = lateFill(kept);
  const filled = log.tell('order-fill', order, { fill });
  expect(filled.filledAmount.toString()).toBe('1');
  log.tell('order-fill-refined', filled, { fill, previous: fill });
  log.tell('order-cancel', { ...filled, pendingCommand: 'none' }, { phase: 'refused' });
  log.tell('order-adopted', { ...filled, origin: 'adopted' });
  const settled = log.tell('order-settled', { ...filled, knowledge: 'settled' });
  expect(log.orders.get('mine')).toBe(settled);
  const external = log.tell('order-external', othersOrder({ status: 'filled' }), {
    possibleSplitBrain: false,
  });
  log.tell('order-external', external, { possibleSplitBrain: true });
  expect(told.map(({ kind }) => kind)).toEqual([
    ...['start', 'order-canceled', 'order-fill', 'order-fill-refined', 'order-cancel', 'order-adopted'],
    ...['order-settled', 'order-external', 'order-external'],
  ]);
});

test('a correction leads out of an end, and everything can be told again', () => {
  const { log, last } = setUp();
  const kept = log.tell('order-not-placed', goldOrder({ clientOrderId: 'mine', status: 'not-placed' }), {
    proof: 'none',
  });
  const evidence = { from: 'not-placed', to: 'unknown', evidence: 'seen' } as const;
  const corrected = log.tell('order-correction', { ...kept, status: 'unknown' }, evidence);
  log.tell('order-open', { ...corrected, status: 'open' });
  expect(last()).toMatchObject({ kind: 'order-open', order: { status: 'open' } });
});

test('whatever is told, an order leaves its end by a correction only', () => {
  const statuses: readonly OrderStatus[] = [...endedStatuses, 'open', 'unknown', 'partially-filled'];
  const kinds: readonly OrderEventKind[] = [
    ...(['order-open', 'order-filled', 'order-canceled', 'order-settled', 'order-cancel'] as const),
    ...(['order-correction', 'order-external', 'order-adopted', 'order-anomaly'] as const),
  ];
  const steps = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.constantFrom(...statuses)), {
    maxLength: 20,
  });
  let left = 0;
  fc.assert(
    fc.property(steps, (plan) => {
      const { log } = setUp();
      for (const [kind, status] of plan) {
        const before = log.orders.get('mine');
        log.tell(kind as 'order-open', goldOrder({ clientOrderId: 'mine', status }));
        const after = log.orders.get('mine')?.status;
        if (before === undefined || !isEnded(before) || before.status === after) continue;
        expect(kind).toBe('order-correction');
        left += 1;
      }
    }),
    { numRuns: 300 },
  );
  expect(left).toBeGreaterThan(0);
});
