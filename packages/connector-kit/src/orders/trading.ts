import {
  type Account,
  type AsyncOptions,
  type Balance,
  type CancelAllResult,
  type FeeRates,
  type Fill,
  type FillQuery,
  isEnded,
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
import { frozenRequest, placementError } from './order-outcome.ts';
import { findOrder, referenceText } from './order-reference.ts';
import { TradingChecks } from './trading-checks.ts';
import { decisionFault, tellDecision } from './unknown-decision.ts';

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
  /** Cancels an order of ours that has not ended. Resolves when it has. */
  readonly cancelOrder: (order: TrackedOrder, options: AsyncOptions) => Promise<TrackedOrder>;
  /**
   * Cancels all orders of ours; each by itself, and twice, if left out. No order is placed meanwhile. It is not `complete` while one
   * is on its way, whatever is said here.
   */
  readonly cancelAll?: (options: CancelAllOptions) => Promise<CancelAllResult>;
  /**
   * `local` if there is nobody but the log to ask, because the venue is this very process: what it knows then answers
   * `fetchOrder`, `fetchOpenOrders` and `fetchBalances`. `venue` by default: what is left out of them rejects.
   */
  readonly authoritative?: 'venue' | 'local';
  /** Asks about one order, by what is known of it or by its identifier. */
  readonly fetchOrder?: (order: OrderReference | Order, options: AsyncOptions) => Promise<Order>;
  /** Asks for all open orders, of one pair or of all. */
  readonly fetchOpenOrders?: (options: AsyncOptions & { readonly pair?: Pair }) => Promise<readonly Order[]>;
  /** Asks for all balances. */
  readonly fetchBalances?: (options: AsyncOptions) => Promise<readonly Balance[]>;
  /** Finished orders, oldest first, in pages. */
  readonly fetchOrderHistory?: (query: OrderHistoryQuery) => AsyncIterable<readonly Order[]>;
  /** Fills, oldest first, in pages. */
  readonly fetchFills?: (query: FillQuery) => AsyncIterable<readonly Fill[]>;
  /** What this account pays. */
  readonly fees?: (pair: Pair, options: AsyncOptions) => Promise<FeeRates>;
  /** Records the decision about an order in doubt; told to the log only, if left out. */
  readonly resolveUnknown?: (order: TrackedOrder, decision: UnknownDecision, reason: string) => TrackedOrder;
  /** Sends the bytes of an unknown order again. Called only while orders are taken. */
  readonly resubmit?: (order: TrackedOrder, options: AsyncOptions) => Promise<TrackedOrder>;
}

/** Makes a trading facet: states, claims, references and signals are looked after before a part is called. */
export function createTrading<T extends OrderType = StandardOrderType>(parts: TradingParts<T>): Trading<T> {
  return new Facet(parts).trading();
}

/** Orders on their way. */
interface Placing {
  readonly pairs: ReadonlySet<Pair>;
  /** Resolves when they have arrived, or have not. */
  readonly done: Promise<void>;
}

class Facet<T extends OrderType> {
  readonly #parts: TradingParts<T>;
  readonly #checks: TradingChecks;
  readonly #placing = new Set<Placing>();

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
      fetchFills: (query) => this.#fetchFills(query),
      fees: async (pair, options = {}) => {
        options.signal?.throwIfAborted();
        return this.#claimed('fees', this.#parts.fees)(pair, options);
      },
      resolveUnknown: (order, decision, reason) => this.#resolveUnknown(order, decision, reason),
      resubmit: (order, options) => this.#resubmit(order, options),
    };
  }

  async #placeOrder(asked: OrderRequest<T>, options: PlaceOptions = {}): Promise<TrackedOrder> {
    const { signal } = options;
    signal?.throwIfAborted();
    const request = frozenRequest(asked);
    this.#checks.place(request);
    try {
      return await this.#track([request], () => this.#parts.placeOrder(request, options));
    } catch (error) {
      const told = placementError(error, { venue: this.#parts.venue, request, signal });
      // Nothing has left: the reason of the caller, untouched.
      throw told.code === 'aborted' && told.outcome === 'not-sent' && signal?.aborted ? signal.reason : told;
    }
  }

  async #placeOrders(
    asked: readonly OrderRequest<T>[],
    options: PlaceOptions = {},
  ): Promise<readonly PlaceResult[]> {
    options.signal?.throwIfAborted();
    const requests = asked.map(frozenRequest);
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
    // All at once: a cancelAll that comes now must know of them, or they of it.
    const checked = requests.map((request) => {
      try {
        this.#checks.place(request);
        return { request, result: undefined };
      } catch (error) {
        return { request, result: this.#failure(error, options) };
      }
    });
    const passed = checked.filter(({ result }) => result === undefined);
    const batch = passed.map(({ request }) => request);
    const placed = batch.length === 0 ? [] : await this.#placed(placeOrders, batch, options);
    let at = -1;
    return checked.map(({ result }) => {
      if (result === undefined) at += 1;
      return result ?? placed[at] ?? this.#failure(new Error('no result came for this order'), options);
    });
  }

  /** A batch that fails as a whole fails for each of its orders, and nobody can tell what became of them. */
  async #placed(
    placeOrders: NonNullable<TradingParts<T>['placeOrders']>,
    batch: readonly OrderRequest<T>[],
    options: PlaceOptions,
  ): Promise<readonly PlaceResult[]> {
    try {
      return await this.#track(batch, () => placeOrders(batch, options));
    } catch (error) {
      const { venue } = this.#parts;
      const { signal } = options;
      return batch.map((request) => {
        return { ok: false, error: placementError(error, { venue, request, signal }) };
      });
    }
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
  async #track<R>(
    requests: readonly Pick<OrderRequest<T>, 'pair' | 'clientOrderId'>[],
    place: () => Promise<R>,
  ): Promise<R> {
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const placing: Placing = { pairs: new Set(requests.map(({ pair }) => pair)), done };
    // Before it begins: a listener that hears of its first steps may cancel all.
    this.#placing.add(placing);
    try {
      return await place();
    } finally {
      this.#placing.delete(placing);
      resolve();
      for (const request of requests) this.#checks.left(request);
    }
  }

  #onTheirWay(pair: Pair | undefined): readonly Promise<void>[] {
    const meant = [...this.#placing].filter(({ pairs }) => pair === undefined || pairs.has(pair));
    return meant.map(({ done }) => done);
  }

  async #cancelOrder(reference: OrderReference, options: AsyncOptions = {}): Promise<TrackedOrder> {
    options.signal?.throwIfAborted();
    const order = this.#requireOwn('cancelOrder', reference);
    if (isEnded(order)) return order;
    this.#checks.cancel('cancelOrder');
    return this.#parts.cancelOrder(order, options);
  }

  async #cancelAll(options: CancelAllOptions = {}): Promise<CancelAllResult> {
    options.signal?.throwIfAborted();
    this.#checks.cancel('cancelAll');
    const { cancelAll = (all: CancelAllOptions) => this.#cancelEach(all) } = this.#parts;
    const underWay = { ...options };
    this.#checks.cancelling.add(underWay);
    try {
      const result = await cancelAll(options);
      // Whatever was found: what is still on its way may arrive.
      return this.#onTheirWay(options.pair).length === 0 ? result : { ...result, complete: false };
    } finally {
      this.#checks.cancelling.delete(underWay);
    }
  }

  #cancelEach(options: CancelAllOptions): Promise<CancelAllResult> {
    const { runtime, venue, log } = this.#parts;
    const cancelOrder = (order: TrackedOrder, own: AsyncOptions) => this.#cancelOrder(order, own);
    const placed = () => Promise.all(this.#onTheirWay(options.pair));
    return cancelAllOrders({ runtime, venue, orders: log.orders, cancelOrder, placed }, options);
  }

  async #fetchOrder(reference: OrderReference, options: AsyncOptions = {}): Promise<Order> {
    const known = () => this.#require('fetchOrder', reference);
    const ask = this.#parts.fetchOrder;
    const asked =
      ask === undefined
        ? undefined
        : (own: AsyncOptions) => ask(findOrder(this.#parts.log.orders, reference) ?? reference, own);
    return this.#ask('fetchOrder', asked, known)(options);
  }

  async *#fetchOrderHistory(query: OrderHistoryQuery = {}): AsyncIterable<readonly Order[]> {
    query.signal?.throwIfAborted();
    yield* this.#claimed('fetchOrderHistory', this.#parts.fetchOrderHistory)(query);
  }

  async *#fetchFills(query: FillQuery = {}): AsyncIterable<readonly Fill[]> {
    query.signal?.throwIfAborted();
    yield* this.#claimed('fetchFills', this.#parts.fetchFills)(query);
  }

  #resolveUnknown(reference: OrderReference, decision: UnknownDecision, reason: string): TrackedOrder {
    const order = this.#requireOwn('resolveUnknown', reference);
    const refuse = (message: string) =>
      this.#checks.error('resolveUnknown', 'invalid-request', message, {
        clientOrderId: order.clientOrderId,
      });
    const { status, knowledge } = order;
    if (status !== 'unknown' && (isEnded(order) || knowledge !== 'stale')) {
      throw refuse(`expected an order in doubt, got one that is ${status} and ${knowledge}`);
    }
    const fault = decisionFault(order, decision);
    if (fault !== undefined) throw refuse(`an order that is ${status} cannot be ${decision}: ${fault}`);
    const { log, resolveUnknown, runtime } = this.#parts;
    runtime.logger.info(`an operator decided that order ${order.clientOrderId} is ${decision}: ${reason}`);
    return resolveUnknown?.(order, decision, reason) ?? tellDecision(log, order, decision, reason);
  }

  async #resubmit(reference: OrderReference, options: AsyncOptions = {}): Promise<TrackedOrder> {
    options.signal?.throwIfAborted();
    const resubmit = this.#claimed('resubmit', this.#parts.resubmit);
    const order = this.#requireOwn('resubmit', reference);
    this.#checks.resubmit(order);
    return this.#track([order], () => resubmit(order, options));
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
    throw this.#checks.error(operation, 'unsupported', message, notSent(operation));
  }

  /** An order of ours: nobody else's is touched. */
  #requireOwn(operation: string, reference: OrderReference): TrackedOrder {
    const order = this.#require(operation, reference);
    if (order.origin !== 'external') return order;
    const message = `expected an order of this connector, got ${referenceText(reference)}, which is somebody else's`;
    throw this.#checks.error(operation, 'invalid-request', message, notSent(operation));
  }

  #require(operation: string, reference: OrderReference): Order {
    const found = findOrder(this.#parts.log.orders, reference);
    if (found !== undefined) return found;
    // One that ended long ago may have been forgotten, and is still what it was.
    if (typeof reference !== 'string' && 'status' in reference && isEnded(reference)) return reference;
    const message = `expected an order that is known, got ${referenceText(reference)}`;
    throw this.#checks.error(operation, 'order-not-found', message, notSent(operation));
  }
}

/** What became of a command that is refused here; a question has no outcome. */
function notSent(operation: string): { readonly outcome?: 'not-sent' } {
  return operation === 'cancelOrder' || operation === 'resubmit' ? { outcome: 'not-sent' } : {};
}
