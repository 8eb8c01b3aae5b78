/**
 * Simulations of a program in a virtual world: one seed decides everything that happens, and what fails is made small.
 *
 * @packageDocumentation
 */
export { createDraw, type Draw } from './draw.ts';
export { type FailureTextOptions, formatFailure } from './failure-text.ts';
export {
  parseRegressions,
  type Regression,
  type RunRegressionsOptions,
  runRegressions,
} from './regression.ts';
export { type RunSimulationOptions, runSimulation } from './runner.ts';
export {
  type RunSeedsOptions,
  runSeeds,
  type SeedSums,
  type SeedsSummary,
  seedsFrom,
  shortfallsOf,
  sumsOf,
} from './seeds.ts';
export {
  type ShrinkOptions,
  type ShrinkProgress,
  type ShrunkSimulation,
  shrinkSimulation,
} from './shrinking.ts';
export type {
  PlanVocabulary,
  Simulation,
  SimulationPlan,
  SimulationResult,
  SimulationRun,
  SimulationStage,
  SimulationStep,
  Violation,
} from './simulation.ts';
