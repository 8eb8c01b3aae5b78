import { VenueError } from '@venuekit/connector-core';

/** Something that no history can be made of, or asked. */
export function invalidHistory(operation: string, message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation, message });
}

/** @throws VenueError `invalid-options` unless the value is a safe integer from `least` to `most`. */
export function requireInteger(
  operation: string,
  name: string,
  value: number,
  least: number = Number.MIN_SAFE_INTEGER,
  most: number = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw invalidHistory(
    operation,
    `expected ${name} to be a whole number from ${least} to ${most}, got ${value}`,
  );
}
