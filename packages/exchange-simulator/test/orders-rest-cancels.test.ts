import { expect, test } from 'vitest';
import type { OrderUpdate } from '../src/desk/desk-types.ts';
import { type Answer, type AscendexStage, createAscendexStage, worked } from './ascendex-stage.ts';

const firstId = 'a19b76daa87bU0420042042k7Qm2Zt9X';
const order = '/~/api/pro/v1/cash/order';

function cancel(stage: AscendexStage, fields: object = {}): Promise<Answer> {
  const body = {
    orderId: firstId,
    symbol: 'ASD/USDT',
    time: stage.runtime.clock.now(),
    id: 'foobar',
    ...fields,
  };
  return stage.signed('DELETE', order, { body });
}

function heard({ updates }: AscendexStage): readonly string[] {
  return updates
    .filter((update): update is OrderUpdate => update.kind === 'order')
    .map(({ change }) => change);
}

test('documented: a cancel is acknowledged, and gives back what was held', async () => {
  const stage = await createAscendexStage();
  await stage.place();
  expect(stage.balance('USDT')).toEqual(['1000', '964.3644']);
  const { body } = await cancel(stage);
  expect(body).toEqual({
    code: 0,
    data: {
      ...{ ac: 'CASH', accountId: stage.cash, action: 'cancel-order', status: 'Ack' },
      info: { id: 'foobar', orderId: firstId, orderType: '', symbol: 'ASD/USDT', timestamp: worked.timeMs },
    },
  });
  expect(stage.balance('USDT')).toEqual(['1000', '1000']);
  expect(heard(stage)).toEqual(['accepted', 'canceled']);
});

test('seen by a client: canceled and placed anew at once, with the same money', async () => {
  const stage = await createAscendexStage();
  await stage.place({ orderQty: '14000' });
  await cancel(stage);
  expect((await stage.place({ id: 'another01', orderQty: '14000' })).body.code).toBe(0);
});

test('documented: an order can be canceled before the reply to it, by the id that it is going to have', async () => {
  const stage = await createAscendexStage({ delayMs: () => 100 });
  await stage.place();
  expect(stage.desk.order(stage.cash, firstId)).toBeUndefined();
  expect((await cancel(stage)).body.code).toBe(0);
  stage.runtime.pass(100);
  expect(heard(stage)).toEqual(['accepted', 'canceled']);
  expect(stage.balance('USDT')).toEqual(['1000', '1000']);
});

const malformed: readonly [string, number, object][] = [
  [
    'no order id, but a client’s id as a known client sends it',
    100004,
    { orderId: undefined, clientOrderId: 'k7Qm2Zt9X' },
  ],
  ['no symbol', 100004, { symbol: undefined }],
  ['no time', 100004, { time: undefined }],
  ['a time too long ago', 100011, { time: worked.timeMs - 30_001 }],
  ['an unknown symbol', 300012, { symbol: 'NOPE/USDT' }],
  ['an id that is none', 300006, { id: 'jHAfo@3' }],
  ['an order id that is none', 300006, { orderId: 'a b' }],
  ['the symbol of another market', 300019, { symbol: 'BTC/USDT' }],
  ['an order that was never there', 300019, { orderId: 'a19b76daa87bU0420042042aaaaaaaaa' }],
];

test.each(malformed)(
  'documented: a cancel with %s is refused with %i, and nothing is canceled',
  async (_, code, fields) => {
    const stage = await createAscendexStage();
    await stage.place();
    const before = stage.picture();
    const { status, body } = await cancel(stage, fields);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      code,
      ac: 'CASH',
      action: 'cancel-order',
      status: 'Err',
      message: expect.any(String),
    });
    if (code === 300019) expect(body.message).toBe('Trying to cancel non-open order');
    expect(stage.picture()).toEqual(before);
  },
);

test('documented: the same cancel again, at once and later', async () => {
  const stage = await createAscendexStage();
  await stage.place();
  await cancel(stage);
  const before = stage.picture();
  const again = await cancel(stage);
  expect(again.body).toMatchObject({ code: 300019, message: 'Duplicated order cancel request.' });
  stage.runtime.pass(1_000);
  const later = await cancel(stage);
  expect(later.body).toMatchObject({ code: 300019, message: 'Trying to cancel non-open order' });
  expect(stage.picture()).toEqual(before);
});

test('our choice, switchable: a cancel of an ended order is also told to its owner, and may have the other code', async () => {
  for (const cancelRefusalsOnStream of [true, false]) {
    const stage = await createAscendexStage({
      choices: { cancelRefusalsOnStream, cancelOfEndedCode: 300006 },
    });
    stage.rest('sell', '500', '0.0712');
    await stage.place();
    const { body } = await cancel(stage);
    expect(body).toMatchObject({ code: 300006, reason: 'INVALID_ORDER_ID' });
    expect(heard(stage).at(-1)).toBe(cancelRefusalsOnStream ? 'cancel-refused' : 'filled');
  }
});

test('our choice: a refused cancel never cancels an order that is still to come', async () => {
  const stage = await createAscendexStage({ delayMs: () => 100 });
  await stage.place({ id: 'another01' });
  expect((await cancel(stage)).body.code).toBe(300019);
  await stage.place();
  stage.runtime.pass(200);
  expect(heard(stage)).toEqual(['cancel-refused', 'accepted', 'accepted']);
});

test('documented: cancel all, of one market or of every one, with a body and without', async () => {
  const stage = await createAscendexStage();
  const place = async (): Promise<void> => {
    await stage.place({ time: stage.runtime.clock.now() });
    await stage.place({ id: 'another02', symbol: 'BTC/USDT', orderQty: '0.01', orderPrice: '1000' });
    stage.runtime.pass(1);
  };
  await place();
  const path = `${order}/all`;
  const one = await stage.signed('DELETE', path, {
    prehash: 'order/all',
    body: { symbol: 'ASD/USDT', time: 1, id: 'all00' },
  });
  expect(one.body.data).toEqual({
    ...{ ac: 'CASH', accountId: stage.cash, action: 'cancel-all', status: 'Ack' },
    info: {
      id: 'all00',
      orderId: '',
      orderType: 'NULL_VAL',
      symbol: 'ASD/USDT',
      timestamp: worked.timeMs + 1,
    },
  });
  expect(stage.desk.openOrders(stage.cash).map(({ symbol }) => symbol)).toEqual(['BTC/USDT']);
  for (const body of [undefined, {}, { time: 5 }, { symbol: null }]) {
    await place();
    const { body: all } = await stage.signed('DELETE', path, { prehash: 'order/all', body });
    expect(all.data.info).toMatchObject({ id: '', orderId: '', symbol: '' });
    expect(stage.desk.openOrders(stage.cash)).toEqual([]);
  }
  await place();
  const before = stage.picture();
  const wrong = await stage.signed('DELETE', path, { prehash: 'order/all', body: { symbol: 'NOPE/USDT' } });
  expect(wrong.body).toMatchObject({ code: 300012, action: 'cancel-all', status: 'Err' });
  expect(stage.picture()).toEqual(before);
});

const item = { symbol: 'ASD/USDT', orderPrice: '0.0712', orderQty: '100', orderType: 'limit', side: 'buy' };

function batch(stage: AscendexStage, method: 'POST' | 'DELETE', orders: unknown): Promise<Answer> {
  return stage.signed(method, `${order}/batch`, { prehash: 'order/batch', body: { orders } });
}

test('documented: a batch is acknowledged in its order, markets may differ', async () => {
  const stage = await createAscendexStage();
  const time = worked.timeMs;
  const extra = { 'account-group': '7', 'account-category': 'cash', category: 'cash', respInst: 'DONE' };
  const other = { symbol: 'BTC/USDT', orderQty: '0.01', orderPrice: '1000' };
  const { body } = await batch(stage, 'POST', [
    { ...item, ...extra, id: 'sampleRequestId1', time },
    { ...item, ...other, id: 'sampleRequestId2', time },
  ]);
  expect(body.data).toMatchObject({ ac: 'CASH', action: 'batch-place-order', status: 'Ack' });
  expect(body.data.info).toEqual([
    {
      id: 'sampleRequestId1',
      orderId: 'a19b76daa87bU0420042042equestId1',
      orderType: 'Limit',
      symbol: 'ASD/USDT',
      timestamp: time,
    },
    {
      id: 'sampleRequestId2',
      orderId: 'a19b76daa87bU0420042042equestId2',
      orderType: 'Limit',
      symbol: 'BTC/USDT',
      timestamp: time,
    },
  ]);
  expect(stage.desk.openOrders(stage.cash).length).toBe(2);
});

test('a batch that cancels an order twice is refused, unless the venue counts no duplicates', async () => {
  for (const [duplicateCancelMs, status] of [
    [60_000, 'Err'],
    [0, 'Ack'],
  ] as const) {
    const stage = await createAscendexStage({ choices: { duplicateCancelMs } });
    await stage.place();
    const [open] = stage.desk.openOrders(stage.cash);
    const one = { orderId: open?.id, symbol: 'ASD/USDT', time: worked.timeMs };
    const { body } = await batch(stage, 'DELETE', [one, one]);
    expect(body.status ?? body.data.status).toBe(status);
    expect(stage.desk.openOrders(stage.cash).length).toBe(status === 'Err' ? 1 : 0);
  }
});

test('documented: one bad order fails a batch, the innocent have the code of the batch', async () => {
  const stage = await createAscendexStage();
  const before = stage.picture();
  const { status, body } = await batch(stage, 'POST', [
    { ...item, id: 'sampleRequestId1', time: worked.timeMs, orderQty: '1' },
    { ...item, id: 'sampleRequestId2', time: worked.timeMs },
  ]);
  expect(status).toBe(200);
  expect(body).toEqual({
    ...{ code: 300013, ac: 'CASH', accountId: stage.cash, action: 'batch-place-order', status: 'Err' },
    ...{ message: expect.any(String), reason: 'INVALID_BATCH_ORDER' },
    info: [
      {
        code: 300004,
        id: 'sampleRequestId1',
        orderId: '',
        reason: 'INVALID_NOTIONAL',
        message: expect.any(String),
        symbol: 'ASD/USDT',
      },
      {
        code: 300013,
        id: 'sampleRequestId2',
        orderId: '',
        reason: 'INVALID_BATCH_ORDER',
        message: expect.any(String),
        symbol: 'ASD/USDT',
      },
    ],
  });
  expect(stage.picture()).toEqual(before);
});

const eleven = Array.from({ length: 11 }, (_, index) => ({
  ...item,
  id: `sampleId${100 + index}`,
  time: worked.timeMs,
}));

test.each([
  ['none', 300013, []],
  ['eleven', 300013, eleven],
  ['no list', 100004, { ...item }],
  ['an entry that is no order', 300013, ['x']],
])('our choice of codes: a batch of %s is refused with %i', async (_, code, orders) => {
  for (const method of ['POST', 'DELETE'] as const) {
    const stage = await createAscendexStage();
    const before = stage.picture();
    expect((await batch(stage, method, orders)).body).toMatchObject({ code, status: 'Err' });
    expect(stage.picture()).toEqual(before);
  }
});

test('documented: ten orders are taken, and live or die alone after that', async () => {
  const stage = await createAscendexStage();
  const orders = eleven.slice(1).map((one) => ({ ...one, orderQty: '2500' }));
  expect((await batch(stage, 'POST', orders)).body.code).toBe(0);
  expect(heard(stage)).toEqual([...Array<string>(5).fill('accepted'), ...Array<string>(5).fill('rejected')]);
  expect(stage.balance('USDT')[1]).toBe('109.11');
});

test('documented: a batch of one', async () => {
  const stage = await createAscendexStage();
  const { body } = await batch(stage, 'POST', [{ ...item, id: 'sampleRequestId1', time: worked.timeMs }]);
  expect(body.data.info.length).toBe(1);
  const { orderId } = body.data.info[0];
  const gone = await batch(stage, 'DELETE', [{ orderId, symbol: 'ASD/USDT', time: worked.timeMs }]);
  expect(gone.body.data.info).toMatchObject([{ orderId, id: '' }]);
});

test('seen by a client, switchable: two orders of one id in a batch', async () => {
  const twice = [0, 1].map((index) => ({ ...item, id: `leg${index}x000000041`, time: worked.timeMs }));
  const stage = await createAscendexStage();
  expect((await batch(stage, 'POST', twice)).body.code).toBe(0);
  expect(heard(stage)).toEqual(['accepted', 'rejected']);
  const strict = await createAscendexStage({ choices: { duplicateIds: 'refused' } });
  const { body } = await batch(strict, 'POST', twice);
  expect(body.info.map(({ code }: { code: number }) => code)).toEqual([300013, 300006]);
  expect(heard(strict)).toEqual([]);
});

test('documented: a batch of cancels, all or nothing', async () => {
  const stage = await createAscendexStage();
  await batch(stage, 'POST', eleven.slice(0, 2));
  const [one, other] = stage.desk.openOrders(stage.cash).map(({ id }) => id);
  const entry = (orderId: string | undefined, id: string): object => ({
    orderId,
    id,
    symbol: 'ASD/USDT',
    time: worked.timeMs,
  });
  const before = stage.picture();
  const gone = await batch(stage, 'DELETE', [entry(one, 'cancel01'), entry(firstId, 'cancel02')]);
  expect(gone.body).toMatchObject({ code: 300013, action: 'batch-cancel-order', status: 'Err' });
  expect(gone.body.info).toMatchObject([
    { code: 300013, id: 'cancel01' },
    { code: 300006, id: 'cancel02', orderId: firstId, reason: 'INVALID_ORDER_ID' },
  ]);
  expect(stage.picture()).toEqual(before);
  const { body } = await batch(stage, 'DELETE', [entry(one, 'cancel01'), entry(other, 'cancel02')]);
  expect(body.data).toMatchObject({ action: 'batch-cancel-order', status: 'Ack' });
  expect(body.data.info).toEqual([
    { id: 'cancel01', orderId: one, orderType: 'NULL_VAL', symbol: 'ASD/USDT', timestamp: worked.timeMs },
    { id: 'cancel02', orderId: other, orderType: 'NULL_VAL', symbol: 'ASD/USDT', timestamp: worked.timeMs },
  ]);
  expect(stage.desk.openOrders(stage.cash)).toEqual([]);
});
