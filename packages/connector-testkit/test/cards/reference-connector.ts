import {
  type AsyncOptions,
  decimal,
  type Instruments,
  type LimitMakerOrderRequest,
  type Pair,
  type PlaceOptions,
  type Runtime,
  type SpotConnector,
  type TrackedOrder,
  VenueError,
} from '@venuekit/connector-core';
import { createConnectorLife } from '@venuekit/connector-kit/connector';
import { createVenueLimiter } from '@venuekit/connector-kit/limits';
import {
  createInstrument,
  createInstruments,
  createLiveMarkets,
  createMarketData,
  type MarketDataParts,
  singleSession,
} from '@venuekit/connector-kit/market-data';
import { createAccountLog, createTrading, newOrder } from '@venuekit/connector-kit/orders';
import { createStreamSession, type StreamDialect, type Topic } from '@venuekit/connector-kit/stream';
import { host, rules } from './reference-venue.ts';

const venue = 'reference';
const instrument = createInstrument(rules);

/** What the reference can do. */
export const capabilities: SpotConnector<'limit_maker'>['capabilities'] = {
  marketData: {
    ...{ streams: ['book', 'trades', 'ticker'], fetches: ['tickers', 'trades', 'book'] },
    ...{ bookDepth: undefined, bookIntegrity: 'sequence', live: 'stream' },
  },
  trading: {
    ...{ orderTypes: ['limit_maker'], timeInForce: [], batchSize: 1, submitFenceMs: 'none' },
    ...{ fills: 'each', fetches: [], live: 'stream' },
    clientOrderId: { pattern: '[A-Za-z0-9]+', minLength: 1, maxLength: 40 },
  },
};

/** What may differ between connectors that keep the contract. */
export interface ConnectorHabits {
  /** Who checks orders: the connector before they leave, or nobody but the venue. */
  readonly checks: 'local' | 'venue';
  readonly capabilities: SpotConnector['capabilities'];
}

interface Message {
  readonly type: 'ack' | 'pong' | 'book' | 'snapshot' | 'trades' | 'ticker' | 'order';
  readonly id?: string;
  readonly timeMs?: number;
  readonly sequence: number;
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
  readonly bid: readonly [string, string];
  readonly ask: readonly [string, string];
  readonly trades: readonly TradeMessage[];
  readonly clientOrderId: string;
  readonly status: 'open' | 'canceled';
}

interface Reply extends Message {
  readonly ok: boolean;
  readonly reason?: string;
  readonly venueOrderId: string;
  readonly total: string;
  readonly available: string;
}

interface TradeMessage {
  readonly id: string;
  readonly price: string;
  readonly amount: string;
  readonly side: 'buy' | 'sell';
  readonly timeMs?: number;
}

const dialect: StreamDialect<Message> = {
  readyOn: 'open',
  decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Message,
  control: ({ type, id }) => {
    if (type === 'pong') return { type };
    return type === 'ack' ? { type, id, topics: [], error: undefined } : undefined;
  },
  encodeSubscribe: (id, channel, symbols) => JSON.stringify({ op: 'subscribe', id, channel, symbols }),
  encodeUnsubscribe: (id, channel, symbols) => JSON.stringify({ op: 'unsubscribe', id, channel, symbols }),
  encodePing: () => '{"op":"ping"}',
  encodePong: () => '{"op":"pong"}',
};

/** Rules that let everything pass to the venue but what is no order at all. */
const lax = createInstrument({
  ...{ pair: rules.pair, base: rules.base, quote: rules.quote, tickSize: '0.0000001', lotSize: '0.0000001' },
  ...{ maxAmount: '1000000000', maxNotional: '1000000000' },
});

/** Makes a connector that claims much and keeps all of it, against the venue beside this file. */
export function createReferenceSpot(runtime: Runtime, habits: ConnectorHabits): SpotConnector<'limit_maker'> {
  const instruments = createInstruments(venue, [instrument]);
  const log = createAccountLog({ runtime, venue });
  const windows = [{ capacity: 100, windowMs: 1_000 }];
  const limiter = createVenueLimiter({
    ...{ runtime, venue },
    limits: [
      { id: 'dial', scope: 'ip', windows },
      { id: 'subscribe', windows },
      { id: 'snapshot', windows },
    ],
  });

  const session = createStreamSession<Message>({
    ...{ runtime, venue, dialect, url: `ws://${host}/` },
    limits: { limiter, dial: 'dial', subscribe: 'subscribe', scope: 'ip' },
    onMessage: (message, receivedAtMs) => take(message, receivedAtMs),
    onState: ({ state, reason = 'no connection', sinceMs }) => {
      if (state === 'live') life.live();
      else if (state === 'down') life.down(reason, sinceMs);
    },
    onRefusedFrame: (error) => life.dataRefused(error),
  });
  const loaded = (): Instruments => life.afterConnect(instruments);
  const markets = createLiveMarkets({
    ...{ runtime, venue, instruments: loaded, snapshotLimit: { limiter, id: 'snapshot' } },
    session: singleSession(session),
    streams: habits.capabilities.marketData.streams,
    toTopic: (channel, { pair }): Topic => ({ channel, symbol: pair }),
    requestSnapshot: () => session.send('{"op":"snapshot"}'),
    onRefused: (pair, stream, error) => life.subscriptionRefused(pair, stream, error),
  });
  const life = createConnectorLife({
    ...{ runtime, venue },
    connect: async (signal) => {
      const [asset, funds] = [rules.quote, await ask('account', { signal })];
      await session.connect({ signal });
      log.begin();
      log.setBalance({ asset, total: funds.total, available: funds.available });
      log.setBalance({ asset: rules.base, total: '500', available: '500' });
      log.setState('ready');
    },
    close: async () => {
      markets.close();
      log.end();
      await session.close();
    },
  });

  function take(message: Message, receivedAtMs: number): void {
    const { type, bids, asks, bid, ask: lowest, timeMs: venueTimeMs } = message;
    const sequence = BigInt(message.sequence ?? 0);
    const writer = markets.writer(rules.pair);
    if (type === 'book') writer?.book.change({ sequence, venueTimeMs, bids, asks }, receivedAtMs);
    if (type === 'snapshot')
      markets.snapshot(rules.pair, { sequence, venueTimeMs, bids, asks }, receivedAtMs);
    if (type === 'trades') writer?.trades.trades(message.trades.map(toTrade), receivedAtMs);
    if (type === 'ticker') {
      writer?.ticker.ticker({ bid: toLevel(bid), ask: toLevel(lowest), venueTimeMs }, receivedAtMs);
    }
    if (type === 'order') apply(message.clientOrderId, message.status);
  }

  /** What the venue says of an order; again, or late, it changes nothing. */
  function apply(clientOrderId: string, status: Message['status']): void {
    const order = log.orders.get(clientOrderId);
    if (order === undefined || order.status === status || order.status === 'canceled') return;
    if (status === 'open') log.tell('order-open', { ...order, status, venueOrderId: `V${clientOrderId}` });
    else log.tell('order-canceled', { ...order, status, pendingCommand: 'none' });
  }

  async function ask(path: string, { signal }: AsyncOptions, body?: object): Promise<Reply> {
    const stop = AbortSignal.any([life.ending, ...(signal === undefined ? [] : [signal])]);
    stop.throwIfAborted();
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await runtime.fetch(new Request(`http://${host}/${path}`, { ...init, signal: stop }));
    return { ...((await response.json()) as Reply), ok: response.ok };
  }

  let made = 0;
  /** Fits what any target here claims. */
  function makeClientOrderId(): string {
    made += 1;
    return String(made).padStart(18, '0');
  }

  async function placeOrder(request: LimitMakerOrderRequest, options: PlaceOptions): Promise<TrackedOrder> {
    const isLax = habits.checks === 'venue' && request.increments !== 'safe';
    const known = isLax
      ? { require: (pair: Pair) => ({ ...lax, pair: instruments.require(pair).pair }) }
      : instruments;
    const order = newOrder(request, { runtime, venue, instruments: known, makeClientOrderId });
    const { clientOrderId, pair, side, price, amount } = order;
    log.tell('order-sent', { ...order, status: 'sent' });
    const { ok, reason, venueOrderId } = await ask('orders', options, {
      ...{ clientOrderId, pair, side, price, amount },
    });
    if (!ok) throw rejected(order, reason ?? 'no reason');
    const now = log.orders.get(clientOrderId);
    if (now?.status === 'sent') log.tell('order-acked', { ...now, status: 'acked', venueOrderId });
    return log.orders.get(clientOrderId) as TrackedOrder;
  }

  function rejected(order: TrackedOrder, reason: string): VenueError {
    const code = 'invalid-order';
    log.tell(
      'order-rejected',
      { ...order, status: 'rejected' },
      { code, venueCode: reason, blame: 'culprit', reason },
    );
    const { clientOrderId } = order;
    return new VenueError({ code, venue, clientOrderId, message: reason, outcome: 'rejected' });
  }

  async function cancelOrder(order: TrackedOrder, options: AsyncOptions): Promise<TrackedOrder> {
    const { clientOrderId } = order;
    log.tell('order-cancel', { ...order, pendingCommand: 'cancel-requested' }, { phase: 'requested' });
    await ask('cancel', options, { clientOrderId });
    apply(clientOrderId, 'canceled');
    return log.orders.get(clientOrderId) as TrackedOrder;
  }

  /** What is not claimed is left out, and so is refused. */
  function claimedFetches(): Partial<MarketDataParts> {
    const { fetches } = habits.capabilities.marketData;
    return {
      ...(fetches.includes('tickers') ? { fetchTickers } : {}),
      ...(fetches.includes('trades') ? { fetchTrades } : {}),
      ...(fetches.includes('book') ? { fetchBook } : {}),
    };
  }

  const fetchTickers: NonNullable<MarketDataParts['fetchTickers']> = async (
    pairs = [rules.pair],
    options,
  ) => {
    const { bid, ask: lowest } = await ask('tickers', options);
    const unknown = { open: undefined, high: undefined, low: undefined, last: undefined };
    const best = { bid: toLevel(bid), ask: toLevel(lowest), volume: undefined };
    return pairs.map((pair) => ({ pair, ...unknown, ...best, receivedAtMs: runtime.clock.now() }));
  };

  const fetchTrades: NonNullable<MarketDataParts['fetchTrades']> = async (
    pair,
    { limit = 50, ...options },
  ) => {
    const { trades } = await ask('trades', options);
    const newest = trades.slice(-limit).map(toTrade);
    return newest.map((trade) => ({ pair, ...trade, receivedAtMs: runtime.clock.now() }));
  };

  const fetchBook: NonNullable<MarketDataParts['fetchBook']> = async (pair, { depth, ...options }) => {
    const { sequence, timeMs: venueTimeMs, bids, asks } = await ask('book', options);
    const side = (levels: Message['bids']) => levels.slice(0, depth).map(toLevel);
    const times = { venueTimeMs, receivedAtMs: runtime.clock.now() };
    return { pair, sequence: BigInt(sequence), bids: side(bids), asks: side(asks), ...times };
  };

  return life.connectorWith({
    capabilities: habits.capabilities,
    marketData: createMarketData({
      ...{ venue, open: markets.open, instruments: loaded },
      ...claimedFetches(),
    }),
    trading: createTrading<'limit_maker'>({
      ...{ runtime, venue, log, capabilities: habits.capabilities.trading, authoritative: 'local' },
      ...{ placeOrder, cancelOrder, makeClientOrderId },
    }),
  });
}

function toLevel([price, amount]: readonly [string, string]) {
  return { price: decimal(price), amount: decimal(amount) };
}

function toTrade({ id, price, amount, side, timeMs }: TradeMessage) {
  return {
    ...{ tradeId: id, side, venueTimeMs: timeMs },
    ...{ price: decimal(price), amount: decimal(amount) },
  };
}
