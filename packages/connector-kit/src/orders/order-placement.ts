import {
  type AsyncOptions,
  isVenueError,
  type OrderRequest,
  type OrderType,
  type Pair,
  type PlaceOptions,
  type PlaceResult,
  type TrackedOrder,
} from '@venuekit/connector-core';
import { waitForCommand } from './command-wait.ts';
import type { OrdersOnTheirWay } from './order-cancels.ts';
import { commandError, frozenRequest } from './order-outcome.ts';
import type { TradingChecks } from './trading-checks.ts';
import type { TradingParts } from './trading-parts.ts';

/** An order that has not left by then never leaves. */
const defaultSendWithinMs = 5_000;

/** Orders on their way. */
interface Placing extends OrdersOnTheirWay {
  readonly pairs: ReadonlySet<Pair>;
}

/** Lets orders leave, one by one or in batches, and knows which are on their way. */
export class OrderPlacement<T extends OrderType> {
  readonly #parts: TradingParts<T>;
  readonly #checks: TradingChecks;
  readonly #placing = new Set<Placing>();

  constructor(parts: TradingParts<T>, checks: TradingChecks) {
    this.#parts = parts;
    this.#checks = checks;
  }

  async placeOrder(asked: OrderRequest<T>, options: PlaceOptions = {}): Promise<TrackedOrder> {
    const { signal } = options;
    signal?.throwIfAborted();
    const request = frozenRequest(asked);
    this.#checks.place(request);
    try {
      return await this.#sending('placeOrder', [request], options, (own) =>
        this.#parts.placeOrder(request, own),
      );
    } catch (error) {
      throw this.#reasonOf(error, 'placeOrder', request, signal);
    }
  }

  /** What the caller of a command that failed is told. */
  #reasonOf(
    error: unknown,
    operation: string,
    request: Pick<OrderRequest<T>, 'clientOrderId'>,
    signal: AbortSignal | undefined,
  ): unknown {
    const told = commandError(error, { venue: this.#parts.venue, operation, request, signal });
    // Nothing has left: the reason of the caller, untouched.
    return told.code === 'aborted' && told.outcome === 'not-sent' && signal?.aborted ? signal.reason : told;
  }

  /** Waits for orders that leave now, which are on their way until the connector's part says otherwise, whoever waits for that. */
  #sending<R>(
    operation: string,
    requests: readonly Pick<OrderRequest<T>, 'pair' | 'clientOrderId'>[],
    options: PlaceOptions,
    send: (options: PlaceOptions) => Promise<R>,
  ): Promise<R> {
    const { sendWithinMs = defaultSendWithinMs } = options;
    const { runtime, venue, log } = this.#parts;
    return waitForCommand({ ...options, ...{ runtime, venue, operation }, closed: log.ended }, (own) =>
      this.#track(requests, () => send({ ...own, sendWithinMs })),
    );
  }

  async placeOrders(
    asked: readonly OrderRequest<T>[],
    options: PlaceOptions = {},
  ): Promise<readonly PlaceResult[]> {
    options.signal?.throwIfAborted();
    const requests = asked.map(frozenRequest);
    const { placeOrders } = this.#parts;
    if (placeOrders === undefined) {
      return Promise.all(requests.map((request) => this.#settle(this.placeOrder(request, options), options)));
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
      return await this.#sending('placeOrders', batch, options, (own) => placeOrders(batch, own));
    } catch (error) {
      const [{ venue }, { signal }] = [this.#parts, options];
      return batch.map((request) => {
        const operation = 'placeOrders';
        return { ok: false, error: commandError(error, { venue, operation, request, signal }) };
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
    const pairs = new Set(requests.map(({ pair }) => pair));
    const clientOrderIds = new Set(requests.flatMap(({ clientOrderId }) => clientOrderId ?? []));
    const placing: Placing = { pairs, clientOrderIds, done };
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

  /** What is on its way, of one pair or of all. */
  onTheirWay(pair: Pair | undefined): readonly OrdersOnTheirWay[] {
    return [...this.#placing].filter(({ pairs }) => pair === undefined || pairs.has(pair));
  }

  /** Sends the bytes of an order again. */
  async resubmit(
    order: TrackedOrder,
    send: (order: TrackedOrder, options: AsyncOptions) => Promise<TrackedOrder>,
    options: AsyncOptions,
  ): Promise<TrackedOrder> {
    try {
      return await this.#sending('resubmit', [order], options, (own) => send(order, own));
    } catch (error) {
      throw this.#reasonOf(error, 'resubmit', order, options.signal);
    }
  }
}
