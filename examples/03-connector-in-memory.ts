/**
 * A connector for a venue that does not exist: gold for coins, in memory, at a price that wanders. This is all that a connector
 * is made of. A real one has a stream session and a REST client where this one has a timer.
 */
import type { Capabilities, LimitMakerOrderRequest, Runtime } from '@venuekit/connector-core';
import { decimal, type SpotConnector, type TrackedOrder } from '@venuekit/connector-core';
import { createConnectorLife } from '@venuekit/connector-kit/connector';
import {
  createInstrument,
  createInstruments,
  createLocalMarkets,
  createMarketData,
} from '@venuekit/connector-kit/market-data';
import {
  createAccountLog,
  createOrderDenial,
  createTrading,
  makeFill,
  newOrder,
} from '@venuekit/connector-kit/orders';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';

const venue = 'imaginary';
const pair = 'GOLD-COIN';
const instrument = createInstrument({
  ...{ pair, base: 'GOLD', quote: 'COIN', tickSize: '0.01', lotSize: '0.001', minNotional: '1' },
});

/** What this venue can do. Everything else is refused with code `unsupported`. */
const capabilities = {
  marketData: {
    ...{ streams: ['book'], fetches: [], bookDepth: undefined, bookIntegrity: 'sequence', live: 'stream' },
  },
  trading: {
    ...{ orderTypes: ['limit_maker'], timeInForce: [], batchSize: 1, submitFenceMs: 'none' },
    ...{ fills: 'each', fetches: [], live: 'stream' },
    clientOrderId: { pattern: '[A-Za-z0-9]+', minLength: 1, maxLength: 40 },
  },
} as const satisfies Capabilities;

/** Makes a connector to the imaginary venue, whose matching engine is in it. */
export function createImaginarySpot(
  options: { readonly runtime?: Runtime } = {},
): SpotConnector<'limit_maker'> {
  const { runtime = createSystemRuntime() } = options;
  const instruments = createInstruments(venue, [instrument]);
  const markets = createLocalMarkets({ runtime, venue, instruments, streams: ['book'] });
  const log = createAccountLog({ runtime, venue });
  let middle = decimal('100');
  let tick: Disposable | undefined;

  function wander(): void {
    tick = runtime.timers.setTimer(50, wander, 'price');
    middle = middle.plus(runtime.random.next('price') < 0.5 ? '-0.05' : '0.05');
    const [bid, ask] = [middle.minus('0.05'), middle.plus('0.05')];
    markets.replaceBook(pair, { bids: [[bid.toString(), '5']], asks: [[ask.toString(), '5']] });
    // Looked up for each: whoever hears of one fill may cancel the order that would be next.
    const reached = () => log.orders.open().find(isReached);
    for (let next = reached(); next !== undefined; next = reached()) fill(next);
  }

  function isReached({ side, price = middle }: TrackedOrder): boolean {
    return side === 'buy' ? price.greaterThanOrEqual(middle) : price.lessThanOrEqual(middle);
  }

  function fill(open: TrackedOrder): void {
    const { amount, price = middle } = open;
    const { fill, order } = makeFill(open, { amount, price, liquidity: 'maker', runtime });
    const told = log.tell('order-fill', { ...order, status: 'partially-filled' }, { fill });
    const filled = { ...told, status: 'filled', knowledge: 'settled' } as const;
    if (log.orders.get(told.clientOrderId) === told) log.tell('order-filled', filled);
  }

  async function placeOrder(request: LimitMakerOrderRequest): Promise<TrackedOrder> {
    const order = newOrder(request, { runtime, venue, instruments });
    if (isReached(order)) {
      const message = `price: expected one that rests, got ${order.price} with the market at ${middle}`;
      throw createOrderDenial({ venue, order, message, rule: { field: 'price', rule: 'would-take' } });
    }
    log.tell('order-sent', { ...order, status: 'sent' });
    return log.tell('order-open', { ...order, status: 'open', venueOrderId: runtime.ids.next('order') });
  }

  async function cancelOrder(order: TrackedOrder): Promise<TrackedOrder> {
    return log.tell('order-canceled', { ...order, status: 'canceled', knowledge: 'settled' });
  }

  const life = createConnectorLife({
    ...{ runtime, venue },
    connect: async () => {
      log.begin();
      log.setState('ready');
      wander();
    },
    close: () => {
      tick?.[Symbol.dispose]();
      markets.close();
      log.end();
    },
  });
  const listed = () => life.afterConnect(instruments);
  return life.connectorWith({
    capabilities,
    marketData: createMarketData({ venue, open: markets.open, instruments: listed }),
    trading: createTrading<'limit_maker'>({
      ...{ runtime, venue, log, instruments, authoritative: 'local', capabilities: capabilities.trading },
      ...{ placeOrder, cancelOrder },
    }),
  });
}
