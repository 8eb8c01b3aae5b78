import type { Decimal } from './decimal.ts';
import type { Pair } from './instrument.ts';
import type { EventTimes, Side } from './market-data.ts';

/**
 * How an order wants to trade: `limit` at a price or better; `limit_maker` the same, but never as taker; `market` at once at the
 * best prices there are; `stop_limit` and `stop_market` become a limit or a market order when the market reaches their stop price:
 * a buy when it rises to it, a sell when it falls to it.
 */
export type OrderType = 'limit' | 'limit_maker' | 'market' | 'stop_limit' | 'stop_market';

/** Types that a connector has unless its own type says otherwise. */
export type StandardOrderType = 'limit' | 'limit_maker' | 'market';

/** How long a limit order stays: until canceled, only for what trades at once, or whole at once or not at all. */
export type TimeInForce = 'GTC' | 'IOC' | 'FOK';

/** A price or an amount that a caller hands in. A float does not compile. */
export type MoneyInput = Decimal | string;

interface OrderTerms {
  readonly pair: Pair;
  readonly side: Side;
  /** In base; a whole multiple of the instrument's lot. */
  readonly amount: MoneyInput;
  /** Your own identifier, by the rules in `capabilities.trading.clientOrderId`; one is made if left out. Unique for ever: one that is known is refused. */
  readonly clientOrderId?: string;
  /**
   * What happens to a price off its tick or an amount off its lot: `refuse`, the default, or `safe`: the amount goes down, and the
   * prices of a buy go down and of a sell up, the stop price with the limit price, so that neither overtakes the other.
   */
  readonly increments?: 'refuse' | 'safe';
  /** What only this venue has. */
  readonly venueOptions?: Readonly<Record<string, unknown>>;
}

/** An order at a price or better. */
export interface LimitOrderRequest extends OrderTerms {
  readonly type: 'limit';
  /** Worst price, in quote per base; a whole multiple of the instrument's tick. */
  readonly price: MoneyInput;
  readonly stopPrice?: never;
  /** `GTC` if left out. */
  readonly timeInForce?: TimeInForce;
}

/** An order that rests, or is refused where it would trade at once. */
export interface LimitMakerOrderRequest extends OrderTerms {
  readonly type: 'limit_maker';
  /** In quote per base; a whole multiple of the instrument's tick. */
  readonly price: MoneyInput;
  readonly stopPrice?: never;
  readonly timeInForce?: never;
}

/** An order at the best prices there are. */
export interface MarketOrderRequest extends OrderTerms {
  readonly type: 'market';
  readonly price?: never;
  readonly stopPrice?: never;
  readonly timeInForce?: never;
}

/** A limit order that waits for its stop price. */
export interface StopLimitOrderRequest extends OrderTerms {
  readonly type: 'stop_limit';
  /** Worst price once it is triggered, in quote per base. */
  readonly price: MoneyInput;
  /** Price of the market at which it is triggered, in quote per base. */
  readonly stopPrice: MoneyInput;
  /** `GTC` if left out. */
  readonly timeInForce?: TimeInForce;
}

/** A market order that waits for its stop price. */
export interface StopMarketOrderRequest extends OrderTerms {
  readonly type: 'stop_market';
  readonly price?: never;
  /** Price of the market at which it is triggered, in quote per base. */
  readonly stopPrice: MoneyInput;
  readonly timeInForce?: never;
}

interface OrderRequests {
  readonly limit: LimitOrderRequest;
  readonly limit_maker: LimitMakerOrderRequest;
  readonly market: MarketOrderRequest;
  readonly stop_limit: StopLimitOrderRequest;
  readonly stop_market: StopMarketOrderRequest;
}

/** What is asked of a venue; the type of the order decides which fields it has. */
export type OrderRequest<T extends OrderType = StandardOrderType> = OrderRequests[T];

/**
 * What is known of an order's life. Before the wire: `created`, `journaled`, or `denied` by us for good. On the wire: `sent`,
 * `acked` (received, not yet working), `unknown` (sent, and nobody can tell). At the venue: `open`, `partially-filled`. Ended:
 * `filled`, `canceled`, `expired`, `rejected` by the venue, `not-placed` (proved that the venue does not have it, and will not).
 */
export type OrderStatus =
  | 'created'
  | 'journaled'
  | 'sent'
  | 'acked'
  | 'unknown'
  | 'open'
  | 'partially-filled'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'rejected'
  | 'denied'
  | 'not-placed';

/** What was asked of a living order, apart from its status: an order whose cancel is on its way can still be filled. */
export type PendingCommand = 'none' | 'cancel-requested' | 'cancel-unknown';

/**
 * How good our knowledge is: `live` while the account stream is up; `stale` from its loss until the order was seen again;
 * `settled` when the order has ended and a question asked afterwards gave the same filled amount.
 */
export type OrderKnowledge = 'live' | 'stale' | 'settled';

/** What one asset was charged. */
export interface FeeCharge {
  readonly asset: string;
  /** Negative is a rebate. */
  readonly amount: Decimal;
}

interface OrderFacts {
  /** The venue's identifier, unique within the pair; `undefined` while it is not known. */
  readonly venueOrderId: string | undefined;
  readonly pair: Pair;
  readonly side: Side;
  /** In quote per base; `undefined` for types without one. */
  readonly price: Decimal | undefined;
  /** In quote per base; `undefined` for types without one. */
  readonly stopPrice: Decimal | undefined;
  /** Of a stop order, whether the market has reached its stop price; `undefined` for others, and where the venue does not tell. */
  readonly triggered: boolean | undefined;
  /** Ordered, in base. */
  readonly amount: Decimal;
  readonly status: OrderStatus;
  readonly pendingCommand: PendingCommand;
  readonly knowledge: OrderKnowledge;
  /** Filled so far, in base. Never goes down. */
  readonly filledAmount: Decimal;
  /** What the filled amount cost or brought, in quote. */
  readonly filledQuote: Decimal;
  /** Fees so far, one for each asset. */
  readonly fees: readonly FeeCharge[];
  /** Local time at which the order was made, in milliseconds since the epoch; of another's order, when it was first seen. */
  readonly createdAtMs: number;
  /** Local time of the newest change. */
  readonly changedAtMs: number;
  /** The venue's time of the newest change that it told; `undefined` before there is one. */
  readonly venueTimeMs: number | undefined;
  /** The venue's record, where `raw` was asked for. */
  readonly raw?: unknown;
}

/** An order of this process, or of an earlier run of it. */
export interface TrackedOrder extends OrderFacts {
  /** Placed by this process, or taken over after a restart. */
  readonly origin: 'own' | 'adopted';
  /** The identifier given before anything was sent. */
  readonly clientOrderId: string;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
}

/** An order of somebody else with the same account. It is told and never touched. */
export interface ExternalOrder extends OrderFacts {
  readonly origin: 'external';
  /** The identifier that the other gave; `undefined` where the venue does not tell it. */
  readonly clientOrderId: string | undefined;
  /** `unknown` for one that this contract has no name for. */
  readonly type: OrderType | 'unknown';
  /** `unknown` for one that this contract has no name for. */
  readonly timeInForce: TimeInForce | 'unknown';
}

/** An order as it is known at one moment. Immutable: the newest one is in `trading.orders`. `origin` says whose it is. */
export type Order = TrackedOrder | ExternalOrder;

/**
 * A part of an order that traded: the interval of its cumulative filled amount from `fromAmount` to `toAmount`. The fills of an
 * order never overlap and leave no hole.
 */
export interface Fill extends EventTimes {
  /** The same for the same fill, however often and from wherever it is learned: made of pair, order and `toAmount`. */
  readonly fillId: string;
  /** The venue's own identifier of the trade; `undefined` where it tells none, or where several came as one. */
  readonly venueFillId: string | undefined;
  readonly clientOrderId: string | undefined;
  readonly venueOrderId: string | undefined;
  readonly pair: Pair;
  readonly side: Side;
  /** Filled before, in base. */
  readonly fromAmount: Decimal;
  /** Filled after, in base. */
  readonly toAmount: Decimal;
  /** `toAmount` less `fromAmount`, in base. */
  readonly amount: Decimal;
  /** In quote per base. */
  readonly price: Decimal;
  /** How far the price may be from the true one, where the venue tells rounded averages only; zero where `exact`. */
  readonly priceError: Decimal;
  /** Cost or proceeds, in quote, without fees. */
  readonly quote: Decimal;
  /** `undefined` where the venue does not tell it. */
  readonly fee: FeeCharge | undefined;
  readonly liquidity: 'maker' | 'taker' | 'unknown';
  /** False if several trades were merged, or if the price was derived from rounded figures. */
  readonly exact: boolean;
  /** True if it was learned after the order had ended. */
  readonly late: boolean;
  /** The venue's record, where `raw` was asked for. */
  readonly raw?: unknown;
}

/** States in which an order has ended. Only a correction leads out of them. */
export const endedStatuses: readonly OrderStatus[] = [
  'filled',
  'canceled',
  'expired',
  'rejected',
  'denied',
  'not-placed',
];

/** True if an order has ended. */
export function isEnded({ status }: Pick<Order, 'status'>): boolean {
  return endedStatuses.includes(status);
}
