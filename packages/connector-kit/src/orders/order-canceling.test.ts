import {
  type AsyncOptions,
  type CancelAllResult,
  type CommandOutcome,
  type LimitOrderRequest,
  type TrackedOrder,
  VenueError,
} from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { goldOnly, goldOrder, othersOrder } from '../../test/orders.ts';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { createAccountLog } from './account-log.ts';
import { createTrading } from './trading.ts';
import type { TradingParts } from './trading-parts.ts';

const request: LimitOrderRequest = {
  ...{ type: 'limit', pair: 'GOLD-COIN', side: 'buy', amount: '1', price: '2' },
  clientOrderId: 'mine',
};

const failure = (outcome?: CommandOutcome, retryAfterMs?: number) =>
  new VenueError({
    ...{ code: 'rate-limited', message: 'later' },
    ...(outcome === undefined ? {} : { outcome }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

/** A venue that does with a cancel what the test says; it remembers when each was sent. */
function setUp(
  cancel: (order: TrackedOrder, tries: number, options: AsyncOptions) => TrackedOrder | Promise<TrackedOrder>,
  parts: Partial<TradingParts> = {},
) {
  const runtime = createManualRuntime();
  const startMs = runtime.clock.now();
  const log = createAccountLog({ runtime, venue: 'v', mostSettledOrders: 0 });
  log.begin();
  log.setState('ready');
  const sent: string[] = [];
  const trading = createTrading({
    ...{ runtime, venue: 'v', log },
    placeOrder: () => new Promise(() => {}),
    cancelOrder: async (order, options) => {
      sent.push(`${order.clientOrderId} at ${runtime.clock.now() - startMs}`);
      return cancel(order, sent.length, options);
    },
    ...parts,
  });
  const canceled = (order: TrackedOrder) => log.tell('order-canceled', { ...order, status: 'canceled' });
  const open = (id: string, change: Partial<TrackedOrder> = {}) =>
    log.tell('order-open', goldOrder({ clientOrderId: id, status: 'open', ...change }));
  return { runtime, log, trading, sent, open, canceled };
}

const hangs = () => new Promise<never>(() => {});

/** What a call comes to within a time. */
async function within<R>(
  { runtime }: Pick<ReturnType<typeof setUp>, 'runtime'>,
  ms: number,
  call: Promise<R>,
) {
  const outcome = call.then(
    (result) => ({ result, error: undefined }),
    (error: unknown) => ({ result: undefined, error }),
  );
  await runtime.advance(ms);
  return Promise.race([outcome, Promise.resolve('nothing yet' as const)]);
}

function idsOf({ complete, ...lists }: CancelAllResult) {
  const named = Object.entries(lists).filter(([, orders]) => orders.length > 0);
  return [
    complete,
    ...named.map(([list, orders]) => [list, ...orders.map(({ clientOrderId }) => clientOrderId)]),
  ];
}

test('an order whose cancel fails is asked again after a while, as long as the venue says and until cancelAll gives up', async () => {
  for (const [outcome, retryAfterMs, list, times] of [
    ['rejected', undefined, 'remaining', [0, 250, 750, 1_750, 3_750, 7_750]],
    ['not-sent', 3_000, 'remaining', [0, 3_000, 6_000, 9_000]],
    [undefined, undefined, 'uncertain', [0, 250, 750, 1_750, 3_750, 7_750]],
  ] as const) {
    const made = setUp(() => Promise.reject(failure(outcome, retryAfterMs)));
    made.open('mine');
    const canceling = within(made, 10_000, made.trading.cancelAll({ timeoutMs: 10_000 }));
    expect(await canceling).toMatchObject({
      result: { complete: false, [list]: [{ clientOrderId: 'mine' }] },
    });
    expect(made.sent).toEqual(times.map((ms) => `mine at ${ms}`));
    expect(made.runtime.waiting).toEqual([]);
  }
});

test('without a time of its own cancelAll gives up after 60 s', async () => {
  const made = setUp(() => Promise.reject(failure('rejected')));
  made.open('mine');
  const canceling = made.trading.cancelAll();
  expect(await within(made, 59_999, canceling)).toBe('nothing yet');
  expect(await within(made, 1, canceling)).toMatchObject({ result: { complete: false } });
});

test('a cancel that is not answered is sent again, and the order is uncertain', async () => {
  const made = setUp(hangs);
  made.open('mine');
  const outcome = await within(made, 25_000, made.trading.cancelAll({ timeoutMs: 25_000 }));
  expect(outcome).toMatchObject({ result: { complete: false, uncertain: [{ clientOrderId: 'mine' }] } });
  expect(made.sent).toEqual(['mine at 0', 'mine at 10250', 'mine at 20750']);
});

test('a doubt about an earlier cancel is not ended by a later one that did not leave', async () => {
  const made = setUp((_, tries) => Promise.reject(failure(tries === 1 ? undefined : 'not-sent')));
  made.open('mine');
  const outcome = await within(made, 500, made.trading.cancelAll({ timeoutMs: 500 }));
  expect(outcome).toMatchObject({ result: { remaining: [], uncertain: [{ clientOrderId: 'mine' }] } });
});

test.each<[CommandOutcome, Partial<TrackedOrder>, 'remaining' | 'uncertain']>([
  ['rejected', { status: 'open' }, 'remaining'],
  ['not-sent', { status: 'partially-filled' }, 'remaining'],
  ['rejected', { status: 'acked' }, 'remaining'],
  ['unknown', { status: 'open' }, 'uncertain'],
  ['rejected', { status: 'unknown' }, 'uncertain'],
  ['rejected', { status: 'sent' }, 'uncertain'],
  ['rejected', { status: 'open', knowledge: 'stale' }, 'uncertain'],
  ['rejected', { status: 'open', pendingCommand: 'cancel-unknown' }, 'uncertain'],
])('after a cancel that was %s an order %o is %s', async (outcome, change, list) => {
  const made = setUp(() => Promise.reject(failure(outcome)));
  made.open('mine', change);
  const none = { remaining: [], uncertain: [], complete: false };
  expect(await within(made, 100, made.trading.cancelAll({ timeoutMs: 100 }))).toMatchObject({
    result: { ...none, [list]: [{ clientOrderId: 'mine' }] },
  });
});

test('orders are told by what became of them, also those that the log has forgotten', async () => {
  const made = setUp((order) => {
    const end = { filled: 'filled', expired: 'expired' }[order.clientOrderId] ?? 'canceled';
    return made.log.tell('order-canceled', { ...order, status: end as 'canceled', knowledge: 'settled' });
  });
  for (const id of ['one', 'filled', 'expired']) made.open(id);
  expect(idsOf(await made.trading.cancelAll())).toEqual([
    ...[true, ['canceled', 'one'], ['filled', 'filled'], ['ended', 'expired']],
  ]);
});

test('an order that is found while others are canceled is canceled too', async () => {
  const made = setUp((order, tries) => {
    if (tries < 4) made.open(`found ${tries}`, { origin: 'adopted' });
    return made.canceled(order);
  });
  made.open('mine');
  expect(idsOf(await made.trading.cancelAll())).toEqual([
    true,
    ['canceled', 'mine', 'found 1', 'found 2', 'found 3'],
  ]);
  expect(made.sent).toHaveLength(4);
});

test('what is learned until cancelAll gives up is in its result, of its pair and of ours', async () => {
  const made = setUp(hangs);
  for (const id of ['stays', 'goes']) made.open(id);
  const canceling = within(made, 0, made.trading.cancelAll({ timeoutMs: 500, pair: 'GOLD-COIN' }));
  expect(await canceling).toBe('nothing yet');
  const result = made.trading.cancelAll({ timeoutMs: 500, pair: 'GOLD-COIN' });
  await made.runtime.advance(100);
  made.log.tell('order-filled', goldOrder({ clientOrderId: 'goes', status: 'filled' }));
  made.open('elsewhere', { pair: 'A-B' });
  made.log.tell('order-external', othersOrder({ clientOrderId: 'theirs' }), { possibleSplitBrain: false });
  made.log.tell('order-expired', goldOrder({ clientOrderId: 'long ago', status: 'expired' }));
  await made.runtime.advance(400);
  expect(idsOf(await result)).toEqual([false, ['filled', 'goes'], ['uncertain', 'stays']]);
});

test('the log ends a cancel, whatever the connector knows', async () => {
  const made = setUp(hangs);
  const order = made.open('mine');
  for (const cancel of [
    () => made.trading.cancelOrder('mine'),
    () => made.trading.cancelAll().then(({ canceled: [first] }) => first),
  ]) {
    made.log.tell('order-correction', order, { from: 'canceled', to: 'open', evidence: 'a test' });
    const canceling = cancel();
    await made.runtime.advance(10);
    expect(await within(made, 0, canceling)).toBe('nothing yet');
    made.open('other');
    const ended = made.canceled(order);
    expect(await canceling).toBe(ended);
    made.canceled(made.log.orders.get('other') as TrackedOrder);
  }
});

test.each([
  ['nothing', () => undefined as never],
  ['an order that still works', (order: TrackedOrder) => order],
  ['another order', () => goldOrder({ clientOrderId: 'other', status: 'canceled' })],
])(
  'a connector that answers a cancel with %s has not ended the order: the log does',
  async (_what, answer) => {
    const made = setUp(answer);
    const order = made.open('mine');
    const canceling = made.trading.cancelOrder('mine');
    expect(await within(made, 9_000, canceling)).toBe('nothing yet');
    const ended = made.canceled(order);
    expect(await canceling).toBe(ended);
  },
);

test('an order that the stream shows is canceled although its placement still waits for an answer', async () => {
  const made = setUp((order) => made.canceled(order));
  void made.trading.placeOrder(request).catch(() => {});
  await made.runtime.advance(10);
  made.log.tell('order-sent', goldOrder({ clientOrderId: 'mine', status: 'sent' }));
  const canceling = made.trading.cancelAll();
  await made.runtime.advance(10);
  expect(made.sent).toEqual([]);
  made.open('mine');
  expect(idsOf(await canceling)).toEqual([true, ['canceled', 'mine']]);
  expect(made.sent).toEqual(['mine at 20']);
});

test('an order that arrives and ends at once is in the result', async () => {
  const made = setUp(hangs);
  void made.trading.placeOrder(request).catch(() => {});
  const canceling = made.trading.cancelAll();
  await made.runtime.advance(10);
  made.log.tell('order-filled', goldOrder({ clientOrderId: 'mine', status: 'filled' }));
  await made.runtime.advance(10_000);
  expect(idsOf(await canceling)).toEqual([true, ['filled', 'mine']]);
});

test('an order of which nobody has heard when its time was over is canceled then, and proves nothing', async () => {
  const made = setUp((order) => made.canceled(order));
  void made.trading.placeOrder(request).catch(() => {});
  made.log.tell('order-sent', goldOrder({ clientOrderId: 'mine', status: 'sent' }));
  const canceling = made.trading.cancelAll();
  await made.runtime.advance(9_999);
  expect(made.sent).toEqual([]);
  await made.runtime.advance(1);
  expect(made.sent).toEqual(['mine at 10000']);
  expect(idsOf(await canceling)).toEqual([true, ['canceled', 'mine']]);
});

test.each([
  ['fails before it tells of its order', () => Promise.reject(new TypeError('a bug'))],
  ['answers with nothing', async () => undefined as never],
])(
  'while nobody knows what became of an order, because the connector %s, cancelAll proves nothing',
  async (_what, placeOrder) => {
    const made = setUp(hangs, { placeOrder });
    const unknown = { code: 'protocol', outcome: 'unknown', clientOrderId: 'mine' };
    await expect(made.trading.placeOrder(request)).rejects.toMatchObject(unknown);
    expect((await made.trading.cancelAll()).complete).toBe(false);
    expect((await made.trading.cancelAll({ pair: 'A-B' })).complete).toBe(true);
    await expect(made.trading.placeOrder(request)).rejects.toMatchObject({ code: 'invalid-order' });
    // Found after all.
    made.log.tell('order-rejected', goldOrder({ clientOrderId: 'mine', status: 'rejected' }), {
      ...{ code: 'invalid-order', venueCode: undefined, blame: 'culprit', reason: 'a test' },
    });
    expect((await made.trading.cancelAll()).complete).toBe(true);
  },
);

test('nothing is proved of a pair that the venue does not list', async () => {
  const made = setUp(hangs, { instruments: goldOnly });
  made.open('mine');
  const wrong = made.trading.cancelAll({ pair: 'gold-coin' });
  await expect(wrong).rejects.toMatchObject({ message: expect.stringContaining('GOLD-COIN') });
  expect(made.sent).toEqual([]);
});

test('two that cancel all at once both wait until it is done', async () => {
  const made = setUp(async (order, tries) => {
    if (tries > 1) throw failure('rejected');
    await new Promise<void>((resolve) => void made.runtime.timers.setTimer(2_000, resolve, 'venue'));
    return made.canceled(order);
  });
  made.open('mine');
  const both = Promise.all([made.trading.cancelAll(), made.trading.cancelAll()]);
  await made.runtime.advance(2_000);
  expect((await both).map(idsOf)).toEqual([
    [true, ['canceled', 'mine']],
    [true, ['canceled', 'mine']],
  ]);
});

test('whatever a connector’s own cancelAll does, the call ends in time, and only lists are believed', async () => {
  const hanging = setUp(hangs, { cancelAll: hangs });
  hanging.open('mine');
  const late = hanging.trading.cancelAll({ timeoutMs: 100 });
  expect(await within(hanging, 100, late)).toMatchObject({ result: { complete: false, uncertain: [{}] } });
  for (const cancelAll of [async () => undefined as never, () => Promise.reject(new TypeError('a bug'))]) {
    const made = setUp(hangs, { cancelAll });
    made.open('mine');
    expect(idsOf(await made.trading.cancelAll())).toEqual([false, ['uncertain', 'mine']]);
  }
  const none = { canceled: [], filled: [], ended: [], uncertain: [] };
  const remaining = [goldOrder({ clientOrderId: 'mine', status: 'open' })];
  const boasts = setUp(hangs, { cancelAll: async () => ({ ...none, remaining, complete: true }) });
  expect((await boasts.trading.cancelAll()).complete).toBe(false);
});

test.each([
  ['each by itself', {}],
  ['by the venue', { cancelAll: hangs }],
])('a cancelAll %s ends with the connector, and leaves nothing', async (_how, parts) => {
  const made = setUp(hangs, parts);
  made.open('mine');
  const canceling = made.trading.cancelAll();
  await settle();
  made.log.end(new VenueError({ code: 'permission', message: 'revoked' }));
  await expect(canceling).rejects.toMatchObject({ code: 'closed', venue: 'v' });
  await settle();
  expect(made.runtime.waiting).toEqual([]);
});

test('a connector that is closed in the midst of a cancel and then throws is no unhandled rejection', async () => {
  const made = setUp(hangs, {
    cancelOrder: () => {
      made.log.end();
      throw new TypeError('a bug');
    },
  });
  made.open('mine');
  await expect(made.trading.cancelOrder('mine')).rejects.toMatchObject({ outcome: 'unknown' });
  await settle();
});
