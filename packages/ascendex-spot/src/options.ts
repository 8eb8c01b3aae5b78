import {
  type Credentials,
  productionEndpoints,
  streamPath,
  type VenueOrigins,
  venueId,
} from '@venuekit/ascendex-wire';
import { type Runtime, VenueError } from '@venuekit/connector-core';
import type { RateLimiter } from '@venuekit/connector-kit/limits';
import type { LimitOverrides } from './venue-limits.ts';

/** What a connector is made with. */
export interface AscendexSpotOptions {
  /**
   * Where the venue is: URLs such as those of a simulator, or `'production'`. There is no default on purpose: the venue closed
   * in July 2026, and its production hosts may not answer, or may belong to someone else by now.
   * No URL has a user name or a fragment, and the one for REST has no query.
   */
  readonly endpoints: VenueOrigins | 'production';
  /** Time, timers, chance and network; the system's by default. */
  readonly runtime?: Runtime;
  /** The venue's own record in `raw` of each instrument. Off by default. */
  readonly raw?: boolean;
  /**
   * Other numbers for limits of the venue, counted for this connector alone: for example `{ rest: { capacity: 100, windowMs: 1_000 } }`
   * against a simulator. By default all connectors of the process that talk to the same host share the venue's own.
   */
  readonly limits?: LimitOverrides;
  /** A limiter of your own with the limits of `ascendexLimits()`, for example one that several processes share. It is not closed. */
  readonly limiter?: RateLimiter;
  /** The key of an account, for what the venue gives to its customers alone. Market data in its ordinary form needs none. */
  readonly credentials?: Credentials;
  /** What only this venue has. */
  readonly venueOptions?: {
    /**
     * `realtime` for books that change at once, and not every 300 ms. It needs `credentials`, and is experimental at the venue;
     * `throttled` by default.
     */
    readonly depth?: 'throttled' | 'realtime';
    /**
     * Number of the account's group, which a stream that logs in has at the beginning of its path: it takes the place of the number there.
     * The venue tells it in its account information.
     */
    readonly accountGroup?: number;
    /** Leveraged tokens and index products too. Left out by default. */
    readonly includeLeveraged?: boolean;
    /**
     * Symbols on one connection, a whole number from 1 or `Infinity`; 200 by default. More symbols take more connections, which share the
     * venue's limits.
     */
    readonly symbolsPerSession?: number;
  };
}

/** Checked URLs: the REST origin, and the stream with its path. */
export interface ResolvedEndpoints {
  readonly restUrl: string;
  readonly streamUrl: string;
}

/**
 * Checks the URLs and completes the stream's path where only a host is given.
 * @throws VenueError `invalid-options` for anything that is not a URL of the right kind: with a user name, with a fragment, or
 * for REST with a query, which would be lost behind the paths of the requests.
 */
export function resolveEndpoints({
  endpoints,
  venueOptions: { accountGroup: group } = {},
}: Pick<AscendexSpotOptions, 'endpoints' | 'venueOptions'>): ResolvedEndpoints {
  const { restUrl, streamUrl } = endpoints === 'production' ? productionEndpoints : (endpoints ?? {});
  const rest = checkedUrl('restUrl', restUrl, { protocols: ['http:', 'https:'], query: false });
  const stream = checkedUrl('streamUrl', streamUrl, { protocols: ['ws:', 'wss:'], query: true });
  if (stream.pathname === '/') stream.pathname = streamPath(group === undefined ? {} : { group });
  else if (group !== undefined)
    stream.pathname = stream.pathname.replace(/^(?:\/\d+)?(?=\/api\/)/, `/${group}`);
  return { restUrl: rest.href, streamUrl: stream.href };
}

interface UrlRule {
  readonly protocols: readonly string[];
  /** True if it may have a query. */
  readonly query: boolean;
}

function checkedUrl(field: string, text: unknown, rule: UrlRule): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  const fault = url === undefined ? `something that is no URL (${typeof text})` : faultOf(url, rule);
  if (url !== undefined && fault === undefined) return url;
  const kinds = rule.protocols.map((protocol) => `${protocol}//`).join(' or ');
  const without = rule.query ? 'user name and fragment' : 'user name, query and fragment';
  throw new VenueError({
    code: 'invalid-options',
    venue: venueId,
    operation: 'createAscendexSpot',
    message: `endpoints.${field}: expected a ${kinds} URL without ${without}, got ${fault}`,
  });
}

/** What is wrong with a URL. One with a password in it must not come back in a message, so only scheme and host are told. */
function faultOf(url: URL, { protocols, query }: UrlRule): string | undefined {
  const place = `${url.protocol}//${url.host}`;
  if (!protocols.includes(url.protocol)) return place;
  if (`${url.username}${url.password}` !== '') return `${place} with a user name`;
  // An empty query or fragment shows in the text alone.
  if (url.href.includes('#')) return `${place} with a fragment`;
  if (!query && url.href.includes('?')) return `${place} with a query`;
  return undefined;
}
