import { describe, expect, test } from 'vitest';
import { hasCredentials, isCredentialName, isLogin } from './credential-names.ts';

describe('a name', () => {
  test.each([
    ...[
      'key',
      'Keys',
      'apiKey',
      'API-KEY',
      'x-auth-key',
      'X-MBX-APIKEY',
      'access_key',
      'listenKey',
      'pubKey',
    ],
    ...['sig', 'sign', 'signature', 'x-auth-signature', 'signed'],
    ...['secret', 'clientSecret', 'token', 'accessToken', 'jwt', 'otp'],
    ...['password', 'passphrase', 'passwd', 'pwd', 'Authorization', 'Cookie', 'set-cookie', 'auth'],
  ])('that may hold a secret is one: %s', (name) => {
    expect(isCredentialName(name)).toBe(true);
  });

  test.each(['m', 'symbol', 'data', 'ts', 'seqnum', 'asks', 'bids', 'bm', 'monkey', 'design', 'type', 'id'])(
    'of market data is none: %s',
    (name) => {
      expect(isCredentialName(name)).toBe(false);
    },
  );
});

describe('a text', () => {
  test.each([
    '{"key":"k"}',
    '{"a":[{"b":{"apiKey" : null}}]}',
    '{"\\u006bey":"k"}',
    '{"key":"k","key":"x","a":1}',
    '{"a":"x\\"","token":1}',
    '{"a":"\\\\","sig":1}',
    '[1,{"x":"key"},{"signature":\t"s"}]',
  ])('with such a field has credentials: %s', (json) => {
    expect(hasCredentials(json)).toBe(true);
  });

  test.each(['{"a":"key"}', '{"a":["token","sig"]}', '{"a":"\\"key\\":1"}', '{"type":"unauth"}', '[]'])(
    'with such a value has none: %s',
    (json) => {
      expect(hasCredentials(json)).toBe(false);
    },
  );

  test('of 16 MiB that is one string is read at once', () => {
    expect(hasCredentials(`{"token_":"${'\\\\'.repeat(4_000_000)}","key":1}`)).toBe(true);
  });
});

test.each([
  [{ op: 'auth' }, true],
  [{ op: 'AUTH' }, true],
  [{ method: 'session.logon' }, true],
  [{ type: 'login' }, true],
  [{ event: 'public/auth' }, true],
  [{ op: 'sub', ch: 'depth:AUTH/USDT' }, false],
  [{ type: 'unauth' }, false],
  [{ op: 'ping' }, false],
])('%o asks to be let in: %s', (message, expected) => {
  expect(isLogin(message)).toBe(expected);
});
