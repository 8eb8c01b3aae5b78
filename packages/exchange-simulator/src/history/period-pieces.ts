import { type BarInterval, nominalMs, periodEndMs, periodStartMs } from './bar-interval.ts';

/** A whole period of an interval. */
export interface PeriodPiece<Unit extends BarInterval> {
  readonly interval: Unit;
  readonly startMs: number;
}

/**
 * Cuts a range into few whole periods, long ones where they fit, in ascending order. What is left of it at its end, if it is shorter than the
 * shortest interval, is left out.
 * @param intervals the longest first; the last one divides all others.
 * @param fromMs start of a period of the last interval.
 * @param sinceMs nothing is before this: a period that holds it counts from there.
 */
export function* piecesOf<Unit extends BarInterval>(
  intervals: readonly Unit[],
  fromMs: number,
  toMs: number,
  sinceMs: number = Number.NEGATIVE_INFINITY,
): Generator<PeriodPiece<Unit>> {
  for (let atMs = fromMs; atMs < toMs; ) {
    const interval = intervals.find((each) => {
      // Most are ruled out without a calendar; no whole month is shorter than nine tenths of its nominal length.
      if (atMs !== sinceMs && toMs - atMs < 0.9 * nominalMs[each]) return false;
      const startMs = periodStartMs(each, atMs);
      return Math.max(startMs, sinceMs) === atMs && periodEndMs(each, startMs) <= toMs;
    });
    if (interval === undefined) return;
    const startMs = periodStartMs(interval, atMs);
    yield { interval, startMs };
    atMs = periodEndMs(interval, startMs);
  }
}
