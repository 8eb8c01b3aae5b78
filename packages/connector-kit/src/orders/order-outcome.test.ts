import { getEventListeners } from 'node:events';
import {
  type AsyncOptions,
  type LimitOrderRequest,
  type OrderRequest,
  type TrackedOrder,
  VenueError,
} from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { goldOrder } from '../../test/orders.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createAccountLog } from './account-log.ts';
import { createTrading } from './trading.ts';
import type { TradingParts } from './trading-parts.ts';

const request: LimitOrderRequest = {
  ...{ type: 'limit', pair: 'GOLD-COIN', side: 'buy', amount: '1', price: '2' },
  clientOrderId: 'mine',
};

/** A facet whose connector does with an order what the test says. */
function setUp(parts: Partial<TradingParts> & Pick<TradingParts, 'placeOrder'>) {
  const runtime = createManualRuntime();
  const log = createAccountLog({ runtime, venue: 'v' });
  log.begin();
  log.setState('ready');
  const cancelOrder = () => Promise.reject(new Error('not in this test'));
  const trading = createTrading({ runtime, venue: 'v', log, cancelOrder, ...parts });
  return Object.assign(trading, { runtime, log });
}

type Answer = (signal: AbortSignal | undefined) => Promise<TrackedOrder>;

/** One call of each command, whose connector answers as the test says. */
function commandsOf(answer: Answer) {
  const trading = setUp({
    placeOrder: (_, { signal }) => answer(signal),
    cancelOrder: (_, { signal }) => answer(signal),
    resubmit: (_, { signal }) => answer(signal),
  });
  const unknown = goldOrder({ clientOrderId: 'mine', status: 'unknown' });
  const ask = {
    place: (options: AsyncOptions) => trading.placeOrder({ ...request, clientOrderId: 'new' }, options),
    cancel: (options: AsyncOptions) => trading.cancelOrder('mine', options),
    resubmit: (options: AsyncOptions) => trading.resubmit('mine', options),
  };
  trading.log.tell('order-uncertain', unknown, { reason: 'timeout' });
  return { ...trading, ask };
}

const commands = ['place', 'cancel', 'resubmit'] as const;
const hangs: Answer = () => new Promise(() => {});

const timeout = new VenueError({ code: 'timeout', venue: 'v', message: 'no reply' });

test.each([
  ['an error of a programmer', new TypeError('x is not a function'), 'protocol'],
  ['a timeout of HTTP, which knows nothing of orders', timeout, 'timeout'],
])('after %s nobody can tell what became of the order', async (_what, thrown, code) => {
  const trading = setUp({ placeOrder: () => Promise.reject(thrown) });
  const expected = { code, outcome: 'unknown', clientOrderId: 'mine', cause: thrown };
  await expect(trading.placeOrder(request)).rejects.toMatchObject(expected);
  const message = '[v] placeOrder: what became of it is not known: ';
  const text = thrown instanceof VenueError ? 'no reply' : thrown.message;
  expect((await trading.placeOrder({ ...request, clientOrderId: 'third' }).catch(String)).toString()).toBe(
    `VenueError: ${message}${text}`,
  );
  const other = { ...request, clientOrderId: 'other' };
  expect(await trading.placeOrders([other])).toMatchObject([
    { ok: false, error: { ...expected, clientOrderId: 'other' } },
  ]);
});

test('an abort under way is unknown, unless the connector says that nothing left: then it is the reason itself', async () => {
  const reason = new Error('the caller left');
  for (const [thrown, expected] of [
    [reason, { code: 'aborted', outcome: 'unknown', clientOrderId: 'mine', cause: reason }],
    [new VenueError({ code: 'aborted', message: 'in time', outcome: 'not-sent', cause: reason }), reason],
  ] as const) {
    const abort = new AbortController();
    const trading = setUp({
      placeOrder: async () => {
        abort.abort(reason);
        throw thrown;
      },
    });
    const error = await trading.placeOrder(request, { signal: abort.signal }).catch((it: unknown) => it);
    if (expected === reason) expect(error).toBe(reason);
    else expect(error).toMatchObject(expected);
  }
});

test('a batch that fails as a whole is unknown for each of its orders, and the call does not reject', async () => {
  const placeOrders = () => Promise.reject(timeout);
  const trading = setUp({ placeOrders, placeOrder: () => Promise.reject(timeout) });
  const results = await trading.placeOrders([request, { ...request, clientOrderId: 'other' }]);
  expect(results).toMatchObject([
    { ok: false, error: { code: 'timeout', outcome: 'unknown', clientOrderId: 'mine' } },
    { ok: false, error: { code: 'timeout', outcome: 'unknown', clientOrderId: 'other' } },
  ]);
});

test('what a caller does to a request after the call does not reach the order', async () => {
  const seen: OrderRequest[] = [];
  const gate = Promise.withResolvers<void>();
  const trading = setUp({
    placeOrder: async (asked) => {
      await gate.promise;
      seen.push(asked);
      throw timeout;
    },
  });
  const mutable = { ...request };
  const placing = trading.placeOrder(mutable).catch(() => {});
  mutable.amount = '500';
  mutable.clientOrderId = 'other';
  gate.resolve();
  await placing;
  expect(seen).toMatchObject([{ amount: '1', clientOrderId: 'mine' }]);
});

test.each(commands)('a %s that is not answered ends with its time, and nobody can tell', async (command) => {
  for (const [options, waitMs] of [
    [{}, 10_000],
    [{ timeoutMs: 500 }, 500],
  ] as const) {
    const { ask, runtime } = commandsOf(hangs);
    let error: unknown;
    void ask[command](options).catch((thrown: unknown) => {
      error = thrown;
    });
    await runtime.advance(waitMs - 1);
    expect(error).toBeUndefined();
    await runtime.advance(1);
    const clientOrderId = command === 'place' ? 'new' : 'mine';
    expect(error).toMatchObject({ code: 'timeout', outcome: 'unknown', venue: 'v', clientOrderId });
    expect(runtime.waiting).toEqual([]);
  }
});

test.each(commands)('a %s that still waits rejects when the connector is closed', async (command) => {
  const signals: (AbortSignal | undefined)[] = [];
  const { ask, log, runtime } = commandsOf((signal) => {
    signals.push(signal);
    return new Promise(() => {});
  });
  const call = ask[command]({});
  await settle();
  log.end();
  expect(signals.map((signal) => signal?.reason)).toEqual([log.ended.reason]);
  await expect(call).rejects.toMatchObject({ code: 'closed', outcome: 'unknown', venue: 'v' });
  expect([runtime.waiting, getEventListeners(log.ended, 'abort')]).toEqual([[], []]);
});

test.each(commands)(
  'a %s whose caller leaves ends, also if the connector does not hear it',
  async (command) => {
    const { ask, runtime } = commandsOf(hangs);
    const abort = new AbortController();
    const reason = new Error('the caller left');
    const call = ask[command]({ signal: abort.signal }).catch((thrown: unknown) => thrown);
    await settle();
    abort.abort(reason);
    await runtime.advance(0);
    expect(await call).toMatchObject({ code: 'aborted', outcome: 'unknown', cause: reason });
    expect([runtime.waiting, getEventListeners(abort.signal, 'abort')]).toEqual([[], []]);
  },
);

test.each(commands)('a %s that was answered leaves nothing behind', async (command) => {
  const clientOrderId = command === 'place' ? 'new' : 'mine';
  const answer = goldOrder({ clientOrderId, status: 'canceled' });
  const { ask, log, runtime } = commandsOf(async () => answer);
  const { signal } = new AbortController();
  expect(await ask[command]({ signal })).toBe(answer);
  const listeners = [signal, log.ended].flatMap((each) => getEventListeners(each, 'abort'));
  expect([runtime.waiting, listeners]).toEqual([[], []]);
});

test.each(commands)('a %s that knows at its end that nothing left says so', async (command) => {
  const inTime = new VenueError({ code: 'timeout', message: 'it never left', outcome: 'not-sent' });
  const { ask, runtime } = commandsOf(async (signal) => {
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    throw inTime;
  });
  const call = ask[command]({ timeoutMs: 500 }).catch((thrown: unknown) => thrown);
  await runtime.advance(500);
  expect(await call).toBe(inTime);
});

test('an order that nobody waits for any more is still on its way', async () => {
  const arrival = Promise.withResolvers<TrackedOrder>();
  const { cancelAll, placeOrder, runtime } = setUp({ placeOrder: () => arrival.promise });
  const call = placeOrder(request, { timeoutMs: 500 }).catch(() => 'unknown');
  await runtime.advance(500);
  expect(await call).toBe('unknown');
  expect(await cancelAll({ pair: 'A-B' })).toMatchObject({ complete: true });
  const canceling = cancelAll({ pair: 'GOLD-COIN', timeoutMs: 1_000 });
  await runtime.advance(1_000);
  expect(await canceling).toMatchObject({ complete: false });
});

test('an order leaves within 5 s if its caller says nothing', async () => {
  const asked: unknown[] = [];
  const trading = setUp({
    placeOrder: (_, { sendWithinMs, timeoutMs }) => {
      asked.push([sendWithinMs, timeoutMs]);
      return Promise.reject(timeout);
    },
  });
  await trading.placeOrder(request).catch(() => {});
  const other = { ...request, clientOrderId: 'other' };
  await trading.placeOrder(other, { sendWithinMs: 7, timeoutMs: 8 }).catch(() => {});
  expect(asked).toEqual([
    [5_000, 10_000],
    [7, 8],
  ]);
});

test('what the reason of an abort or of a close says of something else is not believed', async () => {
  const elsewhere = { code: 'denied', message: 'the first leg', outcome: 'not-sent' } as const;
  const reason = new VenueError({ ...elsewhere, clientOrderId: 'other' });
  for (const [code, stop] of [
    ['aborted', (_: unknown, abort: AbortController) => abort.abort(reason)],
    ['closed', ({ log }: ReturnType<typeof setUp>) => log.end(reason)],
  ] as const) {
    const made = setUp({ placeOrder: () => new Promise(() => {}) });
    const abort = new AbortController();
    const placing = made.placeOrder(request, { signal: abort.signal }).catch((error: unknown) => error);
    const several = made.placeOrders([{ ...request, clientOrderId: 'two' }], { signal: abort.signal });
    await settle();
    stop(made, abort);
    await made.runtime.advance(0);
    const told = { code, outcome: 'unknown', cause: reason };
    expect(await placing).toMatchObject({ ...told, clientOrderId: 'mine' });
    expect(await several).toMatchObject([{ ok: false, error: { ...told, clientOrderId: 'two' } }]);
  }
});

test('an order has its identifier before its connector hears of it, and its errors name it', async () => {
  const asked: unknown[] = [];
  const trading = setUp({
    makeClientOrderId: () => `made${asked.length}`,
    placeOrder: ({ clientOrderId }) => {
      asked.push(clientOrderId);
      return Promise.reject(timeout);
    },
  });
  const { clientOrderId: _, ...nameless } = request;
  await expect(trading.placeOrder(nameless)).rejects.toMatchObject({ clientOrderId: 'made0' });
  expect(await trading.placeOrders([nameless])).toMatchObject([{ error: { clientOrderId: 'made1' } }]);
  expect(asked).toEqual(['made0', 'made1']);
});

test.each([
  ['no list', undefined],
  ['too short a list', []],
  [
    'errors that are none',
    [
      { ok: false, error: new TypeError('a bug') },
      { ok: false, error: timeout },
    ],
  ],
  ['orders of others', [{ ok: true, order: goldOrder({ clientOrderId: 'other' }) }, { ok: true }]],
])('a batch that is answered with %s is unknown for each of its orders', async (_what, results) => {
  const placeOrders = async () => results as never;
  const trading = setUp({ placeOrders, placeOrder: () => Promise.reject(timeout) });
  const unknown = (clientOrderId: string) => ({ ok: false, error: { outcome: 'unknown', clientOrderId } });
  const other = { ...request, clientOrderId: 'two' };
  expect(await trading.placeOrders([request, other])).toMatchObject([unknown('mine'), unknown('two')]);
});

test('orders of several that had not left when their caller left are aborted, and were not sent', async () => {
  const abort = new AbortController();
  const reason = new VenueError({ code: 'timeout', message: 'the caller has no more time' });
  const trading = setUp({
    placeOrder: () => {
      abort.abort(reason);
      return new Promise(() => {});
    },
  });
  const other = { ...request, clientOrderId: 'two' };
  const results = trading.placeOrders([request, other], { signal: abort.signal });
  await trading.runtime.advance(0);
  expect(await results).toMatchObject([
    { error: { code: 'aborted', outcome: 'unknown', clientOrderId: 'mine' } },
    { error: { code: 'aborted', outcome: 'not-sent', clientOrderId: 'two', cause: reason } },
  ]);
});

test('the options of a venue cannot be changed on their way either', async () => {
  const seen: unknown[] = [];
  const gate = Promise.withResolvers<void>();
  const trading = setUp({
    placeOrder: async ({ venueOptions }) => {
      await gate.promise;
      seen.push(venueOptions);
      throw timeout;
    },
  });
  const venueOptions = { postOnly: true };
  const placing = trading.placeOrder({ ...request, venueOptions }).catch(() => {});
  venueOptions.postOnly = false;
  gate.resolve();
  await placing;
  expect(seen).toEqual([{ postOnly: true }]);
});

test.each([0, -1, Number.NaN, null, 'x'])(
  '%s milliseconds is no time to wait, and nothing is sent',
  async (ms) => {
    const { ask, ...trading } = commandsOf(() => expect.unreachable());
    const refused = (outcome?: 'not-sent') =>
      expect.objectContaining({
        code: 'invalid-request',
        outcome,
        message: expect.stringContaining('timeoutMs'),
      });
    const options = { timeoutMs: ms as number };
    for (const command of commands) await expect(ask[command](options)).rejects.toEqual(refused('not-sent'));
    await expect(trading.cancelAll(options)).rejects.toEqual(refused());
    await expect(trading.fetchBalances(options)).rejects.toEqual(refused());
    await expect(trading.placeOrder(request, { sendWithinMs: ms as number })).rejects.toMatchObject({
      message: expect.stringContaining('sendWithinMs'),
    });
  },
);

test('a question that nobody answers ends with its time, its caller or its connector', async () => {
  const never = () => new Promise<never>(() => {});
  const asks = setUp({
    ...{ placeOrder: never, fetchOrder: never, fetchOpenOrders: never, fetchBalances: never, fees: never },
  });
  const questions = [
    (options: AsyncOptions) => asks.fetchOrder('mine', options),
    (options: AsyncOptions) => asks.fetchOpenOrders(options),
    (options: AsyncOptions) => asks.fetchBalances(options),
    (options: AsyncOptions) => asks.fees('GOLD-COIN', options),
  ];
  const reason = new Error('enough');
  const abort = new AbortController();
  const all = (options: AsyncOptions) => Promise.allSettled(questions.map((ask) => ask(options)));
  const [late, left, open] = [all({ timeoutMs: 100 }), all({ signal: abort.signal }), all({})];
  await asks.runtime.advance(100);
  for (const outcome of await late) expect(outcome).toMatchObject({ reason: { code: 'timeout' } });
  abort.abort(reason);
  await asks.runtime.advance(0);
  for (const outcome of await left) expect(outcome).toMatchObject({ reason });
  asks.log.end();
  for (const outcome of await open) expect(outcome).toMatchObject({ reason: { code: 'closed' } });
  expect(asks.runtime.waiting).toEqual([]);
});
