import { VenueError } from '@venuekit/connector-core';
import { runSimulation } from './runner.ts';
import type { Simulation, SimulationResult } from './simulation.ts';

/** What {@link runSeeds} takes. */
export interface RunSeedsOptions {
  /** Called after each seed. */
  readonly onResult?: (result: SimulationResult) => void;
  /** Ends after so many seeds with a violation; goes on to the end by default. */
  readonly stopAfterFailures?: number;
  /** Lets a list without a seed be; it is refused by default, since it proves nothing. */
  readonly allowNone?: boolean;
}

/** What several seeds come to together. */
export interface SeedSums {
  /** Seeds that were run. */
  readonly seeds: number;
  /** Timers fired. */
  readonly steps: number;
  /** Virtual time that passed, in milliseconds. */
  readonly virtualMs: number;
  /** What was counted, added up, by name, in the order of the names. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What became of several seeds. */
export interface SeedsSummary extends SeedSums {
  /** The runs with a violation, in the order of the seeds. */
  readonly failures: readonly SimulationResult[];
  /** What happened less often than the simulation's `least` wants it, a sentence each. */
  readonly shortfalls: readonly string[];
}

/** Fewer seeds have no average. */
const seedsForAverage = 10;

/**
 * Adds up what became of seeds, in whichever process they were run.
 * @param before the sums of others, which are added as well.
 */
export function sumsOf(
  results: Iterable<Pick<SimulationResult, 'steps' | 'virtualMs' | 'counts'>>,
  before: SeedSums = { seeds: 0, steps: 0, virtualMs: 0, counts: {} },
): SeedSums {
  const counts = new Map(Object.entries(before.counts));
  let { seeds, steps, virtualMs } = before;
  for (const result of results) {
    seeds += 1;
    steps += result.steps;
    virtualMs += result.virtualMs;
    for (const [name, count] of Object.entries(result.counts)) {
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
  }
  return { seeds, steps, virtualMs, counts: sortedByName(counts) };
}

/**
 * Holds counts against what a simulation states as `least`.
 * @param counts sums over all seeds, by name.
 * @returns a sentence for each that is too small; none for fewer than ten seeds, which have no average.
 */
export function shortfallsOf(
  least: Simulation['least'],
  counts: Readonly<Record<string, number>>,
  seeds: number,
): readonly string[] {
  if (seeds < seedsForAverage) return [];
  return Object.entries(least ?? {}).flatMap(([name, perSeed]) => {
    const named = Object.keys(counts).filter((each) => each.startsWith(name));
    const sum = named.reduce((total, each) => total + (counts[each] ?? 0), 0);
    if (sum >= Math.floor(perSeed * seeds)) return [];
    return [`${name.trim()}: expected at least ${perSeed} a seed, got ${sum} in ${seeds} seeds`];
  });
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
 * @throws VenueError `invalid-options` for no seeds, and as `runSimulation` does.
 */
export async function runSeeds(
  simulation: Simulation,
  seeds: Iterable<string>,
  options: RunSeedsOptions = {},
): Promise<SeedsSummary> {
  const { onResult, stopAfterFailures = Infinity } = options;
  const failures: SimulationResult[] = [];
  let sums = sumsOf([]);
  for (const seed of seeds) {
    if (failures.length >= stopAfterFailures) break;
    const result = await runSimulation(simulation, seed);
    sums = sumsOf([result], sums);
    if (result.violations.length > 0) failures.push(result);
    onResult?.(result);
  }
  if (sums.seeds === 0 && options.allowNone !== true) {
    const message = `seeds of ${simulation.name}: expected one at least, got none`;
    throw new VenueError({ code: 'invalid-options', operation: 'runSeeds', message });
  }
  return { ...sums, failures, shortfalls: shortfallsOf(simulation.least, sums.counts, sums.seeds) };
}

function sortedByName(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const names = [...counts.keys()].sort();
  return Object.fromEntries(names.map((name) => [name, counts.get(name) ?? 0]));
}
