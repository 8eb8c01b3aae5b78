import type { Runtime } from '@venuekit/connector-core';

/** What a venue counts together: everything that goes from here to one of its hosts, under one scope. */
export interface LimitPlace {
  readonly venue: string;
  /** Host and port, as in `URL.host`. */
  readonly host: string;
  /** For example `ip`, or the name of an account. */
  readonly scope: string;
}

/**
 * The one limiter of a place, for all connectors of this runtime: whoever comes first makes it.
 *
 * Nobody owns it, so nobody closes it; it has no timer while nobody waits.
 */
export function sharedLimiter<L>(runtime: Runtime, { venue, host, scope }: LimitPlace, create: () => L): L {
  return runtime.shared(`${venue}:${host}:${scope}`, create);
}
