import { VenueError } from '@venuekit/connector-core';

/** What {@link guardAmbient} takes. */
export interface AmbientGuardOptions {
  /**
   * Lets a call through.
   * @param stack the frames of the call, the direct caller first, a line each.
   * @param name what was called, for example `Math.random`.
   */
  readonly allow?: (stack: string, name: string) => boolean;
}

/**
 * Direct callers that may reach for the world: Node's own code (its HTTP has dates and timers of its own), and vitest, which
 * runs in the same process and measures how long it takes to load a module. A promise that calls an ambient function by itself
 * shows Node's queue of tasks as the caller; that is no excuse.
 */
const harmless: RegExp = /[( ]node:(?!internal\/process\/task_queues)|\/node_modules\/(?:@vitest|vitest)\//;

/** A function that stands in the place of an ambient one. */
interface Replacement {
  readonly target: object;
  readonly key: string;
  readonly name: string;
}

/** What is replaced as it is; `Date` is made apart. */
const replaced = (): readonly Replacement[] => [
  ...['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'WebSocket'].map((key) => {
    return { target: globalThis, key, name: key };
  }),
  { target: Math, key: 'random', name: 'Math.random' },
  { target: performance, key: 'now', name: 'performance.now' },
  { target: process, key: 'hrtime', name: 'process.hrtime' },
  { target: globalThis.crypto, key: 'getRandomValues', name: 'crypto.getRandomValues' },
  { target: globalThis.crypto, key: 'randomUUID', name: 'crypto.randomUUID' },
  { target: AbortSignal, key: 'timeout', name: 'AbortSignal.timeout' },
];

let active = false;

/**
 * Replaces what is ambient by functions that throw an `Error` with their name and the caller's place: clocks, timers, chance
 * and the network of the global scope. `new Date(ms)`, `Date.parse` and `Date.UTC` still work. What modules such as
 * `node:crypto` and `node:timers` give by import is not reached. For the time of a run; disposing it puts everything back.
 * @throws VenueError `invalid-options` while another guard is active.
 */
export function guardAmbient(options: AmbientGuardOptions = {}): Disposable {
  if (active) {
    const message = 'guardAmbient: expected no active guard, got one';
    throw new VenueError({ code: 'invalid-options', message });
  }
  const { allow = () => false } = options;
  const restores = replaced().map(({ target, key, name }) => {
    const original: unknown = Reflect.get(target, key);
    // A runtime may lack one: nothing can call it there.
    if (typeof original !== 'function') return () => {};
    return replace(target, key, guarded(original, name, allow));
  });
  restores.push(replace(globalThis, 'Date', guardedDate(allow)));
  active = true;
  return {
    [Symbol.dispose]() {
      // Doing it again must not end the guard of somebody else.
      if (restores.length > 0) active = false;
      for (const restore of restores.splice(0)) restore();
    },
  };
}

type Allow = (stack: string, name: string) => boolean;

function replace(target: object, key: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, key);
    else Object.defineProperty(target, key, before);
  };
}

/** `original`, but refusing calls, `new`, and calls of functions that it carries, such as `process.hrtime.bigint`. */
function guarded(original: object, name: string, allow: Allow): unknown {
  return new Proxy(original, {
    apply: function apply(target, self, values) {
      refuse(name, apply, allow);
      return Reflect.apply(target as () => unknown, self, values);
    },
    construct: function construct(target, values, made) {
      refuse(`new ${name}`, construct, allow);
      return Reflect.construct(target as new () => object, values, made);
    },
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      const isFunction = typeof key === 'string' && Object.hasOwn(target, key) && typeof value === 'function';
      return isFunction ? guarded(value, `${name}.${key}`, allow) : value;
    },
  });
}

function guardedDate(allow: Allow): DateConstructor {
  const now = guarded(Date.now, 'Date.now', allow);
  const proxy: DateConstructor = new Proxy(Date, {
    apply: function apply(target) {
      refuse('Date()', apply, allow);
      return target();
    },
    construct: function construct(target, values, made) {
      if (values.length === 0) refuse('new Date()', construct, allow);
      return Reflect.construct(target, values, made === proxy ? target : made);
    },
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  return proxy;
}

/** @param boundary the innermost function that does not belong to the caller. */
function refuse(name: string, boundary: (...values: never[]) => unknown, allow: Allow): void {
  const holder = { stack: '' };
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 16;
  Error.captureStackTrace(holder, boundary);
  Error.stackTraceLimit = limit;
  const frames = holder.stack.split('\n').slice(1);
  if (harmless.test(frames[0] ?? '') || allow(frames.join('\n'), name)) return;
  const place = frames.map(placeOf).find((found) => found !== undefined) ?? 'an unknown place';
  throw new Error(`${name}: expected time, chance and network from the runtime, got a call at ${place}`);
}

/** `file:line:column` of a frame that has one. */
function placeOf(frame: string): string | undefined {
  return /(?:\(|at (?:async )?)([^()]+:\d+:\d+)\)?$/.exec(frame.trim())?.[1];
}
