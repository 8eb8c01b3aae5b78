import { VenueError } from '@venuekit/connector-core';
import type { RateLimiter } from '@venuekit/rate-limiter';

/** A limit that something keeps to. */
export interface LimitUse {
  readonly limiter: RateLimiter;
  /** Id of the limit that each request names. */
  readonly id: string;
}

/**
 * Checks once that a limiter knows what will be asked of it, so that a name that is wrong shows before anything is sent.
 * @throws VenueError `invalid-options` naming the first limit or scope that is missing.
 */
export function requireLimits(
  limiter: RateLimiter,
  { ids, scopes = [] }: { readonly ids: readonly string[]; readonly scopes?: readonly string[] },
  origin: { readonly venue: string; readonly operation: string },
): void {
  const { limits } = limiter.usage();
  const known = { limit: limits.map(({ id }) => id), scope: limits.map(({ scope }) => scope) };
  const refuse = (what: 'limit' | 'scope', name: string): never => {
    const message = `limits: expected a limiter with the ${what} ${name}, got one with ${[...new Set(known[what])].join(', ')}`;
    throw new VenueError({ ...origin, code: 'invalid-options', message });
  };
  for (const id of ids) if (!known.limit.includes(id)) refuse('limit', id);
  for (const scope of scopes) if (!known.scope.includes(scope)) refuse('scope', scope);
}
