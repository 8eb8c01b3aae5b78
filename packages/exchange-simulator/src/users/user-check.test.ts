import { canaryCredentials, canaryIn } from '@venuekit/tooling-vitest/secret-canary';
import { expect, test } from 'vitest';
import { checkUsers } from './user-check.ts';
import type { UserOptions } from './user-types.ts';

const assets = new Set(['BTC', 'USDT']);
const { secret } = canaryCredentials;

test('users that can be are taken, digit for digit', () => {
  const users: readonly UserOptions[] = [
    {},
    {
      ...{ uid: 'U1', group: 0, email: 'a@b.test', vipLevel: 9, fees: { maker: '-0.0001', taker: '0.001' } },
      ...{ balances: { BTC: '0.000000001', USDT: '0' }, marginBalances: { USDT: '5' } },
      keys: [{ key: 'a-_9', secret: '!~', canTrade: false, expiresAtMs: 0, allowedIps: ['::1', '10.0.0.1'] }],
    },
  ];
  expect(() => checkUsers(users, assets)).not.toThrow();
});

test.each([
  [{ balances: { ETH: '1' } }, 'users[0].balances: expected assets among BTC, USDT, got "ETH"'],
  [
    { marginBalances: { constructor: '1' } },
    'marginBalances: expected assets among BTC, USDT, got "constructor"',
  ],
  [{ balances: JSON.parse('{"__proto__":"1"}') as unknown }, 'got "__proto__"'],
  [{ balances: { BTC: 5 } }, 'users[0].balances.BTC: expected a decimal from 0 up as text, got 5, a number'],
  [{ balances: { BTC: '-1' } }, 'users[0].balances.BTC: expected a decimal from 0 up as text, got "-1"'],
  [{ balances: { BTC: '1e3' } }, 'users[0].balances.BTC: expected a decimal of at most 9 places, got 1e3'],
  [{ balances: [] }, 'users[0].balances: expected an object, got a list of 0'],
  [{ uid: 'U 1' }, 'users[0].uid: expected text of 1 to 64 letters and digits, got "U 1"'],
  [{ uid: 7 }, 'users[0].uid: expected text of 1 to 64 letters and digits, got 7, a number'],
  [{ email: '' }, 'users[0].email: expected text that is not empty, got ""'],
  [{ group: 1_000 }, 'users[0].group: expected a whole number from 0 to 999, got 1000'],
  [{ group: '1' }, 'users[0].group: expected a whole number from 0 to 999, got "1", text'],
  [{ vipLevel: 0.5 }, 'users[0].vipLevel: expected a whole number from 0 up, got 0.5'],
  [{ fees: { maker: '0' } }, 'users[0].fees.taker: expected a decimal as text, got nothing'],
  [{ keys: {} }, 'users[0].keys: expected a list, got an empty object'],
  [{ keys: [{ key: 'a b' }] }, 'users[0].keys[0].key: expected text of 1 to 64 letters, digits, - and _'],
  [{ keys: [{}, { key: '' }] }, 'users[0].keys[1].key: expected text'],
  [{ keys: [{ expiresAtMs: 1.5 }] }, 'expiresAtMs: expected a whole number of milliseconds, got 1.5'],
  [{ keys: [{ expiresAtMs: '1' }] }, 'expiresAtMs: expected a whole number of milliseconds, got "1", text'],
  [{ keys: [{ allowedIps: ['10.0.0.256'] }] }, 'allowedIps: expected IP addresses, got "10.0.0.256"'],
  [{ keys: [{ allowedIps: '10.0.0.1' }] }, 'allowedIps: expected a list, got text'],
  [{ keys: [{ canTrade: 'no' }] }, 'canTrade: expected true or false, got "no", text'],
  [{ keys: [{ canView: 1 }] }, 'canView: expected true or false, got 1'],
  [{ keys: [{ canTransfer: null }] }, 'canTransfer: expected true or false, got null'],
  [{ uid: 'U'.repeat(65) }, 'users[0].uid: expected text of 1 to 64 letters and digits'],
  [{ keys: [{ key: 'k'.repeat(65) }] }, 'users[0].keys[0].key: expected text of 1 to 64 letters'],
  [{ keys: [{ secret: 's'.repeat(129) }] }, 'users[0].keys[0].secret: expected text of 1 to 128 printable'],
  [{ keys: [{ secret: '' }] }, 'users[0].keys[0].secret: expected text of 1 to 128 printable'],
  [{ balance: { BTC: '1' } }, 'users[0]: expected only uid, group, email, balances,'],
  [{ balance: { BTC: '1' } }, 'got "balance"; the nearest is balances'],
  [{ keys: [{}, { cantrade: false }] }, 'users[0].keys[1]: expected only key, secret, canView, canTrade,'],
  [{ keys: [{}, { cantrade: false }] }, 'got "cantrade"; the nearest is canTrade'],
  [null, 'users[0]: expected an object, got null'],
])('%j is refused', (user, message) => {
  expect(() => checkUsers([user], assets)).toThrow(message);
  expect(() => checkUsers([user], assets)).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});

test.each([
  ['under a misspelt name', { keys: [{ secert: secret }] }, 'got "secert"; the nearest is secret'],
  ['beside a misspelt name', { keys: [{ secret, cantrade: false }] }, 'got "cantrade"'],
  ['in place of a key', { keys: [secret] }, 'users[0].keys[0]: expected an object'],
  ['in place of the keys', { keys: secret }, 'users[0].keys: expected a list'],
  ['in place of a user', secret, 'users[0]: expected an object'],
])('a secret %s is not shown', (_, user, message) => {
  const error = errorOf(() => checkUsers([user]));
  expect(error).toMatchObject({ code: 'invalid-options', message: expect.stringContaining(message) });
  expect(canaryIn(error)).toBeUndefined();
});

function errorOf(check: () => void): unknown {
  try {
    check();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('the place of a user is its group, so a list of more than 999 needs groups', () => {
  const users: readonly UserOptions[] = Array.from({ length: 1_000 }, () => ({}));
  expect(() => checkUsers(users.slice(1))).not.toThrow();
  expect(() => checkUsers([...users.slice(1), { group: 0 }])).not.toThrow();
  expect(() => checkUsers(users)).toThrow(
    'users[999].group: expected a whole number from 0 to 999, got 1000',
  );
});

test('a secret of another form is refused and not shown', () => {
  const secret = 'hush hush';
  const check = (): void => checkUsers([{ keys: [{ secret }] }]);
  expect(check).toThrow(/users\[0\]\.keys\[0\]\.secret: expected text of 1 to 128 printable ASCII/);
  expect(check).not.toThrow(secret);
});
