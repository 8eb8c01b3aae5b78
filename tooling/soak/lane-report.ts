import type { Difference } from './difference.ts';
import type { SeedRecord } from './messages.ts';

/** One time through the seeds. */
export interface PassReport {
  readonly name: 'first' | 'again' | 'compare';
  /** The version of Node. */
  readonly node: string;
  /** Seeds that have a result. */
  readonly seeds: number;
  /** Those of them that an earlier start had done. */
  readonly resumed: number;
  /** True if it was ended because workers were lost one after the other. */
  readonly gaveUp: boolean;
}

/** A pass that is over, with what it has. */
export interface FinishedPass {
  readonly report: PassReport;
  readonly records: readonly SeedRecord[];
}

/** A seed with violations. */
export interface Failure extends Pick<SeedRecord, 'seed' | 'violations'> {
  /** The first pass in which it had them. */
  readonly pass: PassReport['name'];
}

/** What a lane has found. */
export interface LaneReport {
  readonly simulation: string;
  /** The first of the seeds. */
  readonly firstSeed: string | undefined;
  readonly commit: string;
  readonly mutant: string | undefined;
  /** Processes side by side in the first pass, as many as there really were; 0 if this start had nothing left to run. */
  readonly workers: number;
  /** Seeds that were asked for. */
  readonly planned: number;
  /** The first pass is the one that the sums are about. */
  readonly passes: readonly PassReport[];
  readonly steps: number;
  readonly virtualMs: number;
  /** Seeds of the first pass that this start has run, by the clock on the wall from when the first worker was ready; undefined if it ran none. */
  readonly seedsPerMinute: number | undefined;
  /** Sums of what the simulation counted, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** What happened less often than the simulation wants it. */
  readonly shortfalls: readonly string[];
  /** The seeds with violations, in the order of the passes; one that failed in several, once. */
  readonly failures: readonly Failure[];
  /** A failure, made small, for people: the first that is more than a lost worker, where there is one. */
  readonly failureText: string | undefined;
  readonly differences: readonly Difference[];
}
