import { named } from './lists.ts';
import type { Mutant } from './mutants.ts';
import { SoakError } from './soak-error.ts';

/**
 * The mutants that a simulation is tried with: the one of that name, or for `all` every one that is not of another simulation.
 * @throws SoakError if there is none.
 */
export function chosenMutants(
  mutants: readonly Mutant[],
  name: string,
  simulation: string,
): readonly Mutant[] {
  if (name !== 'all') {
    const mutant = named('--mutant', mutants, name);
    if (isOf(mutant, simulation)) return [mutant];
    throw new SoakError(
      `--mutant ${name}: expected a mutant of ${simulation}, got one of ${mutant.simulation}`,
    );
  }
  const own = mutants.filter((mutant) => isOf(mutant, simulation));
  if (own.length === 0) throw new SoakError(`--mutant all: expected mutants of ${simulation}, got none`);
  return own;
}

function isOf(mutant: Mutant, simulation: string): boolean {
  return mutant.simulation === undefined || mutant.simulation === simulation;
}
