import type { VenueError } from '@venuekit/connector-core';
import { nearestNames } from './nearest-names.ts';
import { isRecord } from './recording/exact-json.ts';
import { shownValue } from './shown-value.ts';

/** Makes the error of an option. */
export type Refuse = (message: string) => VenueError;

/** Somebody's object, whose types nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** An option that is an object. @throws what `refuse` makes if it is none. */
export function requireFields(name: string, value: unknown, refuse: Refuse): Fields {
  if (isRecord(value)) return value;
  throw refuse(`${name}: expected an object, got ${shownValue(value)}`);
}

/** Looks for misspelt names. @throws what `refuse` makes for a name that is not known, with those that are. */
export function requireKnown(name: string, fields: Fields, known: readonly string[], refuse: Refuse): void {
  const strange = Object.keys(fields).find((given) => !known.includes(given));
  if (strange === undefined) return;
  const [nearest] = nearestNames(strange, known);
  const hint = nearest === undefined ? '' : `; the nearest is ${nearest}`;
  throw refuse(`${name}: expected only ${known.join(', ')}, got ${shownValue(strange)}${hint}`);
}

/** An option that has methods. @throws what `refuse` makes if one is missing. */
export function requireMethods(
  name: string,
  value: unknown,
  methods: readonly string[],
  refuse: Refuse,
): void {
  const fields = typeof value === 'object' && value !== null ? (value as Fields) : {};
  if (methods.every((method) => typeof fields[method] === 'function')) return;
  throw refuse(`${name}: expected an object with ${methods.join(' and ')}, got ${shownValue(value)}`);
}
