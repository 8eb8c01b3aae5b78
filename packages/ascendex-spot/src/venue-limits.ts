import { clientLimits, type VenueLimit, type VenueLimitId, venueId } from '@venuekit/ascendex-wire';
import { type Runtime, VenueError } from '@venuekit/connector-core';
import {
  createVenueLimiter,
  type LimitDefinition,
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

/**
 * The limits that this connector keeps to, `clientLimits` of the wire package: for a limiter of your own, for example one that several
 * processes share.
 * @param overrides other numbers, of which nobody takes a share.
 */
export function ascendexLimits(overrides: LimitOverrides = {}): readonly LimitDefinition<VenueLimitId>[] {
  return clientLimits.map((limit) =>
    withNumbers(limit, limit.id === 'dial' ? undefined : overrides[limit.id]),
  );
}

function withNumbers(limit: VenueLimit, numbers: LimitNumbers | undefined): LimitDefinition<VenueLimitId> {
  if (numbers === undefined) return limit;
  const { sharePercent: _share, windows = [], ...rest } = limit;
  return {
    ...rest,
    windows: windows.map(({ reserved: _reserved, ...window }) => ({ ...window, ...numbers })),
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
  const known = clientLimits.filter(({ windows }) => windows !== undefined).map(({ id }) => id);
  const unknown = Object.keys(overrides).find((id) => !known.some((one) => one === id));
  if (unknown !== undefined) throw invalid(`limits: expected some of ${known.join(', ')}, got ${unknown}`);
  try {
    return createVenueLimiter({ runtime, venue: venueId, limits: ascendexLimits(overrides) });
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
