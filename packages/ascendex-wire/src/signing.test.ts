import { canaryCredentials, canaryIn } from '@venuekit/tooling-vitest/secret-canary';
import { describe, expect, test } from 'vitest';
import { type EndpointName, endpoints } from './endpoints.ts';
import { createSigner, type Signer } from './signing.ts';

/**
 * Public constants of the venue, printed there to show the algorithm; they belong to no account.
 * Source: docs, "Sign a Request" (its shell and Java samples), and `signature_demo` of ascendex/ascendex-pro-api-demo.
 */
const documentedSecret = 'hV8FgjyJtpvVeAcMAgzgAFQCN36wmbWuN7o3WPcYcYhFd8qvE43gzFGVsFcCqMNk';
const demoSecret = '98dRnVqbIhriRMZJfax3EvSPRBJrIuZ6J755KcLz6napGUpzmApJmfBY7EY3yYZn';

/** Made up, for our own vectors. */
const ownSecret = 'simOnlySecret0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno';
const ownTimeMs = 1_767_225_600_123;

const signerOf = (secret: string): Signer => createSigner({ apiKey: 'apiKeyOfTheTest', secret });

test.each([
  [documentedSecret, 1_608_133_910_000, 'info', '/pwaAgWZQ1Xd/J4yZ4ReHSPQxd3ORP/YR8TvAttqqYM='],
  [documentedSecret, 1_562_952_827_927, 'user/info', 'vBZf8OQuiTJIVbNpNHGY3zcUsK5gJpwb5lgCgarpxYI='],
  [demoSecret, 1_562_952_827_927_000, 'user/info', 'UlpDqbDlNYydgT57It2IGiZGts13GnfF+D6Cmzq7xQE='],
])('signs as the venue prints it: %s at %d for %s', (secret, timestampMs, prehash, signature) => {
  expect(signerOf(secret).sign(prehash, timestampMs)).toBe(signature);
});

const ownVectors: readonly (readonly [prehash: string, signature: string])[] = [
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
];

test.each(ownVectors)('signs %s', (prehash, signature) => {
  expect(signerOf(ownSecret).sign(prehash, ownTimeMs)).toBe(signature);
});

test('every signed endpoint but the snapshot has a vector above', () => {
  const withVector = new Set(ownVectors.map(([prehash]) => prehash));
  const without = (Object.keys(endpoints) as EndpointName[]).filter((name) => {
    const { prehash } = endpoints[name];
    return prehash !== undefined && !withVector.has(prehash);
  });
  expect(without).toEqual(['balanceSnapshot']);
});

test('headers carry one time for header and signature', () => {
  expect(signerOf(ownSecret).headers('info', ownTimeMs)).toEqual({
    'x-auth-key': 'apiKeyOfTheTest',
    'x-auth-timestamp': '1767225600123',
    'x-auth-signature': 'q2kJxCpDaTSG7vKBgGEcbD9+MyyQsPu3fRtDz8STfLs=',
  });
});

test('a stream authenticates by message', () => {
  const signer = signerOf(ownSecret);
  const message = {
    op: 'auth',
    id: 'a1',
    t: ownTimeMs,
    key: 'apiKeyOfTheTest',
    sig: 'ZPYmEZ3hiJCSmWxx364xZXgteTUkVu7/K94lOsWDOfE=',
  };
  expect(JSON.parse(signer.streamAuth(ownTimeMs, { id: 'a1' }))).toEqual(message);
  expect(JSON.parse(signer.streamAuth(ownTimeMs, { id: 'a1', ack: 'ready' }))).toEqual({
    ...message,
    ack: 'ready',
  });
});

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe('secrets', () => {
  test('neither key nor secret is in any view of a signer', () => {
    const signer = createSigner(canaryCredentials);
    signer.sign('info', ownTimeMs);
    expect(canaryIn(signer)).toBeUndefined();
    expect(canaryIn(Object.getOwnPropertyDescriptors(signer))).toBeUndefined();
  });

  test('the key is in what is sent, because the venue wants it there; the secret is not', () => {
    const signer = createSigner(canaryCredentials);
    expect(canaryIn(signer.sign('info', ownTimeMs))).toBeUndefined();
    expect(canaryIn(signer.headers('info', ownTimeMs))).toMatch(/^apiKey as text/);
    expect(canaryIn(signer.streamAuth(ownTimeMs, { id: 'a1', ack: 'ready' }))).toMatch(/^apiKey as text/);
  });

  test.each([
    ['a secret with a space', { secret: `${canaryCredentials.secret} ` }],
    ['a key with a line break', { apiKey: `${canaryCredentials.apiKey}\n` }],
    ['a pair in place of a secret', { secret: canaryCredentials as unknown as string }],
  ])('no error shows a pair that is refused: %s', (_case, change) => {
    const error = caught(() => createSigner({ ...canaryCredentials, ...change }));
    expect(error).toMatchObject({ code: 'invalid-options' });
    expect(canaryIn(error)).toBeUndefined();
  });

  test('no error of a signer shows its pair', () => {
    const signer = createSigner(canaryCredentials);
    const runs = [
      () => signer.sign('info', Number.NaN),
      () => signer.headers('info', -1),
      () => signer.streamAuth(1.5, { id: 'a1' }),
    ];
    for (const error of runs.map(caught)) {
      expect(error).toMatchObject({ code: 'invalid-request' });
      expect(canaryIn(error)).toBeUndefined();
    }
  });

  test.each([
    ['', 'a secret'],
    ['a key', 'secret'],
    ['key\n', 'secret'],
    ['key', ''],
    ['key', 'hunter2 hunter2'],
    ['key', undefined as unknown as string],
  ])('a bad pair is refused without being shown: %j, %j', (apiKey, secret) => {
    const make = (): unknown => createSigner({ apiKey, secret });
    expect(make).toThrow(expect.objectContaining({ code: 'invalid-options' }));
    expect(make).not.toThrow('hunter2');
  });

  test.each([Number.NaN, -1, 1.5, 2 ** 60])('%d is no time', (timestampMs) => {
    expect(() => signerOf(ownSecret).sign('info', timestampMs)).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  });
});
