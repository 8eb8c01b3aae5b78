import { createHmac } from 'node:crypto';
import { canaryCredentials, canaryIn } from '@venuekit/tooling-vitest/secret-canary';
import { expect, test } from 'vitest';
import { createAuthenticator, type SignedRequest } from '../src/dialect/ascendex/authentication.ts';
import type { ApiKeyOptions } from '../src/users/user-types.ts';
import { createAscendexStage, signHeaders, stageUser, worked } from './ascendex-stage.ts';

/** Prehash paths and signatures of the worked example: its secret at its time. */
const vectors = [
  ['info', 'q2kJxCpDaTSG7vKBgGEcbD9+MyyQsPu3fRtDz8STfLs='],
  ['balance', 'ZxlrJZqgq3enStzZcZsmRooqC6RIHbTHzTay3nE/BKs='],
  ['order', 'HxVE6ODWvAHPuNUq4q/xos2xg8A9hQqDBmeh3TgIa48='],
  ['order/all', 'saoXNavkBgcGRWkfhp/gmKuBxN4XeLt+wmUH3n9cQsI='],
  ['order/batch', '+XNXGhTZsxJ4QN7TQxsASs53e1x0AplPsRxVbIKy710='],
  ['order/status', 'T64ML4rIcNqZCmf5BCasEoMLemUegZ6cS58hfG5kbsQ='],
  ['order/open', '8BuaA5D95si57MhQhMjnWSXe4pcuXcafkl7+y1zpfpM='],
  ['order/hist/current', '07EnA1aFd56YOQiMEh6p+/nLDQ903Ogm05Y2Cq+ocL8='],
  ['fee', 's85+UW/pmVsbfLImW6Tw7dZ/wOeN9FWX6SOhpi3ONVU='],
  ['data/v2/order/hist', 'vBMbJy3qFUyfBI8uRF2rT9ESG2N+SFXSYlrSP4c0J+s='],
  ['data/v1/cash/balance/history', 'wEU4P+eTf7c6NL3fS7OoROD0DjimVFiO0I+hfVdFdBA='],
  ['stream', 'ZPYmEZ3hiJCSmWxx364xZXgteTUkVu7/K94lOsWDOfE='],
] as const;

interface Case extends ApiKeyOptions {
  readonly strictAuth?: boolean;
  readonly nowMs?: number;
}

function authenticator({ strictAuth = false, nowMs = worked.timeMs, ...given }: Case = {}) {
  const secret = given.secret ?? worked.secret;
  const key = {
    ...{ key: worked.key, canView: true, canTrade: true, canTransfer: true },
    ...{ expiresAtMs: undefined, allowedIps: [], ...given, revealSecret: () => secret },
  };
  const user = {
    ...{ uid: worked.uid, group: worked.group, email: '', vipLevel: 0, fees: { maker: '0', taker: '0' } },
    ...{ cash: 'csh', margin: 'mar', keys: [key] },
  };
  return createAuthenticator({
    users: { users: [user], find: (name) => (name === worked.key ? { user, key } : undefined) },
    clock: { now: () => nowMs, monotonic: () => 0 },
    options: { strictAuth, authTimeWindowMs: 30_000 },
  });
}

function request(signature: string, changes: Partial<SignedRequest> = {}): SignedRequest {
  return {
    ...{ key: worked.key, timestamp: String(worked.timeMs), signature, prehashes: ['info'] },
    ...{ address: '10.0.0.1', need: undefined, ...changes },
  };
}

const infoSignature = vectors[0][1];

test.each(vectors)('worked example: %s is signed with %s', (prehash, signature) => {
  const verified = authenticator({ strictAuth: true }).verify(request(signature, { prehashes: [prehash] }));
  expect(verified.refusal).toBeUndefined();
  expect(verified).toMatchObject({ user: { uid: worked.uid }, key: { key: worked.key } });
});

const refusalCases: readonly [string, number, Partial<SignedRequest>, Case?][] = [
  ['no key', 100009, { key: undefined }],
  ['no timestamp', 100009, { timestamp: undefined }],
  ['an empty signature', 100009, { signature: '' }],
  ['an unknown key', 200001, { key: 'nobody' }],
  ['an unknown key at the wrong time: the key is judged first', 200001, { key: 'nobody', timestamp: '1' }],
  ['a timestamp that is no number', 100011, { timestamp: '12x' }],
  [
    'a timestamp too early, before the signature is looked at',
    100011,
    { signature: 'x' },
    { nowMs: worked.timeMs + 30_001 },
  ],
  ['a timestamp too late', 100011, {}, { nowMs: worked.timeMs - 30_001 }],
  ['another signature', 200001, { signature: infoSignature.replace('q', 'Q') }],
  ['another path', 200001, { prehashes: ['balance'] }],
  ['an expired key', 200001, {}, { expiresAtMs: worked.timeMs }],
  ['another address', 200015, {}, { allowedIps: ['10.0.0.2'] }],
  ['no right to trade', 200015, { need: 'trade' }, { canTrade: false }],
  ['no right to view', 200015, { need: 'view' }, { canView: false }],
  ['no right to transfer', 200015, { need: 'transfer' }, { canTransfer: false }],
  ['another group', 200006, { group: String(worked.group + 1) }],
  ['the group with zeros in front', 200006, { group: `00${worked.group}` }],
  [
    'a key that may not, of another group: the right is judged first',
    200015,
    { need: 'trade', group: '8' },
    { canTrade: false },
  ],
];

test.each(refusalCases)(
  'our choice of codes and of their order: %s is refused with %i',
  (_, code, changes, given) => {
    const verified = authenticator(given).verify(request(infoSignature, changes));
    expect(verified.refusal?.code).toBe(code);
  },
);

test.each([
  ['exactly 30 seconds early', { nowMs: worked.timeMs + 30_000 }, {}],
  ['exactly 30 seconds late', { nowMs: worked.timeMs - 30_000 }, {}],
  ['an address that is on the list', { allowedIps: ['10.0.0.1'] }, {}],
  ['a key that has not expired yet', { expiresAtMs: worked.timeMs + 1 }, {}],
  ['the own group', {}, { group: String(worked.group) }],
])('documented: %s is taken', (_, given, changes) => {
  expect(authenticator(given).verify(request(infoSignature, changes)).refusal).toBeUndefined();
});

/** The signature of a client that takes the secret for base64. */
function decodedSignature(path: string): string {
  const bytes = Buffer.from(worked.secret, 'base64');
  return createHmac('sha256', bytes).update(`${worked.timeMs}+${path}`).digest('base64');
}

test.each([
  ['the decoded secret, as a known client and the official demo sign', decodedSignature('info'), ['info']],
  ['the second path of two, as clients of the other stream do', infoSignature, ['v2/info', 'info']],
])('seen by clients, switchable: %s', (_, signature, prehashes) => {
  const changes = { prehashes };
  expect(authenticator().verify(request(signature, changes)).refusal).toBeUndefined();
  expect(authenticator({ strictAuth: true }).verify(request(signature, changes)).refusal?.code).toBe(200001);
});

test('the secret is in no answer, whatever is asked', () => {
  const { secret } = canaryCredentials;
  const judge = authenticator({ secret });
  for (const [, , changes] of refusalCases) {
    const verified = judge.verify(request(infoSignature, changes));
    expect(verified.refusal === undefined ? undefined : canaryIn(verified)).toBeUndefined();
  }
});

test('our choice, switchable: refused signatures have HTTP 200, 401 or 403', async () => {
  for (const authErrorHttpStatus of [200, 401, 403] as const) {
    const stage = await createAscendexStage({ choices: { authErrorHttpStatus } });
    const answer = await stage.signed('GET', '/api/pro/v1/info', { prehash: 'other' });
    expect(answer.status).toBe(authErrorHttpStatus);
    expect(answer.body).toEqual({
      code: 200001,
      reason: 'AUTHENTICATION_FAILED',
      message: expect.any(String),
    });
  }
});

test('documented: what a key may do decides what it is served', async () => {
  const keys = [{ key: worked.key, secret: worked.secret, canTrade: false, canTransfer: false }];
  const stage = await createAscendexStage({ users: [{ ...stageUser, keys }] });
  expect((await stage.signed('GET', '/~/api/pro/v1/cash/balance')).body.code).toBe(0);
  const before = stage.picture();
  expect((await stage.place()).body.code).toBe(200015);
  const transfer = { amount: '1', asset: 'USDT', fromAccount: 'cash', toAccount: 'margin' };
  const moved = await stage.signed('POST', '/~/api/pro/v1/transfer', { body: transfer });
  expect(moved.body.code).toBe(200015);
  expect(stage.picture()).toEqual(before);
});

test('documented: the group in the path must be the account’s, and private paths need one', async () => {
  const stage = await createAscendexStage();
  expect((await stage.signed('GET', '/8/api/pro/v1/cash/balance')).body.code).toBe(200006);
  for (const path of [
    '/api/pro/v1/cash/balance',
    '/x/api/pro/v1/cash/balance',
    '/~/api/pro/v1/futures/balance',
  ]) {
    expect((await stage.signed('GET', path)).status).toBe(404);
  }
  expect((await stage.get(`/${worked.group}/api/pro/v1/cash/balance`)).body.code).toBe(100009);
});

test('a group is compared as text, as on the stream', async () => {
  const stage = await createAscendexStage();
  const path = `/00${worked.group}/api/pro/v1/cash/balance`;
  expect((await stage.signed('GET', path)).body.code).toBe(200006);
});

test('documented: group 0 is a group like any other', async () => {
  for (const group of [0, 10]) {
    const stage = await createAscendexStage({ users: [{ ...stageUser, group }] });
    for (const path of ['cash/balance', 'cash/order/open', 'spot/fee', 'margin/balance']) {
      const prehash = path.replace(/^(?:cash|margin|spot)\//, '');
      expect((await stage.signed('GET', `/${group}/api/pro/v1/${path}`, { prehash })).body.code, path).toBe(
        0,
      );
    }
    const order = { time: worked.timeMs, symbol: 'ASD/USDT', orderPrice: '0.0712', orderQty: '500' };
    const body = { ...order, orderType: 'limit', side: 'buy' };
    expect((await stage.signed('POST', `/${group}/api/pro/v1/cash/order`, { body })).body.code).toBe(0);
  }
});

test('the worked signature opens the account', async () => {
  const stage = await createAscendexStage();
  const headers = signHeaders('info', worked.timeMs);
  expect(headers['x-auth-signature']).toBe(infoSignature);
  const { body } = await stage.signed('GET', '/api/pro/v1/info', { headers });
  expect(body).toEqual({
    code: 0,
    data: {
      ...{ accountGroup: 7, email: 'ann@example.test', expireTime: -1, allowedIps: [] },
      ...{ cashAccount: [stage.cash], marginAccount: [stage.margin], futuresAccount: [] },
      ...{ userUID: worked.uid, viewPermission: true, tradePermission: true, transferPermission: true },
    },
  });
  expect([stage.cash, stage.margin]).toEqual([
    expect.stringMatching(/^csh\w{29}$/),
    expect.stringMatching(/^mar\w{29}$/),
  ]);
});
