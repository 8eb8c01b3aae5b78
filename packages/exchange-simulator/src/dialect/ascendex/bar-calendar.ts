import { periodEndMs, periodStartMs } from '../../history/bar-interval.ts';
import type { BarInterval } from '../../market/market.ts';

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
  const startMs = periodStartMs(interval, atMs);
  return { startMs, endMs: periodEndMs(interval, startMs) };
}
