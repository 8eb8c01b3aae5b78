import { expect, test } from 'vitest';
import type { AscendexChoices } from '../src/dialect/ascendex/ascendex-options.ts';
import { type AscendexStage, createAscendexStage, signHeaders, worked } from './ascendex-stage.ts';

/** A stage with a market at 0.0708 to 0.0710. */
async function stageWith(choices: AscendexChoices): Promise<AscendexStage> {
  const stage = await createAscendexStage({ choices });
  stage.rest('sell', '1000', '0.0710');
  stage.rest('buy', '1000', '0.0708');
  return stage;
}

/** The code with which an order is answered. */
async function codeOf(choices: AscendexChoices, fields: Readonly<Record<string, unknown>>): Promise<number> {
  return (await (await stageWith(choices)).place(fields)).body.code;
}

test.each([
  ['lettered', 'a19b76daa87bU0420042042k7Qm2Zt9X'],
  ['digits', 'a19b76daa87b0420042042k7Qm2Zt9X'],
] as const)('recorded of two times, switchable: the user in an id is %s', async (uidForm, id) => {
  const { body } = await (await stageWith({ uidForm })).place();
  expect(body.data.info.orderId).toBe(id);
});

test('switchable: which numbers may be JSON numbers', async () => {
  const stop = { orderType: 'stop_limit', stopPrice: 0.08 };
  const all = { orderPrice: 0.0712, orderQty: 500 };
  expect([await codeOf({}, stop), await codeOf({}, all)]).toEqual([0, 100004]);
  expect(await codeOf({ numbersInOrders: 'none' }, stop)).toBe(100004);
  expect(await codeOf({ numbersInOrders: 'all' }, { ...all, ...stop })).toBe(0);
  expect(await codeOf({ numbersInOrders: 'all' }, { ...all, orderQty: '500', orderPrice: 1e-7 })).toBe(
    300001,
  );
  expect(await codeOf({ numbersInOrders: 'all' }, { symbol: 5 })).toBe(100004);
});

test('our choice, switchable: how a JSON number is refused where the venue wants text', async () => {
  const numbers = [{ orderPrice: 0.0712 }, { orderQty: 500 }];
  for (const fields of numbers) {
    expect(await codeOf({}, fields)).toBe(100004);
    expect(await codeOf({ numberCode: 100001 }, fields)).toBe(100001);
  }
  const stop = { orderType: 'stop_limit', stopPrice: 0.08 };
  expect(await codeOf({ numberCode: 100001, numbersInOrders: 'none' }, stop)).toBe(100001);
  for (const fields of [{ symbol: 5 }, { side: 5 }, { orderPrice: true }, { orderQty: null }])
    expect(await codeOf({ numberCode: 100001 }, fields)).toBe(100004);
});

test('switchable: how far from the market a market order goes', async () => {
  const stage = await stageWith({ marketSlippagePercent: 2.5 });
  const { body } = await stage.place({ orderType: 'market', orderQty: '100', respInst: 'ACCEPT' });
  expect(body.data.info.price).toBe('0.0728');
});

test.each([
  ['refused', { orderType: 'market', orderPrice: undefined }, 0],
  ['refused', { orderType: 'stop_market', stopPrice: '0.08', orderPrice: undefined }, 0],
  ['refused', { orderType: 'stop_market', stopPrice: '0.08' }, 300008],
  ['refused', { timeInForce: 'GTC' }, 0],
  ['ignored', { orderType: 'stop_market', stopPrice: '0.08', timeInForce: 'IOC' }, 0],
  ['ignored', { stopPrice: '0.08' }, 0],
] as const)('switchable: what an order does not have is %s: %o', async (surplusParameters, fields, code) => {
  expect(await codeOf({ surplusParameters }, fields)).toBe(code);
});

test('switchable: how far an order’s time, and that of a signature, may be from the venue’s', async () => {
  const early = { time: worked.timeMs - 101 };
  expect(await codeOf({ orderTimeWindowMs: 100 }, early)).toBe(100011);
  expect(await codeOf({ orderTimeWindowMs: 101 }, early)).toBe(0);
  for (const [authTimeWindowMs, code] of [
    [100, 100011],
    [101, 0],
  ] as const) {
    const stage = await stageWith({ authTimeWindowMs });
    const headers = signHeaders('info', worked.timeMs + 101);
    expect((await stage.signed('GET', '/api/pro/v1/info', { headers })).body.code).toBe(code);
  }
});

test.each([
  ['0.0638', 300001],
  ['0.0639', 0],
  ['0.0779', 0],
  ['0.0780', 300001],
])(
  'switchable: a limit of %s, ten percent around the middle of the best prices',
  async (orderPrice, code) => {
    expect(await codeOf({ priceBandPercent: 10 }, { orderPrice })).toBe(code);
    expect(await codeOf({}, { orderPrice })).toBe(0);
  },
);

test('a band around a market that was never there, or has one side only, is the last trade or none', async () => {
  const stage = await createAscendexStage({ choices: { priceBandPercent: 10 } });
  expect((await stage.place({ orderPrice: '9' })).body.code).toBe(300011);
  stage.rest('sell', '500', '0.0712');
  expect((await stage.place({ orderPrice: '0.0712' })).body.code).toBe(0);
  expect((await stage.place({ id: 'another01', orderPrice: '0.0790' })).body.code).toBe(300001);
  expect((await stage.place({ id: 'another01', orderPrice: '0.0783' })).body.code).toBe(0);
});

test('switchable: how long a second cancel is called a duplicate', async () => {
  const stage = await stageWith({ duplicateCancelMs: 0 });
  const { body } = await stage.place({ orderPrice: '0.0705' });
  const cancel = { orderId: body.data.info.orderId, symbol: 'ASD/USDT', time: worked.timeMs };
  await stage.signed('DELETE', '/~/api/pro/v1/cash/order', { body: cancel });
  const again = await stage.signed('DELETE', '/~/api/pro/v1/cash/order', { body: cancel });
  expect(again.body.message).toBe('Trying to cancel non-open order');
});

test('switchable: how many requests a minute the balance history serves', async () => {
  const stage = await stageWith({ balanceHistoryRequests: 1 });
  const ask = async (): Promise<number> => {
    const path = '/api/pro/data/v1/cash/balance/history';
    const options = { prehash: 'data/v1/cash/balance/history', query: { sn: 0 } };
    return (await stage.signed('GET', path, options)).status;
  };
  expect([await ask(), await ask()]).toEqual([200, 429]);
});

test('our choice: while a recording is played there are customers without money, and nothing is traded', async () => {
  const stage = await createAscendexStage({ isPlayed: true });
  expect((await stage.place()).body).toMatchObject({ code: 100010, action: 'place-order', status: 'Err' });
  const body = { amount: '1', asset: 'USDT', fromAccount: 'cash', toAccount: 'margin' };
  expect((await stage.signed('POST', '/~/api/pro/v1/transfer', { body })).body.code).toBe(100010);
  const data = async (path: string, prehash: string, query = {}): Promise<unknown> =>
    (await stage.signed('GET', path, { prehash, query })).body;
  expect(await data('/api/pro/v1/info', 'info')).toMatchObject({ code: 0 });
  expect(await data('/~/api/pro/v1/cash/balance', 'balance')).toEqual({ code: 0, data: [] });
  expect(await data('/~/api/pro/v1/cash/order/open', 'order/open')).toMatchObject({ code: 0, data: [] });
  expect(await data('/api/pro/data/v2/order/hist', 'data/v2/order/hist', { account: 'cash' })).toEqual({
    code: 0,
    data: [],
  });
  const history = 'data/v1/cash/balance/history';
  expect(await data(`/api/pro/${history}`, history, { sn: 0 })).toMatchObject({ order: [], balance: [] });
  const snapshot = 'data/v1/cash/balance/snapshot';
  expect(await data(`/api/pro/${snapshot}`, snapshot, { date: '2026-01-01' })).toMatchObject({
    snapshot: [],
  });
  expect(await data('/api/pro/v1/wallet/transactions', 'wallet/transactions')).toMatchObject({
    data: { data: [] },
  });
});

test('whoever waits for a result when the exchange closes gets an Ack', async () => {
  const stage = await createAscendexStage();
  const answer = stage.place({ respInst: 'DONE' });
  await new Promise(setImmediate);
  stage.market.close();
  expect((await answer).body).toMatchObject({ code: 0, data: { status: 'Ack' } });
  expect(stage.runtime.pending).not.toContain('order reply');
});
