import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Mutant, mutants } from './mutants.ts';
import { type SimulationEntry, simulations } from './simulations.ts';
import { SoakError } from './soak-error.ts';

/** What can be run, and what can be broken. */
export interface Lists {
  readonly simulations: readonly SimulationEntry[];
  readonly mutants: readonly Mutant[];
}

/**
 * The lists of this repository, or those of a module that exports `simulations`, and `mutants` where it has some.
 * @throws SoakError for a module that cannot be loaded, or without them.
 */
export async function loadLists(file: string | undefined): Promise<Lists> {
  if (file === undefined) return { simulations, mutants };
  const module = await load(file);
  if (!Array.isArray(module.simulations)) {
    throw new SoakError(`--list ${file}: expected a module that exports simulations, got none`);
  }
  return { simulations: module.simulations, mutants: module.mutants ?? [] };
}

async function load(file: string): Promise<Partial<Lists>> {
  try {
    return await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    const [got = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new SoakError(`--list ${file}: expected a module that can be loaded, got ${got}`);
  }
}

/**
 * The element of that name.
 * @throws SoakError naming those that there are.
 */
export function named<T extends { readonly name: string }>(
  what: string,
  list: readonly T[],
  name: string,
): T {
  const found = list.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = list.map((each) => each.name).join(', ');
  throw new SoakError(`${what}: expected one of ${names || 'none, there is no such list'}, got ${name}`);
}
