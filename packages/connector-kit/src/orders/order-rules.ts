import {
  type CommandOutcome,
  type Decimal,
  decimal,
  type Instrument,
  type MoneyInput,
  type OrderRequest,
  type OrderRule,
  type OrderType,
  type TimeInForce,
  VenueError,
  type VenueErrorCode,
} from '@venuekit/connector-core';

/** An order that obeys every rule of its instrument: exact numbers, rounded if that was asked for. */
export interface CheckedOrder {
  /** In base. */
  readonly amount: Decimal;
  /** In quote per base; `undefined` for types without one. */
  readonly price: Decimal | undefined;
  /** In quote per base; `undefined` for types without one. */
  readonly stopPrice: Decimal | undefined;
  /** `GTC` for a limit order that says nothing, and for `limit_maker`; `IOC` for market orders. */
  readonly timeInForce: TimeInForce;
}

/** What a denial says beside field and rule. */
export interface OrderRuleContext {
  /** Venue id. */
  readonly venue?: string;
  readonly clientOrderId?: string;
}

/** The fields of all types of order together. */
interface AnyTerms {
  readonly amount: MoneyInput;
  readonly price?: MoneyInput;
  readonly stopPrice?: MoneyInput;
  readonly timeInForce?: TimeInForce;
}

type Deny = (field: string, rule: string, expected: string, got: unknown, code?: VenueErrorCode) => never;

/** What a rule is called for programs; every other one is about the form of an order. */
const ruleNames: Readonly<Record<string, OrderRule['rule']>> = {
  ...{ status: 'status', tickSize: 'tick', lotSize: 'lot', minAmount: 'min-amount', maxAmount: 'max-amount' },
  ...{ minNotional: 'min-notional', maxNotional: 'max-notional' },
};

/** What the limits of a value are about; the field of the request is the amount. */
const valueField = 'price times amount';

const fieldsOf: Readonly<Record<OrderType, readonly string[]>> = {
  limit: ['price', 'timeInForce'],
  limit_maker: ['price'],
  market: [],
  stop_limit: ['price', 'stopPrice', 'timeInForce'],
  stop_market: ['stopPrice'],
};

/**
 * Checks an order against every rule of its instrument, in this order: the instrument trades, the fields fit the type, numbers are
 * above zero and whole multiples of tick and lot (or are rounded to them with `increments: 'safe'`: amounts down, the prices of a buy
 * down and of a sell up), amount and value are within their limits, where there are any. The value of market orders cannot be checked without a price: whoever knows one does.
 * @throws VenueError `market-unavailable` if the instrument does not trade, else `invalid-order`, both with outcome `not-sent`; the
 * message names field, rule, what was expected and what was got, and `rule` the first two for programs.
 */
export function checkOrderRules(
  request: OrderRequest<OrderType>,
  instrument: Instrument,
  context: OrderRuleContext = {},
): CheckedOrder {
  const deny: Deny = (field, rule, expected, got, code = 'invalid-order') => {
    const outcome: CommandOutcome = 'not-sent';
    const message = `${field} breaks ${rule}: expected ${expected}, got ${String(got)}`;
    const broken: OrderRule = {
      field: field === valueField ? 'amount' : field,
      rule: ruleNames[rule] ?? 'form',
    };
    throw new VenueError({ ...context, code, operation: 'placeOrder', outcome, message, rule: broken });
  };
  checkMarket(request, instrument, deny);
  checkFields(request, deny);
  const { side, type } = request;
  const { amount, price, stopPrice, timeInForce }: AnyTerms = request;
  const safe = request.increments === 'safe';
  const { tickSize, lotSize } = instrument;
  // The stop price goes with the limit price, so that neither overtakes the other.
  const up = safe ? side === 'sell' : undefined;
  const checked: CheckedOrder = {
    amount: toMultiple('amount', 'lotSize', amount, lotSize, safe ? false : undefined, deny),
    price: price === undefined ? undefined : toMultiple('price', 'tickSize', price, tickSize, up, deny),
    stopPrice:
      stopPrice === undefined
        ? undefined
        : toMultiple('stopPrice', 'tickSize', stopPrice, tickSize, up, deny),
    timeInForce: timeInForce ?? (type === 'market' || type === 'stop_market' ? 'IOC' : 'GTC'),
  };
  checkLimits(checked, instrument, deny);
  return checked;
}

function checkMarket({ pair, type }: OrderRequest<OrderType>, instrument: Instrument, deny: Deny): void {
  if (pair !== instrument.pair) deny('pair', 'instrument', instrument.pair, pair);
  const { status, venueStatus } = instrument;
  if (status === 'trading' || (status === 'post-only' && type === 'limit_maker')) return;
  deny('pair', 'status', `${pair} to be trading`, `${status} (${venueStatus})`, 'market-unavailable');
}

/** What the types promise, for callers without a compiler. */
function checkFields(request: OrderRequest<OrderType>, deny: Deny): void {
  const { type, side, increments = 'refuse' } = request;
  const given: AnyTerms = request;
  if (!Object.hasOwn(fieldsOf, type)) deny('type', 'type', Object.keys(fieldsOf).join(', '), type);
  if (side !== 'buy' && side !== 'sell') deny('side', 'side', 'buy or sell', side);
  if (increments !== 'refuse' && increments !== 'safe') {
    deny('increments', 'increments', 'refuse or safe', increments);
  }
  for (const field of ['price', 'stopPrice', 'timeInForce'] as const) {
    const has = given[field] !== undefined;
    const wanted = fieldsOf[type].includes(field);
    if (has && !wanted) deny(field, 'type', `no ${field} of a ${type} order`, given[field]);
    if (!has && wanted && field !== 'timeInForce')
      deny(field, 'type', `a ${field} of a ${type} order`, 'none');
  }
  const { timeInForce = 'GTC' } = given;
  if (timeInForce !== 'GTC' && timeInForce !== 'IOC' && timeInForce !== 'FOK') {
    deny('timeInForce', 'timeInForce', 'GTC, IOC or FOK', timeInForce);
  }
}

/** @param up where a number between two steps goes; `undefined` if it is refused. */
function toMultiple(
  field: string,
  rule: string,
  input: unknown,
  step: Decimal,
  up: boolean | undefined,
  deny: Deny,
): Decimal {
  const value = toDecimal(field, input, deny);
  if (value.sign() <= 0) deny(field, 'positive', 'more than zero', value);
  if (value.isMultipleOf(step)) return value;
  if (up === undefined) return deny(field, rule, `a whole multiple of ${step}`, value);
  const rounded = value.toMultipleOf(step, up ? 'up' : 'down');
  if (rounded.isZero()) deny(field, rule, `at least one step of ${step}`, value);
  return rounded;
}

function toDecimal(field: string, input: unknown, deny: Deny): Decimal {
  try {
    return decimal(input as MoneyInput);
  } catch (error) {
    return deny(field, 'number', 'decimal text', error instanceof Error ? error.message : error);
  }
}

function checkLimits({ amount, price }: CheckedOrder, instrument: Instrument, deny: Deny): void {
  const { minAmount, maxAmount, minNotional, maxNotional, base, quote } = instrument;
  if (amount.lessThan(minAmount)) deny('amount', 'minAmount', `at least ${minAmount} ${base}`, amount);
  if (maxAmount !== undefined && amount.greaterThan(maxAmount)) {
    deny('amount', 'maxAmount', `at most ${maxAmount} ${base}`, amount);
  }
  if (price === undefined) return;
  const notional = price.times(amount);
  if (notional.lessThan(minNotional)) {
    deny(valueField, 'minNotional', `at least ${minNotional} ${quote}`, notional);
  }
  if (maxNotional !== undefined && notional.greaterThan(maxNotional)) {
    deny(valueField, 'maxNotional', `at most ${maxNotional} ${quote}`, notional);
  }
}
