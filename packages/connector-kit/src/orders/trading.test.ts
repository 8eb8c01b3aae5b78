import { getEventListeners } from 'node:events';
import type {
  AsyncOptions,
  LimitOrderRequest,
  PlaceResult,
  TradingCapabilities,
} from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { goldOnly, goldOrder, othersOrder } from '../../test/orders.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createAccountLog } from './account-log.ts';
import { makeFill } from './fill.ts';
import { newOrder } from './new-order.ts';
import { createTrading } from './trading.ts';
import type { TradingParts } from './trading-parts.ts';

const request = { type: 'limit', pair: 'GOLD-COIN', side: 'buy', amount: '1', price: '2' } as const;
const capabilities: TradingCapabilities = {
  ...{ orderTypes: ['limit', 'market'], timeInForce: ['GTC', 'IOC'], batchSize: 1, submitFenceMs: 'none' },
  ...{ fills: 'each', fetches: [], live: 'stream' },
  ...{ clientOrderId: { pattern: '[a-z]+', minLength: 2, maxLength: 4 } },
};

/** A venue that takes every order, and cancels the ones that are not stubborn. */
function setUp(parts: Partial<TradingParts> = {}, stubborn: readonly string[] = []) {
  const runtime = createManualRuntime();
  const log = createAccountLog({ runtime, venue: 'v' });
  log.begin();
  const canceled: string[] = [];
  const trading = createTrading({
    ...{ runtime, venue: 'v', log },
    placeOrder: async (asked) => {
      const order = newOrder(asked, { runtime, venue: 'v', instruments: goldOnly });
      return log.tell('order-open', { ...order, status: 'open' });
    },
    cancelOrder: async (order, { signal }: AsyncOptions) => {
      canceled.push(order.clientOrderId ?? '');
      if (!stubborn.includes(order.clientOrderId ?? '')) {
        return log.tell('order-canceled', { ...order, status: 'canceled' });
      }
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    },
    ...parts,
  });
  return { runtime, log, trading, canceled, own: (id: string) => ({ ...request, clientOrderId: id }) };
}

test.each([
  ['idle', 'not-connected', 'not-connected'],
  ['reconciling', 'reconciling', undefined],
  ['halted', 'denied', undefined],
  ['closed', 'closed', 'closed'],
] as const)('while %s no order leaves, and cancels pass where they can', async (state, place, cancel) => {
  const { log, trading, canceled, own } = setUp();
  const order = log.tell('order-open', goldOrder({ clientOrderId: 'mine', status: 'open' }));
  log.setState(state);
  const refused = { code: place, outcome: 'not-sent', clientOrderId: 'new', venue: 'v' };
  await expect(trading.placeOrder(own('new'))).rejects.toMatchObject(refused);
  expect(trading.orders.get('new')).toBeUndefined();
  if (cancel === undefined) expect((await trading.cancelOrder(order)).status).toBe('canceled');
  else await expect(trading.cancelOrder(order)).rejects.toMatchObject({ code: cancel, outcome: 'not-sent' });
  if (cancel !== undefined) await expect(trading.cancelAll()).rejects.toMatchObject({ code: cancel });
  expect(canceled).toHaveLength(cancel === undefined ? 1 : 0);
});

test('what is not claimed is refused before it reaches the venue', async () => {
  const { log, trading, own } = setUp({ capabilities });
  log.setState('ready');
  const refused = async (asked: object, code: string, message: string) =>
    expect(trading.placeOrder(asked as LimitOrderRequest)).rejects.toMatchObject({
      ...{ code, outcome: 'not-sent', message: expect.stringContaining(message) },
    });
  await refused(
    { ...request, type: 'limit_maker' },
    'unsupported',
    'expected one of limit, market, got limit_maker',
  );
  await refused({ ...request, timeInForce: 'FOK' }, 'unsupported', 'expected one of GTC, IOC, got FOK');
  for (const id of ['A', 'abcde', 'ab1', 'x', '', null, 7]) {
    await refused(own(id as string), 'invalid-order', 'clientOrderId');
  }
  const placed = await trading.placeOrder({ ...own('ab'), timeInForce: 'IOC' });
  expect(trading.orders.get('ab')).toBe(placed);
  await refused(own('ab'), 'invalid-order', 'not used before');
  await expect(trading.placeOrder(own('ab'))).rejects.toMatchObject({
    rule: { field: 'clientOrderId', rule: 'form' },
  });
  await refused({ ...own('cd'), price: '0' }, 'invalid-order', 'price breaks positive');
  expect((await trading.placeOrder(own('cd'))).clientOrderId).toBe('cd');
});

test.each(['', null, 7])('%j is not an identifier anywhere', async (id) => {
  const { log, trading, own } = setUp();
  log.setState('ready');
  const refused = { code: 'invalid-order', outcome: 'not-sent', rule: { field: 'clientOrderId' } };
  await expect(trading.placeOrder(own(id as string))).rejects.toMatchObject(refused);
});

test('an identifier is refused also while the order that has it is on its way', async () => {
  const gate = Promise.withResolvers<void>();
  const { log, trading, own, runtime } = setUp({
    placeOrder: async (asked) => {
      await gate.promise;
      return newOrder(asked, { runtime, instruments: goldOnly });
    },
  });
  log.setState('ready');
  const first = trading.placeOrder(own('ab'));
  await expect(trading.placeOrder(own('ab'))).rejects.toMatchObject({ code: 'invalid-order' });
  gate.resolve();
  expect((await first).clientOrderId).toBe('ab');
});

test('an aborted signal rejects every call with its reason, and nothing happens', async () => {
  const { log, trading, canceled } = setUp({ authoritative: 'local' });
  const order = log.tell('order-open', goldOrder({ status: 'open' }));
  log.setState('ready');
  const reason = new Error('enough');
  const options = { signal: AbortSignal.abort(reason) };
  const calls = [
    trading.placeOrder(request, options),
    trading.placeOrders([request], options),
    trading.cancelOrder(order, options),
    trading.cancelAll(options),
    trading.fetchOrder(order, options),
    trading.fetchOpenOrders(options),
    trading.fetchBalances(options),
    trading.fees('GOLD-COIN', options),
    trading.fetchOrderHistory(options)[Symbol.asyncIterator]().next(),
    trading.fetchFills(options)[Symbol.asyncIterator]().next(),
    trading.resubmit(order, options),
  ];
  for (const outcome of await Promise.allSettled(calls)) expect(outcome).toMatchObject({ reason });
  expect([trading.orders.size, canceled]).toEqual([1, []]);
});

function codesOf(results: readonly PlaceResult[]): string[] {
  return results.map((result) =>
    result.ok ? result.order.clientOrderId : `${result.error.code} ${result.error.outcome}`,
  );
}

test('several orders settle each by itself, in their order', async () => {
  const abort = new AbortController();
  const { log, trading, own, runtime } = setUp({
    placeOrder: async (asked) => {
      if (asked.clientOrderId === 'bug') throw new TypeError('a bug');
      if (asked.clientOrderId === 'late') abort.abort(new Error('enough'));
      abort.signal.throwIfAborted();
      return newOrder(asked, { runtime, venue: 'v', instruments: goldOnly });
    },
  });
  log.setState('ready');
  const requests = [own('aa'), { ...own('bb'), amount: '0' }, own('aa'), own('bug'), own('late')];
  expect(codesOf(await trading.placeOrders(requests, { signal: abort.signal }))).toEqual([
    ...['aa', 'invalid-order not-sent', 'invalid-order not-sent', 'protocol unknown', 'aborted unknown'],
  ]);
});

test('a batch of the venue gets the orders that may leave, and its results come in the order of the requests', async () => {
  const batches: unknown[] = [];
  const { log, trading, own, runtime } = setUp({
    capabilities,
    placeOrders: async (asked) => {
      batches.push(asked.map(({ clientOrderId }) => clientOrderId));
      return asked.map((one) => ({ ok: true, order: newOrder(one, { runtime, instruments: goldOnly }) }));
    },
  });
  log.setState('ready');
  const limitMaker = { ...own('xx'), type: 'limit_maker' } as const;
  const results = await trading.placeOrders([limitMaker, own('ab'), own('1'), own('cd'), own('ab')]);
  const [maker, bad, twice] = ['unsupported not-sent', 'invalid-order not-sent', 'invalid-order not-sent'];
  expect(codesOf(results)).toEqual([maker, 'ab', bad, 'cd', twice]);
  expect(codesOf(await trading.placeOrders([own('1')]))).toEqual([bad]);
  expect(batches).toEqual([['ab', 'cd']]);
});

test('an order is found by either identifier or by what it was, and an ended one is given back at once', async () => {
  const { log, trading, canceled } = setUp();
  log.tell('order-open', goldOrder({ clientOrderId: 'mine', venueOrderId: 'v1', status: 'open' }));
  const filled = log.tell('order-filled', goldOrder({ clientOrderId: 'done', status: 'filled' }));
  expect(await trading.cancelOrder('done')).toBe(filled);
  log.setState('ready');
  expect(await trading.cancelOrder(filled)).toBe(filled);
  const forgotten = goldOrder({ clientOrderId: 'old', status: 'expired' });
  expect(await trading.cancelOrder(forgotten)).toBe(forgotten);
  await expect(trading.cancelOrder('nobody')).rejects.toMatchObject({
    ...{ code: 'order-not-found', outcome: 'not-sent', message: expect.stringContaining('"nobody"') },
  });
  await expect(trading.cancelOrder(goldOrder({ clientOrderId: 'x', status: 'open' }))).rejects.toMatchObject({
    code: 'order-not-found',
  });
  await expect(trading.cancelOrder('v1')).rejects.toMatchObject({ code: 'order-not-found' });
  const byVenue = { pair: 'GOLD-COIN', venueOrderId: 'v1' };
  const elsewhere = { ...byVenue, pair: 'A-B' };
  await expect(trading.cancelOrder(elsewhere)).rejects.toMatchObject({
    ...{ code: 'order-not-found', message: expect.stringContaining('"v1" of A-B') },
  });
  expect((await trading.cancelOrder(byVenue)).status).toBe('canceled');
  expect(canceled).toEqual(['mine']);
});

test('cancelAll cancels what is open and what was on its way, leaves others alone, and takes no orders meanwhile', async () => {
  const gate = Promise.withResolvers<void>();
  const made = setUp();
  const { log, canceled, runtime, own } = made;
  const trading = createTrading({
    ...{ runtime, venue: 'v', log },
    placeOrder: async (asked) => {
      await gate.promise;
      return log.tell('order-open', {
        ...newOrder(asked, { runtime, instruments: goldOnly }),
        status: 'open',
      });
    },
    cancelOrder: (order, options) => made.trading.cancelOrder(order, options),
  });
  log.setState('ready');
  log.tell('order-open', goldOrder({ clientOrderId: 'mine', status: 'open' }));
  log.tell('order-adopted', goldOrder({ clientOrderId: 'taken', status: 'open', origin: 'adopted' }));
  log.tell('order-open', goldOrder({ clientOrderId: 'other', status: 'open', pair: 'A-B' }));
  log.tell('order-external', othersOrder({ clientOrderId: 'theirs', venueOrderId: undefined }), {
    possibleSplitBrain: false,
  });
  const coming = trading.placeOrder(own('late'));
  const canceling = trading.cancelAll({ pair: 'GOLD-COIN' });
  await expect(trading.placeOrder(own('new'))).rejects.toMatchObject({ code: 'denied', outcome: 'not-sent' });
  expect(canceled).toEqual(['mine', 'taken']);
  gate.resolve();
  await coming;
  const result = await canceling;
  expect(result.complete).toBe(true);
  expect(result.canceled.map(({ clientOrderId }) => clientOrderId).sort()).toEqual(['late', 'mine', 'taken']);
  expect(trading.orders.get('other')?.status).toBe('open');
  expect((await trading.placeOrder(own('new'))).status).toBe('open');
  expect(runtime.waiting).toEqual([]);
});

test('a cancelAll that is aborted rejects with the reason, and leaves nothing on the signal', async () => {
  const { log, trading, runtime } = setUp({}, ['stays']);
  log.setState('ready');
  log.tell('order-open', goldOrder({ clientOrderId: 'stays', status: 'open' }));
  const abort = new AbortController();
  const canceling = trading.cancelAll({ signal: abort.signal });
  await settle();
  const reason = new Error('enough');
  abort.abort(reason);
  await expect(canceling).rejects.toBe(reason);
  expect([runtime.waiting, getEventListeners(abort.signal, 'abort')]).toEqual([[], []]);
  expect((await trading.placeOrder(request)).status).toBe('open');
});

test('what is left out is unsupported, and answered by the log only where the log is the authority', async () => {
  const venue = setUp();
  const unsupported = { code: 'unsupported', venue: 'v' };
  await expect(venue.trading.fetchOrder('mine')).rejects.toMatchObject(unsupported);
  await expect(venue.trading.fetchOpenOrders()).rejects.toMatchObject(unsupported);
  await expect(venue.trading.fetchBalances()).rejects.toMatchObject(unsupported);
  const { log, trading } = setUp({ authoritative: 'local' });
  const order = log.tell('order-open', goldOrder({ clientOrderId: 'mine', status: 'open' }));
  const balance = log.setBalance({ asset: 'GOLD', total: '1', available: '1' });
  expect(await trading.fetchOrder('mine')).toBe(order);
  await expect(trading.fetchOrder('nobody')).rejects.toMatchObject({ code: 'order-not-found' });
  expect(await trading.fetchOpenOrders({ pair: 'GOLD-COIN' })).toEqual([order]);
  expect(await trading.fetchOpenOrders({ pair: 'A-B' })).toEqual([]);
  expect(await trading.fetchBalances()).toEqual([balance]);
  for (const facet of [venue.trading, trading]) {
    await expect(facet.fees('GOLD-COIN')).rejects.toMatchObject(unsupported);
    const history = facet.fetchOrderHistory();
    await expect(history[Symbol.asyncIterator]().next()).rejects.toMatchObject(unsupported);
    const fills = facet.fetchFills();
    await expect(fills[Symbol.asyncIterator]().next()).rejects.toMatchObject(unsupported);
    await expect(facet.resubmit('mine')).rejects.toMatchObject({ ...unsupported, outcome: 'not-sent' });
    expect(facet.account).toBeUndefined();
  }
});

test('questions are handed on with what is known of the order', async () => {
  const asked: unknown[] = [];
  const { log, trading } = setUp({
    authoritative: 'local',
    fetchOrder: async (order) => {
      asked.push(order);
      return goldOrder();
    },
    fetchOrderHistory: async function* pages({ pair }) {
      yield [goldOrder({ pair: pair ?? 'none' })];
    },
    fetchFills: async function* pages({ pair }) {
      const details = { amount: '1', price: '2', liquidity: 'maker' } as const;
      yield [
        makeFill(goldOrder({ pair: pair ?? 'none' }), { runtime: createManualRuntime(), ...details }).fill,
      ];
    },
  });
  const order = log.tell('order-open', goldOrder({ clientOrderId: 'mine', status: 'open' }));
  await trading.fetchOrder('mine');
  await trading.fetchOrder('nobody');
  expect(asked).toEqual([order, 'nobody']);
  for await (const [first] of trading.fetchOrderHistory({ pair: 'A-B' })) expect(first?.pair).toBe('A-B');
  for await (const [first] of trading.fetchFills({ pair: 'A-B' })) expect(first?.pair).toBe('A-B');
});
