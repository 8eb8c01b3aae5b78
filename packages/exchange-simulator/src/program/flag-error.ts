import { isVenueError, VenueError } from '@venuekit/connector-core';

/** A flag that nothing can be made of. */
export function flagError(message: string, cause?: unknown): VenueError {
  return new VenueError({ code: 'invalid-options', message, cause });
}

/** An error of the library under the name of the flag, in place of that of the call. */
export function nameFlag(flag: string, error: VenueError): VenueError {
  const { message, operation } = error;
  const prefix = `${operation}: `;
  return flagError(`${flag}: ${message.startsWith(prefix) ? message.slice(prefix.length) : message}`, error);
}

/** Does something for a flag. @throws VenueError as `act`, under the flag's name. */
export function underFlag<Result>(flag: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw isVenueError(error) ? nameFlag(flag, error) : error;
  }
}
