import { isDeepStrictEqual } from 'node:util';

/** Something is not as it has to be. */
export class Deviation extends Error {}

/** Fails unless both are the same value, or have the same content. */
export function same(what: string, actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Deviation(`${what}: expected ${shown(expected)}, got ${shown(actual)}`);
  }
}

/** Fails unless `holds`. */
export function claim(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Deviation(what);
}

/** What there has to be. */
export function given<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Deviation(`${what} is missing`);
  return value;
}

/** The number that ccxt makes of decimal text; `undefined` of none. */
export function asNumber(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}

/** As {@link asNumber}, and `undefined` of zero, as ccxt reads prices. */
export function asPrice(text: string | undefined): number | undefined {
  const value = asNumber(text);
  return value === 0 ? undefined : value;
}

function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}` : (JSON.stringify(value) ?? String(value));
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
