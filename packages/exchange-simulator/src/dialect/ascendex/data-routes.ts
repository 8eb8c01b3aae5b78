import type { Movement } from '../../desk/desk-types.ts';
import type { User } from '../../users/user-types.ts';
import type { AscendexContext } from './ascendex-context.ts';
import { balancesAt } from './data-balances.ts';
import { startOfDay } from './data-days.ts';
import { refusals } from './error-codes.ts';
import { SlidingCount } from './limit-count.ts';
import { amountText } from './money-text.ts';
import { endedOrders } from './order-lists.ts';
import { orderTypeWords } from './order-text.ts';
import { accountOf, type RestRoutes, readNumbers, type SignedCall, signed } from './rest-calls.ts';
import { refuse, reply, succeed } from './rest-replies.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const daysKept = 7;
const mostMovements = 500;
const mostOrders = 1_000;
const usualOrders = 500;

/** Adds what the data service knows: ended orders, and what has become of balances. */
export function addDataRoutes(routes: RestRoutes, context: AscendexContext): void {
  const isWithin = createMinuteLimit(context);
  const prehash = (name: string) => (call: SignedCall['call']) =>
    ({ prehashes: [`data/v1/${call.req.param('category')}/balance/${name}`], need: 'view' }) as const;
  const limited = (name: string, answer: (context: AscendexContext, call: SignedCall) => Response) =>
    signed(context, prehash(name), (call) => {
      if (isWithin(call.user)) return answer(context, call);
      const most = context.options.balanceHistoryRequests;
      return refuse({ code: 429, reason: 'TOO_MANY_REQUESTS' }, `expected at most ${most} a minute`, 429);
    });
  const balance = '/api/pro/data/v1/:category{cash|margin}/balance';
  routes.get(`${balance}/snapshot`, limited('snapshot', answerSnapshot));
  routes.get(`${balance}/history`, limited('history', answerHistory));
  routes.get(
    '/api/pro/data/v2/order/hist',
    signed(context, { prehashes: ['data/v2/order/hist'], need: 'view' }, (call) =>
      answerOrders(context, call),
    ),
  );
}

/** Counts the requests of each user; those that are refused do not count. */
function createMinuteLimit({ options, clock }: AscendexContext): (user: User) => boolean {
  const counts = new Map<string, SlidingCount>();
  return ({ uid }) => {
    const count = counts.get(uid) ?? new SlidingCount(minuteMs, options.balanceHistoryRequests);
    counts.set(uid, count);
    const nowMs = clock.monotonic();
    if (count.at(nowMs) >= options.balanceHistoryRequests) return false;
    count.add(nowMs);
    return true;
  };
}

/** Balances as they were when a day began. */
function answerSnapshot(context: AscendexContext, { call, user }: SignedCall): Response {
  const { category, accountId } = accountOf(call, user);
  const date = call.req.query('date') ?? '';
  const snapshotTime = startOfDay(date);
  if (snapshotTime === undefined) return refuse(refusals.argument, `date: expected YYYY-MM-DD, got ${date}`);
  const nowMs = context.clock.now();
  const desk = context.trading?.desk;
  const image =
    snapshotTime < nowMs - daysKept * dayMs || snapshotTime > nowMs
      ? undefined
      : balancesAt(desk, accountId, snapshotTime);
  if (image === undefined)
    return refuse(refusals.noData, `there are balances of the last ${daysKept} days, got ${date}`);
  const { sn, totals } = image;
  const snapshot = [...totals].map(([asset, total]) => ({ asset, totalBalance: amountText(total) }));
  return reply({ meta: { ac: category, accountId, sn, snapshotTime }, snapshot });
}

/** What changed balances from a number on, oldest first. */
function answerHistory({ trading }: AscendexContext, { call, user }: SignedCall): Response {
  const { category, accountId } = accountOf(call, user);
  const numbers = readNumbers(call, { sn: 0, limit: 1 });
  if (numbers instanceof Response) return numbers;
  const { sn, limit = mostMovements } = numbers;
  if (sn === undefined) return refuse(refusals.argument, 'sn is missing');
  if (limit > mostMovements)
    return refuse(refusals.argument, `limit: expected 1 to ${mostMovements}, got ${limit}`);
  const movements = (trading?.desk.movements(accountId) ?? [])
    .filter(({ sequence }) => sequence >= sn)
    .slice(0, limit);
  return reply({
    meta: { ac: category, accountId },
    order: movements.flatMap(describeFill),
    balance: movements.flatMap(describeMovement),
  });
}

function describeFill({ fill, lines, sequence, atMs }: Movement): readonly object[] {
  if (fill === undefined) return [];
  const data = lines.map(({ asset, what, change }) => ({
    asset,
    // The balance after all of it, in each line.
    curBalance: amountText(lines.findLast((line) => line.asset === asset)?.total ?? 0n),
    dataType: what,
    deltaQty: amountText(change),
  }));
  return [
    {
      data,
      liquidityInd: fill.role === 'maker' ? 'AddedLiquidity' : 'RemovedLiquidity',
      orderId: fill.orderId,
      orderType: orderTypeWords[fill.kind],
      side: fill.side === 'buy' ? 'Buy' : 'Sell',
      sn: sequence,
      transactTime: atMs,
    },
  ];
}

function describeMovement({ fill, lines, sequence, atMs }: Movement): readonly object[] {
  if (fill !== undefined) return [];
  const data = lines.map(({ asset, change, total }) => ({
    ...{ asset, curBalance: amountText(total), deltaQty: amountText(change) },
  }));
  return [{ data, eventType: lines[0]?.what, sn: sequence, transactTime: atMs }];
}

function answerOrders(context: AscendexContext, { call, user }: SignedCall): Response {
  const { text } = context;
  const account = (call.req.query('account') ?? '').trim();
  const numbers = readNumbers(call, { startTime: 0, endTime: 0, seqNum: 0, limit: 1 });
  if (numbers instanceof Response) return numbers;
  const accountId = accountIdOf(user, account);
  if (accountId === undefined)
    return refuse(
      refusals.argument,
      `account: expected cash, margin, futures or an own account, got ${account}`,
    );
  const symbol = call.req.query('symbol') ?? '';
  const { startTime, endTime = Number.MAX_SAFE_INTEGER, seqNum, limit = usualOrders } = numbers;
  const found = endedOrders(context, accountId)
    .filter((order) => symbol === '' || order.symbol === symbol)
    .filter(({ createdAtMs: atMs }) => atMs >= (startTime ?? 0) && atMs <= endTime)
    .filter(({ sequence }) => sequence >= (seqNum ?? 0));
  const most = Math.min(limit, mostOrders);
  const isForward = startTime !== undefined || seqNum !== undefined;
  const records = isForward ? found.slice(0, most) : found.slice(-most).reverse();
  return succeed(records.map((record) => text.history(record)));
}

/** The account that a name means; futures accounts are there and empty. */
function accountIdOf({ cash, margin }: User, name: string): string | undefined {
  if ([cash, margin].includes(name)) return name;
  const byWord: Readonly<Record<string, string>> = { cash, margin, futures: '' };
  const word = name.toLowerCase();
  return Object.hasOwn(byWord, word) ? byWord[word] : undefined;
}
