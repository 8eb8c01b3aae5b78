import { type LimitOrderRequest, type OrderRequest, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { createAccountLog } from './account-log.ts';
import { createTrading, type TradingParts } from './trading.ts';

const request: LimitOrderRequest = {
  ...{ type: 'limit', pair: 'GOLD-COIN', side: 'buy', amount: '1', price: '2' },
  clientOrderId: 'mine',
};

/** A facet whose connector does with an order what the test says. */
function setUp(parts: Pick<TradingParts, 'placeOrder' | 'placeOrders'>) {
  const runtime = createManualRuntime();
  const log = createAccountLog({ runtime, venue: 'v' });
  log.begin();
  log.setState('ready');
  const cancelOrder = () => Promise.reject(new Error('not in this test'));
  return createTrading({ runtime, venue: 'v', log, cancelOrder, ...parts });
}

const timeout = new VenueError({ code: 'timeout', venue: 'v', message: 'no reply' });

test.each([
  ['an error of a programmer', new TypeError('x is not a function'), 'protocol'],
  ['a timeout of HTTP, which knows nothing of orders', timeout, 'timeout'],
])('after %s nobody can tell what became of the order', async (_what, thrown, code) => {
  const trading = setUp({ placeOrder: () => Promise.reject(thrown) });
  const expected = { code, outcome: 'unknown', clientOrderId: 'mine', cause: thrown };
  await expect(trading.placeOrder(request)).rejects.toMatchObject(expected);
  expect(await trading.placeOrders([request])).toMatchObject([{ ok: false, error: expected }]);
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
