import { expect, test } from 'vitest';
import { type Answer, type AscendexStage, createAscendexStage, stageUser, worked } from './ascendex-stage.ts';

const fee = { maker: '0.001', taker: '0.001' };

test('fees come under both names of their list: the documented one, and where clients look', async () => {
  const stage = await createAscendexStage();
  const { body } = await stage.signed('GET', '/~/api/pro/v1/spot/fee');
  const list = ['ASD/USDT', 'BTC/USDT', 'ETH/BTC', 'SOL/USDT'].map((symbol) => ({ symbol, fee }));
  const data = { domain: 'spot', userUID: worked.uid, vipLevel: 0, productFee: list, fees: list };
  expect(body).toEqual({ code: 0, data });
});

test.each(['fee', 'fee/info'])('documented: the schedule of fees, signed as %s', async (prehash) => {
  const stage = await createAscendexStage();
  const { body } = await stage.signed('GET', '/~/api/pro/v1/spot/fee/info', { prehash });
  const genericFee = { largeCap: fee, smallCap: fee };
  expect(body).toEqual({ code: 0, data: { domain: 'spot', userUID: worked.uid, vipLevel: 0, genericFee } });
});

test('documented: balances that are not zero, one of them, or all', async () => {
  const stage = await createAscendexStage({
    users: [{ ...stageUser, balances: { USDT: '1000.50', ASD: '250' } }],
  });
  await stage.place();
  const balances = (query = {}): Promise<Answer> =>
    stage.signed('GET', '/~/api/pro/v1/cash/balance', { query });
  const usdt = { asset: 'USDT', totalBalance: '1000.5', availableBalance: '964.8644' };
  const asd = { asset: 'ASD', totalBalance: '250', availableBalance: '250' };
  const nothing = { totalBalance: '0', availableBalance: '0' };
  expect((await balances()).body).toEqual({ code: 0, data: [asd, usdt] });
  expect((await balances({ asset: 'USDT' })).body.data).toEqual([usdt]);
  expect((await balances({ asset: 'ETH' })).body.data).toEqual([{ asset: 'ETH', ...nothing }]);
  for (const showAll of ['true', 'True']) {
    const all = ['BTC', 'ETH', 'SOL'].map((asset) => ({ asset, ...nothing }));
    expect((await balances({ showAll })).body.data).toEqual([asd, usdt, ...all]);
  }
  expect((await balances({ showAll: 'false' })).body.data.length).toBe(2);
  expect((await balances({ asset: 'NOPE' })).body.code).toBe(100004);
});

const transfer = { amount: '11.0', asset: 'USDT', fromAccount: 'cash', toAccount: 'margin' };

function move(stage: AscendexStage, fields: object, path = '/~/api/pro/v1/transfer'): Promise<Answer> {
  return stage.signed('POST', path, { body: { ...transfer, ...fields } });
}

test('documented: money moves between cash and margin, and both are told', async () => {
  const stage = await createAscendexStage();
  expect((await move(stage, {})).text).toBe('{"code":0}');
  const margin = await stage.signed('GET', '/~/api/pro/v1/margin/balance');
  const usdt = { asset: 'USDT', totalBalance: '11', availableBalance: '11' };
  expect(margin.body.data).toEqual([{ ...usdt, borrowed: '0', interest: '0' }]);
  expect(stage.balance('USDT')).toEqual(['989', '989']);
  const back = { fromAccount: 'Margin', toAccount: 'cash', amount: '11' };
  expect((await move(stage, back, '/~/api/pro/transfer')).body).toEqual({ code: 0 });
  expect(stage.balance('USDT')).toEqual(['1000', '1000']);
  expect(
    stage.updates
      .filter(({ kind }) => kind === 'balance')
      .map((update) => 'reason' in update && update.reason),
  ).toEqual(['transfer', 'transfer']);
});

test.each([
  ['more than there is', 300011, { amount: '1000.000000001' }],
  ['more than the other account has', 300011, { fromAccount: 'margin', toAccount: 'cash' }],
  ['nothing', 100004, { amount: '0' }],
  ['less than nothing', 100004, { amount: '-1' }],
  ['a number', 100004, { amount: 11 }],
  ['too many places', 100004, { amount: '0.0000000001' }],
  ['an unknown asset', 100004, { asset: 'NOPE' }],
  ['an unknown account', 100004, { toAccount: 'savings' }],
  ['to where it is', 100004, { toAccount: 'cash' }],
  ['to a futures account', 100010, { toAccount: 'futures' }],
])('our choice of codes: a transfer of %s is refused with %i, and nothing moves', async (_, code, fields) => {
  const stage = await createAscendexStage();
  const before = stage.picture();
  const { status, body } = await move(stage, fields);
  expect([status, body]).toEqual([200, { code, reason: expect.any(String), message: expect.any(String) }]);
  expect(stage.picture()).toEqual(before);
});

test('documented: a transfer without a JSON object is refused with 150001', async () => {
  const stage = await createAscendexStage();
  for (const body of [undefined, '{', '[]']) {
    expect((await stage.signed('POST', '/~/api/pro/v1/transfer', { body })).body.code).toBe(150001);
  }
});

test('what is held for orders cannot be moved', async () => {
  const stage = await createAscendexStage();
  await stage.place();
  expect((await move(stage, { amount: '964.364400001' })).body.code).toBe(300011);
  expect((await move(stage, { amount: '964.3644' })).body.code).toBe(0);
});

test('the margin account says what it is worth, by both verbs that are in use', async () => {
  const stage = await createAscendexStage({
    users: [{ ...stageUser, marginBalances: { USDT: '10', ASD: '100' } }],
    lastDay: () => ({ close: '0.071' }),
  });
  for (const method of ['GET', 'POST']) {
    const { body } = await stage.signed(method, '/~/api/pro/v1/margin/risk', { prehash: 'margin/risk' });
    expect(body.data).toEqual({
      ...{ accountMaxLeverage: '10', availableBalanceInUSDT: '17.1', totalBalanceInUSDT: '17.1' },
      ...{ totalBorrowedInUSDT: '0', totalInterestInUSDT: '0', netBalanceInUSDT: '17.1' },
      ...{ pointsBalance: '0', currentLeverage: '1', cushion: '-1' },
    });
  }
});

test('the margin account is worth something before anything is traded', async () => {
  const stage = await createAscendexStage({
    users: [{ ...stageUser, marginBalances: { USDT: '10', ASD: '100', BTC: '1' } }],
    lastDay: (symbol) => (symbol === 'ASD/USDT' ? { close: '0.0625' } : {}),
  });
  const { body } = await stage.signed('GET', '/~/api/pro/v1/margin/risk', { prehash: 'margin/risk' });
  expect(body.data).toMatchObject({ availableBalanceInUSDT: '16.25', totalBalanceInUSDT: '16.25' });
});

test.each(['subuser-transfer', 'subuser-transfer-hist'])(
  'documented: %s is for parents only',
  async (name) => {
    const stage = await createAscendexStage();
    const { body } = await stage.signed('POST', `/~/api/pro/v2/subuser/${name}`, { body: {} });
    expect(body).toMatchObject({ code: 100010, reason: 'INVALID_OPERATION' });
  },
);

function address(stage: AscendexStage, query: Readonly<Record<string, string>>): Promise<Answer> {
  return stage.signed('GET', '/api/pro/v1/wallet/deposit/address', {
    prehash: 'wallet/deposit/address',
    query,
  });
}

test('seen by a client: addresses have the name of their chain under two names, and can be asked for by it', async () => {
  const stage = await createAscendexStage();
  const { body } = await address(stage, { asset: 'USDT', network: 'ignored' });
  expect(body.data).toMatchObject({ asset: 'USDT', assetName: 'Tether' });
  const chains = body.data.address.map(({ chainName, blockchain }: Record<string, string>) => [
    chainName,
    blockchain,
  ]);
  expect(chains).toEqual([
    ['ERC20', 'ERC20'],
    ['TRC20', 'TRC20'],
  ]);
  const { body: one } = await address(stage, { asset: 'USDT', blockchain: 'TRC20' });
  expect(one.data.address).toEqual([body.data.address[1]]);
  expect((await address(stage, { asset: 'USDT', blockchain: 'Moon' })).body.code).toBe(100002);
  expect((await address(stage, { asset: 'NOPE' })).body.code).toBe(100004);
  expect((await address(stage, {})).body.code).toBe(100004);
});

test('documented: deposits and withdrawals, by page, asset and kind', async () => {
  const stage = await createAscendexStage({ users: [{ ...stageUser, balances: { USDT: '1000' } }] });
  stage.runtime.pass(1_000);
  stage.desk.withdraw(stage.cash, 'USDT', 40_000_000_000n);
  stage.runtime.pass(1_000);
  stage.desk.deposit(stage.cash, 'BTC', 1_000_000n);
  await move(stage, {});
  const get = async (query: object): Promise<Answer['body']> =>
    (
      await stage.signed('GET', '/api/pro/v1/wallet/transactions', {
        prehash: 'wallet/transactions',
        query: query as Record<string, string>,
      })
    ).body;
  const all = (await get({})).data;
  expect(all).toMatchObject({ hasNext: false, page: 1, pageSize: 20 });
  const told = all.data.map((one: Record<string, string>) => [
    one.asset,
    one.amount,
    one.transactionType,
    one.status,
  ]);
  expect(told).toEqual([
    ['BTC', '0.001', 'deposit', 'confirmed'],
    ['USDT', '40', 'withdrawal', 'confirmed'],
    ['USDT', '1000', 'deposit', 'confirmed'],
  ]);
  expect((await get({ txType: 'withdrawal' })).data.data).toMatchObject([
    { amount: '40', time: worked.timeMs + 1_000 },
  ]);
  expect((await get({ asset: 'USDT', page: 2, pageSize: 1 })).data).toMatchObject({
    data: [{ amount: '1000' }],
    hasNext: false,
  });
  expect((await get({ pageSize: 2 })).data.hasNext).toBe(true);
  expect((await get({ startTs: worked.timeMs + 1 })).data.data.length).toBe(2);
  for (const query of [{ page: 0 }, { pageSize: 51 }, { txType: 'gift' }])
    expect((await get(query)).code).toBe(100004);
});
