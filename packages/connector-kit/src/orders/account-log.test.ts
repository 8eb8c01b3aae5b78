import {
  type AccountEvent,
  decimal,
  type Order,
  type TrackedOrder,
  VenueError,
} from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goldOrder, othersOrder } from '../../test/orders.ts';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { type AccountLogOptions, createAccountLog } from './account-log.ts';
import { makeFill } from './fill.ts';

function setUp(options: Partial<AccountLogOptions> = {}) {
  const runtime = createManualRuntime();
  const log = createAccountLog({ runtime, venue: 'v', ...options });
  const events: AccountEvent[] = [];
  log.events.subscribe((event) => events.push(event));
  log.begin();
  return { runtime, log, events };
}

const kindsOf = (events: readonly AccountEvent[]) => events.map(({ kind }) => kind);
const correction = { from: 'filled', to: 'open', evidence: 'a test' } as const;
const idsOf = (orders: Iterable<Order>) => [...orders].map(({ clientOrderId }) => clientOrderId);

test('what is told of an order is kept, found by both identifiers, and numbered', async () => {
  const { log, events, runtime } = setUp();
  const order = goldOrder({ clientOrderId: 'mine' }, runtime);
  log.tell('order-sent', { ...order, status: 'sent' });
  await runtime.advance(5);
  const open = log.tell(
    'order-open',
    { ...order, status: 'open', venueOrderId: 'v1' },
    { venueTimeMs: 3, receivedAtMs: 4 },
  );
  expect(open).toMatchObject({ status: 'open', changedAtMs: runtime.clock.now(), venueTimeMs: 3 });
  expect([log.orders.get('mine'), log.orders.getByVenueId('GOLD-COIN', 'v1')]).toEqual([open, open]);
  expect([log.orders.get('v1'), log.orders.getByVenueId('GOLD-COIN', 'mine')]).toEqual([
    undefined,
    undefined,
  ]);
  expect(log.orders.get('other')).toBeUndefined();
  expect(log.orders.size).toBe(1);
  expect(events).toMatchObject([
    { kind: 'start', fromMs: runtime.clock.now() - 5 },
    { kind: 'order-sent', eventNumber: 1, venueTimeMs: undefined, receivedAtMs: runtime.clock.now() - 5 },
    { kind: 'order-open', eventNumber: 2, venueTimeMs: 3, receivedAtMs: 4, order: open },
  ]);
  expect(() => Object.assign(open, { status: 'filled' })).toThrow(TypeError);
  expect(() => Object.assign(events[2] as object, { eventNumber: 9 })).toThrow(TypeError);
  const nameless = othersOrder({ venueOrderId: undefined });
  expect(() => log.tell('order-open', nameless)).toThrow(
    expect.objectContaining({ code: 'invalid-request' }),
  );
});

test('a fill lends its times to its event, and an anomaly does not change its order', async () => {
  const { log, events, runtime } = setUp();
  const { fill, order } = makeFill(goldOrder({ status: 'open' }, runtime), {
    ...{ runtime, amount: '1', price: '2', liquidity: 'maker', venueTimeMs: 8, receivedAtMs: 9 },
  });
  const told = log.tell('order-fill', { ...order, status: 'partially-filled' }, { fill });
  await runtime.advance(100);
  const same = log.tell('order-anomaly', told, { reason: 'filled less than before' });
  expect([told.venueTimeMs, same.venueTimeMs, same.changedAtMs]).toEqual([8, 8, told.changedAtMs]);
  expect(events.slice(1)).toMatchObject([
    { kind: 'order-fill', venueTimeMs: 8, receivedAtMs: 9, fill },
    { kind: 'order-anomaly', venueTimeMs: undefined, receivedAtMs: runtime.clock.now() },
  ]);
});

test('an order of somebody else has no client identifier, and keeps its place when that is learned', () => {
  const { log } = setUp();
  const external = othersOrder();
  log.tell('order-external', external, { possibleSplitBrain: false });
  log.tell('order-open', { ...external, clientOrderId: 'theirs' });
  expect([log.orders.size, log.orders.get('theirs')?.venueOrderId]).toEqual([1, 'v1']);
  // What was taken for two orders is one.
  log.tell('order-uncertain', goldOrder({ clientOrderId: 'mine', status: 'unknown' }), { reason: 'timeout' });
  log.tell('order-external', othersOrder({ venueOrderId: 'v2' }), { possibleSplitBrain: false });
  expect(log.orders.size).toBe(3);
  log.tell('order-recovered', goldOrder({ clientOrderId: 'mine', status: 'open', venueOrderId: 'v2' }));
  expect([log.orders.size, log.orders.getByVenueId('GOLD-COIN', 'v2')?.clientOrderId]).toEqual([2, 'mine']);
});

test('orders iterate by creation; open ones are those that live or may live', () => {
  const { log } = setUp();
  const statuses = [
    'created',
    'sent',
    'acked',
    'unknown',
    'open',
    'partially-filled',
    'filled',
    'denied',
  ] as const;
  for (const [at, status] of statuses.entries()) {
    log.tell('order-sent', goldOrder({ clientOrderId: status, status, createdAtMs: 100 - at }));
  }
  log.tell(
    'order-sent',
    goldOrder({ clientOrderId: 'elsewhere', pair: 'A-B', status: 'open', createdAtMs: 0 }),
  );
  expect(idsOf(log.orders)).toEqual(['elsewhere', ...[...statuses].reverse()]);
  expect(idsOf(log.orders.open())).toEqual(['elsewhere', ...statuses.slice(0, 6).reverse()]);
  expect(idsOf(log.orders.open('A-B'))).toEqual(['elsewhere']);
});

test('the states of orders begin with the living ones and conflate by order', async () => {
  const { log } = setUp();
  const tell = (id: string, status: Order['status']) =>
    log.tell('order-open', goldOrder({ clientOrderId: id, status }));
  tell('a', 'open');
  tell('b', 'filled');
  const reader = log.orders[Symbol.asyncIterator]();
  tell('a', 'partially-filled');
  tell('c', 'open');
  tell('a', 'canceled');
  const read = async () => {
    const { value } = await reader.next();
    return `${value?.order.clientOrderId} ${value?.order.status}`;
  };
  expect([await read(), await read()]).toEqual(['a canceled', 'c open']);
  expect(log.orders.stats.conflated).toBe(2);
  const stop = new AbortController();
  stop.abort();
  for await (const _ of log.orders.until(stop.signal)) expect.unreachable();
});

test('whatever is told when, every event is heard once, in order, by number, also those told inside a listener', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (plan) => {
      const { log, events } = setUp();
      const heard: number[] = [];
      log.events.subscribe((event) => {
        if (event.kind === 'order-sent') log.tell('order-acked', event.order);
        if ('eventNumber' in event) heard.push(event.eventNumber);
      });
      for (const [id, nested] of plan) {
        if (nested) log.tell('order-sent', goldOrder({ clientOrderId: id }));
        else log.tell('order-open', goldOrder({ clientOrderId: id }));
      }
      const total = plan.length + plan.filter(([, nested]) => nested).length;
      const numbers = Array.from({ length: total }, (_, at) => at + 1);
      expect(heard).toEqual(numbers);
      expect(events.flatMap((event) => ('eventNumber' in event ? event.eventNumber : []))).toEqual(numbers);
    }),
    { numRuns: 200 },
  );
});

test('settled orders are forgotten, the longest settled first, and no other ever', () => {
  const { log } = setUp({ mostSettledOrders: 2 });
  const tell = (id: string, change: Partial<TrackedOrder>) =>
    log.tell('order-open', { ...goldOrder({ clientOrderId: id, venueOrderId: `v-${id}` }), ...change });
  const settled = (id: string) => {
    const kept = log.orders.get(id) as TrackedOrder;
    log.tell('order-settled', { ...kept, knowledge: 'settled' });
  };
  const known = () => idsOf(log.orders).sort();
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) tell(id, { status: 'open' });
  for (const id of ['a', 'b', 'c', 'd']) tell(id, { status: 'filled' });
  expect(known()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  for (const id of ['c', 'b', 'a']) settled(id);
  expect(known()).toEqual(['a', 'b', 'd', 'e', 'f']);
  expect([log.orders.get('c'), log.orders.getByVenueId('GOLD-COIN', 'v-c')]).toEqual([undefined, undefined]);
  const b = log.orders.get('b') as TrackedOrder;
  log.tell('order-correction', { ...b, status: 'open', knowledge: 'live' }, correction);
  settled('d');
  // What never left has nothing more to tell.
  tell('e', { status: 'denied' });
  expect(known()).toEqual(['b', 'd', 'e', 'f']);
  expect(idsOf(log.orders.open()).sort()).toEqual(['b', 'f']);
});

test.each([0, Number.NaN])('%s events are not a number of events that a reader may leave unread', (bound) => {
  expect(() => setUp({ bound })).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});

test('what is filled never goes down, whatever older state is told', () => {
  const { log, runtime } = setUp();
  const start = log.tell('order-open', goldOrder({ clientOrderId: 'mine', status: 'open' }));
  const fee = { asset: 'COIN', amount: '0.1' };
  const { fill, order } = makeFill(start, { runtime, fee, amount: '4', price: '2', liquidity: 'maker' });
  log.tell('order-fill', { ...order, status: 'partially-filled' }, { fill });
  const ended = log.tell('order-canceled', { ...start, status: 'canceled' });
  const filled = { filledAmount: decimal('4'), filledQuote: decimal('8'), fees: order.fees };
  expect(ended).toMatchObject({ status: 'canceled', ...filled });
  const settled = log.tell('order-settled', { ...start, status: 'canceled', knowledge: 'settled' });
  expect(settled).toMatchObject(filled);
});

test.each<[string, Order]>([
  ['client identifier is that of an order of GOLD-COIN', othersOrder({ clientOrderId: 'mine', pair: 'A-B' })],
  ['client identifier is that of an order of GOLD-COIN', goldOrder({ clientOrderId: 'mine', pair: 'A-B' })],
  ['is one of ours', othersOrder({ clientOrderId: 'mine', venueOrderId: 'v1' })],
  ['is one of ours', othersOrder({ clientOrderId: undefined, venueOrderId: 'v1' })],
  ['is that of order mine', goldOrder({ clientOrderId: 'other', venueOrderId: 'v1' })],
])('an order that cannot be the one that is known is told as an anomaly of that one: its %s', (why, told) => {
  const { log, events } = setUp();
  const mine = goldOrder({ clientOrderId: 'mine', venueOrderId: 'v1', status: 'open' });
  log.tell('order-open', mine);
  log.tell('order-canceled', { ...told, status: 'canceled' });
  expect(idsOf(log.orders)).toEqual(['mine']);
  expect(log.orders.open()).toMatchObject([{ clientOrderId: 'mine', pair: 'GOLD-COIN', status: 'open' }]);
  expect(events.at(-1)).toMatchObject({ kind: 'order-anomaly', reason: expect.stringContaining(why) });
});

test('the first reason for an end is the reason', () => {
  const { log } = setUp();
  const ends: unknown[] = [];
  log.events.subscribe(
    (event) => {
      if (event.kind === 'trading-state') log.end();
    },
    { onEnd: (error) => ends.push(error?.code) },
  );
  log.end(new VenueError({ code: 'permission', message: 'revoked' }));
  expect([ends, (log.ended.reason as VenueError).code]).toEqual([['permission'], 'permission']);
});

test.each([-1, Number.NaN])('%s orders are not a number of orders to remember', (mostSettledOrders) => {
  expect(() => setUp({ mostSettledOrders })).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});

test('whatever happens to orders, all are known of which more may come, and no more settled ones than the bound', () => {
  const step = fc.record({
    id: fc.integer({ min: 0, max: 12 }).map(String),
    status: fc.constantFrom('open', 'unknown', 'filled', 'canceled' as const),
    knowledge: fc.constantFrom('live', 'stale', 'settled' as const),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 4 }), (plan, bound) => {
      const { log } = setUp({ mostSettledOrders: bound });
      const living = new Set<string>();
      const ended = new Set<string>();
      const last = new Map<string, string>();
      for (const { id, status, knowledge } of plan) {
        const order = goldOrder({ clientOrderId: id, venueOrderId: `v${id}`, status, knowledge });
        log.tell('order-correction', order, correction);
        last.set(id, status);
        if (status === 'open' || status === 'unknown') living.add(id);
        else living.delete(id);
        if (!living.has(id) && knowledge !== 'settled') ended.add(id);
        else ended.delete(id);
        expect(new Set(idsOf(log.orders.open()))).toEqual(living);
        for (const kept of ended) expect(log.orders.get(kept)?.knowledge).not.toBe('settled');
        const settled = log.orders.size - living.size - ended.size;
        expect(settled).toBeLessThanOrEqual(bound);
        expect([...log.orders]).toHaveLength(log.orders.size);
      }
      for (const order of log.orders) {
        expect(order.status).toBe(last.get(order.clientOrderId ?? ''));
        expect(log.orders.getByVenueId(order.pair, order.venueOrderId ?? '')).toBe(order);
      }
    }),
    { numRuns: 200 },
  );
});

test('a listener that tells more never leaves a state feed at an older state', () => {
  const { log } = setUp();
  log.events.subscribe((event) => {
    if (event.kind === 'order-sent') log.tell('order-open', { ...event.order, status: 'open' });
    const held = event.kind === 'balance' && event.balance.available.toString() === '2';
    if (held) log.setBalance({ asset: 'GOLD', total: '2', available: '1' });
  });
  const states: string[] = [];
  log.orders.subscribe(({ order }) => states.push(order.status));
  log.balances.subscribe(({ balance }) => states.push(balance.available.toString()));
  log.tell('order-sent', goldOrder({ status: 'sent' }));
  log.setBalance({ asset: 'GOLD', total: '2', available: '2' });
  expect(states).toEqual(['open', '1']);
});

test('a balance that a listener sets to what it is already is told all the same', () => {
  const { log } = setUp();
  const states: string[] = [];
  log.balances.subscribe(({ balance }) => states.push(balance.available.toString()));
  const set = (available: string) => log.setBalance({ asset: 'GOLD', total: '2', available });
  log.events.subscribe((event) => {
    if (event.kind === 'balance') set(event.balance.available.toString());
  });
  for (const available of ['2', '1', '2']) set(available);
  expect(states).toEqual(['2', '1', '2']);
});

test('an order that is forgotten at once is told all the same', () => {
  const { log } = setUp({ mostSettledOrders: 0 });
  const states: string[] = [];
  log.orders.subscribe(({ order }) => states.push(order.status));
  log.tell('order-filled', goldOrder({ status: 'filled', knowledge: 'settled' }));
  expect([states, log.orders.size]).toEqual([['filled'], 0]);
});

test('an identifier that an order has no longer finds nothing', () => {
  const { log } = setUp();
  const tell = (venueOrderId: string, status: Order['status']) =>
    log.tell('order-open', goldOrder({ clientOrderId: 'mine', venueOrderId, status }));
  tell('v1', 'open');
  tell('v2', 'open');
  const byVenue = (id: string) => log.orders.getByVenueId('GOLD-COIN', id);
  expect([byVenue('v1'), byVenue('v2')?.clientOrderId, log.orders.size]).toEqual([undefined, 'mine', 1]);
});

test('balances are told when they change, iterate by asset and conflate by asset', async () => {
  const { log, events } = setUp();
  log.setBalance({ asset: 'GOLD', total: '2', available: '2' });
  log.setBalance({ asset: 'COIN', total: '5', available: '3', venueTimeMs: 7, receivedAtMs: 8 });
  log.setBalance({ asset: 'GOLD', total: '2.0', available: '2', venueTimeMs: 9 });
  const reader = log.balances[Symbol.asyncIterator]();
  log.setBalance({ asset: 'GOLD', total: '2', available: '1' });
  expect([...log.balances].map(({ asset }) => asset)).toEqual(['COIN', 'GOLD']);
  expect([log.balances.size, log.balances.get('COIN')?.receivedAtMs, log.balances.get('X')]).toEqual([
    2,
    8,
    undefined,
  ]);
  expect(kindsOf(events)).toEqual(['start', 'balance', 'balance', 'balance']);
  const read = async () => {
    const { value } = await reader.next();
    return `${value?.balance.asset} ${value?.balance.available}`;
  };
  expect([await read(), await read()]).toEqual(['COIN 3', 'GOLD 1']);
  expect(log.balances.get('GOLD')?.total.equals(decimal('2'))).toBe(true);
});

test('states, warnings and gaps are told in order, and the end is the end', () => {
  const { log, events, runtime } = setUp();
  expect(log.state).toBe('idle');
  log.setState('reconciling', 'connected');
  log.setState('reconciling', 'connected');
  log.setState('ready');
  log.warn('expiry', 'the key expires tomorrow');
  log.gap(runtime.clock.now() - 50, 'the stream was down');
  const order = log.tell('order-open', goldOrder({ clientOrderId: 'mine', status: 'open' }));
  const ends: unknown[] = [];
  for (const feed of [log.events, log.orders, log.balances] as const) {
    feed.subscribe(() => {}, { onEnd: (error) => ends.push(error?.code) });
  }
  log.end(new VenueError({ code: 'permission', message: 'revoked' }));
  log.setState('ready');
  expect(log.state).toBe('closed');
  log.end();
  const kinds = [
    'start',
    'trading-state',
    'trading-state',
    'account-warning',
    'gap',
    'start',
    'order-open',
    'trading-state',
  ];
  expect(kindsOf(events)).toEqual(kinds);
  expect(events[4]).toMatchObject({ fromMs: runtime.clock.now() - 50, toMs: runtime.clock.now() });
  expect(events.at(-1)).toMatchObject({ state: 'closed', reason: 'revoked' });
  expect([ends, log.state, log.orders.get('mine')]).toEqual([
    ['permission', 'permission', 'permission'],
    'closed',
    order,
  ]);
});

test('a reader of the events that falls behind is ended, and nothing is left out before', async () => {
  const { log } = setUp({ bound: 2 });
  const reader = log.events[Symbol.asyncIterator]();
  for (const _ of [1, 2, 3]) log.tell('order-open', goldOrder());
  expect((await reader.next()).value).toMatchObject({ kind: 'start' });
  expect((await reader.next()).value).toMatchObject({ eventNumber: 1 });
  await expect(reader.next()).rejects.toMatchObject({ code: 'slow-consumer' });
});

test('the flow begins when the stream is up: who listens before hears its start then, and only once', async () => {
  const runtime = createManualRuntime();
  const log = createAccountLog({ runtime, venue: 'v' });
  const early: AccountEvent[] = [];
  log.events.subscribe((event) => early.push(event));
  expect(early).toEqual([]);
  await runtime.advance(7);
  log.begin();
  log.begin();
  const late: AccountEvent[] = [];
  log.events.subscribe((event) => late.push(event));
  const start = { kind: 'start', fromMs: runtime.clock.now() };
  expect([early, late]).toEqual([[start], [start]]);
  const inGap: AccountEvent[] = [];
  log.events.subscribe(({ kind }) => {
    if (kind === 'gap') log.events.subscribe((event) => inGap.push(event));
  });
  log.gap(0, 'the stream was down');
  expect([kindsOf(late), inGap]).toEqual([['start', 'gap', 'start'], [start]]);
});
