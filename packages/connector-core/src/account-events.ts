import type { Balance } from './account.ts';
import type { GapEvent, StartEvent } from './feed.ts';
import type { EventTimes } from './market-data.ts';
import type { Fill, Order, OrderStatus } from './order.ts';
import type { TradingState } from './trading.ts';
import type { VenueErrorCode } from './venue-error-codes.ts';

/** What every event about an order has. */
export interface OrderEventBase extends EventTimes {
  /** The order after the event. */
  readonly order: Order;
  /** Counts the order events of this connector from 1, without a hole. */
  readonly eventNumber: number;
}

/**
 * A guard refused the order, or it could not be sent in time. Nothing left this process. A request that breaks a rule of its market
 * never becomes an order, and is not told here: its call rejects.
 */
export interface OrderDenied extends OrderEventBase {
  readonly kind: 'order-denied';
  readonly code: VenueErrorCode;
  /** Field and rule, in a sentence. */
  readonly reason: string;
}

/** The order was handed to the transport. */
export interface OrderSent extends OrderEventBase {
  readonly kind: 'order-sent';
}

/** The venue has received the order. It does not work yet, and may still be refused. */
export interface OrderAcked extends OrderEventBase {
  readonly kind: 'order-acked';
}

/** What became of the order is not known. It stays in `orders`, is looked for, and its events go on. */
export interface OrderUncertain extends OrderEventBase {
  readonly kind: 'order-uncertain';
  /** In a few words: `timeout`, `restart`, … */
  readonly reason: string;
}

/** An order whose fate was unknown was found. What was missed follows. */
export interface OrderRecovered extends OrderEventBase {
  readonly kind: 'order-recovered';
  /** What shows it, where it was not the venue: the decision of an operator. */
  readonly reason?: string;
}

/** The market has reached the stop price of the order. */
export interface OrderTriggered extends OrderEventBase {
  readonly kind: 'order-triggered';
}

/** The order works at the venue, or waits there for its stop price. Told once. */
export interface OrderOpened extends OrderEventBase {
  readonly kind: 'order-open';
}

/**
 * A part of the order traded, perhaps the last one. The order in it is `partially-filled` also with the last one: that it is `filled` is
 * told next, by its own event. The status of an order that had ended before stays what it is.
 */
export interface OrderFillTold extends OrderEventBase {
  readonly kind: 'order-fill';
  readonly fill: Fill;
}

/** A fill is now known better: price, fee or liquidity; never its amount. */
export interface OrderFillRefined extends OrderEventBase {
  readonly kind: 'order-fill-refined';
  readonly fill: Fill;
  readonly previous: Fill;
}

/** The whole amount is filled, and all of its fills were told. */
export interface OrderFilled extends OrderEventBase {
  readonly kind: 'order-filled';
}

/** The order ended with a remainder. Its fills were told before. */
export interface OrderCanceled extends OrderEventBase {
  readonly kind: 'order-canceled';
  /** The venue's reason where it gave one. */
  readonly reason?: string;
}

/** The venue ended the order because its time was over. */
export interface OrderExpired extends OrderEventBase {
  readonly kind: 'order-expired';
}

/** The venue refused the order. */
export interface OrderRejected extends OrderEventBase {
  readonly kind: 'order-rejected';
  readonly code: VenueErrorCode;
  /** The venue's own code or word, digit for digit. */
  readonly venueCode: string | undefined;
  /** `collateral` if nothing was wrong with this order and its batch was refused because of another. */
  readonly blame: 'culprit' | 'collateral';
  readonly reason: string;
}

/** It is proved that the venue does not have the order, and will not take it any more. */
export interface OrderNotPlaced extends OrderEventBase {
  readonly kind: 'order-not-placed';
  /** What proves it. */
  readonly proof: string;
}

/** An ended order is in another state than we said. Read it: something that was reported as certain was not. */
export interface OrderCorrected extends OrderEventBase {
  readonly kind: 'order-correction';
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  /** What shows it. */
  readonly evidence: string;
}

/** An order of an earlier run of this program was found at the venue and is tracked from now on. */
export interface OrderAdopted extends OrderEventBase {
  readonly kind: 'order-adopted';
}

/** Somebody else placed an order on this account. It is never touched. */
export interface OrderExternal extends OrderEventBase {
  readonly kind: 'order-external';
  /** True if its identifier has the form of another process of this toolkit: two may be trading on one key. */
  readonly possibleSplitBrain: boolean;
}

/** A cancel left, was refused, or nobody can tell. The order's status is what it was. */
export interface OrderCancelChanged extends OrderEventBase {
  readonly kind: 'order-cancel';
  readonly phase: 'requested' | 'refused' | 'uncertain';
  /** Why, for `refused` and `uncertain`. */
  readonly reason?: string;
}

/** Nothing more is to be learned about an order that ended: a question asked afterwards gave the same filled amount. */
export interface OrderSettled extends OrderEventBase {
  readonly kind: 'order-settled';
}

/** The venue told what cannot be. The order is left as it was. */
export interface OrderAnomaly extends OrderEventBase {
  readonly kind: 'order-anomaly';
  /** What was told, and why it cannot be. */
  readonly reason: string;
}

/** Everything that can happen to an order. */
export type OrderEvent =
  | OrderDenied
  | OrderSent
  | OrderAcked
  | OrderUncertain
  | OrderRecovered
  | OrderOpened
  | OrderTriggered
  | OrderFillTold
  | OrderFillRefined
  | OrderFilled
  | OrderCanceled
  | OrderExpired
  | OrderRejected
  | OrderNotPlaced
  | OrderCorrected
  | OrderAdopted
  | OrderExternal
  | OrderCancelChanged
  | OrderSettled
  | OrderAnomaly;

/** What can happen to an order, by name. */
export type OrderEventKind = OrderEvent['kind'];

/** A balance changed. */
export interface BalanceChanged {
  readonly kind: 'balance';
  readonly balance: Balance;
}

/** Trading became possible or impossible. */
export interface TradingStateChanged {
  readonly kind: 'trading-state';
  readonly state: TradingState;
  /** Why, in a few words; `undefined` where the state says it all. */
  readonly reason: string | undefined;
  /** Local time in milliseconds since the epoch. */
  readonly atMs: number;
}

/** Something about the account or its key that its owner should know, such as a key that is about to expire. */
export interface AccountWarning {
  readonly kind: 'account-warning';
  readonly subject: 'permission' | 'expiry' | 'ip' | 'clock' | 'balance' | 'split-brain' | 'journal';
  /** In a sentence, without secrets. */
  readonly message: string;
  /** Local time in milliseconds since the epoch. */
  readonly atMs: number;
}

/**
 * What an account tells, lossless and in causal order: an order is opened before it is filled, and filled before it ends. What is
 * learned after the end is a `late` fill or an `order-correction`. A flow: it begins with `start` as soon as the account's stream
 * is up, and a `gap` comes before the first event after a loss.
 */
export type AccountEvent =
  | OrderEvent
  | BalanceChanged
  | TradingStateChanged
  | AccountWarning
  | StartEvent
  | GapEvent;
