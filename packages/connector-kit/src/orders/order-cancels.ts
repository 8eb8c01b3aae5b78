import {
  type AsyncOptions,
  type CancelAllResult,
  isEnded,
  isVenueError,
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
  /** What is on its way now. */
  readonly placing: () => readonly OrdersOnTheirWay[];
}

/** An order, or a batch, that is on its way. */
export interface OrdersOnTheirWay {
  /** The client identifiers that are known of them. */
  readonly clientOrderIds: ReadonlySet<string>;
  /** Resolves when they have arrived, or have not. */
  readonly done: Promise<void>;
}

/** How `cancelAll` is called. */
export type CancelAllOptions = AsyncOptions & { readonly pair?: Pair };

const giveUpAfterMs = 60_000;
/** How often an order is asked to be canceled. */
const mostTries = 3;

/**
 * Cancels every order of this connector one by one, and says what became of each: those at the venue at once, whatever else is on
 * its way, and those on their way as soon as they have arrived. Orders of others are left alone. The proof is the venue's word on
 * each: an order whose cancel was not answered is told as remaining or uncertain.
 */
export async function cancelAllOrders(
  parts: CancelAllParts,
  { pair, signal, timeoutMs = giveUpAfterMs }: CancelAllOptions,
): Promise<CancelAllResult> {
  const { runtime, venue } = parts;
  const giveUp = new AbortController();
  const message = `expected an end of all orders within ${timeoutMs} ms`;
  const late = () =>
    giveUp.abort(new VenueError({ code: 'timeout', venue, operation: 'cancelAll', message }));
  const deadline = runtime.timers.setTimer(timeoutMs, late, 'cancel-all-deadline');
  const stop = signal === undefined ? giveUp.signal : AbortSignal.any([signal, giveUp.signal]);
  const cancels = new Cancels(parts, pair, stop);
  try {
    await unlessStopped(cancels.run(), stop);
  } finally {
    deadline[Symbol.dispose]();
  }
  signal?.throwIfAborted();
  return cancels.outcome();
}

/** What is known of the cancel of one order. */
interface Cancel {
  /** The order as it was last seen here: the log may forget those that ended. */
  order: TrackedOrder;
  tries: number;
  /** A cancel is on its way, or nobody knows what became of it. */
  uncertain: boolean;
}

class Cancels {
  readonly #parts: CancelAllParts;
  readonly #pair: Pair | undefined;
  readonly #stop: AbortSignal;
  readonly #cancels = new Map<string, Cancel>();

  constructor(parts: CancelAllParts, pair: Pair | undefined, stop: AbortSignal) {
    this.#parts = parts;
    this.#pair = pair;
    this.#stop = stop;
  }

  async run(): Promise<void> {
    const arrivals = this.#parts.placing().map(async ({ done }) => {
      await done;
      await this.#sweep((order) => this.#hasArrived(order));
    });
    await Promise.all([this.#sweep((order) => this.#hasArrived(order)), ...arrivals]);
    // Whatever is left: what never arrived as far as anybody knows, and what came up meanwhile.
    while (!this.#stop.aborted && this.#untried().length > 0) await this.#sweep(() => true);
  }

  /** What became of the orders, those included that were found only now. */
  outcome(): CancelAllResult {
    for (const order of this.#open()) this.#of(order);
    const cancels = [...this.#cancels.values()];
    for (const cancel of cancels) cancel.order = this.#newest(cancel.order);
    const ended = cancels.map(({ order }) => order).filter(isEnded);
    const living = cancels.filter(({ order }) => !isEnded(order));
    return {
      complete: living.length === 0,
      canceled: ended.filter(({ status }) => status === 'canceled'),
      filled: ended.filter(({ status }) => status === 'filled'),
      ended: ended.filter(({ status }) => status !== 'canceled' && status !== 'filled'),
      remaining: living.filter((cancel) => !isUncertain(cancel)).map(({ order }) => order),
      uncertain: living.filter(isUncertain).map(({ order }) => order),
    };
  }

  /** A cancel that overtakes its order leaves it at the venue. */
  #hasArrived(order: TrackedOrder): boolean {
    const leaving = this.#parts
      .placing()
      .some(({ clientOrderIds }) => clientOrderIds.has(order.clientOrderId));
    return !leaving && isAtVenue(order);
  }

  #open(): readonly TrackedOrder[] {
    return this.#parts.orders.open(this.#pair);
  }

  /** Cancels what nobody cancels yet. */
  async #sweep(isMeant: (order: TrackedOrder) => boolean): Promise<void> {
    const meant = this.#untried().filter(isMeant);
    await Promise.all(meant.map((order) => this.#cancel(this.#of(order))));
  }

  #untried(): readonly TrackedOrder[] {
    return this.#open().filter((order) => this.#of(order).tries === 0);
  }

  async #cancel(cancel: Cancel): Promise<void> {
    while (!isEnded(cancel.order) && cancel.tries < mostTries && !this.#stop.aborted) {
      cancel.tries += 1;
      cancel.uncertain = true;
      try {
        cancel.order = await this.#parts.cancelOrder(cancel.order, { signal: this.#stop });
      } catch (error) {
        // Without the venue's word, or our own that nothing left, the cancel may have arrived.
        cancel.uncertain = !(isVenueError(error) && isKnown(error));
      }
    }
  }

  #of(order: TrackedOrder): Cancel {
    const known = this.#cancels.get(order.clientOrderId);
    if (known !== undefined) return known;
    const cancel: Cancel = { order, tries: 0, uncertain: false };
    this.#cancels.set(order.clientOrderId, cancel);
    return cancel;
  }

  #newest(order: TrackedOrder): TrackedOrder {
    const known = this.#parts.orders.get(order.clientOrderId);
    return known === undefined || known.origin === 'external' ? order : known;
  }
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

const notYetThere: readonly string[] = ['created', 'journaled', 'sent'];

function isAtVenue({ status }: TrackedOrder): boolean {
  return !notYetThere.includes(status);
}

function isKnown({ outcome }: VenueError): boolean {
  return outcome === 'rejected' || outcome === 'not-sent';
}

function isUncertain({ order, uncertain }: Cancel): boolean {
  const { status, pendingCommand, knowledge } = order;
  const seen = isAtVenue(order) && status !== 'unknown' && knowledge !== 'stale';
  return uncertain || !seen || pendingCommand === 'cancel-unknown';
}
