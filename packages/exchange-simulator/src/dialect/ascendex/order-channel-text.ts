import type { AccountUpdate, OrderRecord, OrderUpdate } from '../../desk/desk-types.ts';
import type { Listing } from '../../floor/listing.ts';
import type { Market } from '../../market/market.ts';
import type { AscendexOptions } from './ascendex-options.ts';
import { amountText } from './money-text.ts';
import { noValue, type OrderTelling, type OrderText } from './order-text.ts';

/** Which account a message is about, as the venue writes it. */
export interface AccountName {
  readonly accountId: string;
  readonly ac: 'CASH' | 'MARGIN';
}

/** What orders are written with. */
export interface ChannelTextParts {
  readonly text: OrderText;
  readonly market: Pick<Market, 'liveBook'>;
  readonly listings: ReadonlyMap<string, Listing>;
  readonly options: Pick<
    AscendexOptions,
    'announcedTriggers' | 'duplicateCancelMs' | 'postOnlyCrossing' | 'waitingStopStatus'
  >;
  /** Id of the request to cancel an order that was answered last. */
  readonly cancelId: (update: OrderUpdate) => string;
}

/**
 * The message that tells the owner of an account of an update; `undefined` if the mode has none for it.
 * @param isReady whether the session is in Ready-Ack mode, rather than in New-Ack mode.
 */
export function encodeUpdate(
  parts: ChannelTextParts,
  account: AccountName,
  update: AccountUpdate,
  isReady: boolean,
): string | undefined {
  if (update.kind === 'balance')
    return JSON.stringify({ m: 'balance', ...account, data: balanceData(update) });
  const data = isReady ? readyData(parts, update) : newData(parts, update);
  return data === undefined ? undefined : JSON.stringify({ m: 'order', ...account, data });
}

function balanceData({ asset, sequence, balance }: AccountUpdate & { readonly kind: 'balance' }): object {
  const { total, held } = balance;
  return { a: asset, sn: sequence, tb: amountText(total), ab: amountText(total - held) };
}

/** Every order begins with `New`, also one that ends at once. */
function newData(parts: ChannelTextParts, update: OrderUpdate): object | undefined {
  const { announcedTriggers, waitingStopStatus } = parts.options;
  switch (update.change) {
    case 'cancel-refused':
      return refusedCancel(parts, update);
    case 'triggered':
      return announcedTriggers || waitingStopStatus !== 'New'
        ? orderData(parts, update, { status: 'New' })
        : undefined;
    default:
      return orderData(parts, update);
  }
}

/** Nothing is said before an order rests in the book, was filled, or has ended. */
function readyData(parts: ChannelTextParts, update: OrderUpdate): object | undefined {
  const { order } = update;
  switch (update.change) {
    case 'cancel-refused':
      return wrappedRefusal(parts, update);
    case 'accepted':
      return order?.stopTicks === undefined ? restingData(parts, update) : undefined;
    case 'triggered':
      return restingData(parts, update);
    case 'canceled':
      return order?.reason === 'would-take' && parts.options.postOnlyCrossing !== 'canceled'
        ? orderData(parts, update, { status: 'Rejected' })
        : orderData(parts, update);
    default:
      return orderData(parts, update);
  }
}

function restingData(parts: ChannelTextParts, update: OrderUpdate): object | undefined {
  const { order } = update;
  return order !== undefined && willRest(parts, order)
    ? orderData(parts, update, { status: 'Ready' })
    : undefined;
}

function orderData(
  { text }: ChannelTextParts,
  { order, base, quote }: OrderUpdate,
  telling: OrderTelling = {},
): object | undefined {
  return order === undefined ? undefined : text.stream(order, { balances: { base, quote }, ...telling });
}

/** True for an order that the engine has just taken and that finds nothing to take: it goes to the book as a whole. */
function willRest({ market, listings }: ChannelTextParts, order: OrderRecord): boolean {
  const { symbol, side, timeInForce, priceTicks } = order;
  // Market orders never have it.
  if (timeInForce !== 'GTC') return false;
  const book = market.liveBook(symbol, 1);
  const best = (side === 'buy' ? book?.asks : book?.bids)?.[0]?.[0];
  const bestTicks = best === undefined ? undefined : listings.get(symbol)?.ticksOf(best);
  if (bestTicks === undefined) return true;
  return side === 'buy' ? priceTicks < bestTicks : priceTicks > bestTicks;
}

/** Looks like an order that was rejected, and names the one that was to be canceled. */
function refusedCancel(parts: ChannelTextParts, update: OrderUpdate): object {
  const { symbol, sequence, orderId, base, quote, atMs } = update;
  return {
    s: symbol,
    sn: sequence,
    orderId,
    ot: noValue,
    sd: noValue,
    ei: noValue,
    p: '0',
    q: '0',
    sp: '0',
    st: 'Rejected',
    err: cancelWord(parts, update),
    ap: '0',
    cfq: '0',
    cf: '0',
    fa: noValue,
    btb: amountText(base.total),
    bab: amountText(base.total - base.held),
    qtb: amountText(quote.total),
    qab: amountText(quote.total - quote.held),
    t: atMs,
  };
}

/** Named after the request, with the order beside it. */
function wrappedRefusal(parts: ChannelTextParts, update: OrderUpdate): object {
  const { symbol, sequence, orderId, atMs } = update;
  return {
    sn: sequence,
    ot: noValue,
    s: symbol,
    t: atMs,
    orderId: parts.cancelId(update),
    origOrderId: orderId,
    st: 'Rejected',
    err: 'OrderCancelReject',
    text: cancelWord(parts, update),
  };
}

/** Why a cancel came to nothing, in the venue's words; the last is ours. */
function cancelWord({ options }: ChannelTextParts, { refusal, order, atMs }: OrderUpdate): string {
  if (refusal === 'not-trading') return 'TradingNotAllowed';
  if (refusal === 'unknown-order' || order === undefined) return 'NoOpenForCancel';
  const isAgain = order.reason === 'requested' && atMs - order.updatedAtMs <= options.duplicateCancelMs;
  return isAgain ? 'DupCancelCoid' : 'TooLateToCancel';
}
