import { isVenueError } from '@venuekit/connector-core';
import { createExchangeSimulator } from '../src/index.ts';

/** Why options are refused; `taken` if they are not. */
export function messageOf(options: unknown): string {
  try {
    createExchangeSimulator(options as never).close();
  } catch (error) {
    if (isVenueError(error) && error.code === 'invalid-options') return error.message;
    throw error;
  }
  return 'taken';
}
