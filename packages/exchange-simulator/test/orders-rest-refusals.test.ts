import { expect, test } from 'vitest';
import type { AscendexChoices } from '../src/dialect/ascendex/ascendex-options.ts';
import { createAscendexStage, stageUser, worked } from './ascendex-stage.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with an order, its code, its fields, and the switches. */
const refused: readonly [what: string, code: number, fields: Fields, choices?: AscendexChoices][] = [
  ['no time', 100004, { time: undefined }],
  ['a time that is no number', 100004, { time: 'now' }],
  ['no symbol', 100004, { symbol: undefined }],
  ['no size', 100004, { orderQty: undefined }],
  ['no side', 100004, { side: undefined }],
  ['no type', 100004, { orderType: undefined }],
  ['a size that is a number', 100004, { orderQty: 500 }],
  ['a price that is a number', 100004, { orderPrice: 0.0712 }],
  [
    'a stop price that is a number, where it may not be',
    100004,
    { stopPrice: 0.08, orderType: 'stop_limit' },
    { numbersInOrders: 'none' },
  ],
  ['postOnly that is text', 100004, { postOnly: 'yes' }],
  ['an id that is a list', 100004, { id: ['x'] }],
  ['a time of 30 seconds ago and more', 100011, { time: worked.timeMs - 30_001 }],
  ['a time 30 seconds ahead and more', 100011, { time: worked.timeMs + 30_001 }],
  ['an unknown symbol', 300012, { symbol: 'NOPE/USDT' }],
  ['an id of one character', 300006, { id: 'x' }],
  ['an id with a sign', 300006, { id: 'jHAfoOqZmRv3@3' }],
  ['an id of 33 characters', 300006, { id: 'x'.repeat(33) }],
  ['an unknown side', 300003, { side: 'both' }],
  ['an unknown type', 300005, { orderType: 'iceberg' }],
  ['an unknown time in force', 300007, { timeInForce: 'DAY' }],
  ['an unknown respInst', 300008, { respInst: 'LATER' }],
  ['a limit order without a price', 300008, { orderPrice: undefined }],
  ['a stop order without a stop price', 300008, { orderType: 'stop_limit' }],
  ['a market order that is post-only', 300008, { orderType: 'market', postOnly: true }],
  ['a stop order that is post-only', 300008, { orderType: 'stop_limit', stopPrice: '0.08', postOnly: true }],
  ['post-only and IOC', 300008, { postOnly: true, timeInForce: 'IOC' }],
  ['post-only and FOK', 300008, { postOnly: true, timeInForce: 'FOK' }],
  [
    'a market order with a price, strictly',
    300008,
    { orderType: 'market' },
    { surplusParameters: 'refused' },
  ],
  [
    'a limit order with a stop price, strictly',
    300008,
    { stopPrice: '0.07' },
    { surplusParameters: 'refused' },
  ],
  [
    'a market order with a time in force, strictly',
    300008,
    { orderType: 'market', orderPrice: undefined, timeInForce: 'IOC' },
    { surplusParameters: 'refused' },
  ],
  ['no size at all', 300002, { orderQty: '0' }],
  ['a size below zero', 300002, { orderQty: '-5' }],
  ['a size off the grid', 300002, { orderQty: '500.5' }],
  ['a size with an exponent', 300002, { orderQty: '5e2' }],
  ['a size beyond the largest', 300002, { symbol: 'SOL/USDT', orderQty: '1000.01', orderPrice: '1' }],
  ['a size below the smallest', 300002, { symbol: 'SOL/USDT', orderQty: '0.09', orderPrice: '100' }],
  ['a price of zero', 300001, { orderPrice: '0' }],
  ['a price that is no number', 300001, { orderPrice: 'cheap' }],
  ['a price off the grid', 300001, { orderPrice: '0.07123' }],
  [
    'a price off the grid, by the code that clients have seen',
    300014,
    { orderPrice: '0.07123' },
    { tickSizeCode: 300014 },
  ],
  ['a stop price off the grid', 300001, { orderType: 'stop_limit', stopPrice: '0.07123' }],
  [
    'a price far from the market, where that matters',
    300001,
    { orderPrice: '0.0638' },
    { priceBandPercent: 10 },
  ],
  ['too small a value', 300004, { orderQty: '70' }],
  ['too large a value', 300004, { orderQty: '200001', orderPrice: '0.5' }],
  ['too small a value at the market', 300004, { orderType: 'market', orderQty: '70' }],
  ['no price to go by', 300031, { symbol: 'BTC/USDT', orderType: 'market', orderQty: '0.01', side: 'sell' }],
  ['too little money', 300011, { orderQty: '14100' }],
  [
    'the largest size, for which there is too little money',
    300011,
    { symbol: 'SOL/USDT', orderQty: '1000', orderPrice: '20' },
  ],
  [
    'the largest value, for which there is too little money',
    300011,
    { orderQty: '200000', orderPrice: '0.5' },
  ],
  ['too little to sell', 300011, { side: 'sell', orderQty: '251' }],
];

test.each(refused)(
  'protocol 4.2: %s is refused with %i, and nothing changes',
  async (_, code, fields, choices) => {
    const stage = await createAscendexStage({ ...(choices && { choices }) });
    stage.rest('sell', '1000', '0.0710');
    stage.rest('buy', '1000', '0.0708');
    const before = stage.picture();
    const { status, body } = await stage.place(fields);
    expect(status).toBe(200);
    expect(body).toEqual({
      ...{ code, ac: 'CASH', accountId: stage.cash, action: 'place-order', status: 'Err' },
      ...{ message: expect.any(String), reason: expect.stringMatching(/^[A-Z_]+$/) },
      info: {
        id: typeof fields.id === 'object' ? '' : (fields.id ?? 'k7Qm2Zt9X'),
        symbol: 'symbol' in fields ? (fields.symbol ?? '') : 'ASD/USDT',
      },
    });
    expect(stage.picture()).toEqual(before);
    expect(stage.updates.filter(({ kind }) => kind === 'order')).toEqual([]);
  },
);

test.each([
  ['the smallest value', { orderQty: '100', orderPrice: '0.05' }],
  ['a time 30 seconds ago', { time: worked.timeMs - 30_000 }],
  ['a time as text', { time: String(worked.timeMs) }],
  ['a price with zeros behind it', { orderPrice: '0.0712000', orderQty: '500.0' }],
  ['the smallest size', { symbol: 'SOL/USDT', orderQty: '0.1', orderPrice: '50' }],
  ['all of the money', { orderQty: '11100', orderPrice: '0.09' }],
  ['a price within the band', { orderPrice: '0.0640' }, { priceBandPercent: 10 }],
] as const)('protocol 4.1: %s is taken', async (_, fields, choices: AscendexChoices = {}) => {
  const stage = await createAscendexStage({ choices });
  stage.rest('sell', '100', '0.0710');
  stage.rest('buy', '100', '0.0708');
  expect((await stage.place({ ...fields })).body).toMatchObject({ code: 0, data: { status: 'Ack' } });
});

/** What a body can hold that cannot be written down, or is no text however it is asked. */
const unwritable: readonly [what: string, json: string][] = [
  ['lists within lists', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['objects within objects', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['an object without text', '{"toString":1,"valueOf":1}'],
];

test.each(unwritable)(
  'our choice of codes: %s instead of text are refused like anything else',
  async (_, json) => {
    const stage = await createAscendexStage();
    const fields = ['id', 'time', 'symbol', 'orderQty', 'orderType', 'side', 'orderPrice', 'stopPrice'];
    const usual = { symbol: 'ASD/USDT', time: worked.timeMs, orderQty: '500', orderType: 'limit' };
    const send = async (method: string, path: string, name: string, given: object): Promise<void> => {
      const body = JSON.stringify({ ...given, [name]: 0 }).replace(`"${name}":0`, () => `"${name}":${json}`);
      const prehash = path.split('/v1/')[1]?.replace('cash/', '') ?? '';
      const answer = await stage.signed(method, path, { prehash, body });
      const isBatch = name === 'orders' && json.startsWith('[');
      const code = isBatch ? 300013 : 100004;
      expect([answer.status, answer.body.code], `${method} ${path} ${name}`).toEqual([200, code]);
    };
    for (const name of [...fields, 'postOnly', 'timeInForce', 'respInst'])
      await send('POST', '/~/api/pro/v1/cash/order', name, { ...usual, side: 'buy', orderPrice: '0.0712' });
    for (const name of ['orderId', 'symbol', 'time', 'id'])
      await send('DELETE', '/~/api/pro/v1/cash/order', name, { ...usual, orderId: 'x' });
    for (const name of ['amount', 'asset', 'fromAccount', 'toAccount'])
      await send('POST', '/~/api/pro/v1/transfer', name, {
        ...{ amount: '1', asset: 'USDT', fromAccount: 'cash', toAccount: 'margin' },
      });
    for (const method of ['POST', 'DELETE']) {
      await send(method, '/~/api/pro/v1/cash/order/batch', 'orders', {});
    }
  },
);

test('protocol 4.2: the first thing that is wrong decides, in the order of the table', async () => {
  const stage = await createAscendexStage();
  const wrong: [Fields, number][] = [
    [{ orderQty: '100000' }, 300011],
    [{ orderQty: '7' }, 300004],
    [{ orderPrice: '0.00001' }, 300001],
    [{ orderQty: '0.5' }, 300002],
    [{ respInst: 'LATER' }, 300008],
    [{ timeInForce: 'DAY' }, 300007],
    [{ orderType: 'x' }, 300005],
    [{ side: 'x' }, 300003],
    [{ id: '!' }, 300006],
    [{ symbol: 'NOPE' }, 300012],
    [{ time: 1 }, 100011],
    [{ time: 'x' }, 100004],
  ];
  let fields: Fields = {};
  for (const [more, code] of wrong) {
    fields = { ...fields, ...more };
    expect((await stage.place(fields)).body.code, JSON.stringify(fields)).toBe(code);
  }
});

test('a market that is closed refuses with 300020, whatever else is wrong', async () => {
  const stage = await createAscendexStage();
  stage.floor.setStatus('ASD/USDT', 'cancel-only');
  const before = stage.picture();
  expect((await stage.place({ side: 'x' })).body).toMatchObject({
    code: 300020,
    reason: 'TRADING_RESTRICTED',
  });
  expect((await stage.place()).body.code).toBe(300020);
  expect((await stage.place({ id: '!', symbol: 'BTC/USDT' })).body.code).toBe(300006);
  expect(stage.picture()).toEqual(before);
});

test.each([
  ['no body', undefined],
  ['half an object', '{"symbol":'],
  ['a list', '[]'],
  ['null', 'null'],
])('documented: %s is refused with 150001', async (_, body) => {
  const stage = await createAscendexStage();
  const before = stage.picture();
  const answer = await stage.signed('POST', '/~/api/pro/v1/cash/order', { body });
  expect(answer.body).toEqual({ code: 150001, reason: 'INVALID_JSON_FORMAT', message: expect.any(String) });
  expect(stage.picture()).toEqual(before);
});

test('a refusal gives back an id that is a number as text, and no other thing that is no name', async () => {
  const stage = await createAscendexStage();
  const order = { time: worked.timeMs, symbol: 'ASD/USDT' };
  for (const [id, given] of [
    [5, '5'],
    [1.5, '1.5'],
    [['x'], ''],
    [{ toString: 1 }, ''],
    [null, ''],
  ] as const) {
    for (const account of ['cash', 'margin'])
      for (const method of ['POST', 'DELETE']) {
        const path = `/~/api/pro/v1/${account}/order`;
        const { body } = await stage.signed(method, path, { body: { ...order, id } });
        expect(body.info, `${method} ${path} ${JSON.stringify(id)}`).toEqual({
          id: given,
          symbol: 'ASD/USDT',
        });
      }
    const { body } = await stage.signed('POST', '/~/api/pro/v1/cash/order/batch', {
      prehash: 'order/batch',
      body: { orders: [{ ...order, id }] },
    });
    expect(body.info).toMatchObject([{ id: given, symbol: 'ASD/USDT' }]);
  }
});

test('our choice: nothing is traded on margin', async () => {
  const stage = await createAscendexStage({ users: [{ ...stageUser, marginBalances: { USDT: '1000' } }] });
  const before = stage.picture();
  const body = { id: 'k7Qm2Zt9X', time: worked.timeMs, symbol: 'ASD/USDT', orderQty: '500', side: 'buy' };
  const calls = [
    ['POST', 'order', 'order', { ...body, orderType: 'limit', orderPrice: '0.0712' }],
    ['DELETE', 'order', 'order', { ...body, orderId: 'a19b76daa87bU0420042042k7Qm2Zt9X' }],
    ['DELETE', 'order/all', 'order/all', {}],
    ['POST', 'order/batch', 'order/batch', { orders: [] }],
  ] as const;
  for (const [method, path, prehash, sent] of calls) {
    const answer = await stage.signed(method, `/~/api/pro/v1/margin/${path}`, { prehash, body: sent });
    expect(answer.body).toMatchObject({ code: 310002, ac: 'MARGIN', accountId: stage.margin, status: 'Err' });
    expect(answer.body.info).toEqual(
      'id' in sent ? { id: sent.id, symbol: 'ASD/USDT' } : { id: '', symbol: '' },
    );
  }
  expect(stage.picture()).toEqual(before);
});
