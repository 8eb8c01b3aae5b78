import { type Interval, isInterval, VenueError } from '@venuekit/connector-core';
import { describeValue } from './excerpt.ts';
import { venueId } from './venue.ts';

/** An interval that the venue has bars for. */
export type AscendexInterval =
  | '1m'
  | '5m'
  | '15m'
  | '30m'
  | '1h'
  | '2h'
  | '4h'
  | '6h'
  | '12h'
  | '1d'
  | '1w'
  | '1M';

/** The venue's own name of an interval. Here `1m` is a month. */
export type VenueInterval =
  | '1'
  | '5'
  | '15'
  | '30'
  | '60'
  | '120'
  | '240'
  | '360'
  | '720'
  | '1d'
  | '1w'
  | '1m';

/**
 * Our intervals and the venue's names for them, from the shortest up. Mind the trap: the venue's `1m` is one month, and one
 * minute is `1`. Source: docs, "Bar Info".
 */
const venueNames: Readonly<Record<AscendexInterval, VenueInterval>> = {
  '1m': '1',
  '5m': '5',
  '15m': '15',
  '30m': '30',
  '1h': '60',
  '2h': '120',
  '4h': '240',
  '6h': '360',
  '12h': '720',
  '1d': '1d',
  '1w': '1w',
  '1M': '1m',
};

/** Every interval that the venue has bars for, from the shortest up. */
export const ascendexIntervals: readonly AscendexInterval[] = Object.keys(venueNames) as AscendexInterval[];

const ourNames: ReadonlyMap<string, AscendexInterval> = new Map(
  ascendexIntervals.map((interval) => [venueNames[interval], interval]),
);

/** True if the venue has bars of this interval. */
export function isAscendexInterval(interval: string): interval is AscendexInterval {
  return Object.hasOwn(venueNames, interval);
}

/**
 * The venue's name of an interval: `1` for `1m`, `1m` for `1M`.
 * @throws VenueError `unsupported` for an interval that the venue does not have, `invalid-request` for what is no interval.
 */
export function toVenueInterval(interval: Interval): VenueInterval {
  if (isAscendexInterval(interval)) return venueNames[interval];
  throw new VenueError({
    code: isInterval(interval) ? 'unsupported' : 'invalid-request',
    venue: venueId,
    operation: 'toVenueInterval',
    message: `expected one of ${ascendexIntervals.join(' ')}, got ${describeValue(interval)}`,
  });
}

/**
 * The interval that the venue means by a name: `1m` for `1`, `1M` for `1m`.
 * @throws VenueError `protocol` for a name that is not in the table.
 */
export function toInterval(venueName: string): AscendexInterval {
  const interval = ourNames.get(venueName);
  if (interval !== undefined) return interval;
  throw new VenueError({
    code: 'protocol',
    venue: venueId,
    operation: 'toInterval',
    message: `expected one of ${[...ourNames.keys()].join(' ')}, got ${describeValue(venueName)}`,
  });
}
