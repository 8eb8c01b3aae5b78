import { inspect } from 'node:util';
import { watchOutput } from '@venuekit/tooling-vitest/output-watch';
import { canaryCredentials, canaryIn } from '@venuekit/tooling-vitest/secret-canary';
import { describe, expect, test } from 'vitest';

const { apiKey, secret } = canaryCredentials;
/** Inspection shows the first fifty bytes. */
const padded = ' '.repeat(100) + secret;

function errorAround(cause: unknown): Error {
  return new Error('outer', { cause: new Error('middle', { cause }) });
}

function withCycle(): object {
  const value: Record<string, unknown> = { secret };
  value.self = value;
  return value;
}

class Holder {
  readonly #secret: string = secret;
  get shown(): string {
    return this.#secret;
  }
}

class Keeper {
  readonly #secret: string = secret;
  lengthOfSecret(): number {
    return this.#secret.length;
  }
}

describe('places', () => {
  test.each<[string, unknown]>([
    ['text', `before ${secret} after`],
    ['its first quarter', secret.slice(0, 16)],
    ['its last quarter', `...${secret.slice(-16)}`],
    ['a deep property', { a: { b: { c: { d: { e: [secret] } } } } }],
    ['a hidden property', Object.defineProperty({}, 'hidden', { value: secret })],
    ['a property with a symbol', { [Symbol('s')]: secret }],
    ['the name of a property', { [secret]: true }],
    ['a getter', Object.defineProperty({}, 'shown', { get: () => secret })],
    ['a getter of a class', new Holder()],
    ['a cycle', withCycle()],
    ['the message of an error', new Error(`bad ${secret}`)],
    ['a cause', errorAround(new Error(secret))],
    ['a cause that is no error', errorAround({ key: secret })],
    ['one of several errors', new AggregateError([new Error(secret)])],
    ['a stack', Object.assign(new Error('x'), { stack: `at ${secret}` })],
    ['a map', new Map([['key', { secret }]])],
    ['a key of a map', new Map([[secret, 1]])],
    ['a set', new Set([secret])],
    ['a buffer', Buffer.from(secret)],
    ['a buffer, far from its beginning', Buffer.from(padded)],
    ['a view into bytes', new DataView(new TextEncoder().encode(padded).buffer)],
    ['bytes', { body: [new TextEncoder().encode(padded).buffer] }],
    ['bytes of wide letters', Buffer.from(padded, 'utf16le')],
    ['headers', new Headers({ 'x-key': secret })],
    ['a URL', new URL(`https://exchange.test/?secret=${secret}`)],
    ['what inspect is told to show', { [inspect.custom]: () => secret }],
    ['what JSON is told to show', { toJSON: () => ({ secret }) }],
    ['what it says of itself', { toString: () => secret }],
    ['the source of a function', new Function(`return '${secret}'`)],
    ['an error of a getter', Object.defineProperty({}, 'x', { get: () => expectNothing(secret) })],
  ])('is seen in %s', (_place, value) => {
    expect(canaryIn(value)).toMatch(/^secret as /);
  });

  test('what is private, or a digest, or the key alone is told apart', () => {
    expect(canaryIn(new Keeper())).toBeUndefined();
    expect(canaryIn({ length: secret.length, end: secret.slice(-4) })).toBeUndefined();
    expect(canaryIn([undefined, null, 1n, Number.NaN, Symbol('s'), () => 1])).toBeUndefined();
    expect(canaryIn({ apiKey })).toMatch(/^apiKey as text/);
    expect(canaryIn({ apiKey, deep: [secret] })).toMatch(/^secret as text/);
  });

  test('memory that a buffer shares with one that held the secret is not the buffer', () => {
    const other = Buffer.from('nothing of it');
    const holder = Buffer.from(secret);
    expect(other.buffer).toBe(holder.buffer);
    expect(canaryIn({ other, again: [other.subarray(3)] })).toBeUndefined();
    expect(canaryIn({ holder })).toMatch(/^secret as /);
  });

  test('what is found is not shown', () => {
    expect(canaryIn(canaryIn({ secret, [secret]: new Error(secret) }))).toBeUndefined();
  });
});

describe('forms', () => {
  test.each<[string, string]>([
    ['base64', Buffer.from(secret).toString('base64')],
    ['base64 of a pair', Buffer.from(`${apiKey}:${secret}`).toString('base64')],
    ['base64 of a pair, one further', Buffer.from(`k${apiKey}:${secret}!`).toString('base64url')],
    ['base64 of a pair, two further', Buffer.from(`kk${apiKey}:${secret}!`).toString('base64url')],
    ['hex', Buffer.from(secret).toString('hex')],
    ['HEX', Buffer.from(secret).toString('hex').toUpperCase()],
    ['hex with spaces', inspect(Buffer.from(secret))],
    ['a URL', `?key=${encodeURIComponent(secret)}`],
    [
      'a URL with every byte encoded',
      [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join(''),
    ],
    ['a list of bytes', JSON.stringify(Buffer.from(secret))],
  ])('%s', (_form, text) => {
    expect(canaryIn(text)).toMatch(/^secret as /);
  });
});

describe('output', () => {
  test('streams and console are heard, pieces of a secret included, and what was heard is told once', () => {
    const written: unknown[] = [];
    const write = (chunk: string | Uint8Array): boolean => written.push(chunk) > 0;
    const stream = { write };
    const target = { info: (...values: unknown[]) => written.push(...values), memory: 1 };
    const watch = watchOutput({ out: stream }, target);
    stream.write('quiet');
    target.info('quiet', { a: 1 });
    expect(watch.takeLeaks()).toEqual([]);
    for (const piece of secret.match(/.{8}/g) ?? []) stream.write(Buffer.from(piece));
    stream.write('quiet');
    target.info('%s', { nested: new Error(secret) });
    const [first, ...others] = watch.takeLeaks();
    expect(first).toBe('out: secret as text');
    expect(others.at(-1)).toMatch(/^console\.info: secret as text, in /);
    expect(written).toHaveLength(14);
    stream.write('quiet');
    expect(watch.takeLeaks()).toEqual([]);
  });
});

function expectNothing(text: string): never {
  throw new Error(`expected nothing, got ${text}`);
}
