import assert from 'node:assert/strict';
import type { Order, OrderRequest, OrderType, PlaceResult } from '@venuekit/connector-core';
import type { Card, MirrorCard } from './card.ts';
import type { CardContext } from './card-context.ts';
import { isClaimed, type Need } from './need.ts';
import { refusedOrder } from './order-refusals.ts';
import {
  begin,
  bestPrices,
  instrumentOf,
  opened,
  placeResting,
  restingRequest,
  restingTerms,
  told,
} from './order-terms.ts';

/** Orders that rest, end, and are refused. What fills prove comes with the tracking of orders. */
export const orderCards: readonly Card[] = [
  card(
    '010',
    'an order that rests is open, known by its client identifier, and told as opened',
    async (context) => {
      const events = await begin(context);
      const order = await placeResting(context);
      const { orders } = context.trading;
      // It stays open: what was told once may be forgotten, or told again.
      await context.pass(1_000);
      assert.deepEqual(
        orders.open(context.pair).map(({ clientOrderId }) => clientOrderId),
        [order.clientOrderId],
      );
      assert.equal(orders.get(order.clientOrderId)?.status, 'open');
      // A venue may acknowledge an order before it works.
      const kinds = told(events, order).filter((kind) => kind !== 'order-acked');
      assert.deepEqual(kinds, ['order-sent', 'order-open']);
      assert.notEqual(
        told(events, order).at(-1),
        'order-acked',
        'expected no acknowledgement of an open order',
      );
    },
  ),
  card('020', "the caller's own identifier is kept", async (context) => {
    await begin(context);
    const { clientOrderId } = context;
    const placing = context.trading.placeOrder({ ...(await restingRequest(context)), clientOrderId });
    const order = await context.settled(placing);
    assert.equal(order.clientOrderId, clientOrderId);
    await opened(context, clientOrderId);
  }),
  card(
    '030',
    'a cancel resolves with the order when it has ended; once more gives it back at once',
    async (context) => {
      const events = await begin(context);
      const order = await placeResting(context);
      const canceled = await context.settled(context.trading.cancelOrder(order));
      assert.equal(canceled.status, 'canceled');
      assert.equal(
        (await context.settled(context.trading.cancelOrder(order.clientOrderId))).status,
        'canceled',
      );
      assert.equal(told(events, order).filter((kind) => kind === 'order-canceled').length, 1);
      assert.deepEqual(context.trading.orders.open(), []);
    },
  ),
  card('040', 'a cancel of an order that nobody knows is refused, and nothing is sent', async (context) => {
    await begin(context);
    const error = await context.refused('order-not-found', context.trading.cancelOrder('noSuchOrd'));
    assert.equal(error.outcome, 'not-sent');
  }),
  card('050', 'cancelAll leaves nothing, and says so', async (context) => {
    await begin(context);
    const orders = [await placeResting(context), await placeResting(context)];
    const result = await context.settled(context.trading.cancelAll());
    assert.ok(result.complete, 'expected a complete cancel');
    assert.deepEqual(ids(result.canceled), ids(orders));
    assert.deepEqual([result.remaining, result.uncertain], [[], []]);
    assert.deepEqual(context.trading.orders.open(), []);
  }),
  card(
    '060',
    'events of orders are numbered from one on, without a hole, behind a start',
    async (context) => {
      const events = await begin(context);
      await context.settled(context.trading.cancelOrder(await placeResting(context)));
      await placeResting(context);
      const numbers = events.flatMap((event) => ('eventNumber' in event ? [event.eventNumber] : []));
      assert.deepEqual(
        numbers,
        numbers.map((_number, at) => 1 + at),
      );
      const start = events.findIndex(({ kind }) => kind === 'start');
      const first = events.findIndex((event) => 'eventNumber' in event);
      assert.ok(start !== -1 && start < first, 'expected a start before the first event of an order');
      assert.ok(numbers.length >= 3);
    },
  ),
  card('170', 'with increments safe, amounts go down and the price of a buy goes down', async (context) => {
    await begin(context);
    const { tickSize, lotSize } = instrumentOf(context);
    const { price, amount } = await restingTerms(context);
    const order = await placeResting(context, {
      price: price.plus(tickSize.times('0.9')),
      amount: amount.plus(lotSize.times('0.9')),
      increments: 'safe',
    });
    assert.deepEqual(
      [order.price?.toString(), order.amount.toString()],
      [price.toString(), amount.toString()],
    );
  }),
  card('180', 'an aborted signal rejects with its own reason, and no order is made', async (context) => {
    const events = await begin(context);
    const reason = new Error('the caller left');
    const signal = AbortSignal.abort(reason);
    const placing = context.trading.placeOrder(await restingRequest(context), { signal });
    await context.settled(assert.rejects(placing, (error) => error === reason));
    assert.deepEqual(context.trading.orders.open(), []);
    assert.ok(!events.some(({ kind }) => kind === 'order-sent'));
  }),
  card('190', 'one bad order among several gets its own answer, and so do the others', severalOrders),
  card('200', 'before connect no order leaves', async (context) => {
    const terms = { type: 'limit_maker', pair: context.pair, side: 'buy', amount: '1', price: '1' } as const;
    const error = await context.refused('not-connected', context.trading.placeOrder(terms));
    assert.equal(error.outcome, 'not-sent');
  }),
  card(
    '210',
    'the view of orders begins with those that live, and tells a slow reader the newest',
    ordersView,
  ),
  card(
    '220',
    'an identifier that was used before is refused, and its order stays as it was',
    async (context) => {
      const events = await begin(context);
      const { clientOrderId } = context;
      const order = await placeResting(context, { clientOrderId });
      const again = { ...(await restingRequest(context)), clientOrderId };
      const error = await context.refused(
        ['invalid-order', 'invalid-request'],
        context.trading.placeOrder(again),
      );
      assert.equal(error.outcome, 'not-sent');
      const now = context.trading.orders.get(clientOrderId);
      assert.deepEqual([now?.status, now?.venueOrderId], ['open', order.venueOrderId]);
      assert.deepEqual(told(events, order).filter((kind) => kind === 'order-sent').length, 1);
    },
  ),
  card('230', 'a limit_maker that would trade at once is refused, and does not trade', async (context) => {
    const events = await begin(context);
    const request = await restingRequest(context);
    const { ask } = await bestPrices(context);
    assert.ok(ask !== undefined, 'expected an ask to meet');
    // Far enough for the market not to move away meanwhile.
    const price = ask.price.times('1.05').toMultipleOf(instrumentOf(context).tickSize, 'up');
    await refusedOrder(context, events, { ...request, price }, ['invalid-order']);
    assert.deepEqual(context.trading.orders.open(), []);
    assert.ok(!events.some(({ kind }) => kind === 'order-fill'), 'expected no fill');
  }),
];

/** Several orders at once, the second of which cannot be. A venue may refuse a batch for one of them, and then says so. */
async function severalOrders(context: CardContext): Promise<void> {
  const events = await begin(context);
  const good = await restingRequest(context);
  const asked = [good, { ...good, amount: '-1' }, good];
  const results = await context.settled(context.trading.placeOrders(asked));
  assert.equal(results.length, asked.length, 'expected one answer for each');
  const [first, bad, last] = results as readonly [PlaceResult, PlaceResult, PlaceResult];
  const isCollateral = ({ clientOrderId }: { readonly clientOrderId?: string | undefined }) =>
    events.some(
      (event) =>
        event.kind === 'order-rejected' &&
        event.order.clientOrderId === clientOrderId &&
        event.blame === 'collateral',
    );
  for (const result of [first, last]) {
    if (!result.ok)
      assert.ok(isCollateral(result.error), `expected a good order to be placed, got ${result.error}`);
    else if (!isCollateral(result.order)) await opened(context, result.order.clientOrderId);
  }
  if (!bad.ok) return;
  const { order } = bad;
  await context.until('the bad order to be refused', () => told(events, order).includes('order-rejected'));
}

async function ordersView(context: CardContext): Promise<void> {
  await begin(context);
  const { orders } = context.trading;
  const ended = await placeResting(context);
  const living = await placeResting(context);
  await context.settled(context.trading.cancelOrder(ended));
  const opening: Order[] = [];
  const listening = orders.subscribe(({ order }) => opening.push(order));
  listening[Symbol.dispose]();
  assert.deepEqual(ids(opening), ids([living]), 'expected the living orders and no other');
  const reader = orders[Symbol.asyncIterator]();
  await context.settled(context.trading.cancelOrder(living));
  const placed = await placeResting(context);
  for (const { clientOrderId } of [living, placed]) {
    const next = await context.settled(Promise.resolve(reader.next()));
    assert.ok(next.done !== true, 'expected the newest state of each order that changed');
    const { order } = next.value;
    assert.equal(order.clientOrderId, clientOrderId);
    assert.equal(order.status, orders.get(clientOrderId)?.status, 'expected the newest state');
  }
  await reader.return?.();
}

/** A type of order that is not claimed is refused before anything is sent, and so is a question. */
export const orderMirrors: readonly MirrorCard[] = [
  ...(['limit', 'limit_maker', 'market', 'stop_limit', 'stop_market'] as const).map((type) => ({
    need: `trading.orderTypes.${type}` satisfies Need,
    call: (context: CardContext) => placeUnclaimed(context, type),
  })),
  ...(['GTC', 'IOC', 'FOK'] as const).map((timeInForce) => ({
    need: `trading.timeInForce.${timeInForce}` satisfies Need,
    beside: ['trading.orderTypes.limit'] as const,
    call: (context: CardContext) => placeUnclaimed(context, 'limit', { timeInForce }),
  })),
  {
    need: 'trading.fetches.order-history',
    call: async ({ trading }) => {
      for await (const _ of trading.fetchOrderHistory()) break;
    },
  },
  { need: 'trading.fetches.fees', call: async ({ trading, pair }) => trading.fees(pair) },
];

/** Places an order that is not claimed, of which nothing may be sent. */
async function placeUnclaimed(context: CardContext, type: OrderType, change: object = {}): Promise<void> {
  const events = await begin(context);
  const request = { ...(await requestOf(context, type)), ...change };
  const [refused] = await context.settled(Promise.allSettled([context.trading.placeOrder(request)]));
  assert.ok(!events.some(({ kind }) => kind === 'order-sent'), 'expected nothing to be sent');
  if (refused.status === 'rejected') throw refused.reason;
}

/** An order of a type with the fields of that type, and no others. */
async function requestOf(context: CardContext, type: OrderType): Promise<OrderRequest<OrderType>> {
  const sees = isClaimed(context.capabilities, 'marketData');
  const { price, amount } = sees ? await restingTerms(context) : { price: '1', amount: '1' };
  const terms = { pair: context.pair, side: 'buy', amount } as const;
  if (type === 'market') return { ...terms, type };
  if (type === 'stop_market') return { ...terms, type, stopPrice: price };
  return type === 'stop_limit' ? { ...terms, type, price, stopPrice: price } : { ...terms, type, price };
}

function card(number: string, title: string, run: (context: CardContext) => Promise<void>): Card {
  return {
    id: `VK-ORD-${number}`,
    group: 'orders',
    title,
    needs: ['marketData', 'trading', 'trading.orderTypes.limit_maker'],
    run,
  };
}

function ids(
  orders: readonly { readonly clientOrderId: string | undefined }[],
): readonly (string | undefined)[] {
  return orders.map(({ clientOrderId }) => clientOrderId).sort();
}
