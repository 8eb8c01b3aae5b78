import { expect, test } from 'vitest';
import { type Message, type VenueCase, type VenueClient, venueCase } from './stream-venue.ts';

function loggedIn(venue: VenueCase): VenueClient {
  const client = venue.connect();
  client.logIn();
  return client;
}

function orderArgs(venue: VenueCase, changes: object = {}): object {
  const usual = { time: venue.now(), symbol: 'ASD/USDT', orderType: 'limit', side: 'buy' };
  return { ...usual, orderPrice: '0.0712', orderQty: '500', ...changes };
}

function request(client: VenueClient, action: string, args: object, rest: object = {}): readonly Message[] {
  return client.ask({ op: 'req', id: 'r1', action, account: 'cash', args, ...rest });
}

const account = { accountId: 'cshSim000000000000000000000000A1', ac: 'CASH' };
const workedId = 's19b76daa87bU0420042042k7Qm2Zt9X';

test.each(['place-order', 'place-Order', 'PLACE-ORDER'])(
  'worked example, and seen in the demos: %s is taken in any case of letters and answered in lower case',
  (action) => {
    const venue = venueCase();
    expect(request(loggedIn(venue), action, orderArgs(venue, { id: 'k7Qm2Zt9X' }))).toEqual([
      {
        m: 'order',
        ...account,
        action: 'place-order',
        status: 'Ack',
        info: {
          ...{ symbol: 'ASD/USDT', orderType: 'Limit', timestamp: 1_767_225_600_123 },
          ...{ id: 'k7Qm2Zt9X', orderId: workedId },
        },
      },
    ]);
  },
);

test('documented: the code of a refused order stands in info, and the account is as it was', () => {
  const venue = venueCase();
  const client = loggedIn(venue);
  const [reply] = request(client, 'place-order', orderArgs(venue, { id: 'k7Qm2Zt9X', orderQty: '1' }));
  expect(reply).toEqual({
    m: 'order',
    ...account,
    action: 'place-order',
    status: 'Err',
    info: {
      ...{ id: 'k7Qm2Zt9X', symbol: 'ASD/USDT', code: 300004, reason: 'INVALID_NOTIONAL' },
      message: expect.any(String),
    },
  });
  expect(venue.desk.openOrders(account.accountId)).toEqual([]);
});

test.each([
  ['place-order', 'margin', 310002],
  ['place-order', 'cshSomebodyElse', 200006],
  ['open-order', 'cshSomebodyElse', 200006],
])('%s for account %s is refused with %i', (action, name, code) => {
  const venue = venueCase();
  const [reply] = request(loggedIn(venue), action, orderArgs(venue), { account: name });
  const info = reply?.info as Message | undefined;
  expect([reply?.code, info?.code]).toContain(code);
  expect(venue.desk.openOrders(account.accountId)).toEqual([]);
});

test.each([undefined, 'CASH', account.accountId])(
  'seen in clients: the account may be written as %s',
  (name) => {
    const venue = venueCase();
    expect(request(loggedIn(venue), 'place-order', orderArgs(venue), { account: name })).toMatchObject([
      { status: 'Ack', ...account },
    ]);
  },
);

test.each([
  [true, ['New', 'Ack', 'Canceled', 'Ack']],
  [false, ['Ack', 'New', 'Ack', 'Canceled']],
])(
  'documented both ways, switchable: the channel tells before the reply comes: %s',
  (updatesBeforeReply, order) => {
    const venue = venueCase({ choices: { updatesBeforeReply } });
    const client = loggedIn(venue);
    client.ask({ op: 'sub', ch: 'order:cash' });
    const words = [
      ...request(client, 'place-order', orderArgs(venue, { id: 'k7Qm2Zt9X' })),
      ...request(client, 'cancel-order', { time: venue.now(), orderId: workedId, symbol: 'ASD/USDT' }),
    ].map(({ data, status }) => data?.st ?? status);
    expect(words).toEqual(order);
  },
);

test('seen in OsEngine: the id of a request may be a short number, and comes back as text', () => {
  const venue = venueCase();
  const [reply] = request(loggedIn(venue), 'cancel-all', { id: 17 });
  expect(reply).toMatchObject({ status: 'Ack', info: { id: '17' } });
});

test('while the engine is slow, an order dies of what was enough when it came', () => {
  const venue = venueCase({ delayMs: 250 });
  const client = loggedIn(venue);
  client.ask({ op: 'sub', ch: 'order:cash' });
  for (const id of ['slow00001', 'slow00002'])
    expect(request(client, 'place-order', orderArgs(venue, { id, orderQty: '9000' }))).toMatchObject([
      { status: 'Ack' },
    ]);
  venue.runtime.pass(250);
  expect(client.heard().map(({ data }) => [data?.st, data?.err])).toEqual([
    ['New', ''],
    ['Rejected', 'NotEnoughPos'],
  ]);
});

test('documented race: a cancel is received while the order fills, and comes too late', () => {
  const venue = venueCase({ delayMs: 250 });
  const client = loggedIn(venue);
  client.ask({ op: 'sub', ch: 'order:cash' });
  request(client, 'place-order', orderArgs(venue, { id: 'k7Qm2Zt9X' }));
  venue.runtime.pass(250);
  const args = { time: venue.now(), orderId: workedId, symbol: 'ASD/USDT' };
  expect(request(client, 'cancel-order', args).at(-1)).toMatchObject({ status: 'Ack' });
  venue.place({ side: 'sell', sizeLots: 500, priceTicks: 712 });
  venue.runtime.pass(250);
  expect(client.heard().map(({ data }) => [data?.st, data?.err, data?.ot])).toEqual([
    ['Filled', '', 'Limit'],
    ['Rejected', 'TooLateToCancel', 'NULL_VAL'],
  ]);
});

test('while the engine is slow, the reply comes first and the order later', () => {
  const venue = venueCase({ delayMs: 250 });
  const client = loggedIn(venue);
  client.ask({ op: 'sub', ch: 'order:cash' });
  expect(request(client, 'place-order', orderArgs(venue))).toMatchObject([{ status: 'Ack' }]);
  venue.runtime.pass(249);
  expect(client.heard()).toEqual([]);
  venue.runtime.pass(1);
  expect(client.heard()).toMatchObject([{ data: { st: 'New' } }]);
});

test('documented: cancel-all ends what rests, of one symbol or of all, and answers once', () => {
  for (const [args, left] of [
    [{}, 0],
    [{ time: 1, symbol: 'ASD/USDT' }, 0],
    [{ symbol: 'BTC/USDT' }, 2],
  ] as const) {
    const venue = venueCase();
    const client = loggedIn(venue);
    for (const orderQty of ['100', '200']) request(client, 'place-order', orderArgs(venue, { orderQty }));
    expect(request(client, 'cancel-All', args)).toMatchObject([
      { m: 'order', action: 'cancel-all', status: 'Ack', info: { orderId: '', orderType: 'NULL_VAL' } },
    ]);
    expect(venue.desk.openOrders(account.accountId).length).toBe(left);
  }
});

test('old documents and the table of limits: a batch is taken as a whole', () => {
  const venue = venueCase();
  const client = loggedIn(venue);
  const orders = ['batch0001', 'batch0002'].map((id) => orderArgs(venue, { id, orderQty: '100' }));
  const [reply] = request(client, 'batch-place-order', { orders });
  const placed = reply?.info as readonly Message[];
  expect(reply).toMatchObject({
    action: 'batch-place-order',
    status: 'Ack',
    info: [{ id: 'batch0001' }, { id: 'batch0002' }],
  });
  const cancels = placed.map(({ orderId }) => ({ orderId, symbol: 'ASD/USDT', time: venue.now() }));
  expect(request(client, 'batch-cancel-order', { orders: cancels })).toMatchObject([
    { action: 'batch-cancel-order', status: 'Ack', info: cancels.map(({ orderId }) => ({ orderId })) },
  ]);
  expect(venue.desk.openOrders(account.accountId)).toEqual([]);
});

test('documented: one bad order of a batch fails all of it, and the others have the code of the batch', () => {
  const venue = venueCase();
  const client = loggedIn(venue);
  const orders = [orderArgs(venue), orderArgs(venue, { orderQty: '1' })];
  expect(request(client, 'batch-place-order', { orders })).toMatchObject([
    { status: 'Err', info: [{ code: 300013 }, { code: 300004 }] },
  ]);
  expect(request(client, 'batch-place-order', { orders: [] })).toMatchObject([{ status: 'Err' }]);
  const cancels = [{ orderId: workedId, symbol: 'ASD/USDT', time: venue.now() }];
  expect(request(client, 'batch-cancel-order', { orders: cancels })).toMatchObject([
    { status: 'Err', info: [{ code: 300006 }] },
  ]);
  expect(venue.desk.openOrders(account.accountId)).toEqual([]);
});

test.each([
  [{}, 3],
  [{ symbols: '*' }, 3],
  [{ symbols: 'ASD/USDT' }, 2],
  [{ symbols: 'ASD/USDT,BTC/USDT' }, 3],
  [{ symbols: 'ETH/USDT' }, 0],
])('documented: open-order with %j gives %i orders, without balances', (args, count) => {
  const venue = venueCase();
  const client = loggedIn(venue);
  for (const orderQty of ['100', '200']) request(client, 'place-order', orderArgs(venue, { orderQty }));
  request(client, 'place-order', orderArgs(venue, { symbol: 'BTC/USDT', orderPrice: '100', orderQty: '1' }));
  const [reply] = request(client, 'open-order', args);
  expect(reply).toMatchObject({ m: 'open-order', id: 'r1', ...account });
  const orders = reply?.data as unknown as readonly Message[];
  expect(orders.length).toBe(count);
  for (const order of orders)
    expect(order).toMatchObject({ st: 'New', sp: '0', btb: '0', bab: '0', qtb: '0', qab: '0' });
});

test('open-order of what is not listed is an error', () => {
  const client = loggedIn(venueCase());
  expect(request(client, 'open-order', { symbols: 'NO/PE' })).toMatchObject([
    { m: 'error', id: 'r1', code: 100008 },
  ]);
  expect(request(client, 'open-order', { symbols: 7 })).toMatchObject([
    { m: 'error', id: 'r1', code: 100005 },
  ]);
});

test('draft of the documents, switchable: order-status is refused, or tells of the last fill as well', () => {
  const args = { orderId: [workedId] };
  const usual = loggedIn(venueCase());
  expect(request(usual, 'order-status', args)).toMatchObject([{ m: 'error', id: 'r1', code: 100005 }]);
  const venue = venueCase({ choices: { streamOrderStatus: 'answered' } });
  const client = loggedIn(venue);
  venue.place({ side: 'sell', sizeLots: 120, priceTicks: 710 });
  venue.place({ side: 'sell', sizeLots: 200, priceTicks: 711 });
  request(client, 'place-order', orderArgs(venue, { id: 'k7Qm2Zt9X' }));
  expect(request(client, 'order-status', args)).toMatchObject([
    {
      ...{ m: 'order-status', id: 'r1', code: 0 },
      data: [{ orderId: workedId, st: 'PartiallyFilled', ...{ lp: '0.0711', lq: '200', f: '0.01422' } }],
    },
  ]);
  expect(request(client, 'order-status', { orderId: 'nope' })).toMatchObject([{ m: 'error', code: 300006 }]);
  expect(request(client, 'order-status', {})).toMatchObject([{ m: 'error', code: 100005 }]);
});

test('undocumented, switchable: balance is refused, or answered with a list', () => {
  expect(request(loggedIn(venueCase()), 'balance', {})).toMatchObject([
    { m: 'error', id: 'r1', code: 100005 },
  ]);
  const venue = venueCase({ choices: { streamBalances: 'answered' } });
  const client = loggedIn(venue);
  request(client, 'place-order', orderArgs(venue));
  const [reply] = request(client, 'balance', {});
  expect(reply).toMatchObject({ m: 'balance', id: 'r1', ...account });
  expect(reply?.data).toContainEqual({ a: 'USDT', sn: expect.any(Number), tb: '1000', ab: '964.3644' });
});

test('margin-risk is refused, and what needs a login says so', () => {
  const venue = venueCase();
  expect(request(loggedIn(venue), 'margin-risk', {})).toMatchObject([{ m: 'error', code: 100010 }]);
  const stranger = venue.connect();
  for (const action of [
    'place-order',
    'cancel-order',
    'cancel-all',
    'batch-place-order',
    'open-order',
    'balance',
  ])
    expect(request(stranger, action, {}).at(-1)).toMatchObject({ m: 'error', id: 'r1', code: 100009 });
});

test('a client that trades while it is being told of something trades when that is over', () => {
  const venue = venueCase();
  let reacted = false;
  const client = venue.connect({
    onText(text) {
      if (reacted || !text.includes('"st":"PartiallyFilled"')) return;
      reacted = true;
      client.send({ op: 'req', action: 'cancel-all', args: {} });
      client.send({ op: 'req', action: 'place-order', args: orderArgs(venue, { orderQty: '100' }) });
    },
  });
  client.logIn();
  client.ask({ op: 'sub', ch: 'order:cash' });
  for (const priceTicks of [710, 711]) venue.place({ side: 'sell', sizeLots: 100, priceTicks });
  const words = (messages: readonly Message[]) => messages.map(({ data, status }) => data?.st ?? status);
  expect(words(request(client, 'place-order', orderArgs(venue)))).toEqual([
    ...['New', 'PartiallyFilled', 'PartiallyFilled', 'Ack'],
  ]);
  venue.runtime.pass(0);
  expect(words(client.heard())).toEqual(['Canceled', 'Ack', 'New', 'Ack']);
});

test('a client that trades when it hears of a stranger does so when the operation is over', () => {
  for (const trigger of ['"st":"PartiallyFilled"', '"m":"trades"']) {
    const venue = venueCase();
    const client = venue.connect({
      onText(text) {
        if (text.includes(trigger)) client.send({ op: 'req', action: 'cancel-all', args: {} });
      },
    });
    client.logIn();
    for (const ch of ['order:cash', 'trades:ASD/USDT']) client.ask({ op: 'sub', ch });
    request(client, 'place-order', orderArgs(venue));
    venue.place({ side: 'sell', sizeLots: 100, priceTicks: 712 });
    expect(client.heard().map(({ m, data }) => data?.st ?? m)).toEqual(['PartiallyFilled', 'trades']);
    venue.runtime.pass(0);
    expect(client.heard()).toMatchObject([{ data: { st: 'Canceled', cfq: '100' } }, { status: 'Ack' }]);
  }
});
