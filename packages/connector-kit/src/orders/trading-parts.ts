import type {
  Account,
  AsyncOptions,
  Balance,
  CancelAllResult,
  FeeRates,
  Fill,
  FillQuery,
  Instruments,
  Order,
  OrderHistoryQuery,
  OrderReference,
  OrderRequest,
  OrderType,
  Pair,
  PlaceOptions,
  PlaceResult,
  Runtime,
  StandardOrderType,
  TrackedOrder,
  TradingCapabilities,
  UnknownDecision,
} from '@venuekit/connector-core';
import type { AccountLog } from './account-log.ts';
import type { CancelAllOptions } from './order-cancels.ts';

/** What a trading facet is made of. What is left out is made of the rest, or rejects with code `unsupported`. */
export interface TradingParts<T extends OrderType = StandardOrderType> {
  readonly runtime: Runtime;
  /** Venue id for errors. */
  readonly venue: string;
  readonly log: AccountLog;
  /** Order types, time in force and client identifiers that are not claimed are refused; everything is let pass if left out. */
  readonly capabilities?: TradingCapabilities<OrderType>;
  /** The venue's list: a pair that is not in it is refused also where nothing is sent, because nothing is proved of it. */
  readonly instruments?: Pick<Instruments, 'require'>;
  /** Makes the identifier of an order whose caller gave none; by default one of the runtime's. */
  readonly makeClientOrderId?: () => string;
  /** The account behind the credentials; none if left out. */
  readonly account?: () => Account | undefined;
  /**
   * Places one order, as the contract says. Called only while orders are taken, with a request that has its identifier. The signal of
   * the options is aborted when the caller, the time or the connector ends the call.
   */
  readonly placeOrder: (request: OrderRequest<T>, options: PlaceOptions) => Promise<TrackedOrder>;
  /** Places several; each by itself and all at once, if left out. */
  readonly placeOrders?: (
    requests: readonly OrderRequest<T>[],
    options: PlaceOptions,
  ) => Promise<readonly PlaceResult[]>;
  /**
   * Cancels an order of ours that has not ended. The call resolves when this resolves with an order that has ended, or the log says so.
   * The signal of the options is aborted as that of `placeOrder`.
   */
  readonly cancelOrder: (order: TrackedOrder, options: AsyncOptions) => Promise<TrackedOrder>;
  /**
   * Cancels all orders of ours; each by itself, if left out. No order is placed meanwhile. It is not `complete` while one lives or is
   * on its way, nor while `reconciling`, whatever is said here.
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
