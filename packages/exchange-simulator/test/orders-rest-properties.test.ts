import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Answer, type AscendexStage, createAscendexStage, worked } from './ascendex-stage.ts';

/** What a field may be at worst. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    '0',
    '-1',
    '1e3',
    'NaN',
    true,
    7,
    [],
    {},
    '__proto__',
    'toString',
  ),
  fc.string({ maxLength: 40 }),
  fc.double(),
);

/** Something that makes sense, and now and then something that does not. */
function mostly(good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 40, arbitrary: good }, { weight: 1, arbitrary: odd });
}

const symbols = ['ASD/USDT', 'BTC/USDT', 'ETH/BTC', 'SOL/USDT', 'NOPE/USDT'];

const amounts = fc.constantFrom(
  { symbol: 'ASD/USDT', orderPrice: '0.0712', orderQty: '100', stopPrice: '0.0712' },
  { symbol: 'ASD/USDT', orderPrice: '0.0720', orderQty: '300', stopPrice: '0.0705' },
  { symbol: 'ASD/USDT', orderPrice: '0.0700', orderQty: '9000', stopPrice: '0.0700' },
  { symbol: 'BTC/USDT', orderPrice: '100.5', orderQty: '0.5', stopPrice: '101' },
  { symbol: 'ETH/BTC', orderPrice: '0.03', orderQty: '1', stopPrice: '0.03' },
  { symbol: 'SOL/USDT', orderPrice: '20', orderQty: '1', stopPrice: '20' },
);

const kinds = fc.constantFrom(
  { orderType: 'limit' },
  { orderType: 'Limit', postOnly: true },
  { orderType: 'limit', timeInForce: 'IOC' },
  { orderType: 'limit', timeInForce: 'fok' },
  { orderType: 'market' },
  { orderType: 'stop_limit' },
  { orderType: 'stop_market' },
);

const names = [
  'id',
  'time',
  'symbol',
  'orderPrice',
  'orderQty',
  'orderType',
  'side',
  'stopPrice',
  'postOnly',
];

/** An order, in which one field may be anything. */
const order = fc
  .record({
    amounts,
    kind: kinds,
    own: fc.record({
      id: fc.stringMatching(/^[a-d]{9}$/),
      time: fc.integer({ min: worked.timeMs - 31_000, max: worked.timeMs + 2_000 }),
      side: fc.constantFrom('buy', 'Sell'),
      respInst: fc.constantFrom('ACK', 'ACCEPT', undefined),
    }),
    broken: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...names), odd) },
    ),
  })
  .map(({ amounts: of, kind, own, broken }) => ({
    ...{ ...of, ...kind, ...own },
    ...(broken !== undefined ? { [broken[0]]: broken[1] } : {}),
  }));

const target = fc.record({
  orderId: mostly(fc.nat({ max: 20 })),
  time: mostly(fc.constant(worked.timeMs)),
  symbol: mostly(fc.constantFrom(...symbols)),
  id: mostly(fc.constantFrom('foobar', undefined)),
});

const batchOf = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.record({ orders: mostly(fc.array(item, { minLength: 1, maxLength: 3 })) });

const routes = {
  place: ['POST', 'order', order],
  cancel: ['DELETE', 'order', target],
  batch: ['POST', 'order/batch', batchOf(order)],
  'batch of cancels': ['DELETE', 'order/batch', batchOf(target)],
  all: ['DELETE', 'order/all', fc.record({ symbol: mostly(fc.constantFrom(...symbols)) })],
  anything: ['POST', 'order', odd],
} as const;

const operation = fc.oneof(
  ...Object.entries(routes).map(([name, [method, path, body]]) => ({
    weight: ['anything', 'all'].includes(name) ? 1 : name === 'place' ? 10 : 4,
    arbitrary: fc.record({ method: fc.constant(method), path: fc.constant(path), body }),
  })),
);

/** Small numbers stand for orders that the customer has, or had. */
function withIds(stage: AscendexStage, body: unknown): unknown {
  const ids = [...stage.desk.openOrders(stage.cash), ...stage.desk.endedOrders(stage.cash)].map(
    ({ id }) => id,
  );
  const text = JSON.stringify(body) ?? '';
  return text.replace(/"orderId":(\d{1,2})(?=[,}])/g, (_, index) => {
    const id = ids[Number(index) % (ids.length + 1)] ?? 'a19b76daa87bU0420042042nobodyhas';
    return `"orderId":"${id}"`;
  });
}

/** Nothing was made and nothing was lost. */
function expectConserved({ floor }: AscendexStage): void {
  for (const [asset, { deposited, withdrawn, inAccounts, fees }] of floor.engine.ledger())
    expect(deposited, asset).toBe(withdrawn + inAccounts + fees);
}

function expectRefusal({ status, body }: Answer): void {
  expect(status).toBe(200);
  expect(body).toMatchObject({
    code: expect.any(Number),
    message: expect.any(String),
    reason: expect.any(String),
  });
  expect(body).not.toHaveProperty('data');
}

test('whatever customers send is taken or refused: a refusal changes nothing, and no money is made or lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 8, maxLength: 30, size: 'max' }),
      async (operations) => {
        const stage = await createAscendexStage();
        for (const [side, price] of [
          ['sell', '0.0712'],
          ['sell', '0.0715'],
          ['buy', '0.0705'],
        ] as const)
          stage.rest(side, '600', price);
        stage.rest('sell', '1', '100.50', 'BTC/USDT');
        for (const { method, path, body } of operations) {
          const before = stage.picture();
          const sent = withIds(stage, body);
          const answer = await stage.signed(method, `/~/api/pro/v1/cash/${path}`, {
            prehash: path,
            body: sent,
          });
          if (answer.body.code === 0) expect(answer.body).not.toHaveProperty('message');
          else {
            expectRefusal(answer);
            expect(stage.picture()).toEqual(before);
          }
          expectConserved(stage);
        }
      },
    ),
    { numRuns: 60 },
  );
});
