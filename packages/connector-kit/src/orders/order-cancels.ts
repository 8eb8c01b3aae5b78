import {
  type AsyncOptions,
  type CancelAllResult,
  type Order,
  type Orders,
  type Pair,
  type Runtime,
  VenueError,
} from '@venuekit/connector-core';
import { isEnded } from './order-status.ts';

/** What canceling all orders takes. */
export interface CancelAllParts {
  readonly runtime: Runtime;
  readonly venue: string;
  readonly orders: Orders;
  /** Cancels one order; resolves when it has ended. */
  readonly cancelOrder: (order: Order, options: AsyncOptions) => Promise<Order>;
  /** Resolves when the orders that are on their way now have arrived, or have not. */
  readonly placed: () => Promise<unknown>;
}

/** How `cancelAll` is called. */
export type CancelAllOptions = AsyncOptions & { readonly pair?: Pair };

const giveUpAfterMs = 60_000;
/** The second look finds those that were on their way at the first, and those whose cancel failed. */
const looks = 2;

/**
 * Cancels every order of this connector one by one, twice, and says what became of each. Orders of others are left alone. The
 * proof is the venue's word on each: an order whose cancel was not answered is told as remaining or uncertain.
 */
export async function cancelAllOrders(
  parts: CancelAllParts,
  { pair, signal, timeoutMs = giveUpAfterMs }: CancelAllOptions,
): Promise<CancelAllResult> {
  const { runtime, venue, orders, cancelOrder, placed } = parts;
  const giveUp = new AbortController();
  const message = `expected an end of all orders within ${timeoutMs} ms`;
  const late = () =>
    giveUp.abort(new VenueError({ code: 'timeout', venue, operation: 'cancelAll', message }));
  const deadline = runtime.timers.setTimer(timeoutMs, late, 'cancel-all-deadline');
  const stop = signal === undefined ? giveUp.signal : AbortSignal.any([signal, giveUp.signal]);
  /** By identifier, as they were last seen here: the log may forget those that ended. */
  const seen = new Map<string, Order>();
  const cancel = async (order: Order) => {
    const id = idOf(order);
    seen.set(id, order);
    seen.set(id, await cancelOrder(order, { signal: stop }));
  };
  try {
    for (let look = 0; look < looks && !stop.aborted; look += 1) {
      await unlessStopped(placed(), stop);
      const own = orders.open(pair).filter(({ origin }) => origin !== 'external');
      await unlessStopped(Promise.allSettled(own.map(cancel)), stop);
    }
  } finally {
    deadline[Symbol.dispose]();
  }
  signal?.throwIfAborted();
  return outcomeOf([...seen].map(([id, order]) => orders.get(id) ?? order));
}

/** Resolves when the work is done, well or not, or when the signal is aborted. */
function unlessStopped(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
    work.then(end, end);
    if (signal.aborted) end();
  });
}

function idOf({ clientOrderId, venueOrderId }: Order): string {
  return clientOrderId ?? venueOrderId ?? '';
}

function outcomeOf(orders: readonly Order[]): CancelAllResult {
  const ended = orders.filter(isEnded);
  const living = orders.filter((order) => !isEnded(order));
  return {
    complete: living.length === 0,
    canceled: ended.filter(({ status }) => status === 'canceled'),
    filled: ended.filter(({ status }) => status === 'filled'),
    ended: ended.filter(({ status }) => status !== 'canceled' && status !== 'filled'),
    remaining: living.filter((order) => !isUncertain(order)),
    uncertain: living.filter(isUncertain),
  };
}

function isUncertain({ status, pendingCommand }: Order): boolean {
  return status === 'unknown' || pendingCommand === 'cancel-unknown';
}
