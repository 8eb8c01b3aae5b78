import { runInThisContext } from 'node:vm';
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
  'performance.mark': () => performance.mark('a'),
  'performance.timeOrigin': () => performance.timeOrigin,
  'event.timeStamp': () => new Event('a').timeStamp,
  'process.uptime': () => process.uptime(),
  'crypto.subtle': () => crypto.subtle,
  'new MessageChannel': () => new MessageChannel(),
  'new BroadcastChannel': () => new BroadcastChannel('a'),
  'new WeakRef': () => new WeakRef({}),
  'new FinalizationRegistry': () => new FinalizationRegistry(() => {}),
  'Atomics.wait': () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1),
  'DateTimeFormat.format': () => new Intl.DateTimeFormat('en').format(),
  'DateTimeFormat.formatToParts': () => new Intl.DateTimeFormat('en').formatToParts(),
};

/** The same by other ways. */
const detours: Readonly<Record<string, () => unknown>> = {
  'performance.now': () => Object.getPrototypeOf(performance).now.call(performance),
  'crypto.getRandomValues': () =>
    Object.getPrototypeOf(crypto).getRandomValues.call(crypto, new Uint8Array(1)),
  'crypto.randomUUID': () => Object.getPrototypeOf(crypto).randomUUID.call(crypto),
  'Date.now': () => (new Date(0).constructor as DateConstructor).now(),
  'new Date()': () => Reflect.construct(new Date(0).constructor as DateConstructor, []),
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
  [Date.prototype, 'constructor'],
  [Object.getPrototypeOf(performance), 'timeOrigin'],
  [Event.prototype, 'timeStamp'],
  [Intl.DateTimeFormat.prototype, 'format'],
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

  test.each(Object.entries(detours))('refuses %s by a detour', (name, call) => {
    const error = caught(call) as Error;
    expect(error.message.slice(0, error.message.indexOf(':'))).toBe(name);
  });

  test('refuses packages in node_modules as anybody else', () => {
    const place = '/somewhere/node_modules/clever/index.js';
    const call = runInThisContext('(draw) => draw()', { filename: place });
    const error = caught(() => call(() => Math.random()));
    expect(String(error)).toMatch(/Math\.random/);
    const own = runInThisContext('() => Math.random()', { filename: place });
    expect(String(caught(own))).toContain(`got a call at ${place}:1:12`);
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
    expect(date.constructor).toBe(Date);
    const format = new Intl.DateTimeFormat('en', { timeZone: 'UTC', year: 'numeric' });
    expect([format.format(date), format.formatToParts(date)[0]?.value]).toEqual(['1970', '1970']);
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
