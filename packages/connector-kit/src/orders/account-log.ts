import {
  type AccountEvent,
  type AccountWarning,
  type Balance,
  type Balances,
  decimal,
  type EventTimes,
  type Feed,
  type Fill,
  type MoneyInput,
  type Order,
  type OrderEvent,
  type OrderEventBase,
  type OrderEventKind,
  type Orders,
  type Runtime,
  type TradingState,
  VenueError,
} from '@venuekit/connector-core';
import { createFeed, type FeedSource } from '../feed/feed.ts';
import { BalanceLedger } from './balance-ledger.ts';
import { endedFault } from './ended-order.ts';
import { OrderLedger } from './order-ledger.ts';

/** What an account log is made with. */
export interface AccountLogOptions {
  readonly runtime: Runtime;
  /** Venue id for errors. */
  readonly venue: string;
  /**
   * Settled orders that are remembered, and orders that were refused before they left; 1,000 by default. Beyond that the longest
   * settled are forgotten. All others are kept, because something may still be learned of them: an order that has ended is settled
   * by `order-settled`, or ends with `knowledge: 'settled'` where its end is all that there is.
   */
  readonly mostSettledOrders?: number;
  /** Events that a reader may leave unread before it is ended; 10,000 by default. */
  readonly bound?: number;
}

/** When the news came: the venue's time, and the local time at which its bytes arrived, which is now if left out. */
export type NewsTimes = Partial<EventTimes>;

/** What an event of a kind says beside order, number and times. */
export type OrderEventDetails<K extends OrderEventKind> = Omit<
  Extract<OrderEvent, { readonly kind: K }>,
  keyof OrderEventBase | 'kind'
> &
  NewsTimes;

/** The details, which may be left out where a kind has none of its own. */
export type OrderEventRest<K extends OrderEventKind> =
  object extends OrderEventDetails<K> ? [details?: OrderEventDetails<K>] : [details: OrderEventDetails<K>];

/** A balance as it is told. */
export interface BalanceNews extends NewsTimes {
  readonly asset: string;
  /** All of it. */
  readonly total: MoneyInput;
  /** What orders may still use. */
  readonly available: MoneyInput;
}

/** The output side of a trading facet: what is true of an account, and everybody who wants to hear of it. It decides nothing. */
export interface AccountLog {
  /** Immutable orders, by client identifier, and by pair and venue identifier. */
  readonly orders: Orders;
  readonly balances: Balances;
  /** Lossless; begins with `start`, once {@link AccountLog.begin} was called. */
  readonly events: Feed<AccountEvent>;
  /** Whether orders are taken; `idle` at first. */
  readonly state: TradingState;
  /** Aborted by {@link AccountLog.end}, with its error, or with one of code `closed`. */
  readonly ended: AbortSignal;
  /**
   * Keeps an order as it is after an event, numbers the event without a hole, and tells both. The times of a fill are those of
   * its event. An anomaly leaves the times of the order.
   *
   * What is filled never goes down: fills that were told stay, whatever older state an event begins with. An order that cannot be the
   * one that is known by its identifiers becomes an `order-anomaly` of that one.
   *
   * An order that has ended stays what it is: late fills, what is learned of its cancel or its settlement, and whose it is pass if
   * they leave its status, and a correction passes with any. Whatever else is told of it becomes an `order-anomaly`.
   * @returns the order as it is kept.
   * @throws VenueError `invalid-request` for an order without any identifier.
   */
  tell<K extends OrderEventKind, O extends Order>(kind: K, order: O, ...details: OrderEventRest<K>): O;
  /** Keeps a balance, and tells it if it is another one than before. */
  setBalance(news: BalanceNews): Balance;
  /** Sets whether orders are taken, and tells it if it changed. Nothing comes after `closed`. */
  setState(state: TradingState, reason?: string): void;
  /** Tells the owner of the account something, in a sentence without secrets. */
  warn(subject: AccountWarning['subject'], message: string): void;
  /** The account's stream is up, and events are complete from now on. Doing it again does nothing: see `gap`. */
  begin(): void;
  /**
   * Events may be missing from `fromMs`, local time, until now: tells the gap, and that the flow is complete from now on. Call it
   * before the first event after a loss.
   */
  gap(fromMs: number, reason: string): void;
  /** Closes: tells the state `closed`, then ends all feeds, in order or with an error. Orders and balances stay readable. */
  end(error?: VenueError): void;
}

/**
 * Makes an account log.
 * @throws VenueError `invalid-options` for numbers that are none.
 */
export function createAccountLog(options: AccountLogOptions): AccountLog {
  return new Log(options);
}

class Log implements AccountLog {
  readonly #options: AccountLogOptions;
  readonly #orders: OrderLedger;
  readonly #balances: BalanceLedger;
  readonly #source: FeedSource<AccountEvent>;
  readonly #ended = new AbortController();
  #state: TradingState = 'idle';
  #reason: string | undefined;
  #lastNumber = 0;
  #begun = false;

  constructor(options: AccountLogOptions) {
    const { runtime, venue, mostSettledOrders = 1_000, bound } = options;
    this.#options = options;
    this.#check('mostSettledOrders', mostSettledOrders, 0);
    if (bound !== undefined) this.#check('bound', bound, 1);
    this.#orders = new OrderLedger({ runtime, venue, mostSettled: mostSettledOrders });
    this.#balances = new BalanceLedger(runtime, venue);
    this.#source = createFeed<AccountEvent>({
      name: 'account events',
      venue,
      ...(bound === undefined ? {} : { bound }),
      opening: () => (this.#begun ? [{ kind: 'start', fromMs: this.#now() }] : []),
      onListenerError: (error) =>
        runtime.logger.error(`a listener of account events threw: ${String(error)}`),
    });
  }

  get orders(): Orders {
    return this.#orders.orders;
  }

  get balances(): Balances {
    return this.#balances.balances;
  }

  get events(): Feed<AccountEvent> {
    return this.#source.feed;
  }

  get state(): TradingState {
    return this.#state;
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  tell<K extends OrderEventKind, O extends Order>(kind: K, order: O, ...rest: OrderEventRest<K>): O {
    const details: NewsTimes & { readonly fill?: Fill } = rest[0] ?? {};
    const before = this.#orders.kept(order);
    const fault =
      before === undefined
        ? undefined
        : (this.#orders.fault(order) ?? endedFault(before, kind, order, details.fill));
    if (before !== undefined && fault !== undefined) {
      return this.tell('order-anomaly', before, { ...timesOf(details), reason: fault }) as O;
    }
    const { venueTimeMs, receivedAtMs = this.#now() } = { ...timesOf(details.fill), ...timesOf(details) };
    const kept =
      kind === 'order-anomaly'
        ? this.#keep(order, before, order.changedAtMs, undefined)
        : this.#keep(order, before, this.#now(), venueTimeMs);
    this.#lastNumber += 1;
    const eventNumber = this.#lastNumber;
    // The compiler has checked the details against the kind where they were handed in.
    const event = { ...details, kind, order: kept, eventNumber, venueTimeMs, receivedAtMs };
    this.#source.emit(Object.freeze(event) as unknown as OrderEvent);
    this.#orders.tell(kept);
    return kept;
  }

  setBalance({ asset, total, available, venueTimeMs, receivedAtMs = this.#now() }: BalanceNews): Balance {
    const amounts = { total: decimal(total), available: decimal(available) };
    const balance: Balance = Object.freeze({ asset, ...amounts, venueTimeMs, receivedAtMs });
    if (!this.#balances.store(balance)) return balance;
    this.#source.emit({ kind: 'balance', balance });
    this.#balances.tell(asset);
    return balance;
  }

  setState(state: TradingState, reason?: string): void {
    if (this.#state === 'closed' || (this.#state === state && this.#reason === reason)) return;
    this.#state = state;
    this.#reason = reason;
    this.#source.emit({ kind: 'trading-state', state, reason, atMs: this.#now() });
  }

  warn(subject: AccountWarning['subject'], message: string): void {
    this.#source.emit({ kind: 'account-warning', subject, message, atMs: this.#now() });
  }

  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#source.emit({ kind: 'start', fromMs: this.#now() });
  }

  gap(fromMs: number, reason: string): void {
    // Who comes while the gap is told gets the start that follows it, and no other.
    this.#begun = false;
    this.#source.emit({ kind: 'gap', fromMs, toMs: this.#now(), reason });
    this.begin();
  }

  end(error?: VenueError): void {
    if (this.#ended.signal.aborted) return;
    // First: whoever hears of the end may end it again.
    this.#ended.abort(error ?? this.#closed());
    this.setState('closed', error?.message);
    this.#source.end(error);
    this.#orders.end(error);
    this.#balances.end(error);
  }

  #keep<O extends Order>(
    order: O,
    before: Order | undefined,
    changedAtMs: number,
    venueTimeMs: number | undefined,
  ): O {
    if (order.clientOrderId === undefined && order.venueOrderId === undefined) {
      const message = 'expected an order with a client or a venue identifier, got one with neither';
      throw new VenueError({
        code: 'invalid-request',
        venue: this.#options.venue,
        operation: 'tell',
        message,
      });
    }
    // Whoever tells an end may have begun with an older state: fills that were told stay.
    const { filledAmount, filledQuote, fees } =
      before?.filledAmount.greaterThan(order.filledAmount) === true ? before : order;
    const kept: O = Object.freeze({
      ...order,
      ...{ filledAmount, filledQuote, fees: Object.freeze([...fees]) },
      changedAtMs,
      venueTimeMs: venueTimeMs ?? order.venueTimeMs,
    });
    this.#orders.store(kept);
    return kept;
  }

  #check(field: string, value: number, least: number): void {
    if (value >= least) return;
    const message = `${field}: expected ${least} or more, got ${value}`;
    const { venue } = this.#options;
    throw new VenueError({ code: 'invalid-options', venue, operation: 'createAccountLog', message });
  }

  #closed(): VenueError {
    const message = 'the connector was closed';
    return new VenueError({ code: 'closed', venue: this.#options.venue, message });
  }

  #now(): number {
    return this.#options.runtime.clock.now();
  }
}

/** The times that are there: one that is `undefined` must not hide another. */
function timesOf({ venueTimeMs, receivedAtMs }: NewsTimes = {}): {
  venueTimeMs?: number;
  receivedAtMs?: number;
} {
  return {
    ...(venueTimeMs === undefined ? {} : { venueTimeMs }),
    ...(receivedAtMs === undefined ? {} : { receivedAtMs }),
  };
}
