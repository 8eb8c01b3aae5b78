import {
  type AsyncOptions,
  type CancelAllResult,
  isEnded,
  type OrderType,
  type Pair,
  type TrackedOrder,
} from '@venuekit/connector-core';
import { waitForCall } from './call-wait.ts';
import { type CancelAllOptions, cancelAllOrders } from './order-cancels.ts';
import { commandError } from './order-outcome.ts';
import type { OrdersLeaving } from './orders-on-their-way.ts';
import type { TradingChecks } from './trading-checks.ts';
import type { TradingParts } from './trading-parts.ts';

const giveUpAfterMs = 60_000;

/** Cancels orders, one or all. */
export class OrderCanceling<T extends OrderType> {
  readonly #parts: TradingParts<T>;
  readonly #checks: TradingChecks;
  readonly #leaving: OrdersLeaving;

  constructor(parts: TradingParts<T>, checks: TradingChecks, leaving: OrdersLeaving) {
    this.#parts = parts;
    this.#checks = checks;
    this.#leaving = leaving;
  }

  /** Cancels an order of ours. It has ended when the log says so, whatever the connector's part knows. */
  async cancelOrder(order: TrackedOrder, options: AsyncOptions): Promise<TrackedOrder> {
    const operation = 'cancelOrder';
    if (isEnded(order)) return order;
    this.#checks.cancel(operation);
    const { runtime, venue, log } = this.#parts;
    const { promise: ended, resolve } = Promise.withResolvers<TrackedOrder>();
    const listening = log.events.subscribe((event) => {
      if (!('order' in event) || event.order.origin === 'external' || !isEnded(event.order)) return;
      if (event.order.clientOrderId === order.clientOrderId) resolve(event.order);
    });
    // A part that was told yes by the venue may be ahead of the stream that tells the end.
    const cancel = async (own: AsyncOptions) => {
      const told: unknown = await this.#parts.cancelOrder(order, own);
      return isEndOf(order, told) ? told : ended;
    };
    const wait = { ...options, ...{ runtime, venue, operation }, closed: log.ended };
    try {
      return await waitForCall(wait, (own) => Promise.race([ended, cancel(own)]));
    } catch (error) {
      const { signal } = options;
      throw commandError(error, { venue, operation, request: order, signal, closed: log.ended });
    } finally {
      listening[Symbol.dispose]();
    }
  }

  async cancelAll(options: CancelAllOptions): Promise<CancelAllResult> {
    const operation = 'cancelAll';
    this.#checks.cancel(operation);
    const { timeoutMs = giveUpAfterMs, signal, pair } = options;
    const { runtime, venue, log } = this.#parts;
    const underWay = pair === undefined ? {} : { pair };
    this.#checks.cancelling.add(underWay);
    const wait = { signal, timeoutMs, ...{ runtime, venue, operation }, closed: log.ended };
    try {
      const result = await waitForCall(wait, (own) => this.#cancelAll(pair, own));
      signal?.throwIfAborted();
      return { ...result, complete: this.#provesEnd(result, pair) };
    } catch (error) {
      return this.#withoutWord(error, options);
    } finally {
      this.#checks.cancelling.delete(underWay);
    }
  }

  async #cancelAll(
    pair: Pair | undefined,
    own: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<CancelAllResult> {
    const { cancelAll, runtime, log } = this.#parts;
    if (cancelAll !== undefined) return checkedResult(await cancelAll({ ...own, ...(pair && { pair }) }));
    const { orders, events } = log;
    const cancelOrder = (order: TrackedOrder, options: AsyncOptions) => this.cancelOrder(order, options);
    const placing = () => this.#leaving.of(pair);
    return cancelAllOrders({ runtime, orders, events, cancelOrder, placing }, pair, own.signal);
  }

  /** Whatever was found: what is still on its way may arrive, and what an earlier run left may not be known yet. */
  #provesEnd({ complete, remaining, uncertain }: CancelAllResult, pair: Pair | undefined): boolean {
    const { state, orders } = this.#parts.log;
    const left = [remaining, uncertain, this.#leaving.of(pair), orders.open(pair)];
    return complete && state !== 'reconciling' && left.every(({ length }) => length === 0);
  }

  /** A connector that does not say what it has done has proved nothing: what is open may be canceled or not. */
  #withoutWord(error: unknown, { pair, signal }: CancelAllOptions): CancelAllResult {
    const { runtime, venue, log } = this.#parts;
    if (signal?.aborted) throw signal.reason;
    if (log.ended.aborted) {
      throw this.#checks.error('cancelAll', 'closed', 'the connector was closed', { cause: error });
    }
    runtime.logger.error(`${venue}: cancelAll failed, and proves nothing: ${String(error)}`);
    const none = { canceled: [], filled: [], ended: [], remaining: [] };
    return { complete: false, ...none, uncertain: log.orders.open(pair) };
  }
}

function isEndOf({ clientOrderId }: TrackedOrder, told: unknown): told is TrackedOrder {
  const order = told as TrackedOrder | null | undefined;
  return order?.clientOrderId === clientOrderId && isEnded(order);
}

/** @throws TypeError for what is no result. */
function checkedResult(result: CancelAllResult): CancelAllResult {
  const { canceled, filled, ended, remaining, uncertain } = result;
  if ([canceled, filled, ended, remaining, uncertain].every(Array.isArray)) return result;
  throw new TypeError('expected lists of orders, got none');
}
