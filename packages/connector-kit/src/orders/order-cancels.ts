import {
  type AsyncOptions,
  type CancelAllResult,
  isEnded,
  type Orders,
  type Pair,
  type Runtime,
  type TrackedOrder,
  VenueError,
} from '@venuekit/connector-core';

/** What canceling all orders takes. */
export interface CancelAllParts {
  readonly runtime: Runtime;
  readonly venue: string;
  readonly orders: Orders;
  /** Cancels one order; resolves when it has ended. */
  readonly cancelOrder: (order: TrackedOrder, options: AsyncOptions) => Promise<TrackedOrder>;
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
  const seen = new Map<string, TrackedOrder>();
  const cancel = async (order: TrackedOrder) => {
    const id = order.clientOrderId;
    seen.set(id, order);
    seen.set(id, await cancelOrder(order, { signal: stop }));
  };
  try {
    for (let look = 0; look < looks && !stop.aborted; look += 1) {
      await unlessStopped(placed(), stop);
      await unlessStopped(Promise.allSettled(orders.open(pair).map(cancel)), stop);
    }
  } finally {
    deadline[Symbol.dispose]();
  }
  signal?.throwIfAborted();
  // Stopped before it looked, or found since: what lives now is not to be left out.
  for (const order of orders.open(pair)) seen.set(order.clientOrderId, order);
  return outcomeOf([...seen.values()].map((order) => newest(orders, order)));
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

function newest(orders: Orders, order: TrackedOrder): TrackedOrder {
  const known = orders.get(order.clientOrderId);
  return known === undefined || known.origin === 'external' ? order : known;
}

function outcomeOf(orders: readonly TrackedOrder[]): CancelAllResult {
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

const notYetSeen: readonly string[] = ['created', 'journaled', 'sent', 'unknown'];

function isUncertain({ status, pendingCommand }: TrackedOrder): boolean {
  return notYetSeen.includes(status) || pendingCommand === 'cancel-unknown';
}
