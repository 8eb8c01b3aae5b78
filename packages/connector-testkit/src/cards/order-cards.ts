import assert from 'node:assert/strict';
import type {
  AccountEvent,
  Decimal,
  Instrument,
  OrderRequest,
  OrderType,
  TrackedOrder,
  VenueErrorCode,
} from '@venuekit/connector-core';
import type { Card, MirrorCard } from './card.ts';
import type { CardContext } from './card-context.ts';
import type { Need } from './need.ts';

/** Orders that rest, end, and are refused. What fills prove comes with the tracking of orders. */
export const orderCards: readonly Card[] = [
  card(
    '010',
    'an order that rests is open, known by its client identifier, and told as opened',
    async (context) => {
      const events = await begin(context);
      const order = await place(context);
      assert.equal(order.status, 'open');
      assert.equal(
        context.trading.orders.get(order.clientOrderId),
        context.trading.orders.open(context.pair)[0],
      );
      assert.deepEqual(
        told(events, order),
        ['order-sent', 'order-open'].filter((kind) => told(events, order).includes(kind)),
      );
      assert.ok(told(events, order).includes('order-open'));
    },
  ),
  card('020', "the caller's own identifier is kept", async (context) => {
    await begin(context);
    const order = await place(context, { clientOrderId: 'card20own1' });
    assert.equal(order.clientOrderId, 'card20own1');
    assert.equal(context.trading.orders.get('card20own1')?.status, 'open');
  }),
  card(
    '030',
    'a cancel resolves with the order when it has ended; once more gives it back at once',
    async (context) => {
      const events = await begin(context);
      const order = await place(context);
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
    const orders = [await place(context), await place(context)];
    const result = await context.settled(context.trading.cancelAll());
    assert.ok(result.complete, 'expected a complete cancel');
    assert.deepEqual(ids(result.canceled), ids(orders));
    assert.deepEqual([result.remaining, result.uncertain], [[], []]);
    assert.deepEqual(context.trading.orders.open(), []);
  }),
  card('060', 'events of orders are numbered without a hole', async (context) => {
    const events = await begin(context);
    await context.settled(context.trading.cancelOrder(await place(context)));
    await place(context);
    assert.equal(events[0]?.kind, 'start');
    const numbers = events.flatMap((event) => ('eventNumber' in event ? [event.eventNumber] : []));
    const [first = 0] = numbers;
    assert.deepEqual(
      numbers,
      numbers.map((_number, at) => first + at),
    );
    assert.ok(numbers.length >= 3);
  }),
  refusal('100', 'a price off its tick', ({ tickSize }) => ({ price: tickSize.times('0.5') })),
  refusal('110', 'an amount off its lot', ({ lotSize }) => ({ amount: lotSize.times('1.5') })),
  refusal('120', 'an amount below the smallest', ({ minAmount, lotSize }) => ({
    amount: minAmount.minus(lotSize),
  })),
  refusal('130', 'an amount above the largest', ({ maxAmount, lotSize }) => ({
    amount: maxAmount.plus(lotSize),
  })),
  refusal('140', 'a price of zero', () => ({ price: '0' })),
  refusal('150', 'a negative amount', ({ lotSize }) => ({ amount: lotSize.negated() })),
  refusal('160', 'a pair that is not listed', () => ({ pair: 'NO-SUCH' }), 'market-unavailable'),
  card('170', 'with increments safe, amounts go down and the price of a buy goes down', async (context) => {
    await begin(context);
    const { tickSize, lotSize } = instrumentOf(context);
    const { price, amount } = await resting(context);
    const order = await place(context, {
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
    const placing = place(context, {}, AbortSignal.abort(reason));
    await context.settled(assert.rejects(placing, (error) => error === reason));
    assert.deepEqual(context.trading.orders.open(), []);
    assert.ok(!events.some(({ kind }) => kind === 'order-sent'));
  }),
  card('190', 'one bad order among several fails alone', async (context) => {
    await begin(context);
    const good = await request(context);
    const results = await context.settled(
      context.trading.placeOrders([good, { ...good, amount: '-1' } as typeof good, good]),
    );
    assert.deepEqual(
      results.map(({ ok }) => ok),
      [true, false, true],
    );
  }),
  card('200', 'before connect no order leaves', async (context) => {
    const terms = { type: 'limit_maker', pair: context.pair, side: 'buy', amount: '1', price: '1' } as const;
    const error = await context.refused('not-connected', context.trading.placeOrder(terms));
    assert.equal(error.outcome, 'not-sent');
  }),
];

/** A type of order that is not claimed is refused before anything is sent. */
export const orderMirrors: readonly MirrorCard[] = (
  ['limit', 'limit_maker', 'market', 'stop_limit', 'stop_market'] as const
).map((type) => ({
  need: `trading.orderTypes.${type}` satisfies Need,
  call: async (context) => {
    const { price, amount } = await resting(context);
    const terms = { type, pair: context.pair, side: 'buy', amount, price, stopPrice: price };
    return context.trading.placeOrder(terms as unknown as OrderRequest<OrderType>);
  },
}));

function card(number: string, title: string, run: (context: CardContext) => Promise<void>): Card {
  return {
    id: `VK-ORD-${number}`,
    group: 'orders',
    title,
    needs: ['trading', 'trading.orderTypes.limit_maker'],
    run,
  };
}

/** An order that breaks one rule is refused locally, by a message that names what was found. */
function refusal(
  number: string,
  title: string,
  change: (instrument: Instrument) => Readonly<Record<string, Decimal | string>>,
  code: VenueErrorCode = 'invalid-order',
): Card {
  return card(number, `${title} is refused, and nothing is sent`, async (context) => {
    const events = await begin(context);
    const changed = change(instrumentOf(context));
    const error = await context.refused(code, place(context, changed));
    assert.equal(error.outcome, 'not-sent');
    for (const value of Object.values(changed))
      assert.ok(error.message.includes(value.toString()), `expected ${value} in: ${error.message}`);
    assert.ok(!events.some(({ kind }) => kind === 'order-sent'), 'expected nothing to be sent');
    assert.deepEqual(context.trading.orders.open(), []);
  });
}

/** Connects, waits until orders are taken, and listens. */
async function begin(context: CardContext): Promise<readonly AccountEvent[]> {
  await context.connect();
  await context.until('trading to be ready', () => context.trading.state === 'ready');
  const events: AccountEvent[] = [];
  context.trading.events.subscribe((event) => events.push(event));
  return events;
}

function instrumentOf({ marketData, pair }: CardContext): Instrument {
  return marketData.instruments.require(pair);
}

/** Terms of a buy far below the market, large enough to be allowed. */
async function resting(context: CardContext): Promise<{ readonly price: Decimal; readonly amount: Decimal }> {
  const instrument = instrumentOf(context);
  const market = await context.settled(context.marketData.open(context.pair, { streams: ['book'] }));
  const { bestBid } = await context.settled(market.book.whenLive());
  market.close();
  assert.ok(bestBid !== undefined, 'expected a bid to stay away from');
  const price = bestBid.price.times('0.9').toMultipleOf(instrument.tickSize, 'down');
  const least = instrument.minNotional.times('2').dividedBy(price, { decimalPlaces: 12, rounding: 'up' });
  const amount = least.lessThan(instrument.minAmount) ? instrument.minAmount : least;
  return { price, amount: amount.toMultipleOf(instrument.lotSize, 'up') };
}

async function request(context: CardContext): Promise<OrderRequest<'limit_maker'>> {
  return { type: 'limit_maker', pair: context.pair, side: 'buy', ...(await resting(context)) };
}

async function place(context: CardContext, change: object = {}, signal?: AbortSignal): Promise<TrackedOrder> {
  const terms = { ...(await request(context)), ...change };
  return context.settled(context.trading.placeOrder(terms, signal === undefined ? {} : { signal }));
}

/** What was told about an order, in order. */
function told(events: readonly AccountEvent[], { clientOrderId }: TrackedOrder): readonly string[] {
  return events.flatMap((event) =>
    'order' in event && event.order.clientOrderId === clientOrderId ? [event.kind] : [],
  );
}

function ids(
  orders: readonly { readonly clientOrderId: string | undefined }[],
): readonly (string | undefined)[] {
  return orders.map(({ clientOrderId }) => clientOrderId).sort();
}
