import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Simulation } from '@venuekit/connector-testkit/simulation';
import { repositoryRoot } from './repository-root.ts';
import { SoakError } from './soak-error.ts';

/** A simulation that the lane can run. */
export interface SimulationEntry {
  readonly name: string;
  /** What it is about, in a few words. */
  readonly about: string;
  /** Loads it; nothing of it is loaded before. */
  load(): Promise<Simulation>;
}

/** Every simulation of this repository. */
export const simulations: readonly SimulationEntry[] = [
  {
    name: 'ascendex-market-data',
    about: 'two clients of AscendEX market data, a simulated exchange, and everything that a network does',
    load: () =>
      loadFrom('packages/ascendex-spot/test/simulation/market-data-simulation.ts', 'marketDataSimulation'),
  },
  {
    name: 'ascendex-depth-gaps',
    about: 'one client of AscendEX books, of which messages are left out anywhere and in any number',
    load: () =>
      loadFrom(
        'packages/ascendex-spot/test/simulation/depth-gaps/depth-gaps-simulation.ts',
        'depthGapsSimulation',
      ),
  },
];

/** Simulations are tests of their packages, which nothing may import: they are found by their path. */
async function loadFrom(path: string, name: string): Promise<Simulation> {
  const module: Record<string, unknown> = await import(pathToFileURL(join(repositoryRoot, path)).href);
  const simulation = module[name];
  if (typeof simulation !== 'object' || simulation === null) {
    throw new SoakError(`${path}: expected the export ${name}, got none`);
  }
  return simulation as Simulation;
}
