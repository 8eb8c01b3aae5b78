import type { Simulation, Violation } from '@venuekit/connector-testkit/simulation';

/** What became of one seed, as a worker says it and as it is kept. */
export interface SeedRecord {
  readonly seed: string;
  /** Hash of the trace. */
  readonly hash: string;
  /** Timers fired. */
  readonly steps: number;
  /** Virtual time that passed, in milliseconds. */
  readonly virtualMs: number;
  readonly violations: readonly Violation[];
  readonly counts: Readonly<Record<string, number>>;
  /** Real time that it took, in milliseconds. */
  readonly ms: number;
}

/** What a worker is asked: to run seeds, or to make the failure of one small. A line of JSON each. */
export type WorkerRequest =
  | { readonly seeds: readonly string[] }
  | {
      readonly shrink: string;
      /** The command that runs it again, for the text. */
      readonly command: string;
    };

/** What a worker says. A line of JSON each. */
export type WorkerReply =
  | {
      readonly kind: 'ready';
      /** Hashes of the files that it has loaded, by path. */
      readonly sources: Readonly<Record<string, string>>;
      /** What the simulation states as `least`. */
      readonly least: Simulation['least'];
    }
  | { readonly kind: 'seed'; readonly record: SeedRecord }
  | { readonly kind: 'shrinking'; readonly runs: number }
  | { readonly kind: 'failure'; readonly text: string };
