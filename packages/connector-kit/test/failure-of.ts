import { isVenueError, type VenueError } from '@venuekit/connector-core';

/** The VenueError with which a promise rejects; anything else is thrown. */
export async function failureOf(promise: Promise<unknown>): Promise<VenueError> {
  const failure = await promise.then(
    () => new Error('expected a failure'),
    (error: unknown) => error,
  );
  if (isVenueError(failure)) return failure;
  throw failure;
}
