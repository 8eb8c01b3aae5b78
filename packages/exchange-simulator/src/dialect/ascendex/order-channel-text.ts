import type { AccountUpdate, OrderUpdate } from '../../desk/desk-types.ts';
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
  readonly options: Pick<AscendexOptions, 'announcedTriggers' | 'postOnlyCrossing' | 'waitingStopStatus'>;
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
      return refusedCancel(update);
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
  switch (update.change) {
    case 'cancel-refused':
      return wrappedRefusal(update);
    case 'accepted':
    case 'triggered':
      return update.rests === true ? orderData(parts, update, { status: 'Ready' }) : undefined;
    case 'canceled':
      return update.order?.reason === 'would-take' && parts.options.postOnlyCrossing !== 'canceled'
        ? orderData(parts, update, { status: 'Rejected' })
        : orderData(parts, update);
    default:
      return orderData(parts, update);
  }
}

function orderData(
  { text }: ChannelTextParts,
  { order, base, quote }: OrderUpdate,
  telling: OrderTelling = {},
): object | undefined {
  return order === undefined ? undefined : text.stream(order, { balances: { base, quote }, ...telling });
}

/** Looks like an order that was rejected, and names the one that was to be canceled. */
function refusedCancel(update: OrderUpdate): object {
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
    err: cancelWord(update),
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

/** Named after the request, with the order beside it. What nobody has asked for here has no name. */
function wrappedRefusal(update: OrderUpdate): object {
  const { symbol, sequence, orderId, atMs, requestId = '' } = update;
  return {
    sn: sequence,
    ot: noValue,
    s: symbol,
    t: atMs,
    orderId: requestId,
    origOrderId: orderId,
    st: 'Rejected',
    err: 'OrderCancelReject',
    text: cancelWord(update),
  };
}

/** Why a cancel came to nothing, in the venue's words; the last is ours. */
function cancelWord({ refusal }: OrderUpdate): string {
  if (refusal === 'not-trading') return 'TradingNotAllowed';
  if (refusal === 'unknown-order') return 'NoOpenForCancel';
  return refusal === 'repeated' ? 'DupCancelCoid' : 'TooLateToCancel';
}
