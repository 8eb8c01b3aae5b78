import { expect, test } from 'vitest';
import { createExchangeSimulator } from '../src/index.ts';
import type { ApiKeyOptions, UserOptions } from '../src/users/user-types.ts';
import { type AscendexStage, createAscendexStage, stageUser, worked } from './ascendex-stage.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';

function stageOf(user: UserOptions, key: ApiKeyOptions = {}): Promise<AscendexStage> {
  const keys = [{ key: worked.key, secret: worked.secret, ...key }];
  return createAscendexStage({ users: [{ ...stageUser, ...user, keys }] });
}

test('a user pays fees of its own, and is told them and its level', async () => {
  const fees = { maker: '-0.0001', taker: '0.0005' };
  const stage = await stageOf({ fees, vipLevel: 3 });
  const { data } = (await stage.signed('GET', '/~/api/pro/v1/spot/fee')).body;
  expect([data.vipLevel, data.productFee[0]]).toEqual([3, { symbol: 'ASD/USDT', fee: fees }]);
  stage.rest('sell', '100', '0.0700');
  await stage.place({ orderQty: '200', orderPrice: '0.0700' });
  expect(stage.balance('USDT')[0]).toBe('992.9965');
  stage.rest('sell', '100', '0.0700');
  expect(stage.balance('USDT')[0]).toBe('985.9972');
});

test('a user without fees of its own pays those of the venue', async () => {
  const fees = { maker: '0.0003', taker: '0.0004' };
  const market = { kind: 'synthetic', seed: 1, pairs: 1, traders: false } as const;
  const own = { maker: '0', taker: '0.0001' };
  const runtime = createHandMadeRuntime();
  await using simulator = createExchangeSimulator({ market, fees, runtime, users: [{}, { fees: own }] });
  expect(simulator.users.map((user) => user.fees)).toEqual([fees, own]);
});

test('a key is good until it expires, and says when', async () => {
  const expiresAtMs = worked.timeMs + 5_000;
  const stage = await stageOf({}, { expiresAtMs });
  const ask = async () => (await stage.signed('GET', '/api/pro/v1/info')).body;
  stage.runtime.pass(4_999);
  expect(await ask()).toMatchObject({ code: 0, data: { expireTime: expiresAtMs } });
  stage.runtime.pass(1);
  expect(await ask()).toMatchObject({ code: 200001 });
});

test('a key is good from its addresses alone, and says them', async () => {
  const allowedIps = ['10.0.0.1', '::1'];
  const stage = await stageOf({}, { allowedIps });
  const ask = async (address: string) => (await stage.signed('GET', '/api/pro/v1/info', { address })).body;
  for (const address of allowedIps)
    expect(await ask(address)).toMatchObject({ code: 0, data: { allowedIps } });
  expect(await ask('10.0.0.2')).toMatchObject({ code: 200015 });
});

test.each([
  ['canView', 'GET', '/~/api/pro/v1/cash/balance', undefined],
  ['canTrade', 'DELETE', '/~/api/pro/v1/cash/order/all', {}],
  ['canTransfer', 'POST', '/~/api/pro/v1/transfer', {}],
] as const)('a key without %s is refused just that', async (right, method, path, body) => {
  const [without, only] = [
    await stageOf({}, { [right]: false }),
    await stageOf({}, { canView: false, canTrade: false, canTransfer: false, [right]: true }),
  ];
  const prehash = path.endsWith('order/all') ? { prehash: 'order/all' } : {};
  const ask = async (stage: AscendexStage) => (await stage.signed(method, path, { ...prehash, body })).body;
  expect((await ask(without)).code).toBe(200015);
  expect((await ask(only)).code).not.toBe(200015);
});

test('money of none is none: it neither comes nor is told', async () => {
  const stage = await stageOf({ balances: { USDT: '0', ASD: '5' }, marginBalances: { ASD: '0.0' } });
  expect([...stage.desk.balances(stage.cash).keys()]).toEqual(['ASD']);
  expect([...stage.desk.balances(stage.margin).keys()]).toEqual([]);
  expect(stage.desk.movements(stage.cash)).toHaveLength(1);
});

test('a user has one key with every right if nothing is said, and nobody has that of somebody else', async () => {
  const market = { kind: 'synthetic', seed: 1, pairs: 1, traders: false } as const;
  const runtime = createHandMadeRuntime();
  await using simulator = createExchangeSimulator({ market, runtime, users: [{}, { keys: [{}, {}] }] });
  expect(simulator.users.map(({ keys }) => keys.length)).toEqual([1, 2]);
  const keys = simulator.users.flatMap((user) => user.keys);
  const rights = { canView: true, canTrade: true, canTransfer: true, expiresAtMs: undefined, allowedIps: [] };
  for (const key of keys) {
    expect(key).toMatchObject({ ...rights, key: expect.stringMatching(/^[A-Za-z0-9]{32}$/) });
    expect(/^[A-Za-z0-9]{64}$/.test(key.revealSecret())).toBe(true);
  }
  const drawn = keys.flatMap((key) => [key.key, key.revealSecret().slice(0, 32)]);
  expect(new Set(drawn).size).toBe(6);
  const names = simulator.users.flatMap(({ uid, cash, margin, email }) => [uid, cash, margin, email]);
  expect(new Set(names).size).toBe(8);
});
