import { periodEndMs, periodStartMs } from '../../history/bar-interval.ts';
import type { BarInterval } from '../../market/market.ts';

/** A bar length as the venue lists it. */
export interface BarLength {
  readonly name: string;
  readonly intervalInMillis: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The venue's names, what they mean, and how long that is. Its `1m` is a month, which it lists as thirty days. */
const lengths: readonly (readonly [name: string, interval: BarInterval, lengthMs: number])[] = [
  ['1', '1m', minuteMs],
  ['5', '5m', 5 * minuteMs],
  ['15', '15m', 15 * minuteMs],
  ['30', '30m', 30 * minuteMs],
  ['60', '1h', hourMs],
  ['120', '2h', 2 * hourMs],
  ['240', '4h', 4 * hourMs],
  ['360', '6h', 6 * hourMs],
  ['720', '12h', 12 * hourMs],
  ['1d', '1d', dayMs],
  ['1w', '1w', 7 * dayMs],
  ['1m', '1M', 30 * dayMs],
];

const byName: ReadonlyMap<string, BarInterval> = new Map(lengths.map(([name, interval]) => [name, interval]));

/** Bar lengths, the shortest first. */
export const barLengths: readonly BarLength[] = lengths.map(([name, , intervalInMillis]) => ({
  name,
  intervalInMillis,
}));

/** When a bar begins and when the next one does, in milliseconds since the epoch. */
export interface BarSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** Which bars the venue calls `name`; `undefined` if it has none of that name. */
export function intervalOf(name: string): BarInterval | undefined {
  return byName.get(name);
}

/** The bar that a moment falls into, in UTC: weeks begin on Mondays, months are those of the calendar. */
export function barSpan(interval: BarInterval, atMs: number): BarSpan {
  const startMs = periodStartMs(interval, atMs);
  return { startMs, endMs: periodEndMs(interval, startMs) };
}
