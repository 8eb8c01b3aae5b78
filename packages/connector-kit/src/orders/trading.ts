import {
  type Account,
  type AsyncOptions,
  type Balance,
  type CancelAllResult,
  type FeeRates,
  isVenueError,
  type Order,
  type OrderHistoryQuery,
  type OrderReference,
  type OrderRequest,
  type OrderType,
  type Pair,
  type PlaceOptions,
  type PlaceResult,
  type Runtime,
  type StandardOrderType,
  type TrackedOrder,
  type Trading,
  type TradingCapabilities,
  type UnknownDecision,
} from '@venuekit/connector-core';
import type { AccountLog } from './account-log.ts';
import { type CancelAllOptions, cancelAllOrders } from './order-cancels.ts';
import { isEnded } from './order-status.ts';
import { TradingChecks } from './trading-checks.ts';

/** What a trading facet is made of. What is left out is made of the rest, or rejects with code `unsupported`. */
export interface TradingParts<T extends OrderType = StandardOrderType> {
  readonly runtime: Runtime;
  /** Venue id for errors. */
  readonly venue: string;
  readonly log: AccountLog;
  /** Order types, time in force and client identifiers that are not claimed are refused; everything is let pass if left out. */
  readonly capabilities?: TradingCapabilities<OrderType>;
  /** The account behind the credentials; none if left out. */
  readonly account?: () => Account | undefined;
  /** Places one order, as the contract says. Called only while orders are taken. */
  readonly placeOrder: (request: OrderRequest<T>, options: PlaceOptions) => Promise<TrackedOrder>;
  /** Places several; each by itself and all at once, if left out. */
  readonly placeOrders?: (
    requests: readonly OrderRequest<T>[],
    options: PlaceOptions,
  ) => Promise<readonly PlaceResult[]>;
  /** Cancels an order that has not ended. Resolves when it has. */
  readonly cancelOrder: (order: Order, options: AsyncOptions) => Promise<Order>;
  /** Cancels all orders; each by itself, and twice, if left out. No order is placed meanwhile. */
  readonly cancelAll?: (options: CancelAllOptions) => Promise<CancelAllResult>;
  /**
   * `local` if there is nobody but the log to ask, because the venue is this very process: what it knows then answers
   * `fetchOrder`, `fetchOpenOrders` and `fetchBalances`. `venue` by default: what is left out of them rejects.
   */
  readonly authoritative?: 'venue' | 'local';
  /** Asks about one order, by what is known of it or by its identifier. */
  readonly fetchOrder?: (order: OrderReference, options: AsyncOptions) => Promise<Order>;
  readonly fetchOpenOrders?: (options: AsyncOptions & { readonly pair?: Pair }) => Promise<readonly Order[]>;
  readonly fetchBalances?: (options: AsyncOptions) => Promise<readonly Balance[]>;
  readonly fetchOrderHistory?: (query: OrderHistoryQuery) => AsyncIterable<readonly Order[]>;
  readonly fees?: (pair: Pair, options: AsyncOptions) => Promise<FeeRates>;
  /** Records the decision about an unknown order; told to the log only, if left out. */
  readonly resolveUnknown?: (order: Order, decision: UnknownDecision, reason: string) => Order;
}

/** Makes a trading facet: states, claims, references and signals are looked after before a part is called. */
export function createTrading<T extends OrderType = StandardOrderType>(parts: TradingParts<T>): Trading<T> {
  return new Facet(parts).trading();
}

class Facet<T extends OrderType> {
  readonly #parts: TradingParts<T>;
  readonly #checks: TradingChecks;
  /** Orders on their way. */
  readonly #placing = new Set<Promise<unknown>>();

  constructor(parts: TradingParts<T>) {
    this.#parts = parts;
    this.#checks = new TradingChecks(parts.venue, parts.log, parts.capabilities);
  }

  trading(): Trading<T> {
    const { log, account } = this.#parts;
    return {
      get state() {
        return log.state;
      },
      events: log.events,
      orders: log.orders,
      balances: log.balances,
      get account() {
        return account?.();
      },
      placeOrder: (request, options) => this.#placeOrder(request, options),
      placeOrders: (requests, options) => this.#placeOrders(requests, options),
      cancelOrder: (order, options) => this.#cancelOrder(order, options),
      cancelAll: (options) => this.#cancelAll(options),
      fetchOrder: (order, options) => this.#fetchOrder(order, options),
      fetchOpenOrders: async (options = {}) =>
        this.#ask('fetchOpenOrders', this.#parts.fetchOpenOrders, () => log.orders.open(options.pair))(
          options,
        ),
      fetchBalances: async (options = {}) =>
        this.#ask('fetchBalances', this.#parts.fetchBalances, () => [...log.balances])(options),
      fetchOrderHistory: (query) => this.#fetchOrderHistory(query),
      fees: async (pair, options = {}) => {
        options.signal?.throwIfAborted();
        return this.#claimed('fees', this.#parts.fees)(pair, options);
      },
      resolveUnknown: (order, decision, reason) => this.#resolveUnknown(order, decision, reason),
    };
  }

  async #placeOrder(request: OrderRequest<T>, options: PlaceOptions = {}): Promise<TrackedOrder> {
    options.signal?.throwIfAborted();
    this.#checks.place(request);
    return this.#track([request], () => this.#parts.placeOrder(request, options));
  }

  async #placeOrders(
    requests: readonly OrderRequest<T>[],
    options: PlaceOptions = {},
  ): Promise<readonly PlaceResult[]> {
    options.signal?.throwIfAborted();
    const { placeOrders } = this.#parts;
    if (placeOrders === undefined) {
      return Promise.all(
        requests.map((request) => this.#settle(this.#placeOrder(request, options), options)),
      );
    }
    return this.#placeBatch(placeOrders, requests, options);
  }

  /** Hands on those that may be placed, and puts the results of all into the order of the requests. */
  async #placeBatch(
    placeOrders: NonNullable<TradingParts<T>['placeOrders']>,
    requests: readonly OrderRequest<T>[],
    options: PlaceOptions,
  ): Promise<readonly PlaceResult[]> {
    const checked = await Promise.all(
      requests.map(async (request) => {
        try {
          this.#checks.place(request);
          return { request, result: undefined };
        } catch (error) {
          return { request, result: this.#failure(error, options) };
        }
      }),
    );
    const passed = checked.filter(({ result }) => result === undefined);
    const batch = passed.map(({ request }) => request);
    const placed = batch.length === 0 ? [] : await this.#track(batch, () => placeOrders(batch, options));
    let at = -1;
    return checked.map(({ result }) => {
      if (result === undefined) at += 1;
      return result ?? placed[at] ?? this.#failure(new Error('no result came for this order'), options);
    });
  }

  async #settle(placing: Promise<TrackedOrder>, options: PlaceOptions): Promise<PlaceResult> {
    try {
      return { ok: true, order: await placing };
    } catch (error) {
      return this.#failure(error, options);
    }
  }

  #failure(error: unknown, { signal }: PlaceOptions): PlaceResult {
    if (isVenueError(error)) return { ok: false, error };
    const aborted = signal?.aborted === true && error === signal.reason;
    const [code, outcome] = aborted ? (['aborted', 'not-sent'] as const) : (['protocol', 'unknown'] as const);
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, error: this.#checks.error('placeOrders', code, message, { outcome, cause: error }) };
  }

  /** Remembers what is on its way, for `cancelAll` to wait for. */
  async #track<R>(requests: readonly OrderRequest<T>[], place: () => Promise<R>): Promise<R> {
    let work: Promise<R> | undefined;
    try {
      work = place();
      this.#placing.add(work);
      return await work;
    } finally {
      if (work !== undefined) this.#placing.delete(work);
      for (const request of requests) this.#checks.left(request);
    }
  }

  async #cancelOrder(reference: OrderReference, options: AsyncOptions = {}): Promise<Order> {
    options.signal?.throwIfAborted();
    const order = this.#require('cancelOrder', reference);
    if (isEnded(order)) return order;
    this.#checks.cancel('cancelOrder');
    return this.#parts.cancelOrder(order, options);
  }

  async #cancelAll(options: CancelAllOptions = {}): Promise<CancelAllResult> {
    options.signal?.throwIfAborted();
    this.#checks.cancel('cancelAll');
    const { runtime, venue, log, cancelAll } = this.#parts;
    const underWay = { ...options };
    this.#checks.cancelling.add(underWay);
    try {
      if (cancelAll !== undefined) return await cancelAll(options);
      const cancelOrder = (order: Order, own: AsyncOptions) => this.#cancelOrder(order, own);
      const placed = () => Promise.allSettled([...this.#placing]);
      return await cancelAllOrders({ runtime, venue, orders: log.orders, cancelOrder, placed }, options);
    } finally {
      this.#checks.cancelling.delete(underWay);
    }
  }

  async #fetchOrder(reference: OrderReference, options: AsyncOptions = {}): Promise<Order> {
    const known = () => this.#require('fetchOrder', reference);
    const ask = this.#parts.fetchOrder;
    const asked =
      ask === undefined ? undefined : (own: AsyncOptions) => ask(this.#find(reference) ?? reference, own);
    return this.#ask('fetchOrder', asked, known)(options);
  }

  async *#fetchOrderHistory(query: OrderHistoryQuery = {}): AsyncIterable<readonly Order[]> {
    query.signal?.throwIfAborted();
    yield* this.#claimed('fetchOrderHistory', this.#parts.fetchOrderHistory)(query);
  }

  #resolveUnknown(reference: OrderReference, decision: UnknownDecision, reason: string): Order {
    const order = this.#require('resolveUnknown', reference);
    if (order.status !== 'unknown') {
      const message = `expected an order that is unknown, got one that is ${order.status}`;
      throw this.#checks.error('resolveUnknown', 'invalid-request', message, clientIdOf(order));
    }
    const { log, resolveUnknown } = this.#parts;
    if (resolveUnknown !== undefined) return resolveUnknown(order, decision, reason);
    if (decision === 'not-placed') {
      return log.tell(
        'order-not-placed',
        { ...order, status: 'not-placed' },
        { proof: `an operator decided: ${reason}` },
      );
    }
    const found = { ...order, status: order.filledAmount.isZero() ? 'open' : 'partially-filled' } as const;
    log.tell('order-recovered', found);
    return log.tell('order-open', found);
  }

  /** What a question is answered by: the connector's part, or the log where nobody else could know better. */
  #ask<O extends AsyncOptions, R>(
    operation: string,
    part: ((options: O) => Promise<R>) | undefined,
    known: () => R,
  ): (options: O) => Promise<R> {
    return async (options) => {
      options.signal?.throwIfAborted();
      if (part === undefined && this.#parts.authoritative === 'local') return known();
      return this.#claimed(operation, part)(options);
    };
  }

  #claimed<F>(operation: string, part: F | undefined): F {
    if (part !== undefined) return part;
    const message = `expected what the capabilities claim, got ${operation}, which this venue does not offer`;
    throw this.#checks.error(operation, 'unsupported', message);
  }

  #find(reference: OrderReference): Order | undefined {
    const { orders } = this.#parts.log;
    if (typeof reference === 'string') return orders.get(reference);
    const { clientOrderId, venueOrderId } = reference;
    const known = clientOrderId === undefined ? undefined : orders.get(clientOrderId);
    return known ?? (venueOrderId === undefined ? undefined : orders.get(venueOrderId));
  }

  #require(operation: string, reference: OrderReference): Order {
    const found = this.#find(reference);
    if (found !== undefined) return found;
    // One that ended long ago may have been forgotten, and is still what it was.
    if (typeof reference !== 'string' && isEnded(reference)) return reference;
    const id =
      typeof reference === 'string' ? reference : (reference.clientOrderId ?? reference.venueOrderId);
    const message = `expected an order that is known, got ${JSON.stringify(id)}`;
    const extra = operation === 'cancelOrder' ? ({ outcome: 'not-sent' } as const) : {};
    throw this.#checks.error(operation, 'order-not-found', message, extra);
  }
}

function clientIdOf({ clientOrderId }: Order): { readonly clientOrderId?: string } {
  return clientOrderId === undefined ? {} : { clientOrderId };
}
