import { isVenueError } from '@venuekit/connector-core';
import { guardAmbient } from '@venuekit/connector-kit/testing';
import { describe, expect, test } from 'vitest';

const ambient: Readonly<Record<string, () => unknown>> = {
  'Date.now': () => Date.now(),
  'new Date()': () => new Date(),
  'Date()': () => Date(),
  setTimeout: () => setTimeout(() => {}, 1),
  setInterval: () => setInterval(() => {}, 1),
  setImmediate: () => setImmediate(() => {}),
  'Math.random': () => Math.random(),
  fetch: () => fetch('http://127.0.0.1:1/'),
  'new WebSocket': () => new WebSocket('ws://127.0.0.1:1/'),
  'performance.now': () => performance.now(),
  'process.hrtime': () => process.hrtime(),
  'process.hrtime.bigint': () => process.hrtime.bigint(),
  'crypto.getRandomValues': () => crypto.getRandomValues(new Uint8Array(1)),
  'crypto.randomUUID': () => crypto.randomUUID(),
  'AbortSignal.timeout': () => AbortSignal.timeout(1),
};

const places: readonly (readonly [object, string])[] = [
  ...['Date', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'WebSocket'].map(
    (key) => [globalThis, key] as const,
  ),
  [Math, 'random'],
  [performance, 'now'],
  [process, 'hrtime'],
  [crypto, 'getRandomValues'],
  [crypto, 'randomUUID'],
  [AbortSignal, 'timeout'],
];

const descriptors = (): unknown[] =>
  places.map(([target, key]) => Object.getOwnPropertyDescriptor(target, key));

/** What a call throws under a guard; read after the guard, so that the assertion runs without one. */
function caught(call: () => unknown): unknown {
  using _guard = guardAmbient();
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('a guard', () => {
  test.each(Object.entries(ambient))('refuses %s and names the place of the call', (name, call) => {
    const error = caught(call);
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message.slice(0, message.indexOf(':'))).toBe(name);
    expect(message).toMatch(/got a call at \S*virtual-guard\.test\.ts:\d+:\d+$/);
  });

  test('refuses an ambient function that is called by a promise', async () => {
    using _guard = guardAmbient();
    const error: unknown = await Promise.resolve()
      .then(Math.random)
      .catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/^Error: Math\.random: /);
  });

  test('leaves alone what needs no clock', () => {
    using _guard = guardAmbient();
    const date = new Date(86_400_000);
    expect(date.toISOString()).toBe('1970-01-02T00:00:00.000Z');
    expect(date instanceof Date).toBe(true);
    expect(new Date(2020, 1, 1)).toBeInstanceOf(Date);
    expect([Date.parse('1970-01-01T00:00:01Z'), Date.UTC(1970, 0, 1)]).toEqual([1_000, 0]);
    class Moment extends Date {}
    expect(new Moment(5)).toBeInstanceOf(Moment);
    expect(WebSocket.OPEN).toBe(1);
  });

  test('lets vitest print and load modules', async () => {
    using _guard = guardAmbient();
    await import('./virtual-venue.ts');
    expect(() => expect({ a: 1 }).toEqual({ a: 2 })).toThrow();
  });

  test('lets through what the user allows, by the frames of the call', () => {
    const stacks: string[] = [];
    const allow = (stack: string): boolean => {
      stacks.push(stack);
      return stack.includes('allowedCall');
    };
    using _guard = guardAmbient({ allow });
    const allowedCall = (): number => Math.random();
    expect(allowedCall()).toBeLessThan(1);
    expect(() => Math.random()).toThrow(/Math\.random/);
    expect(stacks[0]?.split('\n')[0]).toMatch(/allowedCall .*virtual-guard\.test\.ts/);
  });

  test('puts everything back as it was, and is one at a time', () => {
    const before = descriptors();
    const guard = guardAmbient();
    expect(descriptors()).not.toEqual(before);
    let nested: unknown;
    try {
      guardAmbient();
    } catch (error) {
      nested = error;
    }
    guard[Symbol.dispose]();
    expect(descriptors()).toEqual(before);
    expect(isVenueError(nested) && nested.code).toBe('invalid-options');
    const next = guardAmbient();
    guard[Symbol.dispose]();
    expect(() => guardAmbient()).toThrow(/one/);
    next[Symbol.dispose]();
    expect(descriptors()).toEqual(before);
    expect(Date.now()).toBeGreaterThan(0);
  });
});
