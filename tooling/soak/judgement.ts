import { type Simulation, shortfallsOf, sumsOf } from '@venuekit/connector-testkit/simulation';
import { differencesBetween } from './difference.ts';
import type { Failure, FinishedPass, LaneReport } from './lane-report.ts';

/** The part of a report that follows from results alone. */
export type Judgement = Pick<
  LaneReport,
  'firstSeed' | 'passes' | 'steps' | 'virtualMs' | 'counts' | 'shortfalls' | 'failures' | 'differences'
>;

/**
 * Judges what the passes of a lane have brought. Sums and averages are those of the first, which the others repeat.
 * @param least what the simulation states as its `least`.
 */
export function judge(
  first: FinishedPass,
  others: readonly FinishedPass[],
  least: Simulation['least'],
): Judgement {
  const { counts, seeds, steps, virtualMs } = sumsOf(first.records);
  return {
    ...{ firstSeed: first.records[0]?.seed, steps, virtualMs, counts },
    passes: [first, ...others].map(({ report }) => report),
    shortfalls: shortfallsOf(least, counts, seeds),
    failures: failuresOf([first, ...others]),
    differences: others.flatMap((other) => differencesBetween(first, other)),
  };
}

/** False after a violation or a difference, if too little happened, or if a pass did not come to everything that the first one did. */
export function holds({
  differences,
  failures,
  passes,
  shortfalls,
}: Pick<LaneReport, 'differences' | 'failures' | 'passes' | 'shortfalls'>): boolean {
  const isWhole = passes.every(({ gaveUp, seeds }) => !gaveUp && seeds === passes[0]?.seeds);
  return isWhole && failures.length + differences.length + shortfalls.length === 0;
}

/** The first failure that tells what was wrong. That a worker was lost does not. */
export function tellingFailure(failures: readonly Failure[]): Failure | undefined {
  return failures.find(({ violations }) => violations[0]?.invariant !== 'worker');
}

function failuresOf(passes: readonly FinishedPass[]): readonly Failure[] {
  const failures = new Map<string, Failure>();
  for (const { records, report } of passes) {
    for (const { seed, violations } of records) {
      if (violations.length > 0 && !failures.has(seed))
        failures.set(seed, { seed, violations, pass: report.name });
    }
  }
  return [...failures.values()];
}
