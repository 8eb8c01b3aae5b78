import {
  type AsyncOptions,
  type CancelAllResult,
  type OrderStatus,
  type TrackedOrder,
  type UnknownDecision,
  VenueError,
} from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { goldOnly, goldOrder, othersOrder } from '../../test/orders.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createAccountLog } from './account-log.ts';
import { makeFill } from './fill.ts';
import { newOrder } from './new-order.ts';
import { createOrderDenial } from './order-denial.ts';
import { createTrading } from './trading.ts';
import type { TradingParts } from './trading-parts.ts';

const request = { type: 'limit', pair: 'GOLD-COIN', side: 'buy', amount: '1', price: '2' } as const;

/** A venue that cancels every order, and takes one when the gate is open. */
function setUp(parts: Partial<TradingParts> = {}) {
  const runtime = createManualRuntime();
  const log = createAccountLog({ runtime, venue: 'v' });
  log.begin();
  log.setState('ready');
  const gate = Promise.withResolvers<void>();
  const canceled: string[] = [];
  const kinds: string[] = [];
  log.events.subscribe(({ kind }) => kinds.push(kind));
  const trading = createTrading({
    ...{ runtime, venue: 'v', log },
    placeOrder: async (asked) => {
      await gate.promise;
      const order = newOrder(asked, { runtime, venue: 'v', instruments: goldOnly });
      return log.tell('order-open', { ...order, status: 'open' });
    },
    cancelOrder: async (order: TrackedOrder, _: AsyncOptions) => {
      canceled.push(order.clientOrderId);
      return log.tell('order-canceled', { ...order, status: 'canceled' });
    },
    ...parts,
  });
  return { runtime, log, trading, canceled, gate, kinds };
}

test('an order of somebody else is told and never touched', async () => {
  const { log, trading, canceled } = setUp();
  const others = othersOrder({ clientOrderId: 'theirs' });
  log.tell('order-external', others, { possibleSplitBrain: false });
  log.tell('order-external', othersOrder({ venueOrderId: 'v2', status: 'filled' }), {
    possibleSplitBrain: false,
  });
  log.tell('order-adopted', goldOrder({ clientOrderId: 'taken', status: 'open', origin: 'adopted' }));
  expect(trading.orders.open().map(({ clientOrderId }) => clientOrderId)).toEqual(['taken']);
  expect([...trading.orders]).toHaveLength(3);
  const states: unknown[] = [];
  trading.orders.subscribe(({ order }) => states.push(order.clientOrderId));
  expect(states.sort()).toEqual(['taken', 'theirs']);
  const byVenue = (venueOrderId: string) => ({ pair: 'GOLD-COIN', venueOrderId });
  for (const reference of ['theirs', byVenue('v1'), byVenue('v2'), others as never]) {
    await expect(trading.cancelOrder(reference)).rejects.toMatchObject({
      ...{ code: 'invalid-request', outcome: 'not-sent', venue: 'v' },
    });
    expect(() => trading.resolveUnknown(reference, 'placed', 'why')).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  }
  const result = await trading.cancelAll();
  expect([result.complete, result.canceled.length, canceled]).toEqual([true, 1, ['taken']]);
  expect(trading.orders.get('theirs')?.status).toBe('open');
});

test('one identifier of the venue in two pairs is two orders', async () => {
  const { log, trading, canceled } = setUp();
  for (const pair of ['GOLD-COIN', 'A-B']) {
    log.tell(
      'order-open',
      goldOrder({ clientOrderId: `in ${pair}`, pair, venueOrderId: '7', status: 'open' }),
    );
    log.tell('order-external', othersOrder({ pair, venueOrderId: '8' }), { possibleSplitBrain: false });
  }
  expect(trading.orders.size).toBe(4);
  expect(trading.orders.getByVenueId('A-B', '7')?.clientOrderId).toBe('in A-B');
  expect(trading.orders.getByVenueId('GOLD-COIN', '7')?.clientOrderId).toBe('in GOLD-COIN');
  expect(trading.orders.getByVenueId('A-B', '8')?.pair).toBe('A-B');
  expect(trading.orders.getByVenueId('C-D', '7')).toBeUndefined();
  await trading.cancelOrder({ pair: 'A-B', venueOrderId: '7' });
  expect(canceled).toEqual(['in A-B']);
  expect(trading.orders.getByVenueId('GOLD-COIN', '7')?.status).toBe('open');
});

test('while an order is held back inside the connector, cancelAll cancels the others at once, takes none, and is not complete', async () => {
  const { trading, runtime, gate, log, canceled } = setUp();
  log.tell('order-open', goldOrder({ clientOrderId: 'mine', status: 'open' }));
  const held = trading.placeOrder({ ...request, clientOrderId: 'held' });
  let result: CancelAllResult | undefined;
  const canceling = trading.cancelAll({ timeoutMs: 500 }).then((made) => {
    result = made;
  });
  const elsewhere = await trading.cancelAll({ pair: 'A-B' });
  expect(elsewhere.complete).toBe(true);
  expect(canceled).toEqual(['mine']);
  await runtime.advance(499);
  expect(result).toBeUndefined();
  await expect(trading.placeOrder(request)).rejects.toMatchObject({ code: 'denied', outcome: 'not-sent' });
  await runtime.advance(1);
  await canceling;
  const mine = [{ clientOrderId: 'mine' }];
  expect(result).toMatchObject({ complete: false, canceled: mine, remaining: [], uncertain: [] });
  gate.resolve();
  expect((await held).status).toBe('open');
  expect((await trading.placeOrder(request)).status).toBe('open');
  expect(await trading.cancelAll()).toMatchObject({ complete: true, canceled: [{}, {}] });
  expect(runtime.waiting).toEqual([]);
});

test('an order that was handed over and has no answer is in the result as uncertain', async () => {
  const { trading, runtime, log } = setUp({
    placeOrder: (asked) => {
      log.tell('order-sent', { ...newOrder(asked, { runtime, instruments: goldOnly }), status: 'sent' });
      return new Promise(() => {});
    },
  });
  void trading.placeOrder({ ...request, clientOrderId: 'held' });
  const canceling = trading.cancelAll({ timeoutMs: 500 });
  await runtime.advance(500);
  expect(await canceling).toMatchObject({ complete: false, uncertain: [{ clientOrderId: 'held' }] });
});

test('a cancelAll of the venue is not believed either while an order is on its way, lives, or may not be known yet', async () => {
  const nothing = { canceled: [], filled: [], ended: [], remaining: [], uncertain: [] };
  const { trading, gate, log } = setUp({ cancelAll: async () => ({ complete: true, ...nothing }) });
  expect((await trading.cancelAll()).complete).toBe(true);
  const held = trading.placeOrder(request);
  expect((await trading.cancelAll()).complete).toBe(false);
  gate.resolve();
  const order = await held;
  expect((await trading.cancelAll()).complete).toBe(false);
  expect((await trading.cancelAll({ pair: 'A-B' })).complete).toBe(true);
  log.tell('order-canceled', { ...order, status: 'canceled' });
  expect((await trading.cancelAll()).complete).toBe(true);
  log.setState('reconciling');
  expect((await trading.cancelAll()).complete).toBe(false);
});

test('a cancel does not overtake the order that is sent again', async () => {
  const steps: string[] = [];
  const sent = Promise.withResolvers<void>();
  const { log, trading } = setUp({
    resubmit: async (order) => {
      await sent.promise;
      steps.push('arrived');
      return log.tell('order-open', { ...order, status: 'open' });
    },
    cancelOrder: async (order) => {
      steps.push(`cancel ${order.clientOrderId}`);
      return log.tell('order-canceled', { ...order, status: 'canceled' });
    },
  });
  for (const id of ['again', 'alone']) {
    log.tell('order-uncertain', goldOrder({ clientOrderId: id, status: 'unknown' }), { reason: 'timeout' });
  }
  const resubmitting = trading.resubmit('again');
  const canceling = trading.cancelAll();
  await settle();
  expect(steps).toEqual(['cancel alone']);
  sent.resolve();
  await resubmitting;
  expect(await canceling).toMatchObject({ complete: true });
  expect(steps).toEqual(['cancel alone', 'arrived', 'cancel again']);
});

test('whoever cancels all when it hears of the first step of an order waits for that order too', async () => {
  const made = setUp();
  const { log, runtime, gate, canceled } = made;
  const trading = createTrading({
    ...{ runtime, venue: 'v', log },
    placeOrder: async (asked) => {
      const order = newOrder(asked, { runtime, instruments: goldOnly });
      const sent = log.tell('order-sent', { ...order, status: 'sent' });
      await gate.promise;
      return log.tell('order-open', { ...sent, status: 'open' });
    },
    cancelOrder: (order, options) => made.trading.cancelOrder(order, options),
  });
  let canceling: Promise<CancelAllResult> | undefined;
  log.events.subscribe((event) => {
    if (event.kind === 'order-sent') canceling = trading.cancelAll();
  });
  const placing = trading.placeOrder({ ...request, clientOrderId: 'mine' });
  await settle();
  expect(canceled).toEqual([]);
  gate.resolve();
  expect((await placing).status).toBe('open');
  expect(await canceling).toMatchObject({ complete: true, canceled: [{ clientOrderId: 'mine' }] });
});

test.each([
  ['unknown', 'placed', 'open', ['order-recovered', 'order-open']],
  ['unknown', 'canceled', 'canceled', ['order-recovered', 'order-open', 'order-canceled']],
  ['unknown', 'not-placed', 'not-placed', ['order-not-placed']],
  ['sent', 'placed', 'open', ['order-open']],
  ['sent', 'not-placed', 'not-placed', ['order-not-placed']],
  ['acked', 'canceled', 'canceled', ['order-open', 'order-canceled']],
  ['open', 'placed', 'open', ['order-recovered']],
  ['open', 'canceled', 'canceled', ['order-canceled']],
] as const)(
  'an operator decides that an order in doubt that was %s is %s',
  (status, decision, to, events) => {
    const { log, trading, kinds } = setUp();
    log.tell('order-anomaly', goldOrder({ clientOrderId: 'mine', status, knowledge: 'stale' }), {
      reason: '',
    });
    kinds.length = 0;
    const decided = trading.resolveUnknown('mine', decision, 'seen in the browser');
    expect([decided.status, decided]).toEqual([to, log.orders.get('mine')]);
    expect(kinds).toEqual(events);
    expect(() => trading.resolveUnknown('mine', decision, 'again')).toThrow(
      expect.objectContaining({ code: 'invalid-request', clientOrderId: 'mine' }),
    );
  },
);

test('nobody decides about an order that is on its way', async () => {
  const gate = Promise.withResolvers<void>();
  const { log, trading } = setUp({
    resubmit: async (order) => {
      await gate.promise;
      return log.tell('order-open', { ...order, status: 'open' });
    },
  });
  log.tell('order-uncertain', goldOrder({ clientOrderId: 'mine', status: 'unknown' }), { reason: 'timeout' });
  const resubmitting = trading.resubmit('mine');
  expect(() => trading.resolveUnknown('mine', 'not-placed', 'why')).toThrow('on its way');
  gate.resolve();
  expect((await resubmitting).status).toBe('open');
});

test('a word that is no decision decides nothing', () => {
  const { log, trading, kinds } = setUp();
  log.tell('order-uncertain', goldOrder({ clientOrderId: 'mine', status: 'unknown' }), { reason: 'timeout' });
  expect(() => trading.resolveUnknown('mine', 'open' as UnknownDecision, 'why')).toThrow(
    expect.objectContaining({ code: 'invalid-request', message: expect.stringContaining('expected one of') }),
  );
  expect(kinds).toEqual(['start', 'order-uncertain']);
});

test('what is told while a decision is told stands', () => {
  const { log, trading, runtime } = setUp();
  log.tell('order-uncertain', goldOrder({ clientOrderId: 'mine', status: 'unknown' }), { reason: 'timeout' });
  log.events.subscribe((event) => {
    if (event.kind !== 'order-recovered') return;
    const open = log.tell('order-open', { ...(event.order as TrackedOrder), status: 'open' });
    const details = { runtime, amount: '1', price: '2', liquidity: 'maker' } as const;
    const { fill, order } = makeFill(open, details);
    log.tell('order-fill', { ...order, status: 'partially-filled' }, { fill });
  });
  const decided = trading.resolveUnknown('mine', 'canceled', 'seen in the browser');
  expect([decided.status, decided.filledAmount.toString()]).toEqual(['canceled', '1']);
});

test('an order that ends while a decision is told has ended', () => {
  const { log, trading, kinds } = setUp();
  log.tell('order-uncertain', goldOrder({ clientOrderId: 'mine', status: 'unknown' }), { reason: 'timeout' });
  log.events.subscribe((event) => {
    if (event.kind === 'order-recovered') log.tell('order-expired', { ...event.order, status: 'expired' });
  });
  expect(trading.resolveUnknown('mine', 'canceled', 'why').status).toBe('expired');
  expect(kinds).toEqual(['start', 'order-uncertain', 'order-recovered', 'order-expired']);
});

test.each<[OrderStatus, TrackedOrder['knowledge'], UnknownDecision]>([
  ['open', 'live', 'canceled'],
  ['filled', 'stale', 'placed'],
  ['canceled', 'settled', 'not-placed'],
  // The venue has shown it: that it was never placed cannot be.
  ['open', 'stale', 'not-placed'],
  ['acked', 'stale', 'not-placed'],
  ['journaled', 'stale', 'placed'],
])('an order that is %s and %s cannot be decided to be %s', (status, knowledge, decision) => {
  const { log, trading, kinds } = setUp();
  log.tell('order-anomaly', goldOrder({ clientOrderId: 'mine', status, knowledge }), { reason: '' });
  kinds.length = 0;
  expect(() => trading.resolveUnknown('mine', decision, 'why')).toThrow(
    expect.objectContaining({ code: 'invalid-request', clientOrderId: 'mine' }),
  );
  expect(kinds).toEqual([]);
  expect(() => trading.resolveUnknown('nobody', decision, 'why')).toThrow(
    expect.objectContaining({ code: 'order-not-found' }),
  );
});

test('who decided what, and why, is in the event or in the log of the runtime', () => {
  const { log, trading, runtime } = setUp();
  const lines: string[] = [];
  const { logger } = runtime;
  Object.assign(logger, { info: (message: string) => lines.push(message) });
  const reasons: unknown[] = [];
  log.events.subscribe((event) => {
    if (event.kind === 'order-not-placed') reasons.push(event.proof);
    if (event.kind === 'order-canceled') reasons.push(event.reason);
    if (event.kind === 'order-recovered' && event.order.clientOrderId === 'placed')
      reasons.push(event.reason);
  });
  for (const decision of ['not-placed', 'canceled', 'placed'] as const) {
    log.tell('order-uncertain', goldOrder({ clientOrderId: decision, status: 'unknown' }), { reason: '' });
    trading.resolveUnknown(decision, decision, 'seen in the browser');
  }
  const decided = 'an operator decided: seen in the browser';
  expect(reasons).toEqual([decided, decided, decided]);
  expect(lines.at(-1)).toBe('an operator decided that order placed is placed: seen in the browser');
});

test('an unknown order is sent again where the venue takes it, and no other order is', async () => {
  const sent: string[] = [];
  const gate = Promise.withResolvers<void>();
  const { log, trading } = setUp({
    resubmit: async (order) => {
      sent.push(order.clientOrderId);
      await gate.promise;
      return log.tell('order-acked', { ...order, status: 'acked' });
    },
  });
  const unknown = log.tell('order-uncertain', goldOrder({ clientOrderId: 'mine', status: 'unknown' }), {
    reason: 'timeout',
  });
  log.tell('order-open', goldOrder({ clientOrderId: 'open', status: 'open' }));
  const refused = (id: string, code: string) =>
    expect(trading.resubmit(id)).rejects.toMatchObject({ code, outcome: 'not-sent' });
  await refused('open', 'invalid-request');
  await refused('nobody', 'order-not-found');
  log.setState('halted');
  await refused('mine', 'denied');
  log.setState('ready');
  const resubmitting = trading.resubmit(unknown);
  const canceling = trading.cancelAll();
  await refused('mine', 'denied');
  gate.resolve();
  expect((await resubmitting).status).toBe('acked');
  expect(await canceling).toMatchObject({ complete: true });
  expect(sent).toEqual(['mine']);
});

test('a denial names the rule for programs where there is one', () => {
  const denial = { venue: 'v', order: { clientOrderId: 'mine' }, message: 'price: too high' };
  const rule = { field: 'price', rule: 'would-take' } as const;
  expect(createOrderDenial({ ...denial, rule })).toMatchObject({ rule, code: 'invalid-order' });
  expect(createOrderDenial(denial)).toBeInstanceOf(VenueError);
  expect(createOrderDenial(denial).rule).toBeUndefined();
});
