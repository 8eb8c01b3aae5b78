import type { OrderRecord } from '../../desk/desk-types.ts';
import type { AscendexContext } from './ascendex-context.ts';
import { refusals } from './error-codes.ts';
import type { OrderText } from './order-text.ts';
import {
  accountOf,
  isOn,
  type RestCall,
  type RestRoutes,
  readNumber,
  readNumbers,
  type SignedCall,
  signed,
} from './rest-calls.ts';
import { listOrders, type RestAccount, refuse, reply, succeed } from './rest-replies.ts';

const longestIds = 1_000;
const mostRecent = 500;
const mostOnPage = 500;

/** Adds what tells of orders: by id, open ones, and recent ones. */
export function addOrderListRoutes(routes: RestRoutes, context: AscendexContext): void {
  const order = '/:group{[0-9]+}/api/pro/v1/:category{cash|margin}/order';
  const view = (...prehashes: string[]) => ({ prehashes, need: 'view' }) as const;
  const serve = (prehash: string, answer: (context: AscendexContext, call: SignedCall) => Response) =>
    signed(context, view(prehash), (call) => answer(context, call));
  routes.get(`${order}/status`, serve('order/status', answerStatus));
  routes.get(`${order}/open`, serve('order/open', answerOpen));
  routes.get(`${order}/hist/current`, serve('order/hist/current', answerRecent));
  const old = signed(context, view('order/hist', 'v2/order/hist'), (call) => answerOldHistory(context, call));
  routes.get('/:group{[0-9]+}/api/pro/v1/order/hist', old);
  routes.get('/:group{[0-9]+}/api/pro/v2/order/hist', old);
}

/** Ended orders of an account in the order of their ending; none while a recording is played. */
export function endedOrders({ trading }: AscendexContext, accountId: string): readonly OrderRecord[] {
  return trading?.desk.endedOrders(accountId) ?? [];
}

function write(records: readonly OrderRecord[], text: OrderText): readonly object[] {
  return records.map((record) => text.order(record));
}

function answerStatus(context: AscendexContext, { call, user }: SignedCall): Response {
  const { trading, options, text } = context;
  const account = accountOf(call, user);
  const asked = call.req.query('orderId') ?? '';
  if (asked === '' || asked.length > longestIds)
    return refuse(refusals.argument, `orderId: expected 1 to ${longestIds} characters, got ${asked.length}`);
  const ids = [...new Set(asked.split(',').filter((id) => id !== ''))];
  const records = ids.map((id) => trading?.desk.order(account.accountId, id));
  const known = records.filter((record) => record !== undefined);
  const isList = asked.includes(',');
  if (known.length < ids.length && !(isList && options.unknownOrderInList === 'left-out')) {
    const id = ids[records.indexOf(undefined)];
    return refuse(refusals.orderId, `there is no order ${id}`);
  }
  const orders = write(known, text);
  return describeStatus(account, isList ? orders : orders[0]);
}

function describeStatus({ category, accountId }: RestAccount, data: unknown): Response {
  return reply({ code: 0, accountCategory: category.toUpperCase(), accountId, data });
}

function answerOpen({ trading, listed, text }: AscendexContext, { call, user }: SignedCall): Response {
  const account = accountOf(call, user);
  const symbol = call.req.query('symbol') ?? '';
  if (symbol !== '' && !listed.has(symbol)) return refuse(refusals.symbol, `symbol ${symbol} is not listed`);
  const open = trading?.desk.openOrders(account.accountId, symbol === '' ? undefined : symbol) ?? [];
  return listOrders(account, write(open, text));
}

/** The newest first. */
function answerRecent(context: AscendexContext, { call, user }: SignedCall): Response {
  const account = accountOf(call, user);
  const n = readNumber(call, 'n', 1);
  if ('refused' in n) return n.refused;
  const symbol = call.req.query('symbol') ?? '';
  const onlyExecuted = isOn(call, 'executedOnly');
  const recent = endedOrders(context, account.accountId)
    .filter((order) => (symbol === '' || order.symbol === symbol) && (!onlyExecuted || order.filledLots > 0))
    .slice(-Math.min(n.value ?? mostRecent, mostRecent))
    .reverse();
  return listOrders(account, write(recent, context.text));
}

/** The history before the data service, in pages, the newest first. */
function answerOldHistory(context: AscendexContext, { call, user }: SignedCall): Response {
  const { text } = context;
  const numbers = readNumbers(call, { page: 1, pageSize: 1, startTime: 0, endTime: 0 });
  if (numbers instanceof Response) return numbers;
  const { page = 1, startTime = 0, endTime = Number.MAX_SAFE_INTEGER } = numbers;
  const pageSize = Math.min(numbers.pageSize ?? 20, mostOnPage);
  const isMargin = (call.req.query('category') ?? '').toLowerCase() === 'margin';
  const account = { category: isMargin ? 'margin' : 'cash', accountId: isMargin ? user.margin : user.cash };
  const records = endedOrders(context, account.accountId)
    .filter(({ createdAtMs }) => createdAtMs >= startTime && createdAtMs <= endTime)
    .reverse();
  const all = records.map((record) => writeOld(text, account, record));
  const wanted = all.filter((order) => passes(call, order));
  const first = (page - 1) * pageSize;
  const data = wanted.slice(first, first + pageSize);
  return succeed({ data, hasNext: wanted.length > first + pageSize, limit: mostOnPage, page, pageSize });
}

type OldOrder = ReturnType<typeof writeOld>;

function writeOld(
  text: OrderText,
  { category, accountId }: { category: string; accountId: string },
  record: OrderRecord,
) {
  const { cumFilledQty: cumQty, ...order } = text.order(record);
  return { ac: category.toUpperCase(), accountId, ...order, cumQty, sendingTime: record.createdAtMs };
}

function passes(call: RestCall, order: OldOrder): boolean {
  return (['symbol', 'orderType', 'side', 'status'] as const).every((name) => {
    const wanted = call.req.query(name) ?? '';
    return wanted === '' || wanted.toLowerCase().replace('_', '') === order[name].toLowerCase();
  });
}
