import { checkPlan, fieldsOf, planRefusal } from './plan-check.ts';
import { runSimulation } from './runner.ts';
import type { Simulation, SimulationPlan, SimulationResult } from './simulation.ts';

/** A seed that once failed, kept so that it never does again. */
export interface Regression {
  readonly seed: string;
  /** The shrunk plan; without it the one that the seed makes up. */
  readonly plan?: SimulationPlan;
  /** The invariant that was violated. */
  readonly invariant: string;
  /** What was wrong. */
  readonly note: string;
}

/**
 * Reads a regression file: a list of {@link Regression} in JSON.
 * @throws VenueError `invalid-options` naming the entry and field, what was expected and what was got.
 */
export function parseRegressions(text: string): readonly Regression[] {
  const entries = parseJson(text);
  if (!Array.isArray(entries)) throw planRefusal('regressions', 'a list', entries);
  return entries.map((entry: unknown, index) => {
    const where = `regressions[${index}]`;
    const { plan, ...texts } = fieldsOf(entry, where, ['seed', 'plan', 'invariant', 'note']);
    for (const name of ['seed', 'invariant', 'note']) {
      const value = texts[name];
      if (typeof value !== 'string' || value === '') throw planRefusal(`${where}.${name}`, 'a text', value);
    }
    if (plan !== undefined) checkPlan(plan, `${where}.plan`);
    return entry as Regression;
  });
}

/**
 * Runs every entry. Each result is to be without a violation, of its invariant and of any other.
 * @returns the results in the order of the entries.
 * @throws VenueError `invalid-options` as `runSimulation` does.
 */
export async function runRegressions(
  simulation: Simulation,
  entries: Iterable<Regression>,
): Promise<readonly SimulationResult[]> {
  const results: SimulationResult[] = [];
  for (const { plan, seed } of entries) {
    results.push(await runSimulation(simulation, seed, plan === undefined ? {} : { plan }));
  }
  return results;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw planRefusal('regressions', 'JSON', text);
  }
}
