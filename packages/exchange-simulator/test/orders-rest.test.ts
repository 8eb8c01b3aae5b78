import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderUpdate } from '../src/desk/desk-types.ts';
import { defaultAscendexOptions } from '../src/dialect/ascendex/ascendex-options.ts';
import { createOrderIds, isClientId } from '../src/dialect/ascendex/order-ids.ts';
import { protectivePrice } from '../src/dialect/ascendex/order-intake.ts';
import { createOrderText } from '../src/dialect/ascendex/order-text.ts';
import { createListing } from '../src/floor/listing.ts';
import { createSeededRandom } from '../src/seeded-random.ts';
import { createAscendexStage, stageRules, worked } from './ascendex-stage.ts';

const lettered = createOrderIds('lettered', createSeededRandom(1));
const digits = createOrderIds('digits', createSeededRandom(1));
const parts = { timeMs: worked.timeMs, uid: worked.uid };

test.each([
  ['a', 'k7Qm2Zt9X', 'a19b76daa87bU0420042042k7Qm2Zt9X'],
  ['s', 'k7Qm2Zt9X', 's19b76daa87bU0420042042k7Qm2Zt9X'],
  ['a', 'grid7buy00000000000000041', 'a19b76daa87bU0420042042000000041'],
  ['a', 'leg1x000000041', 'a19b76daa87bU0420042042000000041'],
  ['a', 'leg2x000000041', 'a19b76daa87bU0420042042000000041'],
  ['a', 'ab-cd_efgh', 'a19b76daa87bU0420042042b-cd_efgh'],
] as const)('worked example: by %s, %s becomes %s', (channel, clientId, id) => {
  expect(lettered.next({ ...parts, channel, clientId })).toBe(id);
});

test('recorded: ids of 2019 have the digits of the user only', () => {
  const id = digits.next({ channel: 'a', timeMs: 0x16eee206d61, uid: 'U0866943712', clientId: 'rPNknIyhH' });
  expect(id).toBe('a16eee206d610866943712rPNknIyhH');
});

test('recorded: the time in an id is the one of the request', () => {
  const clientId = 'iGwzbzWxxcHwno4b8VCvh8aaYCJaPALm';
  const id = lettered.next({ ...parts, channel: 'a', timeMs: 1_575_403_713_964, clientId });
  expect(id).toBe('a16ecd60f5acU0420042042aYCJaPALm');
});

test('documented: an id has 32 characters at most', () => {
  const id = lettered.next({ ...parts, uid: `${worked.uid}ABCDEF`, channel: 'a', clientId: 'k7Qm2Zt9X' });
  expect(id).toBe('a19b76daa87b42042ABCDEFk7Qm2Zt9X');
});

test('however long its user is called, an order has the tail of its name in its id', () => {
  const uidText = fc.stringMatching(/^[A-Za-z0-9]{1,64}$/);
  const clientText = fc.stringMatching(/^[A-Za-z0-9]{9,32}$/);
  fc.assert(
    fc.property(uidText, clientText, clientText, fc.boolean(), (uid, one, two, isLettered) => {
      const ids = isLettered ? lettered : digits;
      const [first, second] = [one, two].map((clientId) =>
        ids.next({ ...parts, uid, channel: 'a', clientId }),
      );
      expect(first!.length).toBeLessThanOrEqual(32);
      expect(first!.endsWith(one.slice(-9))).toBe(true);
      expect(first === second).toBe(one.slice(-9) === two.slice(-9));
    }),
  );
});

test('documented: without nine characters of a client the tail is drawn', () => {
  const [one, other] = ['', '12345678'].map((clientId) =>
    lettered.next({ ...parts, channel: 'a', clientId }),
  );
  for (const id of [one, other]) expect(id).toMatch(/^a19b76daa87bU0420042042[0-9A-Za-z]{9}$/);
  expect(one).not.toBe(other);
});

test.each([
  ['ab', true],
  ['foobar', true],
  ['a-b_c', true],
  ['x'.repeat(32), true],
  ['a', false],
  ['-ab', false],
  ['ab-', false],
  ['a b', false],
  ['x'.repeat(33), false],
])('documented: a client may call an order %s: %s', (id, may) => {
  expect(isClientId(id)).toBe(may);
});

test.each([
  ['buy', 739_202, 813_122],
  ['buy', 739_113, 813_024],
  ['sell', 700_000, 630_000],
  ['sell', 1, 1],
] as const)(
  'recorded for buys, our choice for sells: a market %s at %i takes up to %i',
  (side, around, worst) => {
    expect(protectivePrice(around, side, 10)).toBe(worst);
  },
);

const text = createOrderText(
  new Map(stageRules.map((rules) => [rules.symbol, createListing(rules)])),
  defaultAscendexOptions,
);

test('worked example: three fills, told to the last digit', async () => {
  const stage = await createAscendexStage();
  stage.rest('sell', '120', '0.0710');
  stage.rest('sell', '200', '0.0711');
  stage.rest('sell', '180', '0.0712');
  const { body } = await stage.place();
  expect(body).toEqual({
    code: 0,
    data: {
      ...{ ac: 'CASH', accountId: stage.cash, action: 'place-order', status: 'Ack' },
      info: {
        ...{ id: 'k7Qm2Zt9X', orderId: 'a19b76daa87bU0420042042k7Qm2Zt9X', orderType: 'Limit' },
        ...{ symbol: 'ASD/USDT', timestamp: worked.timeMs },
      },
    },
  });
  const told = stage.updates.filter((update): update is OrderUpdate => update.kind === 'order');
  const rows = told.map(({ order, base, quote }) => {
    const data = text.stream(order!, { balances: { base, quote } });
    return [data.st, data.cfq, data.ap, data.cf, data.btb, data.qtb, data.qab];
  });
  expect(rows).toEqual([
    ['New', '0', '0', '0', '250', '1000', '964.3644'],
    ['PartiallyFilled', '120', '0.071', '0.00852', '370', '991.47148', '964.388424'],
    ['PartiallyFilled', '320', '0.0710625', '0.02274', '570', '977.23726', '964.408444'],
    ['Filled', '500', '0.071112', '0.035556', '750', '964.408444', '964.408444'],
  ]);
  expect(text.stream(told[2]!.order!, told[2] && { balances: told[2] })).toEqual({
    ...{ s: 'ASD/USDT', sn: told[2]!.sequence, orderId: 'a19b76daa87bU0420042042k7Qm2Zt9X', ot: 'Limit' },
    ...{ sd: 'Buy', ei: 'NULL_VAL', p: '0.0712', q: '500', sp: '', st: 'PartiallyFilled', err: '' },
    ...{ ap: '0.0710625', cfq: '320', cf: '0.02274', fa: 'USDT', btb: '570', bab: '570' },
    ...{ qtb: '977.23726', qab: '964.408444', t: worked.timeMs },
  });
});

test.each([
  [
    'a limit buy',
    { orderQty: '0.00083', orderPrice: '7105', side: 'buy' },
    'USDT',
    ['100000', '99994.09695285'],
  ],
  ['a limit sell', { orderQty: '0.00082', orderPrice: '7105', side: 'sell' }, 'BTC', ['1', '0.99918']],
  [
    'a limit buy of 2022',
    { orderQty: '0.1', orderPrice: '50', side: 'buy' },
    'USDT',
    ['100000', '99994.995'],
  ],
])('recorded: what is held for %s, to the last digit', async (_, fields, asset, balance) => {
  const users = [{ uid: worked.uid, group: 7, balances: { USDT: '100000', BTC: '1' }, keys: [worked] }];
  const stage = await createAscendexStage({ users });
  const { body } = await stage.place({ symbol: 'BTC/USDT', ...fields });
  expect(body.code).toBe(0);
  expect(stage.balance(asset)).toEqual(balance);
});

test('recorded: a market buy holds its protective price and the reserve; what cannot be taken within it is canceled', async () => {
  const stage = await createAscendexStage();
  stage.rest('sell', '0.001', '7243.29', 'BTC/USDT');
  stage.rest('sell', '0.0073', '7967.63', 'BTC/USDT');
  const fields = { symbol: 'BTC/USDT', orderType: 'market', orderPrice: undefined, orderQty: '0.0083' };
  const { body } = await stage.place({ ...fields, respInst: 'DONE' });
  expect(body.data).toMatchObject({ status: 'DONE', info: { status: 'PartiallyFilled', price: '7967.62' } });
  const [accepted] = stage.updates.filter((update): update is OrderUpdate => update.kind === 'order');
  expect(accepted!.quote.held).toBe(66_197_377_246n);
  const id = body.data.info.orderId;
  const status = await stage.signed('GET', '/~/api/pro/v1/cash/order/status', {
    prehash: 'order/status',
    query: { orderId: id },
  });
  expect(status.body.data).toMatchObject({ status: 'Canceled', cumFilledQty: '0.001', avgPx: '7243.29' });
});

test('our choice: a market sell takes down to ten percent below the best bid, and shows no price unless it is asked to', async () => {
  for (const [marketSellPrice, price] of [
    ['empty', ''],
    ['protective', '0.0639'],
  ] as const) {
    const stage = await createAscendexStage({ choices: { marketSellPrice } });
    stage.rest('buy', '100', '0.0710');
    stage.rest('buy', '100', '0.0638');
    const { body } = await stage.place({
      orderType: 'market',
      side: 'sell',
      orderQty: '150',
      respInst: 'DONE',
    });
    expect(body.data.info).toMatchObject({ side: 'Sell', price, cumFilledQty: '100', orderType: 'Market' });
    expect(stage.balance('ASD')).toEqual(['150', '150']);
  }
});

test('documented: ACCEPT answers with the order as the engine has taken it, DONE with its first result', async () => {
  const stage = await createAscendexStage();
  stage.rest('sell', '300', '0.0710');
  const taken = await stage.place({ respInst: 'ACCEPT' });
  const record = {
    ...{ symbol: 'ASD/USDT', price: '0.0712', orderQty: '500', orderType: 'Limit', avgPx: '0', cumFee: '0' },
    ...{ cumFilledQty: '0', errorCode: '', feeAsset: 'USDT', lastExecTime: worked.timeMs, side: 'Buy' },
    ...{ orderId: 'a19b76daa87bU0420042042k7Qm2Zt9X', id: 'k7Qm2Zt9X', seqNum: expect.any(Number) },
    ...{ status: 'New', stopPrice: '', execInst: 'NULL_VAL' },
  };
  expect(taken.body.data).toMatchObject({ status: 'ACCEPT', action: 'place-order', ac: 'CASH' });
  expect(taken.body.data.info).toEqual(record);
  const done = await stage.place({
    id: 'another01',
    orderQty: '250',
    side: 'sell',
    orderPrice: '0.0712',
    respInst: 'done',
  });
  expect(done.body.data).toMatchObject({ status: 'DONE', info: { status: 'PartiallyFilled', side: 'Sell' } });
});

test('documented: whoever waits for a result gets an Ack after five seconds', async () => {
  const stage = await createAscendexStage();
  let body: unknown;
  const answer = stage.place({ respInst: 'DONE' }).then((given) => {
    body = given.body;
  });
  for (let turn = 0; turn < 20; turn += 1) await null;
  await new Promise(setImmediate);
  stage.runtime.pass(4_999);
  await new Promise(setImmediate);
  expect(body).toBeUndefined();
  stage.runtime.pass(1);
  await answer;
  expect(body).toMatchObject({ code: 0, data: { status: 'Ack', info: { orderType: 'Limit' } } });
  expect(stage.runtime.pending).not.toContain('order reply');
});

test('documented: while a thousand wait, the next gets an Ack at once', async () => {
  const stage = await createAscendexStage({ delayMs: () => 10 });
  const answers = Array.from({ length: 1_001 }, (_, index) =>
    stage.place({ id: `waits${10_000 + index}`, orderQty: '100', orderPrice: '0.05', respInst: 'ACCEPT' }),
  );
  const first = await Promise.race(answers.map((answer, index) => answer.then(() => index)));
  expect(first).toBe(1_000);
  stage.runtime.pass(10);
  const statuses = (await Promise.all(answers)).map(({ body }) => body.data.status);
  expect(statuses.filter((status) => status === 'Ack').length).toBe(1);
  expect(statuses.filter((status) => status === 'ACCEPT').length).toBe(1_000);
});

test('seen by a client, switchable: the same order again is rejected by the engine, or refused at once', async () => {
  const stage = await createAscendexStage();
  const { body: first } = await stage.place();
  const held = stage.balance('USDT');
  const { body } = await stage.place({ respInst: 'ACCEPT', orderPrice: '0.0700' });
  expect(body.data.info).toMatchObject({ status: 'Rejected', errorCode: 'DupNewCoid', price: '0.07' });
  expect(body.data.info.orderId).toBe(first.data.info.orderId);
  const query = { orderId: first.data.info.orderId };
  const status = await stage.signed('GET', '/~/api/pro/v1/cash/order/status', {
    prehash: 'order/status',
    query,
  });
  expect(status.body.data).toMatchObject({ status: 'New', price: '0.0712', errorCode: '' });
  expect(stage.balance('USDT')).toEqual(held);

  const strict = await createAscendexStage({ choices: { duplicateIds: 'refused' } });
  await strict.place();
  const before = strict.picture();
  expect((await strict.place()).body).toMatchObject({
    code: 300006,
    status: 'Err',
    reason: 'INVALID_ORDER_ID',
  });
  expect(strict.picture()).toEqual(before);
});

test('our choice, switchable: the owner hears of an order before the reply to it, or after', async () => {
  const before = await createAscendexStage();
  await before.place();
  expect(before.updates.filter(({ kind }) => kind === 'order').length).toBe(1);
  const after = await createAscendexStage({ choices: { updatesBeforeReply: false } });
  const { body } = await after.place();
  expect(body.data.status).toBe('Ack');
  expect(after.updates.filter(({ kind }) => kind === 'order')).toEqual([]);
  after.runtime.pass(0);
  expect(after.updates.filter(({ kind }) => kind === 'order').length).toBe(1);
});

test('documented: a crossing post-only order is acknowledged and canceled; the word for it can be chosen', async () => {
  for (const [postOnlyCrossing, status] of [
    ['by-mode', 'Canceled'],
    ['canceled', 'Canceled'],
    ['rejected', 'Rejected'],
  ] as const) {
    const stage = await createAscendexStage({ choices: { postOnlyCrossing, postOnlyWord: 'POST' } });
    stage.rest('sell', '120', '0.0710');
    const { body } = await stage.place({ postOnly: true, respInst: 'DONE' });
    expect(body.code).toBe(0);
    expect(body.data.info).toMatchObject({
      status,
      errorCode: 'PostOnlyWouldTake',
      execInst: 'POST',
      cumFilledQty: '0',
    });
    expect(stage.balance('USDT')).toEqual(['1000', '1000']);
  }
});

test('documented: IOC takes what there is, FOK all or nothing', async () => {
  const stage = await createAscendexStage();
  stage.rest('sell', '120', '0.0710');
  const fok = await stage.place({ timeInForce: 'FOK', respInst: 'DONE' });
  expect(fok.body.data.info).toMatchObject({ status: 'Canceled', cumFilledQty: '0', errorCode: '' });
  const ioc = await stage.place({ id: 'another02', timeInForce: 'IOC', respInst: 'DONE' });
  expect(ioc.body.data.info).toMatchObject({ status: 'PartiallyFilled', cumFilledQty: '120' });
  expect(stage.desk.openOrders(stage.cash)).toEqual([]);
});

test('documented: stop orders wait with their funds held, and keep their id and type when they go', async () => {
  const stage = await createAscendexStage({ choices: { waitingStopStatus: 'PendingNew' } });
  stage.rest('sell', '1000', '0.0710');
  const fields = { orderType: 'stop_limit', stopPrice: '0.0705', orderPrice: '0.0712', orderQty: '100' };
  const { body } = await stage.place({ ...fields, respInst: 'ACCEPT' });
  expect(body.data.info).toMatchObject({ status: 'PendingNew', orderType: 'StopLimit', stopPrice: '0.0705' });
  expect(stage.balance('USDT')[1]).toBe('992.87288');
  await stage.place({ id: 'another03', orderQty: '100' });
  const query = { orderId: body.data.info.orderId };
  const status = await stage.signed('GET', '/~/api/pro/v1/cash/order/status', {
    prehash: 'order/status',
    query,
  });
  expect(status.body.data).toMatchObject({ status: 'Filled', orderType: 'StopLimit', avgPx: '0.071' });
});

test('our choice: a stop-market buy holds ten percent above its stop price', async () => {
  const stage = await createAscendexStage();
  const fields = { orderType: 'stop_market', stopPrice: '0.0800', orderPrice: undefined, orderQty: '100' };
  const { body } = await stage.place({ ...fields, respInst: 'ACCEPT' });
  expect(body.data.info).toMatchObject({
    status: 'New',
    orderType: 'StopMarket',
    price: '0.088',
    stopPrice: '0.08',
  });
  expect(stage.balance('USDT')).toEqual(['1000', '991.1912']);
});

test.each([
  [
    'ccxt',
    { category: 'cash', clientOrderId: 'k7Qm2Zt9X', 'account-group': '7', 'account-category': 'cash' },
  ],
  ['ccxt, post-only', { postOnly: true, timeInForce: 'PO' }],
  ['ccxt, a stop price as a number', { orderType: 'stop_limit', stopPrice: 0.08 }],
  ['the demo, a market order with a price', { orderType: 'market', orderPrice: '0.0712' }],
  [
    'hummingbot, a market order that is IOC',
    { orderType: 'market', orderPrice: undefined, timeInForce: 'IOC' },
  ],
  ['osengine, capitals', { orderType: 'Limit', side: 'Buy' }],
  ['any language’s null', { stopPrice: null, timeInForce: null, postOnly: null, respInst: null }],
])('seen by clients: %s is taken', async (_, fields) => {
  const stage = await createAscendexStage();
  stage.rest('sell', '1000', '0.0900');
  const { body } = await stage.place({ ...fields });
  expect(body).toMatchObject({ code: 0, data: { status: 'Ack' } });
  expect(body.message).toBeUndefined();
});

test('fees are paid in the asset that the type of commission says', async () => {
  const stage = await createAscendexStage();
  stage.rest('sell', '1', '20.00', 'SOL/USDT');
  stage.rest('sell', '1', '0.030000', 'ETH/BTC');
  const received = { symbol: 'SOL/USDT', orderQty: '1', orderPrice: '20', respInst: 'DONE' };
  expect((await stage.place(received)).body.data.info).toMatchObject({ feeAsset: 'SOL', cumFee: '0.001' });
  expect(stage.balance('SOL')).toEqual(['50.999', '50.999']);
  const base = { id: 'another04', symbol: 'ETH/BTC', orderQty: '1', orderPrice: '0.03', respInst: 'DONE' };
  expect((await stage.place(base)).body.data.info).toMatchObject({ feeAsset: 'ETH', cumFee: '0.001' });
  expect([stage.balance('ETH')[0], stage.balance('BTC')[0]]).toEqual(['10.999', '0.97']);
});
