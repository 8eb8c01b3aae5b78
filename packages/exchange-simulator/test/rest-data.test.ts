import { expect, test } from 'vitest';
import type { AscendexChoices } from '../src/dialect/ascendex/ascendex-options.ts';
import { startOfDay } from '../src/dialect/ascendex/data-days.ts';
import { type Answer, type AscendexStage, createAscendexStage, stageUser, worked } from './ascendex-stage.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const data = '/api/pro/data/v1/cash/balance';

function get(
  stage: AscendexStage,
  what: 'history' | 'snapshot',
  query: Record<string, string | number>,
): Promise<Answer> {
  return stage.signed('GET', `${data}/${what}`, { prehash: `data/v1/cash/balance/${what}`, query });
}

/** 1,000 USDT and 250 ASD come, then a fill as taker, one as maker, and money that is moved. */
async function stageWithMovements(choices: AscendexChoices = {}): Promise<AscendexStage> {
  const users = [{ ...stageUser, balances: { USDT: '1000', ASD: '250' } }];
  const stage = await createAscendexStage({ users, choices });
  stage.runtime.pass(1_000);
  stage.rest('sell', '120', '0.0710');
  await stage.place({ orderQty: '120' });
  await stage.place({ id: 'sold00001', side: 'sell', orderQty: '100', orderPrice: '0.08' });
  stage.rest('buy', '100', '0.0800');
  const body = { amount: '11', asset: 'USDT', fromAccount: 'cash', toAccount: 'margin' };
  await stage.signed('POST', '/~/api/pro/v1/transfer', { body });
  return stage;
}

test('documented: each fill and each movement, with the numbers that the stream has', async () => {
  const stage = await stageWithMovements();
  const { text, body } = await get(stage, 'history', { sn: 0 });
  expect(text).not.toContain('"code"');
  expect(body.meta).toEqual({ ac: 'cash', accountId: stage.cash });
  const fills = stage.updates.filter((update) => update.kind === 'order' && update.change === 'filled');
  expect(body.order).toEqual([
    {
      ...{
        liquidityInd: 'RemovedLiquidity',
        orderId: 'a19b76daa87bU0420042042k7Qm2Zt9X'.replace('87b', 'c63'),
      },
      ...{ orderType: 'Limit', side: 'Buy', sn: fills[0]!.sequence, transactTime: worked.timeMs + 1_000 },
      data: [
        { asset: 'ASD', curBalance: '370', dataType: 'trade', deltaQty: '120' },
        { asset: 'USDT', curBalance: '991.47148', dataType: 'trade', deltaQty: '-8.52' },
        { asset: 'USDT', curBalance: '991.47148', dataType: 'fee', deltaQty: '-0.00852' },
      ],
    },
    {
      ...{ liquidityInd: 'AddedLiquidity', orderId: expect.stringMatching(/sold00001$/), orderType: 'Limit' },
      ...{ side: 'Sell', sn: fills[1]!.sequence, transactTime: worked.timeMs + 1_000 },
      data: [
        { asset: 'ASD', curBalance: '270', dataType: 'trade', deltaQty: '-100' },
        { asset: 'USDT', curBalance: '999.46348', dataType: 'trade', deltaQty: '8' },
        { asset: 'USDT', curBalance: '999.46348', dataType: 'fee', deltaQty: '-0.008' },
      ],
    },
  ]);
  const moves = body.balance.map((one: { eventType: string; data: object[] }) => [
    one.eventType,
    one.data[0],
  ]);
  expect(moves).toEqual([
    ['deposit', { asset: 'USDT', curBalance: '1000', deltaQty: '1000' }],
    ['deposit', { asset: 'ASD', curBalance: '250', deltaQty: '250' }],
    ['transfer', { asset: 'USDT', curBalance: '988.46348', deltaQty: '-11' }],
  ]);
});

test('documented: the walk from number to number meets everything once', async () => {
  const stage = await stageWithMovements();
  const whole = (await get(stage, 'history', { sn: 0 })).body;
  const numbersOf = ({ order, balance }: Answer['body']): number[] =>
    [...order, ...balance]
      .map(({ sn }: { sn: number }) => sn)
      .sort((one: number, other: number) => one - other);
  const met: number[] = [];
  for (let sn = 0; ; ) {
    const found = numbersOf((await get(stage, 'history', { sn, limit: 1 })).body);
    if (found.length === 0) break;
    expect(found.length).toBe(1);
    met.push(...found);
    sn = found[0]! + 1;
  }
  expect(met).toEqual(numbersOf(whole));
});

test('documented: a snapshot is what there was when the day began; the history goes on from its number', async () => {
  const stage = await stageWithMovements();
  stage.runtime.pass(2 * dayMs);
  const { body } = await get(stage, 'snapshot', { date: '2026-01-02' });
  expect(body.meta).toEqual({
    ...{ ac: 'cash', accountId: stage.cash, sn: expect.any(Number), snapshotTime: 1_767_312_000_000 },
  });
  expect(body.snapshot).toEqual([
    { asset: 'ASD', totalBalance: '270' },
    { asset: 'USDT', totalBalance: '988.46348' },
  ]);
  expect((await get(stage, 'history', { sn: body.meta.sn + 1 })).body).toMatchObject({
    order: [],
    balance: [],
  });
  expect((await get(stage, 'history', { sn: body.meta.sn })).body.balance.length).toBe(1);
  stage.desk.deposit(stage.cash, 'BTC', 5n);
  expect((await get(stage, 'snapshot', { date: '2026-01-02' })).body.snapshot.length).toBe(2);
  const first = (await get(stage, 'snapshot', { date: '2026-01-01' })).body;
  expect([first.meta.sn, first.snapshot]).toEqual([0, []]);
});

test.each([
  ['no date', {}, 100004],
  ['another form', { date: '1.1.2026' }, 100004],
  ['a day that there is not', { date: '2026-02-30' }, 100004],
  ['a day to come', { date: '2026-01-02' }, 100002],
  ['a day too long ago', { date: '2025-12-25' }, 100002],
])('our choice of codes: a snapshot of %s is refused', async (_, query, code) => {
  const { body } = await get(await createAscendexStage(), 'snapshot', query as Record<string, string>);
  expect(body).toEqual({ code, reason: expect.any(String), message: expect.any(String) });
});

test('a snapshot has what came before the day, and not what came as it began; a week of them are kept', async () => {
  const stage = await createAscendexStage({ users: [{ ...stageUser, balances: { USDT: '1000' } }] });
  stage.runtime.pass(dayMs - 124);
  stage.desk.deposit(stage.cash, 'BTC', 1_000_000_000n);
  stage.runtime.pass(1);
  stage.desk.deposit(stage.cash, 'ETH', 1_000_000_000n);
  const { body } = await get(stage, 'snapshot', { date: '2026-01-02' });
  expect(body.snapshot.map(({ asset }: { asset: string }) => asset)).toEqual(['BTC', 'USDT']);
  stage.runtime.pass(7 * dayMs);
  expect((await get(stage, 'snapshot', { date: '2026-01-02' })).body.snapshot.length).toBe(2);
  stage.runtime.pass(1);
  expect((await get(stage, 'snapshot', { date: '2026-01-02' })).body.code).toBe(100002);
});

test.each([
  ['no number', {}],
  ['a number below zero', { sn: -1 }],
  ['none', { sn: 0, limit: 0 }],
  ['more than 500', { sn: 0, limit: 501 }],
])('our choice of code: a history of %s is refused with 100004', async (_, query) => {
  expect((await get(await createAscendexStage(), 'history', query as Record<string, number>)).body.code).toBe(
    100004,
  );
});

test('documented: eight a minute, whichever of the two; sliding, and each user for itself', async () => {
  const other = { key: 'otherKey', secret: worked.secret };
  const stage = await createAscendexStage({ users: [stageUser, { keys: [other] }] });
  const ask = async (): Promise<number> => (await get(stage, 'history', { sn: 0 })).status;
  for (let count = 0; count < 4; count += 1) {
    expect(await ask()).toBe(200);
    expect((await get(stage, 'snapshot', { date: '2026-01-01' })).status).toBe(200);
    stage.runtime.pass(1_000);
  }
  expect(await ask()).toBe(429);
  stage.runtime.pass(minuteMs - 4_001);
  expect(await ask()).toBe(429);
  stage.runtime.pass(1);
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
  const headers = { 'x-auth-key': other.key };
  const query = { sn: 0 };
  const theirs = await stage.signed('GET', `${data}/history`, {
    prehash: 'data/v1/cash/balance/history',
    headers,
    query,
  });
  expect(theirs.status).toBe(200);
});

test('the margin account has a history of its own', async () => {
  const stage = await stageWithMovements();
  const path = '/api/pro/data/v1/margin/balance/history';
  const { body } = await stage.signed('GET', path, {
    prehash: 'data/v1/margin/balance/history',
    query: { sn: 0 },
  });
  expect(body.meta).toEqual({ ac: 'margin', accountId: stage.margin });
  expect(body.balance).toMatchObject([
    { eventType: 'transfer', data: [{ deltaQty: '11', curBalance: '11' }] },
  ]);
});

test('the calendar is the one that everybody has', () => {
  for (let day = 0; day < 60_000; day += 7) {
    const date = new Date(day * dayMs).toISOString().slice(0, 10);
    expect(startOfDay(date), date).toBe(day * dayMs);
  }
  for (const none of ['1969-12-31', '2023-02-29', '2100-02-29', '2024-13-01', '2024-00-10', '2024-01-00', ''])
    expect(startOfDay(none), none).toBeUndefined();
});
