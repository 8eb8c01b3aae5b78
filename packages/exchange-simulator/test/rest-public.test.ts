import { canaryCredentials, canaryIn } from '@venuekit/tooling-vitest/secret-canary';
import { expect, test } from 'vitest';
import {
  type Answer,
  type AscendexStage,
  createAscendexStage,
  signHeaders,
  stageRules,
  worked,
} from './ascendex-stage.ts';

interface Asset {
  readonly assetCode: string;
  readonly precisionScale: number;
  readonly nativeScale: number;
  readonly blockChain: readonly object[];
}

test('seen by a client: every asset of the products is listed, in both forms', async () => {
  const stage = await createAscendexStage();
  const assets: Asset[] = (await stage.get('/api/pro/v2/assets')).body.data;
  const wanted = new Set(stageRules.flatMap(({ base, quote }) => [base, quote]));
  expect(assets.map(({ assetCode }) => assetCode)).toEqual([...wanted]);
  expect(assets.find(({ assetCode }) => assetCode === 'BTC')).toEqual({
    ...{ assetCode: 'BTC', assetName: 'Bitcoin', precisionScale: 9, nativeScale: 9 },
    blockChain: [
      {
        ...{ chainName: 'Bitcoin', withdrawFee: '0.001', allowDeposit: true, allowWithdraw: true },
        ...{ minDepositAmt: '0', minWithdrawal: '0.002', numConfirmations: 3 },
      },
    ],
  });
  const old: (Asset & { readonly status: string })[] = (await stage.get('/api/pro/v1/assets')).body.data;
  expect(old.map(({ assetCode, status }) => [assetCode, status])).toEqual(
    [...wanted].map((asset) => [asset, 'Normal']),
  );
});

test('seen by a client: contracts and margin products are asked for, and there are none', async () => {
  const stage = await createAscendexStage();
  for (const path of ['/api/pro/v2/futures/contract', '/api/pro/v1/margin/products'])
    expect((await stage.get(path)).text).toBe('{"code":0,"data":[]}');
});

test('documented: both lists of products say the same', async () => {
  const stage = await createAscendexStage();
  const old = (await stage.get('/api/pro/v1/products')).body.data;
  const cash = (await stage.get('/api/pro/v1/cash/products')).body.data;
  const common = [
    'symbol',
    'tickSize',
    'lotSize',
    'minNotional',
    'maxNotional',
    'commissionType',
    'commissionReserveRate',
  ];
  const pick = (one: Record<string, unknown>): unknown[] => common.map((name) => one[name]);
  expect(old.map(pick)).toEqual(cash.map(pick));
  expect(old.map(({ commissionType }: Record<string, string>) => commissionType)).toEqual([
    'Quote',
    'Quote',
    'Base',
    'Received',
  ]);
});

test('numbers beyond 2^53 go out digit for digit', async () => {
  const stage = await createAscendexStage();
  stage.rest('sell', '500', '0.0712');
  await stage.place();
  const { text } = await stage.get('/api/pro/v1/trades', { symbol: 'ASD/USDT' });
  const [, digits = ''] = /"seqnum":(\d+)/.exec(text) ?? [];
  expect(BigInt(digits)).toBeGreaterThan(2n ** 53n);
  expect(text).toMatch(/"p":"0\.0712","q":"500","ts":\d+,"bm":false/);
});

test('a caller without a name is told about itself', async () => {
  const stage = await createAscendexStage();
  const own = await stage.signed('GET', '/api/pro/v2/risk-limit-info', { address: '10.1.2.3' });
  expect(own.body.data).toMatchObject({
    ip: '10.1.2.3',
    webSocket: { status: { isBanned: false, bannedUntil: -1 } },
  });
  const other = await stage.get('/api/pro/v1/risk-limit-info', { ip: '10.9.9.9' });
  expect(other.body.data).toMatchObject({
    ip: '10.9.9.9',
    webSocket: { windowSizeInMinutes: 5, isBanned: false },
  });
});

const reads: readonly (readonly [path: string, prehash: string, query?: Record<string, string>])[] = [
  ['/api/pro/v1/info', 'info'],
  ['/~/api/pro/v1/spot/fee', 'fee'],
  ['/~/api/pro/v1/spot/fee/info', 'fee'],
  ['/~/api/pro/v1/cash/balance', 'balance'],
  ['/~/api/pro/v1/margin/balance', 'balance'],
  ['/~/api/pro/v1/margin/risk', 'margin/risk'],
  ['/~/api/pro/v1/cash/order/open', 'order/open'],
  ['/~/api/pro/v1/cash/order/hist/current', 'order/hist/current'],
  ['/api/pro/data/v2/order/hist', 'data/v2/order/hist', { account: 'cash' }],
  ['/api/pro/data/v1/cash/balance/snapshot', 'data/v1/cash/balance/snapshot', { date: '2026-01-01' }],
  ['/api/pro/data/v1/cash/balance/history', 'data/v1/cash/balance/history', { sn: '0' }],
  ['/api/pro/v1/wallet/deposit/address', 'wallet/deposit/address', { asset: 'BTC' }],
  ['/api/pro/v1/wallet/transactions', 'wallet/transactions'],
];

async function readAll(
  stage: AscendexStage,
  headers: (prehash: string) => Record<string, string>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [path, prehash, query = {}] of reads) {
    answers.push(await stage.signed('GET', path, { prehash, query, headers: headers(prehash) }));
  }
  return answers;
}

test('seen by a client: no success has a message at the top, for that means an error', async () => {
  const stage = await createAscendexStage();
  const now = (prehash: string): Record<string, string> => signHeaders(prehash, stage.runtime.clock.now());
  const answers = [
    await stage.place(),
    await stage.signed('DELETE', '/~/api/pro/v1/cash/order/all', { prehash: 'order/all' }),
  ];
  for (const { status, body } of [...answers, ...(await readAll(stage, now))]) {
    expect(status).toBe(200);
    expect(body.code ?? 0).toBe(0);
    expect(body).not.toHaveProperty('message');
  }
});

test('no answer, taken or refused, has any part of a secret', async () => {
  const { apiKey: key, secret } = canaryCredentials;
  const stage = await createAscendexStage({
    users: [{ uid: worked.uid, group: 7, keys: [{ key, secret }] }],
  });
  const good = (prehash: string): Record<string, string> => ({
    ...signHeaders(prehash, worked.timeMs, secret),
    'x-auth-key': key,
  });
  const bad = (prehash: string): Record<string, string> => ({ ...good(prehash), 'x-auth-signature': secret });
  const late = (prehash: string): Record<string, string> => ({ ...good(prehash), 'x-auth-timestamp': '1' });
  for (const headers of [good, bad, late]) {
    for (const { body, text } of await readAll(stage, headers)) {
      expect(body.code ?? 0).toBe(headers === good ? 0 : headers === bad ? 200001 : 100011);
      // The key itself is no secret of its owner's; only the secret may not be there.
      expect(canaryIn(text.replaceAll(key, ''))).toBeUndefined();
    }
  }
});

test.each([
  ['GET', '/api/pro/v1/nothing'],
  ['POST', '/api/pro/v1/depth'],
  ['PUT', '/7/api/pro/v1/cash/order'],
  ['GET', '/api/pro/v1/cash/order/open'],
])('our choice: %s %s is a 404 in JSON', async (method, path) => {
  const stage = await createAscendexStage();
  const { status, body } = await stage.signed(method, path);
  expect([status, body]).toEqual([
    404,
    { code: 404, reason: 'NOT_FOUND', message: `there is no ${method} ${path}` },
  ]);
});

test('a halted market, and one that takes cancels only, is not listed as Normal (recorded word: NoTrading)', async () => {
  const stage = await createAscendexStage();
  const status = async (): Promise<unknown> => {
    const [old, now] = await Promise.all(
      ['products', 'cash/products'].map((path) => stage.get(`/api/pro/v1/${path}`)),
    );
    const ofPair = (answer: typeof old): Record<string, string> | undefined =>
      answer?.body.data.find(({ symbol }: { symbol: string }) => symbol === 'ASD/USDT');
    return [ofPair(old)?.status, ofPair(now)?.statusCode, ofPair(now)?.statusMessage];
  };
  expect(await status()).toEqual(['Normal', 'Normal', '']);
  stage.floor.setStatus('ASD/USDT', 'halted');
  expect(await status()).toEqual(['NoTrading', 'NoTrading', 'halted']);
  stage.floor.setStatus('ASD/USDT', 'cancel-only');
  expect(await status()).toEqual(['NoTrading', 'NoTrading', 'orders can only be canceled']);
  stage.floor.setStatus('ASD/USDT', 'trading');
  expect(await status()).toEqual(['Normal', 'Normal', '']);
});
