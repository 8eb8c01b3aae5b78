import type { User } from '../../users/user-types.ts';
import type { AscendexContext, AscendexTrading } from './ascendex-context.ts';
import { type Fields, quoted } from './client-message.ts';
import { type RefusalName, refusals } from './error-codes.ts';
import { amountOf, amountText, timesAmount } from './money-text.ts';
import { type RestRoutes, readBody, type SignedCall, signed } from './rest-calls.ts';
import { refuse, reply, succeed } from './rest-replies.ts';
import { assetCodes } from './wallet-data.ts';

/** Adds what moves money between the accounts of a customer, and what the margin account says of itself. */
export function addTransferRoutes(routes: RestRoutes, context: AscendexContext): void {
  const transfer = signed(context, { prehashes: ['transfer'], need: 'transfer' }, (call) =>
    answerTransfer(context, call),
  );
  routes.post('/:group{[0-9]+}/api/pro/v1/transfer', transfer);
  // A known client leaves the version out.
  routes.post('/:group{[0-9]+}/api/pro/transfer', transfer);
  const risk = signed(context, { prehashes: ['margin/risk'], need: 'view' }, ({ user }) =>
    succeed(describeMargin(context, user)),
  );
  routes.on(['GET', 'POST'], '/:group{[0-9]+}/api/pro/v1/margin/risk', risk);
  for (const name of ['subuser-transfer', 'subuser-transfer-hist']) {
    const need = name === 'subuser-transfer' ? 'transfer' : 'view';
    routes.post(
      `/:group{[0-9]+}/api/pro/v2/subuser/${name}`,
      signed(context, { prehashes: [name], need }, () =>
        refuse(refusals.operation, 'only the parent of other accounts may do this, and this one has none'),
      ),
    );
  }
}

async function answerTransfer(context: AscendexContext, { call, user }: SignedCall): Promise<Response> {
  const body = await readBody(call);
  if (body instanceof Response) return body;
  const { trading } = context;
  if (trading === undefined)
    return refuse(refusals.operation, 'there is no money while a recording is played');
  const problem = judgeTransfer(context, trading, user, body);
  return problem === undefined ? reply({ code: 0 }) : refuse(refusals[problem[0]], problem[1]);
}

/** Moves the money, or says why not. */
function judgeTransfer(
  { market }: AscendexContext,
  { desk }: AscendexTrading,
  user: User,
  { amount, asset, fromAccount, toAccount }: Fields,
): readonly [RefusalName, string] | undefined {
  const units = typeof amount === 'string' ? amountOf(amount) : undefined;
  if (units === undefined || units === 0n)
    return ['argument', `amount: expected a decimal above 0 of at most nine places, got ${quoted(amount)}`];
  if (typeof asset !== 'string' || !assetCodes(market.products).includes(asset))
    return ['argument', `asset: expected one that is listed, got ${quoted(asset)}`];
  const [from, to] = [wordOf(fromAccount), wordOf(toAccount)];
  for (const word of [from, to]) {
    if (word === 'futures') return ['operation', 'there are no futures accounts here'];
    if (word !== 'cash' && word !== 'margin')
      return ['argument', `fromAccount, toAccount: expected cash or margin, got ${quoted(word)}`];
  }
  if (from === to)
    return ['argument', `fromAccount, toAccount: expected two accounts, got ${quoted(from)} twice`];
  const [source, target] = from === 'cash' ? [user.cash, user.margin] : [user.margin, user.cash];
  const moved = desk.transfer(source, target, asset, units);
  return moved
    ? undefined
    : ['balance', `the available balance of ${asset} does not cover ${amountText(units)}`];
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

/** Nothing is borrowed here: the account is worth what is in it, as far as that has a price in USDT. */
function describeMargin({ trading, market, listings }: AscendexContext, user: User): object {
  let [total, available] = [0n, 0n];
  for (const [asset, balance] of trading?.desk.balances(user.margin) ?? []) {
    const isPriced = asset === 'USDT' || listings.has(`${asset}/USDT`);
    const last = asset === 'USDT' ? '1' : isPriced ? market.summary(`${asset}/USDT`).close : undefined;
    const price = amountOf(last ?? '0') ?? 0n;
    total += timesAmount(balance.total, price);
    available += timesAmount(balance.total - balance.held, price);
  }
  return {
    accountMaxLeverage: '10',
    availableBalanceInUSDT: amountText(available),
    totalBalanceInUSDT: amountText(total),
    totalBorrowedInUSDT: '0',
    totalInterestInUSDT: '0',
    netBalanceInUSDT: amountText(total),
    pointsBalance: '0',
    currentLeverage: '1',
    cushion: '-1',
  };
}
