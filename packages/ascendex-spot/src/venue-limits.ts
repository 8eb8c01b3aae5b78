import { rateLimits, type VenueLimit, type VenueLimitId, venueId } from '@venuekit/ascendex-wire';
import { type Runtime, VenueError } from '@venuekit/connector-core';
import {
  createVenueLimiter,
  type LimitDefinition,
  type LimitWindow,
  type RateLimiter,
  requireLimits,
  sharedLimiter,
} from '@venuekit/connector-kit/limits';
import type { AscendexSpotOptions, ResolvedEndpoints } from './options.ts';

/** Other numbers for a limit: those of one window, of which nobody takes a share. */
export interface LimitNumbers {
  /** Most requests, messages, dials or sessions. */
  readonly capacity: number;
  /** Length of the window in milliseconds; that of the venue if left out. */
  readonly windowMs?: number;
}

/** Other numbers by limit. A dial has none of its own: it counts as one of `connects` and one of `sessions`. */
export type LimitOverrides = Partial<Readonly<Record<Exclude<VenueLimitId, 'dial'>, LimitNumbers>>>;

/** Our share of what a session may send before the venue ignores it, in percent: the rest is for others on the same address. */
const sharePercent = 75;
/** Most dials in the venue's window, however much it allows: more only helps against a venue that is up. */
const mostConnects = 20;
/** Room for pings and pongs, which must never wait: those of 20 sessions in a minute are fewer. */
const reservedPings = 300;
/** How far apart two equally long journeys to the venue may be, in milliseconds. */
const allowanceMs = 1_000;

/** What is ours in the windows of the venue. */
const ours: Partial<Readonly<Record<VenueLimitId, Partial<LimitWindow>>>> = {
  connects: { capacity: mostConnects },
  'admin-ops': { reserved: { cancel: reservedPings } },
  // The pace of requests is our own choice: nobody counts for whom journeys could differ.
  rest: { allowanceMs: 0 },
};

/**
 * The venue's limits, with our share of them: for a limiter of your own, for example one that several processes share.
 * @param overrides other numbers.
 */
export function ascendexLimits(overrides: LimitOverrides = {}): readonly LimitDefinition<VenueLimitId>[] {
  return rateLimits.map((limit) => withNumbers(limit, limit.id === 'dial' ? undefined : overrides[limit.id]));
}

function withNumbers(limit: VenueLimit, numbers: LimitNumbers | undefined): LimitDefinition<VenueLimitId> {
  const { id, scope, windows } = limit;
  if (windows === undefined) return limit;
  const { allowanceMs: own, ...others } = ours[id] ?? {};
  const changes = { ...(numbers ?? others), ...(own === undefined ? {} : { allowanceMs: own }) };
  const isShared = scope === 'session' && numbers === undefined;
  return {
    ...limit,
    ...(isShared ? { sharePercent } : {}),
    windows: windows.map((window) => ({ ...window, ...changes })),
  };
}

/** The limiters of a connector: for requests, and for its stream. They are one where both have the same host. */
export interface Limiters {
  readonly rest: RateLimiter;
  readonly stream: RateLimiter;
}

/**
 * Finds the limiters of a connector. Without options all connectors of this runtime that talk to the same host have one together.
 * @throws VenueError `invalid-options` for both options together, numbers that make no sense, or a limiter that lacks a limit.
 */
export function findLimiters(
  runtime: Runtime,
  { restUrl, streamUrl }: ResolvedEndpoints,
  { limiter, limits }: Pick<AscendexSpotOptions, 'limiter' | 'limits'>,
): Limiters {
  if (limiter !== undefined && limits !== undefined)
    throw invalid('limits: expected none beside a limiter of your own, got both');
  if (limiter !== undefined) return { rest: checked(limiter), stream: limiter };
  if (limits !== undefined) {
    const own = makeLimiter(runtime, limits);
    return { rest: own, stream: own };
  }
  const shared = (url: string): RateLimiter =>
    sharedLimiter(runtime, { venue: venueId, host: new URL(url).host, scope: 'ip' }, () =>
      makeLimiter(runtime),
    );
  return { rest: shared(restUrl), stream: shared(streamUrl) };
}

function makeLimiter(runtime: Runtime, overrides: LimitOverrides = {}): RateLimiter {
  const known = rateLimits.filter(({ windows }) => windows !== undefined).map(({ id }) => id);
  const unknown = Object.keys(overrides).find((id) => !known.some((one) => one === id));
  if (unknown !== undefined) throw invalid(`limits: expected some of ${known.join(', ')}, got ${unknown}`);
  try {
    return createVenueLimiter({ runtime, venue: venueId, allowanceMs, limits: ascendexLimits(overrides) });
  } catch (error) {
    throw invalid(`limits: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function checked(limiter: RateLimiter): RateLimiter {
  const ids = ascendexLimits().map(({ id }) => id);
  requireLimits(limiter, { ids, scopes: ['ip'] }, { venue: venueId, operation: 'createAscendexSpot' });
  return limiter;
}

function invalid(message: string, cause?: unknown): VenueError {
  return new VenueError({
    ...{ code: 'invalid-options', venue: venueId, operation: 'createAscendexSpot', message },
    ...(cause === undefined ? {} : { cause }),
  });
}
