import { expect, test } from 'vitest';
import {
  type Answer,
  type AscendexStage,
  type CallOptions,
  createAscendexStage,
  worked,
} from './ascendex-stage.ts';

const cash = '/~/api/pro/v1/cash/order';
const unknown = 'a19b76daa87bU0420042042aaaaaaaaa';

function list(
  stage: AscendexStage,
  what: string,
  query: CallOptions['query'] = {},
  category = 'cash',
): Promise<Answer> {
  return stage.signed('GET', cash.replace('cash', category) + what, { prehash: `order${what}`, query });
}

/** A canceled order, two that were filled, one of them in another market, and one that is open. */
async function stageWithOrders(): Promise<{ stage: AscendexStage; ids: readonly string[] }> {
  const stage = await createAscendexStage();
  const ids: string[] = [];
  const place = async (fields: object): Promise<void> => {
    const { body } = await stage.place({ time: stage.runtime.clock.now(), ...fields });
    ids.push(body.data.info.orderId);
    stage.runtime.pass(1_000);
  };
  await place({ id: 'canceled1', orderQty: '100' });
  await stage.signed('DELETE', `${cash}/all`, { prehash: 'order/all' });
  stage.rest('sell', '500', '0.0711');
  await place({ id: 'filled001' });
  stage.rest('buy', '1', '500', 'BTC/USDT');
  await place({ id: 'filled002', symbol: 'BTC/USDT', side: 'sell', orderQty: '0.02', orderPrice: '500' });
  await place({ id: 'open00001' });
  return { stage, ids };
}

function idsOf({ body }: Answer): readonly string[] {
  return body.data.map(({ orderId }: { orderId: string }) => orderId);
}

test('one id gives an object, a comma a list; live and documented', async () => {
  const { stage, ids } = await stageWithOrders();
  const one = await list(stage, '/status', { orderId: ids[1]! });
  expect(one.body).toMatchObject({ code: 0, accountCategory: 'CASH', accountId: stage.cash });
  expect(one.body.data).toEqual({
    ...{ symbol: 'ASD/USDT', price: '0.0712', orderQty: '500', orderType: 'Limit', avgPx: '0.0711' },
    ...{ cumFee: '0.03555', cumFilledQty: '500', errorCode: '', feeAsset: 'USDT', side: 'Buy' },
    ...{ lastExecTime: worked.timeMs + 1_000, orderId: ids[1], id: 'filled001', seqNum: expect.any(Number) },
    ...{ status: 'Filled', stopPrice: '', execInst: 'NULL_VAL' },
  });
  expect(idsOf(await list(stage, '/status', { orderId: `${ids[1]},` }))).toEqual([ids[1]]);
  expect(idsOf(await list(stage, '/status', { orderId: ids.join(',') }))).toEqual(ids);
});

test('an id that is not there is refused alone and left out of a list, which is switchable', async () => {
  const { stage, ids } = await stageWithOrders();
  expect((await list(stage, '/status', { orderId: unknown })).body).toMatchObject({ code: 300006 });
  expect(idsOf(await list(stage, '/status', { orderId: `${unknown},${ids[0]}` }))).toEqual([ids[0]]);
  expect((await list(stage, '/status', { orderId: ids[0]! }, 'margin')).body.code).toBe(300006);
  const strict = await createAscendexStage({ choices: { unknownOrderInList: 'refused' } });
  expect((await list(strict, '/status', { orderId: `${unknown},` })).body.code).toBe(300006);
});

test('live: thirty ids can be asked for, thirty-one are too many characters', async () => {
  const { stage, ids } = await stageWithOrders();
  const of = (count: number): string => Array.from({ length: count }, () => ids[0]).join(',');
  expect(idsOf(await list(stage, '/status', { orderId: of(30) }))).toEqual([ids[0]]);
  expect((await list(stage, '/status', { orderId: of(31) })).body.code).toBe(100004);
  expect((await list(stage, '/status', { orderId: 'x'.repeat(1_000) })).body.code).toBe(300006);
  expect((await list(stage, '/status', { orderId: 'x'.repeat(1_001) })).body.code).toBe(100004);
  expect((await list(stage, '/status')).body.code).toBe(100004);
});

test('documented: open orders, all of them or those of a market', async () => {
  const { stage, ids } = await stageWithOrders();
  const open = await list(stage, '/open');
  expect(open.body).toMatchObject({ code: 0, ac: 'CASH', accountId: stage.cash });
  expect(open.body.data).toMatchObject([
    { orderId: ids[3], status: 'New', id: 'open00001', avgPx: '0', cumFee: '0' },
  ]);
  expect(idsOf(await list(stage, '/open', { symbol: 'ASD/USDT' }))).toEqual([ids[3]]);
  expect(idsOf(await list(stage, '/open', { symbol: 'BTC/USDT' }))).toEqual([]);
  expect((await list(stage, '/open', { symbol: 'NOPE' })).body.code).toBe(100008);
  expect((await list(stage, '/open', {}, 'margin')).body).toEqual({
    code: 0,
    ac: 'MARGIN',
    accountId: stage.margin,
    data: [],
  });
});

test('documented: recent orders, the newest first by our choice', async () => {
  const { stage, ids } = await stageWithOrders();
  const [canceled, bought, sold] = ids;
  expect(idsOf(await list(stage, '/hist/current'))).toEqual([sold, bought, canceled]);
  expect(idsOf(await list(stage, '/hist/current', { n: 2 }))).toEqual([sold, bought]);
  expect(idsOf(await list(stage, '/hist/current', { symbol: 'ASD/USDT' }))).toEqual([bought, canceled]);
  for (const executedOnly of ['true', 'True']) {
    expect(idsOf(await list(stage, '/hist/current', { executedOnly }))).toEqual([sold, bought]);
  }
  expect(
    idsOf(await list(stage, '/hist/current', { executedOnly: 'False', limit: 5, startTime: 7 })),
  ).toHaveLength(3);
  expect((await list(stage, '/hist/current', { n: 0 })).body.code).toBe(100004);
});

function history(stage: AscendexStage, query: CallOptions['query']): Promise<Answer> {
  return stage.signed('GET', '/api/pro/data/v2/order/hist', { prehash: 'data/v2/order/hist', query });
}

test('documented: the history has its own names; the sign of fees is switchable', async () => {
  const { stage, ids } = await stageWithOrders();
  const { body } = await history(stage, { account: 'cash', symbol: 'ASD/USDT', limit: 1 });
  expect(body).toEqual({
    code: 0,
    data: [
      {
        ...{ orderId: ids[1], seqNum: expect.any(Number), accountId: stage.cash, symbol: 'ASD/USDT' },
        ...{ orderType: 'Limit', side: 'Buy', price: '0.0712', stopPrice: '0', orderQty: '500' },
        ...{ status: 'Filled', createTime: worked.timeMs + 1_000, lastExecTime: worked.timeMs + 1_000 },
        ...{ avgFillPrice: '0.0711', fillQty: '500', fee: '0.03555', feeAsset: 'USDT' },
      },
    ],
  });
  const negative = await createAscendexStage({ choices: { feeSignInHistory: 'negative' } });
  negative.rest('sell', '500', '0.0711');
  await negative.place();
  expect((await history(negative, { account: 'cash' })).body.data).toMatchObject([{ fee: '-0.03555' }]);
});

test('documented: a start or a number searches forwards, else backwards from the end', async () => {
  const { stage, ids } = await stageWithOrders();
  const [canceled, bought, sold] = ids;
  const seqNums: number[] = (await history(stage, { account: 'cash', startTime: 0 })).body.data.map(
    ({ seqNum }: { seqNum: number }) => seqNum,
  );
  expect(seqNums).toEqual([...seqNums].sort((one, other) => one - other));
  const find = async (query: object): Promise<readonly string[]> =>
    idsOf(await history(stage, { account: 'cash', ...query }));
  expect(await find({})).toEqual([sold, bought, canceled]);
  expect(await find({ startTime: worked.timeMs })).toEqual([canceled, bought, sold]);
  expect(await find({ startTime: worked.timeMs + 1_000, limit: 1 })).toEqual([bought]);
  expect(await find({ endTime: worked.timeMs + 1_000 })).toEqual([bought, canceled]);
  expect(await find({ seqNum: seqNums[1] })).toEqual([bought, sold]);
  expect(await find({ seqNum: seqNums[1]! + 1 })).toEqual([sold]);
  expect(await find({ seqNum: seqNums[2]! + 1 })).toEqual([]);
  expect(await find({ until: 5, endTime: worked.timeMs + 60_000 })).toHaveLength(3);
});

test('documented: the history of an account by its id; margin and futures have none', async () => {
  const { stage } = await stageWithOrders();
  const count = async (account: string): Promise<number> =>
    (await history(stage, { account })).body.data.length;
  expect(await count(stage.cash)).toBe(3);
  expect([await count('margin'), await count('futures'), await count(stage.margin)]).toEqual([0, 0, 0]);
  for (const account of ['', 'other', 'toString'])
    expect((await history(stage, { account })).body.code).toBe(100004);
  for (const query of [{ limit: 0 }, { startTime: 'x' }, { seqNum: '-1' }])
    expect((await history(stage, { account: 'cash', ...query })).body.code).toBe(100004);
});

test('the history before the data service is in pages, on both of its old paths', async () => {
  const { stage, ids } = await stageWithOrders();
  for (const version of ['v1', 'v2']) {
    const query = { page: 1, pageSize: 2, category: 'cash', side: 'buy' };
    const { body } = await stage.signed('GET', `/~/api/pro/${version}/order/hist`, {
      prehash: 'order/hist',
      query,
    });
    expect(body.data).toMatchObject({ hasNext: false, page: 1, pageSize: 2 });
    expect(body.data.data).toMatchObject([
      { orderId: ids[1], ac: 'CASH', cumQty: '500', sendingTime: worked.timeMs + 1_000 },
      { orderId: ids[0], status: 'Canceled' },
    ]);
    expect(body.data.data[0]).not.toHaveProperty('cumFilledQty');
  }
});
