import type { Bar } from './bar.ts';
import { type BarInterval, barIntervals, periodEndMs, periodStartMs } from './bar-interval.ts';

/** Bars from outside. */
export interface LoadedBars {
  /** Where they are from, for messages. */
  readonly name: string;
  readonly interval: BarInterval;
  /** In ascending order; periods may be missing. */
  readonly bars: readonly Bar[];
}

/** The interval whose periods are as long as the shortest distance between two starts, from the earlier one on. */
export function intervalBetween(startMs: number, nextMs: number): BarInterval | undefined {
  return barIntervals.find((interval) => periodEndMs(interval, startMs) === nextMs);
}

/** What is wrong with a bar, as what was expected and what was got; `undefined` if nothing is. */
export function problemOf(bar: Bar, before: Bar | undefined, interval: BarInterval): string | undefined {
  const { startMs, openTicks, highTicks, lowTicks, closeTicks, volumeLots } = bar;
  if (!isCount(startMs, Number.MIN_SAFE_INTEGER) || periodStartMs(interval, startMs) !== startMs)
    return `expected a time at which a bar of ${interval} starts, got ${startMs} ms`;
  if (before !== undefined && startMs <= before.startMs)
    return `expected a time after ${before.startMs} ms, got ${startMs} ms`;
  for (const ticks of [openTicks, highTicks, lowTicks, closeTicks]) {
    if (!isCount(ticks, 1)) return `expected prices of one tick at least, got ${ticks} ticks`;
  }
  if (lowTicks > Math.min(openTicks, closeTicks) || highTicks < Math.max(openTicks, closeTicks))
    return `expected open and close from low to high, got ${openTicks} and ${closeTicks}, ${lowTicks} to ${highTicks} ticks`;
  return isCount(volumeLots, 0) ? undefined : `expected a volume from 0 up, got ${volumeLots} lots`;
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}
