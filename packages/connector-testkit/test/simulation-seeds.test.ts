import { expect, test } from 'vitest';
import {
  runSeeds,
  runSimulation,
  type SimulationResult,
  seedsFrom,
  sumsOf,
} from '../src/simulation/index.ts';
import { createToySimulation } from './simulation-toy.ts';

test('adds up results as running the seeds together does, in whichever parts', async () => {
  const seeds = seedsFrom('parts', 5);
  const toy = createToySimulation();
  const results: SimulationResult[] = [];
  for (const seed of seeds) results.push(await runSimulation(toy, seed));
  const { failures: _failures, shortfalls: _shortfalls, ...together } = await runSeeds(toy, seeds);
  expect(together.seeds).toBe(5);
  expect(sumsOf(results)).toEqual(together);
  expect(sumsOf(results.slice(2), sumsOf(results.slice(0, 2)))).toEqual(together);
  expect(Object.keys(together.counts)).toEqual(Object.keys(together.counts).toSorted());
});
