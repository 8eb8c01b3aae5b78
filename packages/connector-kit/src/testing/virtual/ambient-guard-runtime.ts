import { VenueError } from '@venuekit/connector-core';
import { type AmbientPlace, ambientPlaces } from './ambient-places-runtime.ts';

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

let active = false;

/**
 * Replaces what is ambient by functions that throw an `Error` with their name and the caller's place: clocks, timers, chance,
 * the network and thread pools of the global scope. `new Date(ms)`, `Date.parse` and `Date.UTC` still work. For the time of a
 * run; disposing it puts everything back.
 *
 * Not reached: what modules such as `node:crypto`, `node:timers` and `node:fs` give by import or `process.getBuiltinModule`;
 * what code took from the global scope before; ambient functions that Node itself calls for somebody, as an emitter does whose
 * listener is `Date.now`; `process.cpuUsage`, `process.memoryUsage`, the time zone and the locale; `Intl` formatters that
 * were bound before.
 * @throws VenueError `invalid-options` while another guard is active.
 */
export function guardAmbient(options: AmbientGuardOptions = {}): Disposable {
  if (active) {
    const message = 'guardAmbient: expected no active guard, got one';
    throw new VenueError({ code: 'invalid-options', message });
  }
  const { allow = () => false } = options;
  const restores = ambientPlaces().map((place) => guardPlace(place, allow));
  const date = guardedDate(allow);
  restores.push(replace(Date.prototype, 'constructor', date));
  restores.push(replace(globalThis, 'Date', date));
  active = true;
  return {
    [Symbol.dispose]() {
      // Doing it again must not end the guard of somebody else.
      if (restores.length > 0) active = false;
      for (const restore of restores.splice(0).reverse()) restore();
    },
  };
}

type Allow = (stack: string, name: string) => boolean;

function replace(target: object, key: string, value: unknown): () => void {
  return replaceProperty(target, key, { value, configurable: true, writable: true });
}

function replaceProperty(target: object, key: string, property: PropertyDescriptor): () => void {
  const before = Object.getOwnPropertyDescriptor(target, key);
  // Spelling it out also for what was an accessor before.
  Object.defineProperty(target, key, { enumerable: before?.enumerable ?? false, ...property });
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, key);
    else Object.defineProperty(target, key, before);
  };
}

function guardPlace(place: AmbientPlace, allow: Allow): () => void {
  const { how, key, name, target } = place;
  const before = Object.getOwnPropertyDescriptor(target, key);
  if (how === 'read') return replaceRead(place, allow);
  if (how === 'format') return replaceFormat(place, allow);
  // A runtime may lack one: nothing can call it there.
  if (typeof before?.value !== 'function') return () => {};
  return replace(target, key, guarded(before.value, name, allow));
}

/** Refuses to be read. */
function replaceRead({ key, name, target }: AmbientPlace, allow: Allow): () => void {
  const before = Object.getOwnPropertyDescriptor(target, key);
  const get = function get(this: unknown): unknown {
    refuse(name, get, allow);
    return before?.get === undefined ? before?.value : Reflect.apply(before.get, this, []);
  };
  return replaceProperty(target, key, { get, configurable: true });
}

/** Refuses to format the time that it is now, which is what a formatter does without an argument. */
function replaceFormat({ key, name, target }: AmbientPlace, allow: Allow): () => void {
  const before = Object.getOwnPropertyDescriptor(target, key);
  const check = (format: (moment?: unknown) => unknown): ((moment?: unknown) => unknown) =>
    function checked(this: unknown, moment?: unknown): unknown {
      if (moment === undefined) refuse(name, checked, allow);
      return Reflect.apply(format, this, [moment]);
    };
  const get = function get(this: unknown): unknown {
    const format: unknown = before?.get === undefined ? before?.value : Reflect.apply(before.get, this, []);
    return check(format as (moment?: unknown) => unknown);
  };
  return replaceProperty(target, key, { get, configurable: true });
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
