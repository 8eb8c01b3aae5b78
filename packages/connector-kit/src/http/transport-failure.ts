import { VenueError } from '@venuekit/connector-core';
import { isNetworkError } from 'ky';
import type { ErrorOrigin, HttpAddress } from './http-address.ts';

/** How many causes deep an error is looked into. */
const deepestCause = 8;

/** The error for a connection that failed: host, port and what the system called it. Never the query, never a header. */
export function toTransportError(failure: unknown, address: HttpAddress, origin: ErrorOrigin): VenueError {
  // The wrapper of ky holds the request with its headers, and the whole URL in its text.
  const cause = withoutQuery(isNetworkError(failure) ? failure.cause : failure, address.search);
  return new VenueError({
    ...origin,
    code: 'transport',
    message: `expected a reply from ${address.hostAndPort}, got ${nameOf(cause)}`,
    cause,
  });
}

/** A few plain words, in which no URL, header or key can hide. */
const plainWords = /^[a-z]{1,12}(?: [a-z]{1,12}){0,5}$/i;

/**
 * The system's code, such as `ECONNREFUSED`, wherever it is in the chain; else the name of the innermost error, with its words
 * where they are plain (`bad port`).
 */
function nameOf(failure: unknown): string {
  const chain = causes(failure);
  for (const error of chain) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  }
  const last = chain.findLast((error) => error instanceof Error);
  if (last === undefined) return 'a failure that is not an Error';
  return plainWords.test(last.message) ? `${last.name} (${last.message})` : last.name;
}

function causes(failure: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let error = failure; error !== undefined && chain.length < deepestCause; ) {
    chain.push(error);
    error = error instanceof Error ? error.cause : undefined;
  }
  return chain;
}

/** Some implementations of fetch put the whole URL in their messages. Such an error is replaced by its name and its code. */
function withoutQuery(failure: unknown, search: string): unknown {
  if (search === '') return failure;
  const texts = causes(failure).map((error) =>
    error instanceof Error ? `${error.message}${error.stack}` : String(error),
  );
  if (!texts.some((text) => text.includes(search))) return failure;
  return new Error(`${nameOf(failure)} (its text held the query and was left out)`);
}
