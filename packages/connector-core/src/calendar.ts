import { type Interval, type IntervalUnit, parseInterval, unitMs } from './interval.ts';
import { VenueError } from './venue-error.ts';

const dayMs = unitMs.d;
/** Monday, 29 December 1969: the week that contains the epoch. */
const firstMondayMs = -3 * dayMs;
/** The longest time that a calendar can tell, in milliseconds from the epoch. */
const farthestMs = 8_640_000_000_000_000;

/**
 * Start of the interval that contains a time, both in milliseconds since the epoch, UTC. Seconds to days count from the epoch,
 * weeks start on Monday, and months on the first; several weeks or months count from those that contain the epoch.
 * @throws VenueError `invalid-request` if the text is no interval or the time is no whole number of milliseconds.
 */
export function intervalStartMs(interval: Interval, timeMs: number): number {
  return boundaryMs('intervalStartMs', interval, indexOf('intervalStartMs', interval, timeMs));
}

/**
 * Start of the interval `count` intervals after the one that contains a time; before it if negative.
 * @throws as {@link intervalStartMs}.
 */
export function addIntervalsMs(interval: Interval, timeMs: number, count: number): number {
  if (!Number.isSafeInteger(count)) throw refusal('addIntervalsMs', 'a whole number of intervals', count);
  return boundaryMs('addIntervalsMs', interval, indexOf('addIntervalsMs', interval, timeMs) + count);
}

/**
 * How many intervals the one that contains `toMs` is after the one that contains `fromMs`: 0 if it is the same, negative if it is
 * before.
 * @throws as {@link intervalStartMs}.
 */
export function intervalsBetween(interval: Interval, fromMs: number, toMs: number): number {
  return indexOf('intervalsBetween', interval, toMs) - indexOf('intervalsBetween', interval, fromMs);
}

/** Number of the interval that contains a time; 0 contains the epoch. */
function indexOf(operation: string, interval: Interval, timeMs: number): number {
  const { count, unit } = parseInterval(interval);
  if (!Number.isSafeInteger(timeMs) || Math.abs(timeMs) > farthestMs) {
    throw refusal(operation, 'a whole number of milliseconds since the epoch', timeMs);
  }
  if (unit === 'M') return Math.floor(monthOf(timeMs) / count);
  return Math.floor((timeMs - originMs(unit)) / (count * unitMs[unit]));
}

function boundaryMs(operation: string, interval: Interval, index: number): number {
  const { count, unit } = parseInterval(interval);
  const startMs = unit === 'M' ? monthStartMs(index * count) : originMs(unit) + index * count * unitMs[unit];
  if (Number.isSafeInteger(startMs) && Math.abs(startMs) <= farthestMs) return startMs;
  throw refusal(operation, 'an interval that a calendar can tell', startMs);
}

function originMs(unit: IntervalUnit): number {
  return unit === 'w' ? firstMondayMs : 0;
}

/** Start of a month, counted from January 1970. */
function monthStartMs(month: number): number {
  // biome-ignore lint/style/noRestrictedGlobals: arithmetic on its arguments, which reads no clock.
  return Date.UTC(1970, month, 1);
}

/** Months since January 1970. */
function monthOf(timeMs: number): number {
  // A month has 28 to 31 days, so the guess by its mean length is off by one at most.
  const guess = Math.floor(timeMs / (dayMs * 30.436875));
  if (monthStartMs(guess) > timeMs) return guess - 1;
  return monthStartMs(guess + 1) <= timeMs ? guess + 1 : guess;
}

function refusal(operation: string, expected: string, got: unknown): VenueError {
  return new VenueError({
    code: 'invalid-request',
    operation,
    message: `expected ${expected}, got ${String(got)}`,
  });
}
