/** Money is counted in whole units of 10^-9 of an asset, prices in ticks and sizes in lots of their instrument. */
export type MoneyUnits = bigint;

/** What an order does with the base asset. */
export type OrderSide = 'buy' | 'sell';

/**
 * A `market` order takes what there is up to a price that protects it, and is gone; a stop order waits outside of the book until the last
 * trade has reached its stop price, and is a limit or a market order from then on.
 */
export type OrderKind = 'limit' | 'market' | 'stop-limit' | 'stop-market';

/** Good until canceled; take what there is and cancel the rest; take all of it or nothing. */
export type TimeInForce = 'GTC' | 'IOC' | 'FOK';

/** In which asset a fee is paid: always in quote, always in base, or in what the trade brings. */
export type CommissionType = 'quote' | 'base' | 'received';

/** `cancel-only` takes no new orders; while `halted`, orders cannot be canceled either. Neither is anything matched then. */
export type TradingStatus = 'trading' | 'cancel-only' | 'halted';

/** What can be traded, and by which rules. Money is decimal text. */
export interface InstrumentRules {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly tickSize: string;
  readonly lotSize: string;
  /** Bounds of price times size, in quote, both included. They hold for orders with a limit price. */
  readonly minNotional: string;
  readonly maxNotional: string;
  /** Bounds of the size, in base, both included. */
  readonly minSize: string;
  readonly maxSize: string;
  readonly commission: CommissionType;
  /** Held for fees on top of an order, as a fraction of it, where the fee is paid from the same asset. */
  readonly reserveRate: string;
  /** `trading` if left out. */
  readonly status?: TradingStatus;
}

/** Fees as fractions; negative for a rebate. */
export interface FeeRates {
  readonly maker: string;
  readonly taker: string;
}

/** What somebody has of an asset. */
export interface Balance {
  readonly total: MoneyUnits;
  /** For open orders. What is available is the rest. */
  readonly held: MoneyUnits;
}

/** A request to trade. */
export interface OrderRequest {
  /** Unique among the live orders of the exchange. */
  readonly id: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly kind: OrderKind;
  readonly sizeLots: number;
  /** The limit; of market orders, the worst price that they take. */
  readonly priceTicks: number;
  /** Of stop orders. */
  readonly stopTicks?: number;
  /** `GTC` if left out. A market order, also behind a stop, takes what there is and is gone. */
  readonly timeInForce?: TimeInForce;
  /** To be refused rather than take from the book. `GTC` limit orders only. */
  readonly postOnly?: boolean;
}

/** Why a request is refused; nothing was changed. */
export type RefusalCode =
  | 'unknown-account'
  | 'unknown-instrument'
  | 'not-trading'
  | 'duplicate-id'
  | 'invalid-price'
  | 'invalid-stop'
  | 'invalid-size'
  | 'invalid-notional'
  | 'invalid-combination'
  | 'insufficient-funds';

/** Why a cancel is refused; nothing was changed. */
export type CancelRefusalCode = 'unknown-order' | 'not-trading';

/** `waiting` for its stop, or `open`: live. Else ended. */
export type EngineOrderStatus = 'waiting' | 'open' | 'filled' | 'canceled';

/** Why an order was canceled before all of it was filled. */
export type CancelReason = 'requested' | 'would-take' | 'not-fillable' | 'nothing-left-to-take';

/**
 * An order in the exchange. It goes on changing while it lives; keep a copy of what you need of it, field by field: some of them, such as its
 * amounts, are made when they are read, and `{ ...order }` has none of those.
 */
export interface EngineOrder {
  readonly id: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly kind: OrderKind;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly sizeLots: number;
  readonly priceTicks: number;
  readonly stopTicks: number | undefined;
  readonly placedAtMs: number;
  readonly status: EngineOrderStatus;
  readonly cancelReason: CancelReason | undefined;
  readonly filledLots: number;
  /** Paid or got for what was filled, in quote, without fees. */
  readonly filledQuote: MoneyUnits;
  readonly fee: MoneyUnits;
  readonly feeAsset: string;
  /** What is held for the rest of it, of quote for a buy and of base for a sell. */
  readonly held: MoneyUnits;
}

/** One trade, as one of its two orders sees it. As with orders, `{ ...fill }` has none of its amounts. */
export interface EngineFill {
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly quote: MoneyUnits;
  readonly fee: MoneyUnits;
  readonly role: 'maker' | 'taker';
}

/** What happened to an order. Both balances of its account are as they are after it. */
export interface OrderEvent {
  readonly kind: 'order';
  /** Rises by 1 with every event of the exchange. */
  readonly sequence: number;
  readonly atMs: number;
  readonly change: 'accepted' | 'triggered' | 'filled' | 'canceled';
  /** The same object in every event of the order. */
  readonly order: EngineOrder;
  /** Of `filled`, also if only a part was. */
  readonly fill?: EngineFill | undefined;
}

/** A trade, as the public sees it. It comes before the two `filled` of its orders, of which the maker's is the first. */
export interface TradeEvent {
  readonly kind: 'trade';
  readonly sequence: number;
  readonly atMs: number;
  readonly symbol: string;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly buyerIsMaker: boolean;
}

/** A price level has another size now: 0 if nothing is left of it. */
export interface LevelEvent {
  readonly kind: 'level';
  readonly sequence: number;
  readonly atMs: number;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly sizeLots: number;
}

/** Money came from outside, went there, or moved for another reason than an order. */
export interface BalanceEvent {
  readonly kind: 'balance';
  readonly sequence: number;
  readonly atMs: number;
  readonly account: string;
  readonly asset: string;
  /** Signed. */
  readonly change: MoneyUnits;
}

/** What an engine tells, in the order in which it happens. */
export type EngineEvent = OrderEvent | TradeEvent | LevelEvent | BalanceEvent;

/** One price of a book, with what is there in all. */
export interface EngineLevel {
  readonly priceTicks: number;
  readonly sizeLots: number;
}

/** What is where, of one asset: `deposited` is `withdrawn`, what accounts have and what was paid in fees, to the last unit. */
export interface LedgerLine {
  readonly deposited: MoneyUnits;
  readonly withdrawn: MoneyUnits;
  readonly inAccounts: MoneyUnits;
  readonly held: MoneyUnits;
  /** Paid by all, less what was paid out in rebates. */
  readonly fees: MoneyUnits;
}
