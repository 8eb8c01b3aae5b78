import { VenueError } from '@venuekit/connector-core';
import { runSimulation } from './runner.ts';
import type { Simulation, SimulationResult } from './simulation.ts';

/** What {@link runSeeds} takes. */
export interface RunSeedsOptions {
  /** Called after each seed. */
  readonly onResult?: (result: SimulationResult) => void;
  /** Ends after so many seeds with a violation; goes on to the end by default. */
  readonly stopAfterFailures?: number;
}

/** What became of several seeds. */
export interface SeedsSummary {
  /** Seeds that were run. */
  readonly seeds: number;
  /** Timers fired. */
  readonly steps: number;
  /** Virtual time that passed, in milliseconds. */
  readonly virtualMs: number;
  /** The runs with a violation, in the order of the seeds. */
  readonly failures: readonly SimulationResult[];
  /** What was counted, added up, by name, in the order of the names. */
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Seeds that follow from one text, such as the hash of a commit: `base-1`, `base-2` and so on.
 * @throws VenueError `invalid-options` for a count that is no whole number.
 */
export function seedsFrom(base: string, count: number): readonly string[] {
  if (!Number.isInteger(count) || count < 0) {
    const message = `count: expected a whole number from 0, got ${count}`;
    throw new VenueError({ code: 'invalid-options', operation: 'seedsFrom', message });
  }
  return Array.from({ length: count }, (_, index) => `${base}-${index + 1}`);
}

/**
 * Runs seeds one after the other.
 * @throws VenueError `invalid-options` as `runSimulation` does.
 */
export async function runSeeds(
  simulation: Simulation,
  seeds: Iterable<string>,
  options: RunSeedsOptions = {},
): Promise<SeedsSummary> {
  const { onResult, stopAfterFailures = Infinity } = options;
  const failures: SimulationResult[] = [];
  const counts = new Map<string, number>();
  const sums = { seeds: 0, steps: 0, virtualMs: 0 };
  for (const seed of seeds) {
    if (failures.length >= stopAfterFailures) break;
    const result = await runSimulation(simulation, seed);
    sums.seeds += 1;
    sums.steps += result.steps;
    sums.virtualMs += result.virtualMs;
    for (const [name, count] of Object.entries(result.counts)) {
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
    if (result.violations.length > 0) failures.push(result);
    onResult?.(result);
  }
  return { ...sums, failures, counts: sorted(counts) };
}

function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const names = [...counts.keys()].sort();
  return Object.fromEntries(names.map((name) => [name, counts.get(name) ?? 0]));
}
