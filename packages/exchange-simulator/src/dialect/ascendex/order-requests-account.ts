import type { OrderRecord } from '../../desk/desk-types.ts';
import type { AscendexTrading } from './ascendex-context.ts';
import { type Fields, quoted } from './client-message.ts';
import type { ClientOutlet } from './client-outlet.ts';
import { refusals } from './error-codes.ts';
import { encodeReply, type MessageId } from './messages.ts';
import { amountText, averageText } from './money-text.ts';
import type { AccountName } from './order-channel-text.ts';
import type { SessionContext } from './session-context.ts';

/** Actions by which a session asks what an account has. */
export const accountActions = ['open-order', 'order-status', 'balance', 'margin-risk'] as const;

/** One of {@link accountActions}. */
export type AccountAction = (typeof accountActions)[number];

/** Answers what a session asks about an account of whoever has logged in. */
export interface AccountRequests {
  serve(action: AccountAction, args: Fields, id: MessageId, account: AccountName): void;
}

/** More ids than this are not looked up at a time. */
const mostIds = 30;

/** Makes the account requests of a session. */
export function createAccountRequests(context: SessionContext, outlet: ClientOutlet): AccountRequests {
  const { trading, options } = context;
  return {
    serve(action, args, id, account) {
      const asker: Asker = { context, outlet, action, id, account };
      if (trading === undefined) outlet.error(id, refusals.operation, 'nothing can be traded here');
      else if (action === 'open-order') giveOpenOrders(asker, trading, args);
      else if (action === 'order-status' && options.streamOrderStatus === 'answered')
        giveStatus(asker, trading, args);
      else if (action === 'balance' && options.streamBalances === 'answered') giveBalances(asker, trading);
      else if (action === 'margin-risk')
        outlet.error(id, refusals.operation, 'nothing is traded on margin here');
      else outlet.refuse(id, `unknown action ${quoted(action)}`);
    },
  };
}

interface Asker {
  readonly context: SessionContext;
  readonly outlet: ClientOutlet;
  readonly action: AccountAction;
  readonly id: MessageId;
  readonly account: AccountName;
}

function reply({ outlet, action, id }: Asker, fields: object): void {
  outlet.push(encodeReply(action, id, fields), { channel: 'reply' });
}

/** Balances of these are zeros, as the venue has it. */
function giveOpenOrders(asker: Asker, { desk }: AscendexTrading, { symbols }: Fields): void {
  const { context, account, outlet, id } = asker;
  const names = namesIn(symbols);
  if (names === undefined) {
    outlet.refuse(id, `open-order needs "args.symbols" as text, got ${quoted(symbols)}`);
    return;
  }
  const unknown = names.find((name) => !context.listed.has(name));
  if (unknown !== undefined) {
    outlet.error(id, refusals.symbol, `there is no symbol ${unknown}`);
    return;
  }
  const orders = desk
    .openOrders(account.accountId)
    .filter(({ symbol }) => names.length === 0 || names.includes(symbol));
  const data = orders.map((order) => context.text.stream(order, { noStopPrice: '0' }));
  reply(asker, { ...account, data });
}

/** Names in a list of text, or in text with commas; none if all are meant. */
function namesIn(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((name) => typeof name === 'string')) return undefined;
  const names = list.flatMap((text) => text.split(',').map((name) => name.trim()));
  return names.includes('*') ? [] : names.filter((name) => name !== '');
}

function giveStatus(asker: Asker, trading: AscendexTrading, { orderId }: Fields): void {
  const { context, account, outlet, id } = asker;
  const ids = namesIn(orderId) ?? [];
  if (ids.length === 0 || ids.length > mostIds) {
    outlet.refuse(id, `order-status needs "args.orderId" as 1 to ${mostIds} ids, got ${quoted(orderId)}`);
    return;
  }
  const orders = ids.map((name) => trading.desk.order(account.accountId, name));
  const missing = ids.find((_, index) => orders[index] === undefined);
  if (missing !== undefined && (ids.length === 1 || context.options.unknownOrderInList === 'refused')) {
    outlet.error(id, refusals.orderId, `there is no order ${missing}`);
    return;
  }
  const data = orders
    .filter((order) => order !== undefined)
    .map((order) => statusData(context, trading.desk, account, order));
  reply(asker, { code: 0, data });
}

/** What an order is, with what its last fill was. Of the fields that nobody describes, the text is empty. */
function statusData(
  { text }: SessionContext,
  desk: AscendexTrading['desk'],
  { accountId, ac }: AccountName,
  order: OrderRecord,
): object {
  return {
    ...text.stream(order, { noStopPrice: '0' }),
    e: '',
    a: accountId,
    ac,
    ct: order.createdAtMs,
    spb: '',
    ...lastFill(desk, order),
  };
}

function lastFill(
  desk: AscendexTrading['desk'],
  { account, id }: OrderRecord,
): Record<'lp' | 'lq' | 'f', string> {
  const movement = desk.movements(account).findLast(({ fill }) => fill?.orderId === id);
  const trades = movement?.lines.filter(({ what }) => what === 'trade') ?? [];
  const [base = 0n, quote = 0n] = trades.map(({ change }) => (change < 0n ? -change : change));
  const fee = movement?.lines.find(({ what }) => what === 'fee')?.change ?? 0n;
  return { lp: averageText(quote, base), lq: amountText(base), f: amountText(-fee) };
}

function giveBalances(asker: Asker, { desk }: AscendexTrading): void {
  const { account } = asker;
  const data = [...desk.balances(account.accountId)].map(([asset, { total, held }]) => ({
    a: asset,
    sn: desk.sequence,
    tb: amountText(total),
    ab: amountText(total - held),
  }));
  reply(asker, { ...account, data });
}
