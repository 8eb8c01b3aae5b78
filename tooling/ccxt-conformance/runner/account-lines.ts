import { ArgumentsRequired, type Balances, type Dict, type Transaction } from 'ccxt';
import { confirmedBalances } from './confirmed-account.ts';
import { decimalText, units } from './exact-decimal.ts';
import { asNumber, claim, given, same } from './expectations.ts';
import { type Line, line } from './line.ts';
import { place } from './order-check.ts';
import type { RawBalance } from './raw-account.ts';
import type { Answer } from './raw-client.ts';
import { refused } from './refusal.ts';
import { type Scene, trading } from './scene.ts';
import type { Stage, Trader } from './stage.ts';

/** Accounts, balances, fees, and money that comes and goes. */
export const accountLines: readonly Line[] = [
  line('fetchAccounts', async ({ trader }) => {
    const { data } = await trader.raw.get('/api/pro/v1/info', 'info');
    const [account] = await trader.rest.fetchAccounts();
    same('group', account?.id, String(trader.raw.account.group));
    same('as without ccxt', account?.id, String(data.accountGroup));
    same('the true group', account?.id, String(trader.truth.group));
  }),
  line('fetchBalance', async ({ trader }) => {
    checkBalances(await trader.rest.fetchBalance(), await confirmedBalances(trader));
  }),
  trading('fetchBalance while an order holds', async (scene) => {
    await place(scene, await scene.resting('buy'));
    const balances = await scene.trader.rest.fetchBalance();
    claim(Number(balances[scene.rules.quote]?.used) > 0, 'nothing is held');
    checkBalances(balances, await scene.balances());
  }),
  ...(['free', 'used', 'total'] as const).map((part) =>
    trading(`fetch${part.charAt(0).toUpperCase()}${part.slice(1)}Balance`, (scene) => checkPart(scene, part)),
  ),
  line('fetchBalance of margin', async ({ trader }) => {
    await fundMargin(trader);
    const balances = await trader.rest.fetchBalance({ type: 'margin' });
    checkBalances(balances, await confirmedBalances(trader, 'margin'));
  }),
  line('fetchBalance with marginMode cross', async ({ trader }) => {
    await fundMargin(trader);
    const balances = await trader.rest.fetchBalance({ marginMode: 'cross' });
    checkBalances(balances, await confirmedBalances(trader, 'margin'));
  }),
  line('fetchTradingFees', async ({ trader, raw }) => {
    const { data } = await trader.raw.get('spot/fee', 'fee');
    const fees = await trader.rest.fetchTradingFees();
    const products = await raw.read('/api/pro/v1/cash/products');
    same('symbols', Object.keys(fees).sort(), products.map(({ symbol }: Answer) => symbol).sort());
    for (const { symbol, fee } of data.productFee) checkFee(fees[symbol], fee);
    for (const fee of Object.values(fees)) checkFee(fee, trader.truth.fees);
  }),
  line('fetchTradingFee', async ({ trader, symbol }) => {
    const { data } = await trader.raw.get('spot/fee', 'fee');
    const { fee } = data.productFee.find((one: Answer) => one.symbol === symbol);
    const told = await trader.rest.fetchTradingFee(symbol);
    checkFee(told, fee);
    checkFee(told, trader.truth.fees);
  }),
  line('transfer to margin', (stage) => checkTransfer(stage, 'spot', 'margin')),
  line('transfer from margin', (stage) => checkTransfer(stage, 'margin', 'spot')),
  line('fetchDepositAddress', checkAddress),
  line('fetchDepositAddress without a network', checkAnyAddress),
  line('fetchDeposits', (stage) => checkTransactions(stage, 'deposit', (rest) => rest.fetchDeposits())),
  line('fetchWithdrawals', (stage) =>
    checkTransactions(stage, 'withdrawal', (rest) => rest.fetchWithdrawals()),
  ),
  line('fetchDepositsWithdrawals', (stage) =>
    checkTransactions(stage, '', (rest) => rest.fetchDepositsWithdrawals()),
  ),
  line('fetchTransactions', (stage) => checkTransactions(stage, '', (rest) => rest.fetchTransactions())),
];

/** Compares every asset; what ccxt leaves out has to be nothing. */
export function checkBalances(balances: Balances, raw: ReadonlyMap<string, RawBalance>): void {
  for (const asset of Object.keys(given(balances.total, 'total'))) given(raw.get(asset), asset);
  for (const [asset, { total, available }] of raw) {
    const told = balances[asset] ?? { free: 0, used: 0, total: 0 };
    const used = decimalText(units(total) - units(available));
    same(asset, [told.free, told.used, told.total], [available, used, total].map(Number));
  }
}

async function checkPart(scene: Scene, part: 'free' | 'used' | 'total'): Promise<void> {
  const { trader } = scene;
  await place(scene, await scene.resting('sell'));
  const calls = {
    free: () => trader.rest.fetchFreeBalance(),
    used: () => trader.rest.fetchUsedBalance(),
    total: () => trader.rest.fetchTotalBalance(),
  };
  const told = (await calls[part]()) as unknown as Record<string, number>;
  for (const [asset, { total, available }] of await scene.balances()) {
    const real = { free: available, used: decimalText(units(total) - units(available)), total };
    same(asset, told[asset] ?? 0, Number(real[part]));
  }
}

function checkFee(told: Dict | undefined, real: Answer): void {
  same('fee', [told?.maker, told?.taker], [asNumber(real.maker), asNumber(real.taker)]);
}

async function checkTransfer({ trader }: Stage, from: string, to: string): Promise<void> {
  const before = await bothBalances(trader);
  const told = await trader.rest.transfer('USDT', 12.5, from, to);
  const { currency, amount, status, fromAccount, toAccount } = told;
  same(
    'answer',
    { currency, amount, status, fromAccount, toAccount },
    {
      ...{ currency: 'USDT', amount: 12.5, status: 'ok' },
      ...{ fromAccount: from, toAccount: to },
    },
  );
  const after = await bothBalances(trader);
  const moved = units(to === 'margin' ? '12.5' : '-12.5');
  same('margin', decimalText(after.margin - before.margin), decimalText(moved));
  same('cash', decimalText(after.cash - before.cash), decimalText(-moved));
}

/** Puts something there to be seen. */
async function fundMargin({ rest }: Trader): Promise<void> {
  await rest.transfer('USDT', 3.25, 'spot', 'margin');
}

async function bothBalances(trader: Trader): Promise<{ readonly cash: bigint; readonly margin: bigint }> {
  const of = async (category: 'cash' | 'margin'): Promise<bigint> =>
    units((await confirmedBalances(trader, category)).get('USDT')?.total ?? '0');
  return { cash: await of('cash'), margin: await of('margin') };
}

async function rawAddresses({ trader }: Stage): Promise<readonly Answer[]> {
  const path = 'wallet/deposit/address';
  return (await trader.raw.get(`/api/pro/v1/${path}`, path, { asset: 'USDT' })).data.address;
}

async function checkAddress(stage: Stage): Promise<void> {
  for (const { blockchain, address } of await rawAddresses(stage)) {
    const told = await stage.trader.rest.fetchDepositAddress('USDT', { network: blockchain });
    const { currency } = told;
    same('address', { currency, address: told.address }, { currency: 'USDT', address });
    claim(told.network !== undefined, 'the network is not told');
  }
}

/** Of several addresses ccxt takes none by itself. */
async function checkAnyAddress(stage: Stage): Promise<void> {
  const { rest } = stage.trader;
  const [first, ...others] = await rawAddresses(stage);
  if (others.length > 0) return refused(ArgumentsRequired, () => rest.fetchDepositAddress('USDT'));
  same('address', (await rest.fetchDepositAddress('USDT')).address, first.address);
}

async function checkTransactions(
  { trader }: Stage,
  kind: string,
  read: (rest: Stage['trader']['rest']) => Promise<Transaction[]>,
): Promise<void> {
  const path = 'wallet/transactions';
  const query: Record<string, string> = kind === '' ? {} : { txType: kind };
  const { data } = await trader.raw.get(`/api/pro/v1/${path}`, path, query);
  const told = await read(trader.rest);
  same('ids', told.map(({ id }) => id).sort(), data.data.map(({ requestId }: Answer) => requestId).sort());
  for (const {
    requestId,
    time,
    asset,
    transactionType,
    amount,
    commission,
    networkTransactionId,
  } of data.data) {
    const one = given(
      told.find(({ id }) => id === requestId),
      requestId,
    );
    const net = Number(decimalText(units(amount) - units(commission)));
    same(
      `transaction ${requestId}`,
      [one.timestamp, one.currency, one.type, one.amount, one.fee?.cost, one.txid],
      [time, asset, transactionType, net, Number(commission), networkTransactionId],
    );
  }
}
