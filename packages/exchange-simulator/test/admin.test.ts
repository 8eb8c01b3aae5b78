import { request as httpRequest } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { type Admin, createAdmin } from '../src/admin/admin.ts';
import { type AdminListener, listenAdmin } from '../src/admin/admin-listener.ts';
import { createExchange, type Exchange } from '../src/exchange.ts';
import { describeFaults } from '../src/faults/fault.ts';
import { createTruthMemory } from '../src/truth/truth-memory.ts';
import type { UserOptions } from '../src/users/user-types.ts';
import { createHandMadeRuntime, type HandMadeRuntime, startMs } from './hand-made-runtime.ts';
import { createPlainDialect, type PlainDialect } from './plain-dialect.ts';
import { closeAll, replaySymbols, startReplay } from './running-simulator.ts';

interface Stage {
  readonly exchange: Exchange;
  readonly dialect: PlainDialect;
  readonly runtime: HandMadeRuntime;
  readonly admin: Admin;
  /** Asks the admin; gives status and JSON. */
  ask(method: string, path: string, body?: unknown): Promise<readonly [number, unknown]>;
}

const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
  await closeAll();
});

function openStage(users?: readonly UserOptions[]): Stage {
  const runtime = createHandMadeRuntime();
  const dialect = createPlainDialect();
  const truth = createTruthMemory();
  const market = { kind: 'synthetic', seed: 'admin', pairs: 2, traders: false } as const;
  const exchange = createExchange({ market, runtime, dialect, truth: truth.sink, ...(users && { users }) });
  open.push(exchange.close);
  const admin = createAdmin({
    ...{ market: dialect.venue.market, users: exchange.users, clock: exchange.clock, truth },
    ...{ faults: exchange.faults, actions: exchange.actions, stats: () => exchange.stats },
  });
  return {
    ...{ exchange, dialect, runtime, admin },
    async ask(method, path, body) {
      const response = await admin.fetch(
        new Request(`http://127.0.0.1:1${path}`, {
          method,
          ...(body === undefined
            ? {}
            : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        }),
      );
      expect(response.headers.get('content-type')).toMatch(/^application\/json(?:;|$)/);
      return [response.status, await response.json()];
    },
  };
}

test('it says what there is, and every route of it is there', async () => {
  const { ask } = openStage();
  const [status, { routes }] = (await ask('GET', '/')) as [number, { routes: string[] }];
  expect(status).toBe(200);
  for (const route of routes) {
    const [method = '', path = ''] = route.split(/[ ?]/);
    const [got, body] = await ask(method, path, method === 'POST' ? {} : undefined);
    expect(JSON.stringify(body), route).not.toContain('there is no GET');
    expect(JSON.stringify(body), route).not.toContain('there is no POST');
    expect([200, 400, 404], route).toContain(got);
  }
  expect(await ask('GET', '/kinds')).toEqual([200, describeFaults()]);
});

test('the state has users without their secrets', async () => {
  const { ask, exchange } = openStage();
  const [status, state] = await ask('GET', '/state');
  expect(status).toBe(200);
  expect(state).toMatchObject({
    ...{ pairs: ['BTC/USDT', 'ETH/USDT'], canTrade: true, faults: [], elapsedSeconds: 0 },
    users: [{ uid: 'U1', cash: 'cash1', keys: [{ canTrade: true }] }, { uid: 'U2' }],
    stats: { connections: { open: 0 } },
  });
  for (const user of exchange.users)
    for (const key of user.keys) expect(JSON.stringify(state)).not.toContain(key.revealSecret());
});

test('the state has the clocks, the faults, and how long keys are good for', async () => {
  const expiresAtMs = startMs + 60_000;
  const { ask, dialect, runtime } = openStage([{ keys: [{ expiresAtMs }] }, {}]);
  dialect.venue.market.start();
  runtime.pass(3_000);
  await ask('POST', '/faults', ['clock-skew@0,seconds=5', 'drop@9']);
  const [, state] = (await ask('GET', '/state')) as [number, { users: { keys: object[] }[] }];
  expect(state).toMatchObject({
    ...{ timeMs: startMs + 8_000, elapsedSeconds: 3 },
    faults: [
      { id: 1, fault: { kind: 'clock-skew' } },
      { id: 2, state: 'planned' },
    ],
  });
  expect(state.users.map(({ keys }) => keys)).toEqual([
    [expect.objectContaining({ expiresAtMs })],
    [expect.not.objectContaining({ expiresAtMs: expect.anything() as unknown })],
  ]);
});

test('while a recording is played it says so, and nothing can be done to accounts', async () => {
  const simulator = await startReplay({}, { adminPort: 0 });
  const { adminUrl = '' } = simulator.endpoints;
  expect(await (await fetch(`${adminUrl}/state`)).json()).toMatchObject({
    ...{ canTrade: false, pairs: replaySymbols },
  });
  const deposit = await fetch(`${adminUrl}/deposits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uid: simulator.users[0]?.uid, asset: 'USDT', amount: '1' }),
  });
  expect([deposit.status, await deposit.json()]).toEqual([
    400,
    { error: expect.stringContaining('nothing can be traded while a recording is played') as unknown },
  ]);
});

test('faults come as text, as objects and in lists, and are ended by their number', async () => {
  const { ask, exchange } = openStage();
  expect(await ask('POST', '/faults', 'http-error@0,status=500')).toEqual([
    200,
    { ids: [1], states: [{ id: 1, state: 'active', waitsFor: 'requests that it fits' }] },
  ]);
  const list = ['halt@0:BTC/USDT', { kind: 'refused-upgrade', atSeconds: 0, status: 401 }, 'drop@9'];
  expect(await ask('POST', '/faults', list)).toEqual([
    200,
    {
      ids: [2, 3, 4],
      states: [
        { id: 2, state: 'active' },
        { id: 3, state: 'active' },
        {
          id: 4,
          state: 'planned',
          waitsFor: expect.stringMatching(/^the first depth subscription/) as unknown,
        },
      ],
    },
  ]);
  const [, { faults, fired }] = (await ask('GET', '/faults')) as [
    number,
    { faults: object[]; fired: object },
  ];
  expect(faults).toMatchObject([
    { id: 1, state: 'active', fault: { kind: 'http-error' } },
    { id: 2, fault: { symbol: 'BTC/USDT' } },
    { id: 3, fault: { status: 401 } },
    { id: 4, state: 'planned' },
  ]);
  expect(fired).toMatchObject({ halt: 1, 'http-error': 0 });
  const request = { path: '/stream', address: '127.0.0.1', headers: new Headers() };
  expect(exchange.streams.refusalOf(request)).toEqual({ refusedWith: 401 });
  expect(await ask('DELETE', '/faults/3')).toEqual([200, { ended: 3 }]);
  expect(exchange.streams.refusalOf(request)).toBeUndefined();
  expect(await ask('DELETE', '/faults/3')).toMatchObject([404, { error: /no fault 3/ }].map(matching));
  expect(await ask('DELETE', '/faults/x')).toMatchObject([404, {}]);
});

function matching(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, pattern]) => [
      name,
      expect.stringMatching(pattern as RegExp) as unknown,
    ]),
  );
}

test.each([
  ['POST', '/faults', 'explode@0', /expected a kind of fault, got "explode"/],
  ['POST', '/faults', 5, /expected a fault as an object or as text/],
  [
    'POST',
    '/faults',
    { kind: 'drop' },
    /expected atSeconds to be a number from 0 to 1000000000, got nothing/,
  ],
  ['POST', '/faults', { kind: 'drop', atSeconds: 0, color: 'red' }, /drop: expected no color/],
  [
    'POST',
    '/faults',
    { kind: 'halt', atSeconds: 0, symbol: null },
    /halt: expected symbol to be text.*, got null/,
  ],
  ['POST', '/faults', ['halt@0', 'halt@0:NO/PE'], /a symbol that has a market here, got "NO\/PE"/],
  ['POST', '/faults', ['drop@0', 'halt@0:NO/PE'], /a symbol that has a market here, got "NO\/PE"/],
  ['POST', '/faults', ['halt@0', 'foreign-order@0'], /book of BTC\/USDT is empty/],
  ['POST', '/scenarios', { seconds: 5 }, /seed: expected a number or text, got nothing/],
  ['POST', '/scenarios', { seed: 1 }, /seconds: expected a number above 0, up to 1000000000, got nothing/],
  ['POST', '/scenarios', { seed: 1, seconds: 5, kinds: 'drop' }, /kinds: expected a list/],
  ['POST', '/deposits', { uid: 'U1', asset: 'USDT' }, /amount: expected text, got nothing/],
  ['POST', '/deposits', { uid: 'U1', asset: 'USDT', amount: '-1' }, /amount: expected a decimal above 0/],
  ['POST', '/deposits', { uid: 'U1', asset: 'USDT', amount: '0.00' }, /amount: expected a decimal above 0/],
  [
    'POST',
    '/deposits',
    { uid: 'U9', asset: 'USDT', amount: '1' },
    /account: expected one of cash1, cash2, got U9/,
  ],
  ['POST', '/deposits', [], /expected an object/],
  ['POST', '/deposits', null, /expected an object/],
  ['POST', '/deposits', { uid: 'U1', asset: 'USDT', amount: '0.0000000001' }, /of at most nine places/],
  ['POST', '/deposits', { asset: 'USDT', amount: '1' }, /account or uid: expected text, got nothing/],
  [
    'POST',
    '/deposits',
    { uid: 'U1', asset: 'USDT', amount: '1000000000000000' },
    /amount: expected a decimal above 0 and below 10\^15/,
  ],
  [
    'POST',
    '/faults',
    { kind: 'foreign-money', atSeconds: 5, asset: 'XYZ' },
    /foreign-money: expected an asset that is listed here \(BTC, USDT, ETH\), got "XYZ"/,
  ],
  [
    'POST',
    '/withdrawals',
    { uid: 'U1', asset: 'USDT', amount: '9999999' },
    /no more than is available of USDT/,
  ],
  [
    'POST',
    '/status',
    { symbol: 'BTC/USDT', status: 'Halted' },
    /status: expected trading or cancel-only or halted, got "Halted"/,
  ],
  [
    'POST',
    '/status',
    { symbol: 'NO/PE', status: 'halted' },
    /symbol: expected one that is listed, got NO\/PE/,
  ],
  [
    'POST',
    '/orders',
    { uid: 'U1', symbol: 'BTC/USDT', side: 'buy', amount: '0.01' },
    /because the book is empty/,
  ],
  [
    'POST',
    '/orders',
    { uid: 'U1', symbol: 'BTC/USDT', side: 'buy', amount: '0.0000001', price: '1' },
    /amount: expected a multiple of 0.00001 above 0, at most \d+/,
  ],
  ['GET', '/truth/orders?limit=0', undefined, /limit: expected a whole number from 1 up, got 0/],
])('%s %s %j is refused and changes nothing', async (method, path, body, message) => {
  const { ask, exchange, dialect } = openStage();
  const [status, answer] = await ask(method, path, body);
  expect([status, answer]).toEqual([400, { error: expect.stringMatching(message) as unknown }]);
  expect(exchange.faults.states).toEqual([]);
  expect(exchange.faults.fired.drop).toBe(0);
  const nothing = { id: '1', clientId: '', account: 'cash1', symbol: 'BTC/USDT', side: 'buy' } as const;
  const refusal = dialect.venue.desk?.check({ ...nothing, kind: 'limit', sizeLots: 1, priceTicks: 0 });
  expect(refusal).toBe('invalid-price');
});

test('a scenario begins when it is asked for, and is the same for the same seed', async () => {
  const [first, second] = [openStage(), openStage()];
  const body = { seed: 7, seconds: 30, kinds: ['http-error', 'drop'], most: 6 };
  const [, drawn] = (await first.ask('POST', '/scenarios', body)) as [
    number,
    { ids: number[]; faults: string[] },
  ];
  second.dialect.venue.market.start();
  second.runtime.pass(100_000);
  const [, again] = (await second.ask('POST', '/scenarios', body)) as [number, { faults: string[] }];
  expect(again.faults).toEqual(drawn.faults);
  expect(drawn.ids.length).toBe(drawn.faults.length);
  for (const fault of drawn.faults) expect(fault).toMatch(/^(?:http-error|drop)@/);
  const starts = second.exchange.faults.states.map(({ fault }) => fault.atSeconds);
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(100);
  for (let seed = 0; seed < 5; seed += 1) {
    const [, one] = await first.ask('POST', '/scenarios', { seed, seconds: 30, most: 1 });
    expect(one).toMatchObject({ ids: [expect.any(Number)] });
  }
});

test('money, orders from elsewhere and the state of trading, and what is true of them', async () => {
  const { ask } = openStage();
  expect(await ask('POST', '/deposits', { account: 'cash1', asset: 'USDT', amount: '50.5' })).toMatchObject([
    200,
    {},
  ]);
  expect(await ask('POST', '/withdrawals', { uid: 'U2', asset: 'BTC', amount: '0.5' })).toMatchObject([
    200,
    {},
  ]);
  const order = {
    uid: 'U1',
    symbol: 'BTC/USDT',
    side: 'buy',
    amount: '0.01',
    price: '20000',
    clientId: 'web',
  };
  const [, { orderId }] = (await ask('POST', '/orders', order)) as [number, { orderId: string }];
  const sale = { account: 'cash2', symbol: 'BTC/USDT', side: 'sell', amount: '0.004' };
  await ask('POST', '/orders', sale);
  expect(await ask('GET', '/truth/orders?account=cash1')).toMatchObject([
    200,
    [{ orderId, clientId: 'web', phase: 'partly-filled', filled: '0.004', price: '20000' }],
  ]);
  expect(await ask('GET', '/truth/fills?account=cash2')).toMatchObject([
    200,
    [{ amount: '0.004', liquidity: 'taker' }],
  ]);
  expect(await ask('GET', '/truth/fills?limit=1')).toMatchObject([200, [{ account: 'cash2' }]]);
  expect(await ask('GET', '/truth/trades')).toMatchObject([200, [{ price: '20000', amount: '0.004' }]]);
  const [, balances] = (await ask('GET', '/truth/balances?account=cash2')) as [
    number,
    { asset: string; total: string }[],
  ];
  expect(balances.find(({ asset }) => asset === 'BTC')).toMatchObject({ total: '1.496' });
  expect(await ask('POST', '/status', { symbol: 'BTC/USDT', status: 'halted' })).toMatchObject([200, {}]);
  expect(await ask('POST', '/orders', order)).toMatchObject([
    400,
    { error: expect.stringContaining('not-trading') as unknown },
  ]);
  expect(await ask('POST', '/status', { symbol: 'BTC/USDT', status: 'trading' })).toMatchObject([200, {}]);
  expect(await ask('POST', '/orders', order)).toMatchObject([200, {}]);
});

test('an order without a price goes by the best opposite one', async () => {
  const { ask } = openStage();
  const order = { symbol: 'BTC/USDT', amount: '0.01' };
  await ask('POST', '/orders', { ...order, uid: 'U1', side: 'buy', price: '20000' });
  await ask('POST', '/orders', { ...order, uid: 'U2', side: 'sell', price: '30000' });
  expect(await ask('POST', '/orders', { ...order, uid: 'U1', side: 'buy' })).toMatchObject([200, {}]);
  expect(await ask('GET', '/truth/trades')).toMatchObject([200, [{ price: '30000', amount: '0.01' }]]);
});

test('books, requests, trades, streams and faults are told as they were', async () => {
  const { ask, exchange, runtime } = openStage();
  await ask('POST', '/orders', {
    uid: 'U1',
    symbol: 'BTC/USDT',
    side: 'buy',
    amount: '0.01',
    price: '20000',
  });
  await ask('POST', '/orders', {
    uid: 'U1',
    symbol: 'BTC/USDT',
    side: 'buy',
    amount: '0.02',
    price: '20001',
  });
  runtime.pass(1_000);
  await exchange.fetch(new Request('http://venue.test/time'), { address: '127.0.0.1' });
  await ask('POST', '/faults', 'drop@0');
  const nowhere = { path: '/nowhere', address: '127.0.0.1', headers: new Headers() };
  exchange.streams.refusalOf(nowhere);
  const [, book] = await ask('GET', '/truth/book?symbol=BTC/USDT');
  expect(book).toMatchObject({
    bids: [
      ['20001', '0.02'],
      ['20000', '0.01'],
    ],
    asks: [],
    symbol: 'BTC/USDT',
  });
  expect(await ask('GET', '/truth/book?symbol=X')).toMatchObject([404, {}]);
  expect(await ask('GET', '/truth/requests')).toMatchObject([200, [{ path: '/time', status: 200 }]]);
  expect(await ask('GET', '/truth/faults')).toMatchObject([200, [{ fault: { kind: 'drop' } }]]);
  expect(await ask('GET', '/truth/streams')).toMatchObject([200, [{ event: 'refused' }]]);
  expect(await ask('GET', '/truth/trades')).toEqual([200, []]);
});

test.each(['XYZ', 'constructor', '__proto__', 'toString'])('nobody can own %s', async (asset) => {
  const { ask } = openStage();
  for (const path of ['/deposits', '/withdrawals'])
    expect(await ask('POST', path, { uid: 'U1', asset, amount: '1' })).toEqual([
      400,
      { error: `asset: expected one of BTC, USDT, ETH, got ${asset}` },
    ]);
});

test('a fault that waits says for what, and one that is done says so', async () => {
  const { ask, dialect, runtime } = openStage();
  const states = async (...list: readonly string[]): Promise<unknown> =>
    ((await ask('POST', '/faults', list)) as [number, { states: unknown }])[1].states;
  expect(await states('drop@0', 'gap@0', 'lost-frame@0')).toEqual([
    { id: 1, state: 'over' },
    { id: 2, state: 'active', waitsFor: 'a depth message to a client that has the book' },
    { id: 3, state: 'active', waitsFor: 'messages that it fits' },
  ]);
  // It strikes subscriptions while it lasts, however many.
  expect(await states('lost-confirmation@0')).toEqual([{ id: 4, state: 'active' }]);
  dialect.venue.market.start();
  runtime.pass(3_000);
  const waitsFor = '9 seconds after the first depth subscription, 3 of which have passed';
  expect(await states('drop@9')).toEqual([{ id: 5, state: 'planned', waitsFor }]);
  expect(await ask('GET', '/faults')).toMatchObject([
    200,
    { faults: [{ id: 2 }, {}, {}, { id: 5, waitsFor }] },
  ]);
  const [, drawn] = (await ask('POST', '/scenarios', { seed: 1, seconds: 9 })) as [
    number,
    { ids: number[]; states: { id: number }[] },
  ];
  expect(drawn.states.map(({ id }) => id)).toEqual(drawn.ids);
});

test('an account is told by its name, whoever it was asked of', async () => {
  const { ask } = openStage();
  const deposit = { uid: 'U1', asset: 'USDT', amount: '1' };
  expect(await ask('POST', '/deposits', deposit)).toEqual([
    200,
    { account: 'cash1', asset: 'USDT', amount: '1' },
  ]);
  const order = { uid: 'U2', symbol: 'BTC/USDT', side: 'buy', amount: '0.01', price: '20000' };
  expect(await ask('POST', '/orders', order)).toMatchObject([200, { account: 'cash2' }]);
  await ask('POST', '/orders', { ...order, uid: 'U1' });
  for (const asked of ['uid=U2', 'account=U2', 'account=cash2'])
    expect(await ask('GET', `/truth/orders?${asked}`)).toMatchObject([200, [{ account: 'cash2' }]]);
  expect(await ask('GET', '/truth/orders?account=margin2')).toEqual([200, []]);
  for (const path of ['orders', 'fills', 'balances'])
    expect(await ask('GET', `/truth/${path}?account=zzz`)).toMatchObject([
      404,
      { error: expect.stringContaining('no account "zzz"') as unknown },
    ]);
});

test('only JSON is taken, and not too much of it', async () => {
  const { admin } = openStage();
  const post = (body: string, type: string): Response | Promise<Response> =>
    admin.fetch(
      new Request('http://localhost:1/faults', { method: 'POST', body, headers: { 'content-type': type } }),
    );
  expect((await post('"drop@0"', 'text/plain')).status).toBe(415);
  expect((await post('{', 'application/json')).status).toBe(400);
  expect((await post(`"${'x'.repeat(1 << 20)}"`, 'application/json')).status).toBe(413);
  expect((await post('"drop@0"', 'application/json; charset=utf-8')).status).toBe(200);
});

interface Asked {
  readonly host?: string;
  readonly origin?: string;
  readonly address?: string;
}

/** The status of a request to the port, or why there is none. */
function statusOf(listener: AdminListener, { host, origin, address = '127.0.0.1' }: Asked): Promise<unknown> {
  const { port } = new URL(listener.url);
  const headers = { ...(host === undefined ? {} : { host }), ...(origin === undefined ? {} : { origin }) };
  return new Promise((resolve) => {
    const request = httpRequest({ host: address, port, path: '/', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    request.end();
  });
}

test('nobody but this machine reaches it, and no page of another name', async () => {
  const { admin } = openStage();
  const listener = await listenAdmin(admin, 0);
  open.push(listener.close);
  const { port } = new URL(listener.url);
  expect(listener.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await statusOf(listener, {})).toBe(200);
  expect(await statusOf(listener, { host: `localhost:${port}` })).toBe(200);
  expect(await statusOf(listener, { host: `evil.example:${port}` })).toBe(403);
  expect(await statusOf(listener, { host: '127.0.0.1.evil.example' })).toBe(403);
  expect(await statusOf(listener, { origin: 'http://evil.example' })).toBe(403);
  expect(await statusOf(listener, { origin: 'null' })).toBe(403);
  expect(await statusOf(listener, { host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(
    200,
  );
  const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  for (const { address, family, internal } of others)
    if (family === 'IPv4' && !internal) expect(await statusOf(listener, { address })).toBe('ECONNREFUSED');
  await expect(listenAdmin(admin, Number(port))).rejects.toMatchObject({ code: 'invalid-options' });
});

test('over its port, requests without a body are served as well', async () => {
  const { admin } = openStage();
  const listener = await listenAdmin(admin, 0);
  open.push(listener.close);
  const headers = { 'content-type': 'application/json' };
  const post = (body?: string): Promise<Response> =>
    fetch(`${listener.url}/faults`, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
  expect((await post('"mute@0"')).status).toBe(200);
  expect((await fetch(`${listener.url}/faults/1`, { method: 'DELETE' })).status).toBe(200);
  expect((await fetch(`${listener.url}/faults/1`, { method: 'DELETE' })).status).toBe(404);
  expect((await post()).status).toBe(400);
});
