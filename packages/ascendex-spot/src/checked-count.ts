import { venueId } from '@venuekit/ascendex-wire';
import { VenueError } from '@venuekit/connector-core';

/**
 * `value`, if it is a whole number from 1 to `most`.
 * @throws VenueError `invalid-request` naming the field.
 */
export function checkedCount(operation: string, field: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw new VenueError({
    code: 'invalid-request',
    venue: venueId,
    operation,
    message: `${field}: expected a whole number from 1 to ${most}, got ${value}`,
  });
}
