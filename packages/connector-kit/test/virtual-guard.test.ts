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
  'performance.measure': () => performance.measure('a'),
  'performance.toJSON': () => performance.toJSON(),
  'performance.timeOrigin': () => performance.timeOrigin,
  'event.timeStamp': () => new Event('a').timeStamp,
  'process.uptime': () => process.uptime(),
  'crypto.subtle': () => crypto.subtle,
  'new MessageChannel': () => new MessageChannel(),
  'new BroadcastChannel': () => new BroadcastChannel('a'),
  'new WeakRef': () => new WeakRef({}),
  'new FinalizationRegistry': () => new FinalizationRegistry(() => {}),
  'Atomics.wait': () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1),
  'Atomics.waitAsync': () => Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1),
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

  test.each<[string, object, string, () => unknown]>([
    [
      'new EventSource',
      globalThis,
      'EventSource',
      () => Reflect.construct(Reflect.get(globalThis, 'EventSource'), []),
    ],
    ['performance.now', performance, 'now', () => performance.now()],
    ['crypto.randomUUID', crypto, 'randomUUID', () => crypto.randomUUID()],
  ])('refuses %s also where only some runtimes have it', (name, target, key, call) => {
    const before = Object.getOwnPropertyDescriptor(target, key);
    const value = class {};
    Object.defineProperty(target, key, { value, configurable: true, writable: true });
    try {
      expect(String(caught(call))).toMatch(new RegExp(`^Error: ${name}: `));
      expect(Reflect.get(target, key)).toBe(value);
    } finally {
      Reflect.deleteProperty(target, key);
      if (before !== undefined) Object.defineProperty(target, key, before);
    }
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

  test("lets Node's own code be", () => {
    using _guard = guardAmbient();
    const { signal } = new AbortController();
    // Node keeps a weak reference to the signal.
    expect(new Request('https://venue.test/', { signal }).signal.aborted).toBe(false);
    expect(structuredClone(new Map([[1, 2]]))).toEqual(new Map([[1, 2]]));
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

  test('shows the one who allows the name and all callers, and names the place, whatever the limit of traces is', () => {
    const asked: (readonly [string, string])[] = [];
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const draw = (): number => Math.random();
    const detour = (): number => draw() + 1;
    const outermost = (): number => detour() + 1;
    const found: { error: unknown; limit: number } = { error: undefined, limit };
    {
      using _guard = guardAmbient({ allow: (stack, name) => asked.push([name, stack]) < 0 });
      try {
        outermost();
      } catch (error) {
        found.error = error;
      }
      found.limit = Error.stackTraceLimit;
    }
    Error.stackTraceLimit = limit;
    expect(found.limit).toBe(0);
    expect(String(found.error)).toMatch(/got a call at \S*virtual-guard\.test\.ts:\d+:\d+$/);
    expect(asked).toEqual([['Math.random', expect.stringMatching(/draw[\s\S]*detour[\s\S]*outermost/)]]);
  });

  test('gives what is allowed as it is', async () => {
    const { timeOrigin } = performance;
    const year = new Intl.DateTimeFormat('en', { timeZone: 'UTC', year: 'numeric' });
    const names: string[] = [];
    using _guard = guardAmbient({ allow: (_stack, name) => names.push(name) > 0 });
    const target = {};
    const bytes = new Uint8Array(4);
    expect(performance.timeOrigin).toBe(timeOrigin);
    expect(crypto.getRandomValues(bytes)).toBe(bytes);
    expect(new WeakRef(target).deref()).toBe(target);
    expect(typeof process.hrtime.bigint()).toBe('bigint');
    expect(new Date().getFullYear()).toBeGreaterThan(2_000);
    expect(Date.parse(Date())).toBeGreaterThan(0);
    expect(Date.now()).toBeGreaterThan(timeOrigin);
    expect(new Event('a').timeStamp).toBeGreaterThan(0);
    expect(year.format()).toMatch(/^\d{4}$/);
    expect(year.formatToParts()[0]?.type).toBe('year');
    expect(await new Promise((resolve) => setTimeout(resolve, 1, 'fired'))).toBe('fired');
    expect(new Set(names)).toEqual(
      new Set([
        ...['performance.timeOrigin', 'crypto.getRandomValues', 'new WeakRef', 'process.hrtime.bigint'],
        ...['new Date()', 'Date()', 'Date.now', 'event.timeStamp'],
        ...['DateTimeFormat.format', 'DateTimeFormat.formatToParts', 'setTimeout'],
      ]),
    );
  });

  test('puts everything back as it was, and is one at a time', () => {
    const shown = (): unknown[] =>
      descriptors().map((found) => (found as PropertyDescriptor | undefined)?.enumerable);
    const before = descriptors();
    const shownBefore = shown();
    const guard = guardAmbient();
    expect(descriptors()).not.toEqual(before);
    expect(shown()).toEqual(shownBefore);
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
