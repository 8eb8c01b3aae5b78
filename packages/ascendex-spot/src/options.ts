import { productionEndpoints, streamPath, type VenueOrigins, venueId } from '@venuekit/ascendex-wire';
import { type Runtime, VenueError } from '@venuekit/connector-core';

/** What a connector is made with. */
export interface AscendexSpotOptions {
  /**
   * Where the venue is: URLs such as those of a simulator, or `'production'`. There is no default on purpose: the venue closed
   * in July 2026, and its production hosts may not answer, or may belong to someone else by now.
   */
  readonly endpoints: VenueOrigins | 'production';
  /** Time, timers, chance and network; the system's by default. */
  readonly runtime?: Runtime;
  /** The venue's own record in `raw` of each instrument. Off by default. */
  readonly raw?: boolean;
  /** Most new connections in a window of time, counted for this connector alone. By default 20 in 5 minutes are shared by all connectors of the process. */
  readonly connectBudget?: { readonly count: number; readonly windowMs: number };
  /** What only this venue has. */
  readonly venueOptions?: {
    /** Leveraged tokens and index products too. Left out by default. */
    readonly includeLeveraged?: boolean;
  };
}

/** Checked URLs: the REST origin, and the stream with its path. */
export interface ResolvedEndpoints {
  readonly restUrl: string;
  readonly streamUrl: string;
}

/**
 * Checks the URLs and completes the stream's path where only a host is given.
 * @throws VenueError `invalid-options` for anything that is not a URL of the right kind.
 */
export function resolveEndpoints(endpoints: AscendexSpotOptions['endpoints']): ResolvedEndpoints {
  const { restUrl, streamUrl } = endpoints === 'production' ? productionEndpoints : (endpoints ?? {});
  const rest = checkedUrl('restUrl', restUrl, ['http:', 'https:']);
  const stream = checkedUrl('streamUrl', streamUrl, ['ws:', 'wss:']);
  if (stream.pathname === '/') stream.pathname = streamPath();
  return { restUrl: rest.href, streamUrl: stream.href };
}

function checkedUrl(field: string, text: unknown, protocols: readonly string[]): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && protocols.includes(url.protocol) && url.username === '' && url.password === '')
    return url;
  const expected = `a ${protocols.map((protocol) => `${protocol}//`).join(' or ')} URL without user name`;
  // A URL with a password in it must not come back in a message.
  const got =
    url === undefined ? `something that is no URL (${typeof text})` : `${url.protocol}//${url.host}`;
  const named =
    url !== undefined && `${url.username}${url.password}` !== '' ? `${got} with a user name` : got;
  throw new VenueError({
    code: 'invalid-options',
    venue: venueId,
    operation: 'createAscendexSpot',
    message: `endpoints.${field}: expected ${expected}, got ${named}`,
  });
}
