import { VenueError } from '@venuekit/connector-core';

/** The error of a frame at which something threw that is none of ours. */
export function unexpected(venue: string, cause: unknown): VenueError {
  const message = 'a frame could not be handled';
  return new VenueError({ code: 'protocol', venue, operation: 'stream', message, cause });
}
