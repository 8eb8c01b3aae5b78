import assert from 'node:assert/strict';
import type {
  AccountEvent,
  BookLevel,
  Decimal,
  Instrument,
  Order,
  OrderRequest,
  TrackedOrder,
} from '@venuekit/connector-core';
import type { CardContext } from './card-context.ts';
import { isClaimed } from './need.ts';

/** Price and amount of an order. */
export interface Terms {
  readonly price: Decimal;
  readonly amount: Decimal;
}

/** Connects, waits until orders are taken, and listens from the beginning on. */
export async function begin(context: CardContext): Promise<readonly AccountEvent[]> {
  const events: AccountEvent[] = [];
  context.trading.events.subscribe((event) => events.push(event));
  await context.connect();
  await context.until('trading to be ready', () => context.trading.state === 'ready');
  return events;
}

/** The market of the card with its rules. */
export function instrumentOf({ marketData, pair }: CardContext): Instrument {
  return marketData.instruments.require(pair);
}

/** Terms of a buy far below the market, large enough to be allowed. */
export async function restingTerms(context: CardContext): Promise<Terms> {
  const instrument = instrumentOf(context);
  const { bid } = await bestPrices(context);
  assert.ok(bid !== undefined, 'expected a bid to stay away from');
  const price = bid.price.times('0.9').toMultipleOf(instrument.tickSize, 'down');
  const least = instrument.minNotional.times('2').dividedBy(price, { decimalPlaces: 12, rounding: 'up' });
  const amount = least.lessThan(instrument.minAmount) ? instrument.minAmount : least;
  return { price, amount: amount.toMultipleOf(instrument.lotSize, 'up') };
}

/** An order that rests. */
export async function restingRequest(context: CardContext): Promise<OrderRequest<'limit_maker'>> {
  return { type: 'limit_maker', pair: context.pair, side: 'buy', ...(await restingTerms(context)) };
}

/** Places an order that rests, waits until it is open, and gives it as it is then. */
export async function placeResting(context: CardContext, change: object = {}): Promise<TrackedOrder> {
  const request = { ...(await restingRequest(context)), ...change };
  const { clientOrderId } = await context.settled(context.trading.placeOrder(request));
  return opened(context, clientOrderId);
}

/** Waits until an order is open: a venue may acknowledge it before. */
export async function opened(context: CardContext, clientOrderId: string): Promise<TrackedOrder> {
  const known = () => context.trading.orders.get(clientOrderId);
  const isWaiting = (order: Order | undefined) => order?.status === 'sent' || order?.status === 'acked';
  await context.until('the order to be open', () => !isWaiting(known()));
  const order = known();
  assert.ok(order !== undefined && order.origin !== 'external', 'expected an order of our own that is known');
  assert.equal(order.status, 'open');
  return order;
}

/** What was told about an order, in order. */
export function told(
  events: readonly AccountEvent[],
  { clientOrderId }: Pick<TrackedOrder, 'clientOrderId'>,
): readonly string[] {
  return events.flatMap((event) =>
    'order' in event && event.order.clientOrderId === clientOrderId ? [event.kind] : [],
  );
}

/** The best prices now, from whatever the connector has. */
export async function bestPrices(context: CardContext): Promise<{
  readonly bid: BookLevel | undefined;
  readonly ask: BookLevel | undefined;
}> {
  const { capabilities, marketData, pair } = context;
  if (isClaimed(capabilities, 'marketData.streams.book')) {
    const market = await context.settled(marketData.open(pair, { streams: ['book'] }));
    const { bestBid: bid, bestAsk: ask } = await context.settled(market.book.whenLive());
    market.close();
    return { bid, ask };
  }
  if (isClaimed(capabilities, 'marketData.fetches.book')) {
    const { bids, asks } = await context.settled(marketData.fetchBook(pair, { depth: 1 }));
    return { bid: bids[0], ask: asks[0] };
  }
  if (isClaimed(capabilities, 'marketData.fetches.tickers')) {
    const [ticker] = await context.settled(marketData.fetchTickers([pair]));
    return { bid: ticker?.bid, ask: ticker?.ask };
  }
  return assert.fail('expected a connector with a book or tickers to see prices in, got one without');
}
