import {
  type AccountEvent,
  type AsyncOptions,
  type CancelAllResult,
  type Feed,
  isEnded,
  isVenueError,
  type Order,
  type Orders,
  type Pair,
  type Runtime,
  type TrackedOrder,
} from '@venuekit/connector-core';
import { isNotYetSeen, type OrdersOnTheirWay } from './orders-on-their-way.ts';
import { pause } from './pause.ts';

/** What canceling all orders takes. */
export interface CancelAllParts {
  readonly runtime: Runtime;
  readonly orders: Orders;
  readonly events: Feed<AccountEvent>;
  /** Cancels one order; resolves when it has ended. */
  readonly cancelOrder: (order: TrackedOrder, options: AsyncOptions) => Promise<TrackedOrder>;
  /** What is on its way now, as far as the log knows. */
  readonly placing: () => readonly OrdersOnTheirWay[];
}

/** How `cancelAll` is called. */
export type CancelAllOptions = AsyncOptions & { readonly pair?: Pair };

/** Between two tries for one order; twice as long each time, and as long as the venue says. */
const [firstPauseMs, longestPauseMs] = [250, 5_000];

/**
 * Cancels every order of this connector one by one until none is left or `stop` is aborted, and says what became of each: those at
 * the venue at once, whatever else is on its way, and those on their way as soon as they have arrived. Orders of others are left
 * alone. The proof is the venue's word on each: an order whose cancel was not answered is told as remaining or uncertain.
 */
export async function cancelAllOrders(
  parts: CancelAllParts,
  pair: Pair | undefined,
  stop: AbortSignal,
): Promise<CancelAllResult> {
  const cancels = new Cancels(parts, pair, stop);
  const listening = parts.events.subscribe((event) => {
    if ('order' in event) cancels.learn(event.order);
  });
  try {
    await cancels.run();
  } finally {
    listening[Symbol.dispose]();
  }
  return cancels.outcome();
}

/** What is known of the cancel of one order. */
interface Cancel {
  /** The order as it was last seen here: the log may forget those that ended. */
  order: TrackedOrder;
  readonly ended: AbortController;
  isRunning: boolean;
  /** A cancel was not answered: it may have arrived. */
  isUncertain: boolean;
}

class Cancels {
  readonly #parts: CancelAllParts;
  readonly #pair: Pair | undefined;
  readonly #stop: AbortSignal;
  readonly #cancels = new Map<string, Cancel>();
  /** What was on its way when this began: told as what it became, also if that was its end. */
  readonly #coming: ReadonlySet<string>;
  #running = 0;
  readonly #idle = Promise.withResolvers<void>();

  constructor(parts: CancelAllParts, pair: Pair | undefined, stop: AbortSignal) {
    this.#parts = parts;
    this.#pair = pair;
    this.#stop = stop;
    this.#coming = new Set(parts.placing().flatMap(({ clientOrderIds }) => [...clientOrderIds]));
  }

  /** Resolves when no order is left and none on its way, or when it is stopped. */
  async run(): Promise<void> {
    const end = () => this.#idle.resolve();
    this.#stop.addEventListener('abort', end, { once: true });
    for (const { done } of this.#parts.placing()) void done.then(() => this.#look());
    this.#look();
    await this.#idle.promise;
    this.#stop.removeEventListener('abort', end);
  }

  /** An order is in another state, or was found. */
  learn(order: Order): void {
    if (order.origin === 'external' || (this.#pair !== undefined && order.pair !== this.#pair)) return;
    const { clientOrderId } = order;
    const known = this.#cancels.get(clientOrderId);
    if (known !== undefined) known.order = order;
    else if (isEnded(order) && !this.#coming.has(clientOrderId)) return;
    const cancel = known ?? this.#add(order);
    if (isEnded(order)) cancel.ended.abort();
    if (cancel.isRunning || isEnded(order) || !this.#hasArrived(order) || this.#stop.aborted) return;
    cancel.isRunning = true;
    this.#running += 1;
    void this.#cancel(cancel).then(() => {
      cancel.isRunning = false;
      this.#running -= 1;
      if (this.#running === 0) this.#look();
    });
  }

  /** What became of the orders. */
  outcome(): CancelAllResult {
    const cancels = [...this.#cancels.values()];
    const ended = cancels.map(({ order }) => order).filter(isEnded);
    const living = cancels.filter(({ order }) => !isEnded(order));
    return {
      complete: living.length === 0,
      canceled: ended.filter(({ status }) => status === 'canceled'),
      filled: ended.filter(({ status }) => status === 'filled'),
      ended: ended.filter(({ status }) => status !== 'canceled' && status !== 'filled'),
      remaining: living.filter((cancel) => !isDoubtful(cancel)).map(({ order }) => order),
      uncertain: living.filter(isDoubtful).map(({ order }) => order),
    };
  }

  #add(order: TrackedOrder): Cancel {
    const cancel: Cancel = { order, ended: new AbortController(), isRunning: false, isUncertain: false };
    this.#cancels.set(order.clientOrderId, cancel);
    return cancel;
  }

  #open(): readonly TrackedOrder[] {
    return this.#parts.orders.open(this.#pair);
  }

  /** A cancel that overtakes its order leaves it at the venue. */
  #hasArrived(order: TrackedOrder): boolean {
    const { clientOrderId } = order;
    if (!isNotYetSeen(order)) return true;
    const comes = ({ clientOrderIds, isDone }: OrdersOnTheirWay) =>
      !isDone && clientOrderIds.has(clientOrderId);
    return !this.#parts.placing().some(comes);
  }

  /** Looks at everything that lives; nothing left to do is the end. */
  #look(): void {
    for (const order of this.#open()) this.learn(order);
    if (this.#running === 0 && !this.#parts.placing().some(({ isDone }) => !isDone)) this.#idle.resolve();
  }

  async #cancel(cancel: Cancel): Promise<void> {
    const { runtime, cancelOrder } = this.#parts;
    for (let pauseMs = firstPauseMs; !isEnded(cancel.order) && !this.#stop.aborted; pauseMs *= 2) {
      let leastMs = 0;
      const before = cancel.isUncertain;
      cancel.isUncertain = true;
      try {
        cancel.order = await cancelOrder(cancel.order, { signal: this.#stop });
      } catch (error) {
        const told = isVenueError(error) ? error : undefined;
        // Without the venue's word, or our own that nothing left, the cancel may have arrived.
        if (told?.outcome === 'rejected' || told?.outcome === 'not-sent') cancel.isUncertain = before;
        leastMs = told?.retryAfterMs ?? 0;
      }
      if (isEnded(cancel.order)) break;
      await pause(
        runtime.timers,
        Math.max(leastMs, Math.min(pauseMs, longestPauseMs)),
        this.#stop,
        cancel.ended.signal,
      );
    }
  }
}

function isDoubtful({ order, isUncertain }: Cancel): boolean {
  const { pendingCommand, knowledge } = order;
  return isUncertain || isNotYetSeen(order) || knowledge === 'stale' || pendingCommand === 'cancel-unknown';
}
