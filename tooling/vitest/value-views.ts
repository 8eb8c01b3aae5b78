import { inspect } from 'node:util';

/** More than any test hands out; a getter that makes a new object at every call must not search for ever. */
const mostObjects = 100_000;

/** Small buffers are cut from one piece of memory, so behind one there is what others held; each is read by itself instead. */
const memoryBehind =
  /(?:parent: \[Getter\]|\[buffer\]:) (?:<ref \*\d+> )?(?:Shared)?ArrayBuffer \{ \[Uint8Contents\]: <[^>]*>/g;

interface Part {
  readonly value: unknown;
  readonly path: string;
}

/** A text that a value shows, or can be made to show. */
export interface View {
  /** For people, for example `in its JSON`. */
  readonly where: string;
  readonly text: string;
}

/** What a value shows when it is printed, and every text and every run of bytes that can be reached from it. */
export function* viewsOf(value: unknown): Generator<View> {
  const everything = {
    showHidden: true,
    depth: Number.POSITIVE_INFINITY,
    getters: true,
    maxArrayLength: null,
    maxStringLength: null,
    breakLength: Number.POSITIVE_INFINITY,
  };
  for (const customInspect of [true, false]) {
    const text = attempt(() => inspect(value, { ...everything, customInspect }));
    yield { where: 'in its inspection', text: text.replaceAll(memoryBehind, '') };
  }
  yield { where: 'in its JSON', text: attempt(() => toJson(value)) };
  yield { where: 'in its text', text: attempt(() => String(value)) };
  yield* partsOf(value);
}

/** Every text and every run of bytes that can be reached from `value`. */
function* partsOf(start: unknown): Generator<View> {
  const waiting: Part[] = [{ value: start, path: 'value' }];
  const seen = new Set<unknown>();
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const { value, path } = part;
    if (typeof value === 'string') yield { where: `at ${path}`, text: value };
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
      continue;
    seen.add(value);
    if (seen.size > mostObjects) throw new RangeError(`expected at most ${mostObjects} objects, got more`);
    yield* bytesOf(value, path);
    if (value instanceof Error) yield { where: `at ${path}`, text: `${value.message}\n${value.stack}` };
    if (ArrayBuffer.isView(value)) continue;
    for (const [at, entry] of entriesOf(value).entries())
      waiting.push({ value: entry, path: `${path} entry ${at}` });
    for (const key of keysOf(value)) {
      yield { where: `in a name at ${path}`, text: String(key) };
      waiting.push({ value: property(value, key), path: `${path}.${String(key)}` });
    }
  }
}

/** Own properties, and accessors of its classes. */
function keysOf(value: object): readonly PropertyKey[] {
  const keys = new Set<PropertyKey>(Reflect.ownKeys(value));
  for (let at = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    if (at === Object.prototype || at === Function.prototype) break;
    for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (get !== undefined) keys.add(key);
    }
  }
  return [...keys];
}

function* bytesOf(value: object, path: string): Generator<View> {
  const bytes = ArrayBuffer.isView(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : value instanceof ArrayBuffer || value instanceof SharedArrayBuffer
      ? Buffer.from(value)
      : undefined;
  if (bytes === undefined) return;
  for (const encoding of ['latin1', 'utf16le'] as const) {
    yield { where: `in the bytes at ${path}`, text: bytes.toString(encoding) };
  }
}

/** Keys and values of maps, sets, headers and the like. Iterators are left alone: reading would use them up. */
function entriesOf(value: object): readonly unknown[] {
  if (value instanceof Map || value instanceof Set) return [...value.entries()].flat();
  if (value instanceof Headers || value instanceof URLSearchParams) return [...value].flat();
  return value instanceof URL ? [value.href] : [];
}

function property(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key);
  } catch (error) {
    return error;
  }
}

/** JSON with all that is in it, cycles cut and integers as text. */
function toJson(value: unknown): string {
  const above: unknown[] = [];
  return (
    JSON.stringify(value, function (this: unknown, _key, inner: unknown) {
      if (typeof inner === 'bigint') return String(inner);
      if (typeof inner !== 'object' || inner === null) return inner;
      while (above.length > 0 && above.at(-1) !== this) above.pop();
      if (above.includes(inner)) return '[cycle]';
      above.push(inner);
      return inner;
    }) ?? ''
  );
}

/** What cannot be shown may still say something in its error. */
function attempt(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${error.stack}` : inspect(error);
  }
}
