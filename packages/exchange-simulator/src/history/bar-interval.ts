import { invalidHistory } from './invalid-history.ts';

/** Length of a bar: `m` is a minute and `M` a month. */
export type BarInterval =
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

/** Milliseconds of a minute. */
export const minuteMs: number = 60_000;
const hourMs = 60 * minuteMs;
/** Milliseconds of a day. */
export const dayMs: number = 24 * hourMs;
/** The epoch was a Thursday; the Monday before it starts the week in which it is. */
const firstMondayMs = -3 * dayMs;

/** Milliseconds of each interval, the shortest first. A month counts as 30 days here, which is right for no use but comparing. */
export const nominalMs: Readonly<Record<BarInterval, number>> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '30m': 30 * minuteMs,
  '1h': hourMs,
  '2h': 2 * hourMs,
  '4h': 4 * hourMs,
  '6h': 6 * hourMs,
  '12h': 12 * hourMs,
  '1d': dayMs,
  '1w': 7 * dayMs,
  '1M': 30 * dayMs,
};

/** The intervals of bars, the shortest first. */
export const barIntervals: readonly BarInterval[] = Object.keys(nominalMs) as BarInterval[];

/** @throws VenueError `invalid-options` unless bars of this interval can be made. */
export function requireInterval(operation: string, interval: BarInterval): void {
  if (Object.hasOwn(nominalMs, interval)) return;
  throw invalidHistory(
    operation,
    `expected interval to be one of ${barIntervals.join(' ')}, got ${interval}`,
  );
}

/**
 * Start of the period of an interval in which a time is, both in milliseconds since the epoch. Minutes to days are multiples of their
 * length from the epoch, weeks start on Monday and months on the first, all at 00:00 UTC.
 */
export function periodStartMs(interval: BarInterval, atMs: number): number {
  if (interval === '1M') return monthStartMs(monthOf(atMs));
  const originMs = interval === '1w' ? firstMondayMs : 0;
  const lengthMs = nominalMs[interval];
  return originMs + Math.floor((atMs - originMs) / lengthMs) * lengthMs;
}

/** Start of the period after the one that starts at `startMs`. */
export function periodEndMs(interval: BarInterval, startMs: number): number {
  return interval === '1M' ? monthStartMs(monthOf(startMs) + 1) : startMs + nominalMs[interval];
}

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const meanYearMs = 365.2425 * dayMs;

/** Number of the month in which a time is; January 1970 is 0. */
export function monthOf(atMs: number): number {
  let years = Math.floor(atMs / meanYearMs);
  if (monthStartMs(12 * years) > atMs) years -= 1;
  else if (monthStartMs(12 * (years + 1)) <= atMs) years += 1;
  const dayOfYear = (atMs - monthStartMs(12 * years)) / dayMs;
  // January and February together have 59 days, or 60, and no two months in a row have fewer: this is never too early.
  const month = 12 * years + Math.min(11, Math.floor(dayOfYear / 29.5));
  return monthStartMs(month) > atMs ? month - 1 : month;
}

/** Start of a month by its number, in milliseconds since the epoch; month 0 is January 1970. */
export function monthStartMs(month: number): number {
  const years = Math.floor(month / 12);
  const monthOfYear = month - 12 * years;
  const year = 1970 + years;
  const leapDay = monthOfYear > 1 && isLeapYear(year) ? 1 : 0;
  const days = 365 * years + leapDaysBefore(year) - leapDaysBefore(1970);
  return (days + (daysBeforeMonth[monthOfYear] ?? 0) + leapDay) * dayMs;
}

function isLeapYear(year: number): boolean {
  return leapDaysBefore(year + 1) > leapDaysBefore(year);
}

function leapDaysBefore(year: number): number {
  const last = year - 1;
  return Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400);
}
