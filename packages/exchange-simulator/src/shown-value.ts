import { excerpt } from './recording/exact-json.ts';

/**
 * A value as messages show it: text in quotes, cut and without control characters; of objects their names only, because values may be secret.
 */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `"${excerpt(value)}"`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== 'object' || value === null) return String(value);
  const names = Object.keys(value);
  return names.length === 0 ? 'an empty object' : `an object with ${excerpt(names.join(', '))}`;
}

/** The same, with its type where another one was expected: `"0", text`. */
export function shownBeside(value: unknown, expected: 'number' | 'text' | 'boolean'): string {
  const type = { string: 'text', number: 'number', boolean: 'boolean' }[
    typeof value as 'string' | 'number' | 'boolean'
  ];
  if (type === undefined || type === expected) return shownValue(value);
  return `${shownValue(value)}, ${type === 'text' ? type : `a ${type}`}`;
}
