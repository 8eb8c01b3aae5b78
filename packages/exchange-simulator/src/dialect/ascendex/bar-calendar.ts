import type { BarInterval } from '../../market/market.ts';

const dayMs = 86_400_000;

/** Lengths of those that begin at multiples of them from the epoch on. */
const lengths: Readonly<Record<Exclude<BarInterval, '1w' | '1M'>, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '2h': 7_200_000,
  '4h': 14_400_000,
  '6h': 21_600_000,
  '12h': 43_200_000,
  '1d': dayMs,
};

/** The venue's names; its `1m` is a month. */
const byName: Readonly<Record<string, BarInterval>> = {
  '1': '1m',
  '5': '5m',
  '15': '15m',
  '30': '30m',
  '60': '1h',
  '120': '2h',
  '240': '4h',
  '360': '6h',
  '720': '12h',
  '1d': '1d',
  '1w': '1w',
  '1m': '1M',
};

/** When a bar begins and when the next one does, in milliseconds since the epoch. */
export interface BarSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** Which bars the venue calls `name`; `undefined` if it has none of that name. */
export function intervalOf(name: string): BarInterval | undefined {
  return Object.hasOwn(byName, name) ? byName[name] : undefined;
}

/** The bar that a moment falls into, in UTC: weeks begin on Mondays, months are those of the calendar. */
export function barSpan(interval: BarInterval, atMs: number): BarSpan {
  if (interval === '1M') return monthOf(atMs);
  // The epoch was a Thursday.
  if (interval === '1w') return spanOf(atMs, 7 * dayMs, 4 * dayMs);
  return spanOf(atMs, lengths[interval], 0);
}

function spanOf(atMs: number, lengthMs: number, offsetMs: number): BarSpan {
  const startMs = Math.floor((atMs - offsetMs) / lengthMs) * lengthMs + offsetMs;
  return { startMs, endMs: startMs + lengthMs };
}

/** Days of 400 years, after which the calendar repeats itself. */
const eraDays = 146_097;
/** From the first of March of year 0 to the epoch. */
const daysToEpoch = 719_468;

/** Years are taken to begin in March, so that the leap day is the last of a year. */
function monthOf(atMs: number): BarSpan {
  const days = Math.floor(atMs / dayMs) + daysToEpoch;
  const era = Math.floor(days / eraDays);
  const dayOfEra = days - era * eraDays;
  const leapless = dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524);
  const yearOfEra = Math.floor((leapless - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - startOfYear(yearOfEra);
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  const yearStart = era * eraDays + startOfYear(yearOfEra) - daysToEpoch;
  const nextYearStart =
    era * eraDays + (yearOfEra === 399 ? eraDays : startOfYear(yearOfEra + 1)) - daysToEpoch;
  const start = yearStart + startOfMonth(month);
  const end = month === 11 ? nextYearStart : yearStart + startOfMonth(month + 1);
  return { startMs: start * dayMs, endMs: end * dayMs };
}

function startOfYear(yearOfEra: number): number {
  return 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
}

/** Days from the first of March to the first of the month that comes `month` months later. */
function startOfMonth(month: number): number {
  return Math.floor((153 * month + 2) / 5);
}
