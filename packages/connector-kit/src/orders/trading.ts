import {
  type AsyncOptions,
  type CancelAllResult,
  type Fill,
  type FillQuery,
  isEnded,
  type Order,
  type OrderHistoryQuery,
  type OrderReference,
  type OrderType,
  type StandardOrderType,
  type TrackedOrder,
  type Trading,
  type UnknownDecision,
} from '@venuekit/connector-core';
import { waitForCall } from './call-wait.ts';
import { OrderCanceling } from './order-canceling.ts';
import type { CancelAllOptions } from './order-cancels.ts';
import { OrderPlacement } from './order-placement.ts';
import { findOrder, referenceText } from './order-reference.ts';
import { OrdersLeaving } from './orders-on-their-way.ts';
import { TradingChecks } from './trading-checks.ts';
import type { TradingParts } from './trading-parts.ts';
import { decisionFault, tellDecision } from './unknown-decision.ts';

/** Makes a trading facet: states, claims, references and signals are looked after before a part is called. */
export function createTrading<T extends OrderType = StandardOrderType>(parts: TradingParts<T>): Trading<T> {
  return new Facet(parts).trading();
}

class Facet<T extends OrderType> {
  readonly #parts: TradingParts<T>;
  readonly #checks: TradingChecks;
  readonly #leaving: OrdersLeaving;
  readonly #placement: OrderPlacement<T>;
  readonly #canceling: OrderCanceling<T>;

  constructor(parts: TradingParts<T>) {
    this.#parts = parts;
    this.#leaving = new OrdersLeaving(parts.log.orders);
    this.#checks = new TradingChecks(parts, this.#leaving);
    this.#placement = new OrderPlacement(parts, this.#checks, this.#leaving);
    this.#canceling = new OrderCanceling(parts, this.#checks, this.#leaving);
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
      placeOrder: (request, options) => this.#placement.placeOrder(request, options),
      placeOrders: (requests, options) => this.#placement.placeOrders(requests, options),
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
      fees: (pair, options = {}) =>
        this.#wait('fees', options, async (own) => this.#claimed('fees', this.#parts.fees)(pair, own)),
      resolveUnknown: (order, decision, reason) => this.#resolveUnknown(order, decision, reason),
      resubmit: (order, options) => this.#resubmit(order, options),
    };
  }

  async #cancelOrder(reference: OrderReference, options: AsyncOptions = {}): Promise<TrackedOrder> {
    options.signal?.throwIfAborted();
    this.#checks.time('cancelOrder', options);
    return this.#canceling.cancelOrder(this.#requireOwn('cancelOrder', reference), options);
  }

  async #cancelAll(options: CancelAllOptions = {}): Promise<CancelAllResult> {
    options.signal?.throwIfAborted();
    this.#checks.time('cancelAll', options);
    if (options.pair !== undefined) this.#parts.instruments?.require(options.pair);
    return this.#canceling.cancelAll(options);
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
    if (this.#leaving.isWaitedFor(order.clientOrderId))
      throw refuse('expected one that nobody sends now, got one on its way');
    const fault = decisionFault(order, decision);
    if (fault !== undefined) throw refuse(`an order that is ${status} cannot be ${decision}: ${fault}`);
    const { log, resolveUnknown, runtime } = this.#parts;
    runtime.logger.info(`an operator decided that order ${order.clientOrderId} is ${decision}: ${reason}`);
    return resolveUnknown?.(order, decision, reason) ?? tellDecision(log, order, decision, reason);
  }

  async #resubmit(reference: OrderReference, options: AsyncOptions = {}): Promise<TrackedOrder> {
    options.signal?.throwIfAborted();
    const resubmit = this.#claimed('resubmit', this.#parts.resubmit);
    this.#checks.time('resubmit', options);
    const order = this.#requireOwn('resubmit', reference);
    this.#checks.resubmit(order);
    return this.#placement.resubmit(order, resubmit, options);
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
      return this.#wait(operation, options, async (own) =>
        this.#claimed(operation, part)({ ...options, ...own }),
      );
    };
  }

  /** Waits for an answer of the connector's part, but not for ever. */
  async #wait<R>(
    operation: string,
    options: AsyncOptions,
    work: (options: AsyncOptions) => Promise<R>,
  ): Promise<R> {
    options.signal?.throwIfAborted();
    this.#checks.time(operation, options);
    const { runtime, venue, log } = this.#parts;
    return waitForCall({ ...options, ...{ runtime, venue, operation }, closed: log.ended }, work);
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
