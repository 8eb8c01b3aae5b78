import type { Bar } from '../../src/history/bar.ts';
import type { BarInterval } from '../../src/history/bar-interval.ts';

/** A trade of a keeper, as the model takes it. */
export interface SlowTrade {
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly atMs: number;
}

/** Start of the period around a time, as the platform's calendar tells it. */
export function slowStartMs(interval: BarInterval, atMs: number): number {
  const date = new Date(atMs);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const count = Number.parseInt(interval, 10);
  switch (interval.slice(-1)) {
    case 'M':
      return Date.UTC(year, month, 1);
    case 'w':
      // Sunday is 0; the week starts on the day after it.
      return Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7));
    case 'd':
      return Date.UTC(year, month, day);
    case 'h':
      return Date.UTC(year, month, day, Math.floor(date.getUTCHours() / count) * count);
    default:
      return Date.UTC(year, month, day, date.getUTCHours(), Math.floor(date.getUTCMinutes() / count) * count);
  }
}

/** Start of the next period: an hour at a time, or a minute, until another one begins. */
export function slowNextMs(interval: BarInterval, startMs: number): number {
  const stepMs = interval.endsWith('m') ? 60_000 : 3_600_000;
  let nextMs = startMs + stepMs;
  while (slowStartMs(interval, nextMs) === startMs) nextMs += stepMs;
  return nextMs;
}

/** Longer bars out of shorter ones, one at a time, in the order in which they come. */
export function slowSum(shorter: Iterable<Bar>, interval: BarInterval): readonly Bar[] {
  const groups = new Map<number, Bar[]>();
  for (const bar of shorter) {
    const startMs = slowStartMs(interval, bar.startMs);
    const group = groups.get(startMs);
    if (group === undefined) groups.set(startMs, [bar]);
    else group.push(bar);
  }
  return [...groups].map(([startMs, bars]) => ({
    startMs,
    openTicks: bars[0]?.openTicks ?? Number.NaN,
    highTicks: bars.reduce((most, { highTicks }) => Math.max(most, highTicks), 0),
    lowTicks: bars.reduce((least, { lowTicks }) => Math.min(least, lowTicks), Number.POSITIVE_INFINITY),
    closeTicks: bars[bars.length - 1]?.closeTicks ?? Number.NaN,
    volumeLots: bars.reduce((sum, { volumeLots }) => sum + volumeLots, 0),
  }));
}

/** Bars out of trades, by the same sum: each trade is a bar of one price. */
export function slowBars(trades: Iterable<SlowTrade>, interval: BarInterval): readonly Bar[] {
  return slowSum([...trades].map(barOf), interval);
}

/** A trade as a bar. */
export function barOf({ priceTicks, sizeLots, atMs }: SlowTrade): Bar {
  return {
    startMs: atMs,
    openTicks: priceTicks,
    highTicks: priceTicks,
    lowTicks: priceTicks,
    closeTicks: priceTicks,
    volumeLots: sizeLots,
  };
}
