import type { Balance } from '../../engine/engine-types.ts';
import type { User } from '../../users/user-types.ts';
import type { AscendexContext } from './ascendex-context.ts';
import { refusals } from './error-codes.ts';
import { amountText } from './money-text.ts';
import { accountOf, isOn, type RestRoutes, type SignedCall, signed } from './rest-calls.ts';
import { type RestAccount, refuse, succeed } from './rest-replies.ts';
import { assetCodes } from './wallet-data.ts';

/** Adds what a customer may ask about the own account: who it is, its fees and its balances. */
export function addAccountRoutes(routes: RestRoutes, context: AscendexContext): void {
  const fee = { prehashes: ['fee'], need: 'view' } as const;
  const feeInfo = { prehashes: ['fee', 'fee/info'], need: 'view' } as const;
  const balance = { prehashes: ['balance'], need: 'view' } as const;
  routes.get('/api/pro/v1/info', signed(context, { prehashes: ['info'], need: undefined }, describeKey));
  routes.get(
    '/:group{[0-9]+}/api/pro/v1/spot/fee',
    signed(context, fee, ({ user }) => succeed(describeFees(context, user))),
  );
  routes.get(
    '/:group{[0-9]+}/api/pro/v1/spot/fee/info',
    signed(context, feeInfo, ({ user }) => succeed(describeFeeSchedule(user))),
  );
  routes.get(
    '/:group{[0-9]+}/api/pro/v1/:category{cash|margin}/balance',
    signed(context, balance, (call) => answerBalances(context, call)),
  );
}

function describeKey({ user, key }: SignedCall): Response {
  return succeed({
    accountGroup: user.group,
    email: user.email,
    expireTime: key.expiresAtMs ?? -1,
    allowedIps: key.allowedIps,
    cashAccount: [user.cash],
    marginAccount: [user.margin],
    futuresAccount: [],
    userUID: user.uid,
    viewPermission: key.canView,
    tradePermission: key.canTrade,
    transferPermission: key.canTransfer,
  });
}

/** The list has two names: one in the documents, the other where clients look. */
function describeFees({ market }: AscendexContext, { uid, vipLevel, fees }: User): object {
  const { maker, taker } = fees;
  const list = market.symbols.map((symbol) => ({ symbol, fee: { maker, taker } }));
  return { domain: 'spot', userUID: uid, vipLevel, productFee: list, fees: list };
}

function describeFeeSchedule({ uid, vipLevel, fees }: User): object {
  const { maker, taker } = fees;
  const genericFee = { largeCap: { maker, taker }, smallCap: { maker, taker } };
  return { domain: 'spot', userUID: uid, vipLevel, genericFee };
}

function answerBalances({ market, trading }: AscendexContext, { call, user }: SignedCall): Response {
  const account = accountOf(call, user);
  const balances = trading?.desk.balances(account.accountId) ?? new Map<string, Balance>();
  const known = new Set([...assetCodes(market.products), ...balances.keys()]);
  const asked = call.req.query('asset') ?? '';
  if (asked !== '' && !known.has(asked)) return refuse(refusals.argument, `asset ${asked} is not known`);
  const all = isOn(call, 'showAll');
  const assets = asked === '' ? [...known] : [asked];
  const lines = assets.map((asset) => ({ asset, ...(balances.get(asset) ?? { total: 0n, held: 0n }) }));
  const shown = lines.filter(({ total }) => all || asked !== '' || total !== 0n);
  return succeed(shown.map(({ asset, ...balance }) => describeBalance(account, asset, balance)));
}

function describeBalance({ category }: RestAccount, asset: string, { total, held }: Balance): object {
  const balance = {
    asset,
    totalBalance: amountText(total),
    availableBalance: amountText(total - held),
  };
  return category === 'cash' ? balance : { ...balance, borrowed: '0', interest: '0' };
}
