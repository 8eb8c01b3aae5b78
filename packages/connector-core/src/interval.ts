import { VenueError } from './venue-error.ts';

/** Unit of a candle interval: seconds, minutes, hours, days, weeks, months. `m` is a minute and `M` a month. */
export type IntervalUnit = 's' | 'm' | 'h' | 'd' | 'w' | 'M';

/** Length of a candle, for example `1m`, `4h`, `1d`, `1M`. A venue claims its own list. */
export type Interval = `${number}${IntervalUnit}`;

/** An {@link Interval} taken apart. */
export interface IntervalParts {
  /** How many units; a whole number above zero. */
  readonly count: number;
  readonly unit: IntervalUnit;
  /** Length in milliseconds; `undefined` for months, which have no fixed length. */
  readonly lengthMs: number | undefined;
}

/** Lengths of the units that have one. */
export const unitMs: Readonly<Record<Exclude<IntervalUnit, 'M'>, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** True for the text of an interval: a whole number above zero and a unit. */
export function isInterval(text: string): text is Interval {
  return /^[1-9]\d{0,5}[smhdwM]$/.test(text);
}

/**
 * Takes an interval apart.
 * @throws VenueError `invalid-request` if the text is not an interval.
 */
export function parseInterval(interval: Interval): IntervalParts {
  if (!isInterval(interval)) {
    throw new VenueError({
      code: 'invalid-request',
      operation: 'parseInterval',
      message: `expected a whole number and one of s m h d w M, such as 15m, got ${JSON.stringify(interval)}`,
    });
  }
  const count = Number.parseInt(interval, 10);
  const unit = interval.slice(-1) as IntervalUnit;
  return { count, unit, lengthMs: unit === 'M' ? undefined : count * unitMs[unit] };
}
