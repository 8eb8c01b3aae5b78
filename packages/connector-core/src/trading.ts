import type { Account, Balance, Balances } from './account.ts';
import type { AccountEvent } from './account-events.ts';
import type { AsyncOptions } from './async-options.ts';
import type { Feed } from './feed.ts';
import type { Pair } from './instrument.ts';
import type { FeeRates } from './market-data.ts';
import type { Fill, Order, OrderRequest, OrderType, StandardOrderType, TrackedOrder } from './order.ts';
import type { VenueError } from './venue-error.ts';

/**
 * Whether orders are taken: `idle` before `connect`; `reconciling` while what the venue knows is compared with what we know (new
 * orders are refused, cancels pass); `ready`; `halted` by a limit, a ban or an operator; `closed` for good.
 */
export type TradingState = 'idle' | 'reconciling' | 'ready' | 'halted' | 'closed';

/** An order of ours, its client identifier, or, within its pair, its venue identifier. */
export type OrderReference = string | TrackedOrder | { readonly pair: Pair; readonly venueOrderId: string };

/** How an order is placed. */
export interface PlaceOptions extends AsyncOptions {
  /** An order that has not left by then never leaves, in milliseconds; 5,000 if left out. */
  readonly sendWithinMs?: number;
}

/** What became of one order of several. One that was aborted before it was sent has code `aborted` and outcome `not-sent`. */
export type PlaceResult =
  | { readonly ok: true; readonly order: TrackedOrder }
  | { readonly ok: false; readonly error: VenueError };

/** What `cancelAll` came to. */
export interface CancelAllResult {
  /**
   * True if it is proved that none of the orders is left at the venue, and none is on its way there. While orders of an earlier run
   * may be there that are not known yet (trading state `reconciling`), nothing is proved.
   */
  readonly complete: boolean;
  readonly canceled: readonly TrackedOrder[];
  /** Orders that were filled before they could be canceled. */
  readonly filled: readonly TrackedOrder[];
  /** Orders that ended in another way before they could be canceled: rejected, expired, never placed. */
  readonly ended: readonly TrackedOrder[];
  /** Still at the venue: the cancel was refused, or did not leave. */
  readonly remaining: readonly TrackedOrder[];
  /** Nobody can tell: the order's own fate is unknown, or that of its cancel. */
  readonly uncertain: readonly TrackedOrder[];
}

/** Which finished orders are wanted. */
export interface OrderHistoryQuery extends AsyncOptions {
  readonly pair?: Pair;
  /** From this time on, in milliseconds since the epoch. */
  readonly fromMs?: number;
  /** Up to this time, which is not included. */
  readonly toMs?: number;
}

/** An order changed. */
export interface OrderState {
  readonly kind: 'order';
  readonly order: Order;
}

/**
 * The orders that are known: all that live, and those that ended not long ago. Iterates by time of creation. A state feed: it
 * begins with every living order, and conflates by order.
 */
export interface Orders extends Iterable<Order>, Feed<OrderState> {
  /** How many orders are known. */
  readonly size: number;
  /** An order by its client identifier. */
  get(clientOrderId: string): Order | undefined;
  /** An order by its venue identifier, which is unique within its pair only. */
  getByVenueId(pair: Pair, venueOrderId: string): Order | undefined;
  /** Orders of ours that live or may live, `unknown` ones included, of one pair or of all. Those of others are found by iterating. */
  open(pair?: Pair): readonly TrackedOrder[];
}

/**
 * How an operator decides about an order that the venue does not show: it works, it has ended with a remainder, or it was never
 * placed. Counts as the evidence `seen-open`, `seen-canceled` or `not-found-proved`.
 */
export type UnknownDecision = 'placed' | 'canceled' | 'not-placed';

/** Which fills are wanted. */
export interface FillQuery extends AsyncOptions {
  readonly pair?: Pair;
  /** From this time on, in milliseconds since the epoch. */
  readonly fromMs?: number;
  /** Up to this time, which is not included. */
  readonly toMs?: number;
}

/** The trading facet. Every command has a typed outcome, and unknown is never reported as rejected. */
export interface Trading<T extends OrderType = StandardOrderType> {
  readonly state: TradingState;
  /** What happens on the account, lossless: orders, fills, balances, warnings. */
  readonly events: Feed<AccountEvent>;
  readonly orders: Orders;
  readonly balances: Balances;
  /** The account behind the credentials; `undefined` before `connect`. */
  readonly account: Account | undefined;
  /**
   * Places an order. It has its client identifier before anything is sent, and resolves when the venue has acknowledged it or its
   * outcome is certain. Aborted before it was sent, it rejects with the signal's reason; afterwards with code `aborted`.
   * Without `timeoutMs` it waits 10 seconds for an answer.
   * @throws VenueError with `outcome`, and with `clientOrderId` from the moment at which the order has one: `not-sent` (codes `denied`, `invalid-order`, `insufficient-balance`,
   * `unsupported`, `market-unavailable`, `not-connected`, `reconciling`, `rate-limited`, `closed`), `rejected` (the venue's word), or `unknown` (`timeout`,
   * `transport`, `protocol`, `venue-unavailable`, `aborted`, `closed`): such an order stays in `orders`, and its events go on.
   */
  readonly placeOrder: (request: OrderRequest<T>, options?: PlaceOptions) => Promise<TrackedOrder>;
  /** Places several, in the venue's own batches where it has them. One result for each, in order; it never rejects for one of them. */
  readonly placeOrders: (
    requests: readonly OrderRequest<T>[],
    options?: PlaceOptions,
  ) => Promise<readonly PlaceResult[]>;
  /**
   * Cancels an order, and resolves with it when it has ended: canceled, or filled if that came first. An order that had ended
   * before is given back at once. Without `timeoutMs` it waits 10 seconds.
   * @throws VenueError `order-not-found` for one that is not known, and `invalid-request` for one of somebody else, with outcome
   * `not-sent`; else with outcome `rejected` or `unknown`, and the order's status is what it was.
   */
  cancelOrder(order: OrderReference, options?: AsyncOptions): Promise<TrackedOrder>;
  /**
   * Cancels every order of this connector, or of one pair: it takes no new ones meanwhile, cancels those at the venue at once and
   * those on their way when they have arrived, and looks again that none is left. Orders of others are left alone. Without `timeoutMs` it gives up after 60 seconds, and says what is left.
   * @throws VenueError `not-connected`, `closed`, and the error of `instruments.require` for a pair that is not listed; what remains is in the result and no error.
   */
  cancelAll(options?: AsyncOptions & { readonly pair?: Pair }): Promise<CancelAllResult>;
  /**
   * Asks the venue about one order, and applies the answer.
   * @throws VenueError `order-not-found` if neither we nor the venue know it; `timeout`, `transport`, `protocol`, `rate-limited`.
   */
  fetchOrder(order: OrderReference, options?: AsyncOptions): Promise<Order>;
  /**
   * Asks the venue for all open orders, of one pair or of all, and applies the answer.
   * @throws as {@link Trading.fetchOrder}.
   */
  fetchOpenOrders(options?: AsyncOptions & { readonly pair?: Pair }): Promise<readonly Order[]>;
  /**
   * Asks the venue for all balances, and applies the answer.
   * @throws as {@link Trading.fetchOrder}.
   */
  fetchBalances(options?: AsyncOptions): Promise<readonly Balance[]>;
  /**
   * Finished orders, oldest first, in pages.
   * @throws as {@link Trading.fetchOrder}; `unsupported` if not claimed.
   */
  fetchOrderHistory(query?: OrderHistoryQuery): AsyncIterable<readonly Order[]>;
  /**
   * Fills, oldest first, in pages.
   * @throws as {@link Trading.fetchOrder}; `unsupported` if not claimed.
   */
  fetchFills(query?: FillQuery): AsyncIterable<readonly Fill[]>;
  /**
   * What this account pays.
   * @throws as {@link Trading.fetchOrder}; `unsupported` if not claimed.
   */
  fees(pair: Pair, options?: AsyncOptions): Promise<FeeRates>;
  /**
   * Ends the doubt about an order that stays `unknown` where the venue offers no proof, or that works as far as we know and that
   * the venue no longer shows. The decision is recorded; evidence to the contrary later still corrects it.
   * @throws VenueError `order-not-found`, or `invalid-request` if the order has ended or is known to live.
   */
  resolveUnknown(order: OrderReference, decision: UnknownDecision, reason: string): TrackedOrder;
  /**
   * Sends the very same bytes of an `unknown` order again, inside the time in which the venue cannot take them twice.
   * @throws VenueError `unsupported` where the venue gives no such promise, `invalid-request` if it is too late or the order is not
   * unknown; else as {@link Trading.placeOrder}.
   */
  resubmit(order: OrderReference, options?: AsyncOptions): Promise<TrackedOrder>;
}
