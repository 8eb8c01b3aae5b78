import type {
  AsyncOptions,
  OrderRequest,
  OrderType,
  PlaceOptions,
  PlaceResult,
  TrackedOrder,
  VenueError,
} from '@venuekit/connector-core';
import { waitForCall } from './call-wait.ts';
import { commandError, frozenRequest } from './order-outcome.ts';
import type { LeavingOrder, OrdersLeaving } from './orders-on-their-way.ts';
import type { TradingChecks } from './trading-checks.ts';
import type { TradingParts } from './trading-parts.ts';

/** An order that has not left by then never leaves. */
const defaultSendWithinMs = 5_000;

type Request<T extends OrderType> = OrderRequest<T> & LeavingOrder;

/** What a connector's part said of one order: it may be anything. */
type Said = { readonly ok: true; readonly order: unknown } | { readonly ok: false; readonly error: unknown };

/** Lets orders leave, one by one or in batches. */
export class OrderPlacement<T extends OrderType> {
  readonly #parts: TradingParts<T>;
  readonly #checks: TradingChecks;
  readonly #leaving: OrdersLeaving;

  constructor(parts: TradingParts<T>, checks: TradingChecks, leaving: OrdersLeaving) {
    this.#parts = parts;
    this.#checks = checks;
    this.#leaving = leaving;
  }

  async placeOrder(asked: OrderRequest<T>, options: PlaceOptions = {}): Promise<TrackedOrder> {
    options.signal?.throwIfAborted();
    this.#checks.time('placeOrder', options);
    return orderOf(await this.#place(this.#request(asked), options), options);
  }

  async placeOrders(
    asked: readonly OrderRequest<T>[],
    options: PlaceOptions = {},
  ): Promise<readonly PlaceResult[]> {
    options.signal?.throwIfAborted();
    this.#checks.time('placeOrders', options);
    const requests = asked.map((one) => this.#request(one));
    const { placeOrders } = this.#parts;
    if (placeOrders === undefined) {
      return Promise.all(requests.map((request) => this.#place(request, options)));
    }
    // All at once: a cancelAll that comes now must know of them, or they of it.
    const taken = new Set<string>();
    const refusals = requests.map((request) => {
      const refusal = this.#refusal(request, taken);
      taken.add(request.clientOrderId);
      return refusal;
    });
    const batch = requests.filter((_, at) => refusals[at] === undefined);
    const send = (own: PlaceOptions) => placeOrders(batch, own);
    const placed = batch.length === 0 ? [] : await this.#send('placeOrders', batch, options, send);
    const inOrder = placed.values();
    return refusals.map((refusal) => refusal ?? (inOrder.next().value as PlaceResult));
  }

  /** Sends the bytes of an order again. */
  async resubmit(
    order: TrackedOrder,
    send: (order: TrackedOrder, options: AsyncOptions) => Promise<TrackedOrder>,
    options: AsyncOptions,
  ): Promise<TrackedOrder> {
    const sent = (own: PlaceOptions) => alone(send(order, own));
    const [result] = await this.#send('resubmit', [order], options, sent);
    return orderOf(result as PlaceResult, options);
  }

  /** A copy that has its identifier from now on. */
  #request(asked: OrderRequest<T>): Request<T> {
    const { runtime, makeClientOrderId = () => runtime.ids.next('order') } = this.#parts;
    return frozenRequest(asked, makeClientOrderId) as Request<T>;
  }

  async #place(request: Request<T>, options: PlaceOptions): Promise<PlaceResult> {
    const { signal } = options;
    if (signal?.aborted) return this.#abortedBefore(request, signal.reason);
    const refusal = this.#refusal(request);
    if (refusal !== undefined) return refusal;
    const send = (own: PlaceOptions) => alone(this.#parts.placeOrder(request, own));
    const [result] = await this.#send('placeOrder', [request], options, send);
    return result as PlaceResult;
  }

  #abortedBefore({ clientOrderId }: LeavingOrder, cause: unknown): PlaceResult {
    const message = 'its caller did not want it any more before it was sent';
    const told = { clientOrderId, cause, outcome: 'not-sent' } as const;
    return { ok: false, error: this.#checks.error('placeOrder', 'aborted', message, told) };
  }

  /** @param taken identifiers of others that leave with it. */
  #refusal(request: Request<T>, taken?: ReadonlySet<string>): PlaceResult | undefined {
    try {
      this.#checks.place(request, taken);
      return undefined;
    } catch (error) {
      return { ok: false, error: error as VenueError };
    }
  }

  /** Waits for orders that leave now. They are on their way until the connector's part says otherwise, whoever waits for that. */
  async #send(
    operation: string,
    orders: readonly LeavingOrder[],
    options: PlaceOptions,
    send: (options: PlaceOptions) => Promise<unknown>,
  ): Promise<readonly PlaceResult[]> {
    const { runtime, venue, log } = this.#parts;
    const { sendWithinMs = defaultSendWithinMs } = options;
    const answers = (saidOf: (at: number) => unknown) =>
      orders.map((order, at) => this.#answer(operation, order, saidOf(at), options));
    // Before it begins: a listener that hears of its first steps may cancel all.
    const departure = this.#leaving.begin(orders);
    const arrive = async (own: AsyncOptions) => {
      let results: readonly PlaceResult[];
      try {
        const said = await send({ ...own, sendWithinMs });
        results = answers((at) => (Array.isArray(said) ? said[at] : undefined));
      } catch (error) {
        results = answers(() => ({ ok: false, error }));
      }
      departure.arrived(results);
      return results;
    };
    const wait = { ...options, ...{ runtime, venue, operation }, closed: log.ended };
    try {
      return await waitForCall(wait, arrive);
    } catch (error) {
      return answers(() => ({ ok: false, error }));
    } finally {
      departure.over();
    }
  }

  /** What a connector's part says of one order, as the contract wants it said. */
  #answer(operation: string, request: LeavingOrder, said: unknown, { signal }: AsyncOptions): PlaceResult {
    const { venue, log } = this.#parts;
    const { clientOrderId } = request;
    if (isPlaced(said, clientOrderId)) return { ok: true, order: said.order };
    const error = isFailure(said)
      ? said.error
      : new Error(`expected order ${clientOrderId} in the answer, got none`);
    return {
      ok: false,
      error: commandError(error, { venue, operation, request, signal, closed: log.ended }),
    };
  }
}

/** The answer of a part that is asked for one order, as that of one that is asked for several. */
async function alone(placing: Promise<TrackedOrder>): Promise<readonly Said[]> {
  return [{ ok: true, order: await placing }];
}

function orderOf(result: PlaceResult, { signal }: AsyncOptions): TrackedOrder {
  if (result.ok) return result.order;
  const { code, outcome } = result.error;
  // Nothing has left: the reason of the caller, untouched.
  throw code === 'aborted' && outcome === 'not-sent' && signal?.aborted ? signal.reason : result.error;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isPlaced(said: unknown, id: string): said is { readonly order: TrackedOrder } {
  return isObject(said) && said.ok === true && isObject(said.order) && said.order.clientOrderId === id;
}

function isFailure(said: unknown): said is { readonly error: unknown } {
  return isObject(said) && said.ok === false;
}
