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
  /** Of `cancel-refused`. */
  readonly refusal?: CancelRefusalCode | 'already-ended';
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

/** An order as a customer hands it in. */
export interface DeskOrder extends OrderRequest {
  /** What the customer calls it; empty if nothing. */
  readonly clientId: string;
}

/**
 * Where customers trade: it hands orders to the engine, keeps what has become of them, and tells their owners. Orders of others, such as those
 * that make the market, do not pass here.
 */
export interface TradingDesk {
  /** Opens an account for a customer, who hears of everything from now on. @throws VenueError `invalid-options` if it is there already. */
  openAccount(account: string, fees?: { readonly maker: string; readonly taker: string }): void;
  /** Why an order would be refused now; nothing is changed. An id counts as used for as long as its order is remembered. */
  check(order: DeskOrder): RefusalCode | undefined;
  /**
   * Hands an order in. It comes to the engine at once, or later while that is slow; what becomes of it is told by updates, and a refusal by one
   * with `rejected`.
   */
  submit(order: DeskOrder): void;
  /** Hands in a request to cancel. The answer is an update: `canceled` or `cancel-refused`. */
  cancel(account: string, orderId: string, symbol: string): void;
  /** Cancels what is live when the request comes to the engine. */
  cancelAll(account: string, symbol?: string): void;
  /** An order of the account, live or ended, while it is remembered. */
  order(account: string, orderId: string): OrderRecord | undefined;
  /** Live orders in the order of their coming. */
  openOrders(account: string, symbol?: string): readonly OrderRecord[];
  /** Ended orders in the order of their ending: the newest ten thousand, for thirty days at least if there are not more. */
  endedOrders(account: string): readonly OrderRecord[];
  /** What the account has of an asset. */
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
  /** Tells updates of an account, in their order, during the operation that caused them; the listener must not trade within the call. */
  subscribe(account: string, listener: (update: AccountUpdate) => void): Disposable;
}
