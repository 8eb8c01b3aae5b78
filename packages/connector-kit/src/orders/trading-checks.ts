import {
  type CommandOutcome,
  type OrderRequest,
  type OrderRule,
  type OrderType,
  type Pair,
  type PlaceOptions,
  type TrackedOrder,
  type TradingCapabilities,
  type TradingState,
  VenueError,
  type VenueErrorCode,
} from '@venuekit/connector-core';
import type { AccountLog } from './account-log.ts';
import type { OrdersLeaving } from './orders-on-their-way.ts';

/** What is looked at. */
interface CheckedParts {
  readonly venue: string;
  readonly log: AccountLog;
  readonly capabilities?: TradingCapabilities<OrderType>;
}

/** Calls that send something: their errors say what became of it. */
const commands: ReadonlySet<string> = new Set(['placeOrder', 'placeOrders', 'cancelOrder', 'resubmit']);

type Deny = (code: VenueErrorCode, message: string, rule?: OrderRule) => never;

/** What may be asked of a trading facet now. */
export class TradingChecks {
  readonly #venue: string;
  readonly #log: AccountLog;
  readonly #capabilities: TradingCapabilities<OrderType> | undefined;
  readonly #clientOrderId: RegExp | undefined;
  /** Orders on their way, which the log may not know yet. */
  readonly #leaving: OrdersLeaving;
  /** Calls of `cancelAll` under way, and their pairs; no pair is all of them. */
  readonly cancelling: Set<{ readonly pair?: Pair }> = new Set();

  constructor({ venue, log, capabilities }: CheckedParts, leaving: OrdersLeaving) {
    this.#venue = venue;
    this.#log = log;
    this.#capabilities = capabilities;
    this.#leaving = leaving;
    const pattern = capabilities?.clientOrderId.pattern;
    this.#clientOrderId = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`);
  }

  /**
   * An order wants to leave.
   * @param taken identifiers of others that leave with it.
   * @throws VenueError if no new order is taken now, or not this one.
   */
  place(request: OrderRequest<OrderType>, taken?: ReadonlySet<string>): void {
    const deny = this.#denyOf('placeOrder', request.clientOrderId);
    this.#checkOpen(request.pair, deny);
    this.#checkClaims(request, deny);
    this.#checkClientOrderId(request, taken, deny);
  }

  /** @throws VenueError if no order is sent again now, or not this one. */
  resubmit({ clientOrderId, pair, status }: TrackedOrder): void {
    const deny = this.#denyOf('resubmit', clientOrderId);
    if (status !== 'unknown') {
      deny('invalid-request', `expected an order that is unknown, got one that is ${status}`);
    }
    this.#checkOpen(pair, deny);
  }

  /** @throws VenueError `invalid-request` for a time to wait that is none. */
  time(operation: string, options: PlaceOptions): void {
    for (const field of ['timeoutMs', 'sendWithinMs'] as const) {
      const ms = options[field];
      if (ms === undefined || (typeof ms === 'number' && ms > 0)) continue;
      const message = `${field}: expected more than 0 milliseconds, got ${String(ms)}`;
      const outcome: { readonly outcome?: CommandOutcome } = commands.has(operation)
        ? { outcome: 'not-sent' }
        : {};
      throw this.error(operation, 'invalid-request', message, outcome);
    }
  }

  /** @throws VenueError if nothing can be canceled now. */
  cancel(operation: string): void {
    const closed = this.#stateFault(this.#log.state, true);
    if (closed !== undefined) throw this.error(operation, ...closed, { outcome: 'not-sent' });
  }

  /** The error of a call. */
  error(
    operation: string,
    code: VenueErrorCode,
    message: string,
    extra: {
      readonly outcome?: CommandOutcome;
      readonly clientOrderId?: string;
      readonly cause?: unknown;
      readonly rule?: OrderRule;
    } = {},
  ): VenueError {
    return new VenueError({ ...extra, code, venue: this.#venue, operation, message });
  }

  #denyOf(operation: string, clientOrderId: string | undefined): Deny {
    return (code, message, rule) => {
      throw this.error(operation, code, message, {
        outcome: 'not-sent',
        ...(clientOrderId === undefined ? {} : { clientOrderId }),
        ...(rule === undefined ? {} : { rule }),
      });
    };
  }

  /** New orders of a pair are taken now. */
  #checkOpen(pair: Pair, deny: Deny): void {
    const closed = this.#stateFault(this.#log.state, false);
    if (closed !== undefined) deny(...closed);
    if ([...this.cancelling].some((underWay) => (underWay.pair ?? pair) === pair)) {
      deny('denied', `expected no cancelAll of ${pair} under way, got one`);
    }
  }

  #stateFault(state: TradingState, forCancel: boolean): [VenueErrorCode, string] | undefined {
    if (state === 'idle') return ['not-connected', 'expected a connected connector, got one that is not'];
    if (state === 'closed') return ['closed', 'the connector is closed'];
    if (forCancel || state === 'ready') return undefined;
    const message = `expected the trading state ready, got ${state}; cancels pass`;
    return [state === 'reconciling' ? 'reconciling' : 'denied', message];
  }

  #checkClaims(request: OrderRequest<OrderType>, deny: Deny): void {
    if (this.#capabilities === undefined) return;
    const { orderTypes, timeInForce } = this.#capabilities;
    if (!orderTypes.includes(request.type)) {
      const message = `type: expected one of ${orderTypes.join(', ')}, got ${String(request.type)}`;
      deny('unsupported', message, { field: 'type', rule: 'form' });
    }
    if (request.type !== 'limit' && request.type !== 'stop_limit') return;
    const asked = request.timeInForce ?? 'GTC';
    if (timeInForce.includes(asked)) return;
    const message = `timeInForce: expected one of ${timeInForce.join(', ')}, got ${String(asked)}`;
    deny('unsupported', message, { field: 'timeInForce', rule: 'form' });
  }

  #checkClientOrderId(
    { clientOrderId: id }: OrderRequest<OrderType>,
    taken: ReadonlySet<string> | undefined,
    deny: Deny,
  ): void {
    if (id === undefined) return;
    const rule: OrderRule = { field: 'clientOrderId', rule: 'form' };
    const got = String(JSON.stringify(id)).slice(0, 80);
    if (typeof id !== 'string' || id === '') {
      deny('invalid-order', `clientOrderId: expected a text that is not empty, got ${got}`, rule);
    }
    if (taken?.has(id) || this.#leaving.has(id) || this.#log.orders.get(id) !== undefined) {
      deny('invalid-order', `clientOrderId: expected one that was not used before, got ${got}`, rule);
    }
    if (this.#capabilities === undefined) return;
    const { pattern, minLength, maxLength } = this.#capabilities.clientOrderId;
    const fits = id.length >= minLength && id.length <= maxLength && this.#clientOrderId?.test(id) === true;
    if (fits) return;
    const message = `clientOrderId: expected ${minLength} to ${maxLength} of ${pattern}, got ${got}`;
    deny('invalid-order', message, rule);
  }
}
