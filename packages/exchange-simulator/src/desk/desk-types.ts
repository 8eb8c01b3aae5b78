import type {
  Balance,
  CancelReason,
  CancelRefusalCode,
  EngineFill,
  EngineOrder,
  MoneyUnits,
  OrderKind,
  OrderRequest,
  OrderSide,
  RefusalCode,
} from '../engine/engine-types.ts';

/** `waiting` for its stop price; `open` and `partly-filled` are in the book; the others have ended. */
export type OrderPhase = 'waiting' | 'open' | 'partly-filled' | 'filled' | 'canceled' | 'rejected';

/** What an order keeps for as long as it lives. */
export type OrderTerms = Pick<
  EngineOrder,
  | ('id' | 'account' | 'symbol' | 'side' | 'kind' | 'timeInForce' | 'postOnly')
  | ('sizeLots' | 'stopTicks' | 'feeAsset')
>;

/** An order at one moment, as its owner sees it. It does not change any more. */
export interface OrderRecord extends OrderTerms {
  /** What its owner calls it; empty if nothing. */
  readonly clientId: string;
  /** The limit; of a market order, the worst price that it takes. */
  readonly priceTicks: number;
  readonly phase: OrderPhase;
  /** Why it was canceled or rejected. */
  readonly reason: CancelReason | RefusalCode | undefined;
  readonly filledLots: number;
  /** Paid or got for what was filled, in quote, without fees. */
  readonly filledQuote: MoneyUnits;
  readonly fee: MoneyUnits;
  readonly createdAtMs: number;
  /** Time of the newest update. */
  readonly updatedAtMs: number;
  /** {@link OrderUpdate.sequence} of the newest update. */
  readonly sequence: number;
}

/** Why a request to cancel came to nothing. `repeated`: the same was asked shortly before. */
export type CancelRefusal = CancelRefusalCode | 'already-ended' | 'repeated';

/** Something happened to an order, or to a request to cancel it. */
export interface OrderUpdate {
  readonly kind: 'order';
  readonly account: string;
  /** Rises with every update of the exchange, with gaps within an account. */
  readonly sequence: number;
  readonly atMs: number;
  /** Of `cancel-refused`, the order is as it was, and `undefined` if there is none of that id. */
  readonly change: 'accepted' | 'triggered' | 'filled' | 'canceled' | 'rejected' | 'cancel-refused';
  readonly order: OrderRecord | undefined;
  /** The order that is meant. */
  readonly orderId: string;
  readonly symbol: string;
  /** Of `filled`, also if only a part was. */
  readonly fill?: EngineFill;
  /** Of `accepted` and `triggered`: whether it goes into the book as a whole, because it waits for nothing and nothing there meets it. */
  readonly rests?: boolean;
  /** Of `cancel-refused`. */
  readonly refusal?: CancelRefusal;
  /** Of `cancel-refused`: what the request was called that is refused. Absent if it had no name. */
  readonly requestId?: string;
  /** What the account has after it, of base and quote. */
  readonly base: Balance;
  readonly quote: Balance;
}

/** Money came, went, or was moved for another reason than an order. */
export interface BalanceUpdate {
  readonly kind: 'balance';
  readonly account: string;
  readonly sequence: number;
  readonly atMs: number;
  readonly asset: string;
  readonly reason: MoneyReason;
  /** Signed. */
  readonly change: MoneyUnits;
  /** After it. */
  readonly balance: Balance;
}

/** Why money came or went without an order. */
export type MoneyReason = 'deposit' | 'withdrawal' | 'transfer';

/** What the owner of an account is told. */
export type AccountUpdate = OrderUpdate | BalanceUpdate;

/** One line of an account's book-keeping. */
export interface MovementLine {
  readonly asset: string;
  readonly what: 'trade' | 'fee' | MoneyReason;
  /** Signed. */
  readonly change: MoneyUnits;
  /** Total after it. */
  readonly total: MoneyUnits;
}

/** What one fill, or one movement from elsewhere, did to an account. */
export interface Movement {
  /** The same as of the update that told it. */
  readonly sequence: number;
  readonly atMs: number;
  readonly lines: readonly MovementLine[];
  /** Absent if no order caused it. */
  readonly fill?: {
    readonly orderId: string;
    readonly kind: OrderKind;
    readonly side: OrderSide;
    readonly role: EngineFill['role'];
  };
}

/** A request to cancel one order. */
export interface CancelRequest {
  readonly account: string;
  /** The order that is meant; there need not be one. */
  readonly orderId: string;
  /** As it was asked; an update has that of the order, if there is one. */
  readonly symbol: string;
  /** What the request is called, if anything. */
  readonly requestId?: string;
}

/** A request to cancel that does not come to the engine. */
export interface RefusedCancelRequest extends CancelRequest {
  readonly refusal: CancelRefusal;
}

/** An order as a customer hands it in. */
export interface DeskOrder extends OrderRequest {
  /** What the customer calls it; empty if nothing. */
  readonly clientId: string;
}

/**
 * Where customers trade: it hands orders to the engine, keeps what has become of them, and tells their owners. Orders of others, such as those
 * that make the market, do not pass here.
 *
 * Of an account that was not opened here there are no orders, movements and balances; everything else but `check` throws VenueError
 * `invalid-request`.
 */
export interface TradingDesk {
  /** Opens an account for a customer, who hears of everything from now on. @throws VenueError `invalid-options` if it is there already. */
  openAccount(account: string, fees?: { readonly maker: string; readonly taker: string }): void;
  /** Why an order would be refused now; nothing is changed. An id counts as used for as long as its order is remembered. */
  check(order: DeskOrder): RefusalCode | undefined;
  /**
   * Hands an order in. It comes to the engine at once, or later while that is slow; what becomes of it is told by updates, and a refusal by one
   * with `rejected`. Ids are unique among the live orders of the exchange, and among the remembered ones of an account.
   */
  submit(order: DeskOrder): void;
  /**
   * Hands in a request to cancel. The answer is an update: `canceled` or `cancel-refused`.
   * @param requestId what a refusal is to call the request.
   */
  cancel(account: string, orderId: string, symbol: string, requestId?: string): void;
  /** Tells by `cancel-refused` that a request to cancel is refused: at once, for the engine never sees it. Nothing is canceled. */
  refuseCancel(request: RefusedCancelRequest): void;
  /** Cancels what is live when the request comes to the engine. */
  cancelAll(account: string, symbol?: string): void;
  /** An order of the account, live or ended, while it is remembered. */
  order(account: string, orderId: string): OrderRecord | undefined;
  /** Live orders in the order of their coming. */
  openOrders(account: string, symbol?: string): readonly OrderRecord[];
  /** Ended orders in the order of their ending: the newest ten thousand, for thirty days at least if there are not more. */
  endedOrders(account: string): readonly OrderRecord[];
  /** What the account has of an asset. @throws VenueError `invalid-request` for an account that was not opened here. */
  balance(account: string, asset: string): Balance;
  /** What the account has ever had, by name of the asset. */
  balances(account: string): ReadonlyMap<string, Balance>;
  /** In the order of time: the newest ten thousand of the last seven days. */
  movements(account: string): readonly Movement[];
  /** Number of the newest update of the exchange. */
  readonly sequence: number;
  /** Money from outside. */
  deposit(account: string, asset: string, units: MoneyUnits): void;
  /** False if not so much is available; then nothing was changed. */
  withdraw(account: string, asset: string, units: MoneyUnits): boolean;
  /** False if not so much is available; then nothing was changed. */
  transfer(from: string, to: string, asset: string, units: MoneyUnits): boolean;
  /**
   * Tells updates of an account, in their order, when the operation that caused them is over. A listener may trade: what comes of it is told
   * behind all that is to be told already. What it throws is kept from everybody else.
   */
  subscribe(account: string, listener: (update: AccountUpdate) => void): Disposable;
}
