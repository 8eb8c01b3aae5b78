import {
  type Decimal,
  decimal,
  type FeeCharge,
  type Fill,
  isEnded,
  type MoneyInput,
  type Order,
  type Runtime,
  VenueError,
} from '@venuekit/connector-core';

/** What is known of a part of an order that traded. */
export interface FillDetails {
  readonly runtime: Runtime;
  /** In base; more than zero. */
  readonly amount: MoneyInput;
  /** In quote per base. */
  readonly price: MoneyInput;
  readonly liquidity: Fill['liquidity'];
  /** What it was charged; unknown if left out. */
  readonly fee?: { readonly asset: string; readonly amount: MoneyInput };
  /** The venue's own identifier of the trade, if it tells one. */
  readonly venueFillId?: string;
  readonly venueTimeMs?: number;
  /** Local time at which the bytes arrived; now, if left out. */
  readonly receivedAtMs?: number;
  /** Cost or proceeds, in quote, without fees; price times amount if left out. */
  readonly quote?: MoneyInput;
  /** How far the price may be from the true one; nothing if left out. */
  readonly priceError?: MoneyInput;
  /** True by default, unless there is a `priceError`. */
  readonly exact?: boolean;
  /** By default true if the order has ended. */
  readonly late?: boolean;
  /** The venue's record, where `raw` was asked for. */
  readonly raw?: unknown;
}

/** A fill, and its order with the fill in it: amounts and fees, not the status. */
export interface FilledOrder<O extends Order> {
  readonly fill: Fill;
  readonly order: O;
}

/**
 * Makes the next fill of an order: the interval of its cumulative filled amount that begins where the last one ended. The
 * identifier is made of the pair, the order's own identifier (of somebody else's order the venue's, because the other may be learned
 * later) and the end of the interval, so that the same fill has the same one from wherever it is learned, and whenever.
 * @throws VenueError `protocol` if more would be filled than was ordered, or nothing; `invalid-request` for an order without any
 * identifier.
 */
export function makeFill<O extends Order>(order: O, details: FillDetails): FilledOrder<O> {
  const { runtime, liquidity, venueFillId, venueTimeMs, receivedAtMs = runtime.clock.now() } = details;
  const [amount, price] = [decimal(details.amount), decimal(details.price)];
  const fromAmount = order.filledAmount;
  const toAmount = fromAmount.plus(amount);
  const orderId = checkedOrderId(order, amount, toAmount);
  const fee = details.fee === undefined ? undefined : toCharge(details.fee);
  const quote = decimal(details.quote ?? price.times(amount));
  const priceError = decimal(details.priceError ?? '0');
  const { clientOrderId, venueOrderId, pair, side } = order;
  const fill: Fill = Object.freeze({
    ...{ fillId: `${pair}:${orderId}:${toAmount}`, venueFillId, clientOrderId, venueOrderId, pair, side },
    ...{ fromAmount, toAmount, amount, price, priceError, quote, fee, liquidity },
    exact: details.exact ?? priceError.isZero(),
    late: details.late ?? isEnded(order),
    ...{ venueTimeMs, receivedAtMs },
    ...('raw' in details ? { raw: details.raw } : {}),
  });
  const filled = {
    ...order,
    filledAmount: toAmount,
    filledQuote: order.filledQuote.plus(quote),
    fees: fee === undefined ? order.fees : withCharge(order.fees, fee),
  };
  return { fill, order: Object.freeze(filled) };
}

function checkedOrderId(order: Order, amount: Decimal, toAmount: Decimal): string {
  const { clientOrderId, venueOrderId, origin } = order;
  const id = origin === 'external' ? (venueOrderId ?? clientOrderId) : clientOrderId;
  const fault = (code: VenueError['code'], message: string) =>
    new VenueError({
      ...(order.clientOrderId === undefined ? {} : { clientOrderId: order.clientOrderId }),
      code,
      operation: 'fill',
      message,
    });
  if (id === undefined) throw fault('invalid-request', 'expected an order with an identifier, got none');
  if (amount.sign() <= 0) {
    throw fault('protocol', `order ${id}: expected a fill of more than zero, got ${amount}`);
  }
  if (!toAmount.greaterThan(order.amount)) return id;
  const rest = order.amount.minus(order.filledAmount);
  throw fault(
    'protocol',
    `order ${id}: expected a fill of at most ${rest}, the rest of ${order.amount}, got ${amount}`,
  );
}

function toCharge({ asset, amount }: NonNullable<FillDetails['fee']>): FeeCharge {
  return Object.freeze({ asset, amount: decimal(amount) });
}

/** One charge for each asset, in the order in which they came first. */
function withCharge(fees: readonly FeeCharge[], charge: FeeCharge): readonly FeeCharge[] {
  const known = fees.find(({ asset }) => asset === charge.asset);
  if (known === undefined) return Object.freeze([...fees, charge]);
  const sum = toCharge({ asset: charge.asset, amount: known.amount.plus(charge.amount) });
  return Object.freeze(fees.map((fee) => (fee === known ? sum : fee)));
}
