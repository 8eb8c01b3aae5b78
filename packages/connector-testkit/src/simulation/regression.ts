import { formatFailure } from './failure-text.ts';
import { checkPlan, fieldsOf, planRefusal } from './plan-check.ts';
import { runSimulation } from './runner.ts';
import type { Simulation, SimulationPlan, SimulationResult } from './simulation.ts';

/** A seed that once failed, kept so that it never does again. */
export interface Regression {
  readonly seed: string;
  /** The shrunk plan. An entry has either this or `fromSeed`. */
  readonly plan?: SimulationPlan;
  /** The plan is the one that the seed makes up: it is another one as soon as the simulation draws otherwise. */
  readonly fromSeed?: true;
  /** The invariant that was violated. */
  readonly invariant: string;
  /** What was wrong. */
  readonly note: string;
}

/** What {@link runRegressions} takes. */
export interface RunRegressionsOptions {
  /** Throws at the first entry with a violation; true by default. False gives all results back, whatever they are. */
  readonly throws?: boolean;
  /** Lets a list without an entry be; it is refused by default, since it proves nothing. */
  readonly allowNone?: boolean;
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
    const { fromSeed, plan, ...texts } = fieldsOf(entry, where, [...textFields, 'plan', 'fromSeed']);
    for (const name of textFields) {
      const value = texts[name];
      if (typeof value !== 'string' || value === '') throw planRefusal(`${where}.${name}`, 'a text', value);
    }
    if (fromSeed !== undefined && fromSeed !== true) throw planRefusal(`${where}.fromSeed`, 'true', fromSeed);
    if (plan !== undefined) checkPlan(plan, `${where}.plan`);
    checkSource(entry as Regression, where);
    return entry as Regression;
  });
}

/**
 * Runs every entry. Each result is to be without a violation, of its invariant and of any other.
 * @returns the results in the order of the entries.
 * @throws Error with the failure as text, at the first entry with a violation.
 * @throws VenueError `invalid-options` for no entries, for an entry with neither a plan nor `fromSeed` or with a plan that the
 * simulation has no words for, and as `runSimulation` does.
 */
export async function runRegressions(
  simulation: Simulation,
  entries: Iterable<Regression>,
  options: RunRegressionsOptions = {},
): Promise<readonly SimulationResult[]> {
  const { allowNone = false, throws = true } = options;
  const list = [...entries];
  if (list.length === 0 && !allowNone) throw planRefusal('regressions', 'an entry', list);
  for (const [index, entry] of list.entries()) {
    checkSource(entry, `regressions[${index}]`);
    if (entry.plan !== undefined) checkPlan(entry.plan, `regressions[${index}].plan`, simulation);
  }
  const results: SimulationResult[] = [];
  for (const [index, entry] of list.entries()) {
    const { plan, seed } = entry;
    const run = plan === undefined ? {} : { plan };
    const result = await runSimulation(simulation, seed, { ...run, keepTrace: throws });
    if (throws && result.violations.length > 0) throw new Error(failureText(result, entry, index));
    results.push(result);
  }
  return results;
}

const textFields = ['seed', 'invariant', 'note'] as const;

function checkSource({ fromSeed, plan }: Regression, where: string): void {
  if ((plan === undefined) === (fromSeed === undefined)) {
    throw planRefusal(where, 'either a plan or fromSeed: true', plan === undefined ? 'neither' : 'both');
  }
}

function failureText(result: SimulationResult, { invariant, note }: Regression, index: number): string {
  return `regressions[${index}] (${invariant}: ${note}) is back:\n${formatFailure(result)}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw planRefusal('regressions', 'JSON', text);
  }
}
