import { expect, test } from 'vitest';
import { type ConnectOptions, credentials, sign, type VenueCase, venueCase } from './stream-venue.ts';

interface LoginParts {
  readonly connect?: ConnectOptions;
  readonly secret?: string | Buffer;
  readonly prehash?: string;
  readonly message?: object;
}

/** The answer to a login. */
function logIn(
  venue: VenueCase,
  { connect, secret = credentials.secret, prehash = 'stream', message }: LoginParts = {},
) {
  const client = venue.connect(connect);
  const t = venue.now();
  const sig = sign(secret as string, `${t}+${prehash}`);
  return client.ask({ op: 'auth', id: 'a1', t, key: credentials.key, sig, ...message })[0];
}

const success = { m: 'auth', id: 'a1', code: 0 };

test('worked example of the protocol: the printed signature logs in', () => {
  const message = { t: 1_767_225_600_123, sig: 'ZPYmEZ3hiJCSmWxx364xZXgteTUkVu7/K94lOsWDOfE=' };
  expect(logIn(venueCase(), { message })).toEqual(success);
});

test('seen in ccxt: the time may be text', () => {
  expect(logIn(venueCase(), { message: { t: '1767225600123' } })).toEqual(success);
});

test.each([
  ['documented', 'stream', '/4/api/pro/v1/stream'],
  ['seen in ccxt with a v1 URL', 'v1/stream', '/4/api/pro/v1/stream'],
  ['seen in ccxt', 'v2/stream', '/4/api/pro/v2/stream'],
  ['the same client may sign the v1 path on v2', 'stream', '/4/api/pro/v2/stream'],
])('%s: %s is signed at %s', (_evidence, prehash, path) => {
  expect(logIn(venueCase(), { prehash, connect: { path } })).toEqual(success);
});

test('seen in ccxt: the secret as base64 is a key, too; with strictAuth only the documented form is', () => {
  const secret = Buffer.from(credentials.secret, 'base64');
  expect(logIn(venueCase(), { secret })).toEqual(success);
  const strict = venueCase({ choices: { strictAuth: true } });
  expect(logIn(strict)).toEqual(success);
  expect(logIn(strict, { secret })).toMatchObject({ code: 200001 });
  expect(logIn(strict, { prehash: 'v1/stream' })).toMatchObject({ code: 200001 });
  const connect = { path: '/4/api/pro/v2/stream' };
  expect(logIn(strict, { prehash: 'v2/stream', connect })).toEqual(success);
  expect(logIn(strict, { prehash: 'stream', connect })).toMatchObject({ code: 200001 });
});

test.each([
  ['a query', '/4/api/pro/v1/stream?x=/v2/', 'stream'],
  ['a query', '/4/api/pro/v2/stream?x=/v1/', 'v2/stream'],
  ['a query without a slash at its end', '/4/api/pro/v2/stream?v1', 'v2/stream'],
])('the version of the path decides what is signed, and not %s: %s', (_name, path, prehash) => {
  const venue = venueCase({ choices: { strictAuth: true } });
  expect(logIn(venue, { connect: { path }, prehash })).toEqual(success);
});

test('documented: ready is echoed, and holds for as long as the session lives', () => {
  const venue = venueCase();
  const client = venue.connect();
  const t = venue.now();
  const login = { op: 'auth', t, key: credentials.key, sig: sign(credentials.secret, `${t}+stream`) };
  expect(client.ask({ ...login, id: 'a1', ack: 'ready' })).toEqual([{ ...success, ack: 'ready' }]);
  expect(client.ask({ ...login, id: 'a2' })).toEqual([{ m: 'auth', id: 'a2', code: 0, ack: 'ready' }]);
});

test.each([
  ['without account group in the path', { connect: { path: '/api/pro/v1/stream' } }, 200006],
  ['in the group of another', { connect: { path: '/5/api/pro/v1/stream' } }, 200006],
  ['in the group with zeros in front', { connect: { path: '/004/api/pro/v1/stream' } }, 200006],
  ['in what is no group', { connect: { path: '/x/api/pro/v1/stream' } }, 200006],
  ['with another path signed', { prehash: 'info' }, 200001],
  ['with a key that nobody has', { message: { key: 'nobody' } }, 200001],
  ['without a signature', { message: { sig: undefined } }, 200001],
  ['without a time', { message: { t: undefined } }, 200001],
  ['with an old time', { message: { t: 1_767_225_570_122 } }, 100011],
  ['with a time from the future', { message: { t: 1_767_225_630_124 } }, 100011],
] as const)('our choice of codes: a login %s fails, and the session stays', (_name, parts, code) => {
  const venue = venueCase();
  const reply = logIn(venue, parts);
  expect(reply).toEqual({ m: 'auth', id: 'a1', code, err: expect.any(String) });
  expect(JSON.stringify(reply)).not.toContain(credentials.secret.slice(0, 9));
});

test('documented: what a failed login would have opened stays shut', () => {
  const venue = venueCase();
  const client = venue.connect();
  client.send({ op: 'auth', t: venue.now(), key: credentials.key, sig: 'none' });
  for (const ch of ['order:cash', 'depth-realtime:ASD/USDT'])
    expect(client.ask({ op: 'sub', id: 's', ch })).toMatchObject([{ m: 'error', id: 's', code: 100009 }]);
});

test('a session belongs to one customer', () => {
  const venue = venueCase({
    users: [
      { group: 4, keys: [credentials] },
      { group: 4, keys: [{ key: 'otherKey', secret: 'otherSecret' }] },
    ],
  });
  const client = venue.connect();
  client.logIn();
  const t = venue.now();
  const message = { op: 'auth', id: 'a2', t, key: 'otherKey', sig: sign('otherSecret', `${t}+stream`) };
  expect(client.ask(message)).toMatchObject([{ m: 'auth', id: 'a2', code: 200006 }]);
});

test('our choice, switchable: after ten failed logins in a minute, none of the address is looked at', () => {
  const venue = venueCase();
  const fail = () => logIn(venue, { message: { sig: 'none' } });
  for (let count = 0; count < 10; count += 1) expect(fail()).toMatchObject({ code: 200001 });
  expect(fail()).toMatchObject({ code: 200002 });
  expect(logIn(venue)).toMatchObject({ code: 200002 });
  expect(logIn(venue, { connect: { address: '10.0.0.2' } })).toEqual(success);
  expect(venue.refusal({ headers: headersOf(venue) })).toBe(429);
  venue.runtime.pass(60_000);
  expect(logIn(venue)).toEqual(success);
  const lenient = venueCase({ choices: { limits: { failedLogins: 2 } } });
  for (let count = 0; count < 2; count += 1) logIn(lenient, { message: { sig: 'none' } });
  expect(logIn(lenient)).toMatchObject({ code: 200002 });
});

function headersOf(venue: VenueCase, prehash = 'stream'): Record<string, string> {
  const time = String(venue.now());
  return {
    'x-auth-key': credentials.key,
    'x-auth-timestamp': time,
    'x-auth-signature': sign(credentials.secret, `${time}+${prehash}`),
  };
}

test('seen in Hummingbot: headers of the upgrade log in, and the greeting says so', () => {
  const venue = venueCase();
  const headers = headersOf(venue);
  expect(venue.refusal({ headers })).toBeUndefined();
  const client = venue.connect({ headers });
  expect(client.heard()).toEqual([{ m: 'connected', type: 'auth' }]);
  expect(client.ask({ op: 'sub', id: 's', ch: 'order:cash' })).toMatchObject([{ m: 'sub', code: 0 }]);
});

test.each([
  ['a wrong signature', { 'x-auth-signature': 'none' }, undefined, 401],
  ['no signature', { 'x-auth-signature': '' }, undefined, 401],
  ['an old time', { 'x-auth-timestamp': '1' }, undefined, 401],
  ['another group', {}, '/5/api/pro/v1/stream', 401],
  [
    'no group in the path: there, headers do not matter',
    { 'x-auth-signature': 'x' },
    '/api/pro/v1/stream',
    undefined,
  ],
])('documented refusal, status our choice: headers with %s', (_name, change, path, status) => {
  const venue = venueCase();
  const headers = { ...headersOf(venue), ...change };
  expect(venue.refusal({ headers, ...(path && { path }) })).toBe(status);
});

test('our choice: without a group in the path nobody has logged in', () => {
  const venue = venueCase();
  const client = venue.connect({ path: '/api/pro/v1/stream', headers: headersOf(venue) });
  expect(client.heard()).toEqual([{ m: 'connected', type: 'unauth' }]);
});

test('a key that may not view hears nothing of the account, and one that may not trade does not trade', () => {
  const venue = venueCase({
    users: [{ group: 4, keys: [{ ...credentials, canView: false, canTrade: false }] }],
  });
  const client = venue.connect();
  client.logIn();
  for (const message of [
    { op: 'sub', id: 'x', ch: 'order:cash' },
    { op: 'req', id: 'x', action: 'open-order' },
  ])
    expect(client.ask(message)).toMatchObject([{ m: 'error', id: 'x', code: 200015 }]);
  const [refusal] = client.ask({ op: 'req', action: 'cancel-all', args: {} });
  expect(refusal).toMatchObject({ m: 'order', action: 'cancel-all', status: 'Err', info: { code: 200015 } });
});
