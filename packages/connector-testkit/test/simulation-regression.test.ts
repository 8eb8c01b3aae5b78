import { beforeAll, expect, test } from 'vitest';
import {
  formatFailure,
  parseRegressions,
  type Regression,
  runRegressions,
  runSeeds,
  runSimulation,
  type Simulation,
  type SimulationPlan,
  type SimulationResult,
  seedsFrom,
  shrinkSimulation,
} from '../src/simulation/index.ts';
import { createToySimulation } from './simulation-toy.ts';

const broken = createToySimulation('lost-update');
const emptyPlan: SimulationPlan = { actions: [], faults: [], switches: {} };
const kept: Regression = { seed: 's', plan: emptyPlan, invariant: 'I2', note: 'it was lost' };

let failures: readonly SimulationResult[] = [];
beforeAll(async () => {
  ({ failures } = await runSeeds(broken, seedsFrom('hunt', 20)));
});

test('throws a readable text for the entry that is back, unless the results are asked for', async () => {
  const { plan, seed } = failures[0]!;
  const run = runRegressions(broken, [kept, { ...kept, plan, seed }]);
  await expect(run).rejects.toThrow(
    `regressions[1] (I2: it was lost) is back:\ntoy-counter, seed ${seed}: I2 violated`,
  );
  const results = await runRegressions(broken, [kept, { ...kept, plan, seed }], { throws: false });
  expect(results.map(({ violations }) => violations.length > 0)).toEqual([false, true]);
});

test('refuses a list without an entry, unless it may be empty', async () => {
  await expect(runRegressions(broken, [])).rejects.toThrow('regressions: expected an entry, got []');
  expect(await runRegressions(broken, [], { allowNone: true })).toEqual([]);
});

test.each<readonly [string, Partial<SimulationPlan>, string]>([
  ['an action', { actions: [{ atMs: 1, kind: 'ad' }] }, 'actions[0].kind: expected one of add, got "ad"'],
  ['a fault', { faults: [{ atMs: 1, kind: 'add' }] }, 'faults[0].kind: expected one of reset, got "add"'],
  ['a switch', { switches: { re: 'x' } }, 'plan.switches: expected the switches reply, got "re"'],
  ['a setting', { switches: { reply: 'x' } }, 'plan.switches.reply: expected one of empty, got "x"'],
])('refuses %s that the simulation does not declare', async (_title, part, message) => {
  const vocabulary = { actions: ['add'], faults: ['reset'], switches: { reply: ['empty'] } };
  const declared: Simulation = { ...createToySimulation(), vocabulary };
  const plan = { ...emptyPlan, ...part };
  await expect(runRegressions(declared, [{ ...kept, plan }])).rejects.toThrow(message);
  await expect(runSimulation(declared, 's', { plan })).rejects.toMatchObject({ code: 'invalid-options' });
  // Whoever declares nothing is not held to anything.
  expect(await runRegressions(createToySimulation(), [{ ...kept, plan }])).toHaveLength(1);
});

test('runs regressions, the printed entry among them', async () => {
  const [failure] = failures;
  const entry = /^ {2}(\{"seed".*\})$/m.exec(formatFailure(await shrinkSimulation(broken, failure!)))?.[1];
  const entries = parseRegressions(
    `[${entry}, {"seed": "whole", "fromSeed": true, "invariant": "I2", "note": "none"}]`,
  );
  const [again, whole] = await runRegressions(broken, entries, { throws: false });
  expect(again?.violations[0]?.invariant).toBe('I2');
  expect(again?.plan.faults).toHaveLength(2);
  expect(whole?.plan).toEqual((await runSimulation(broken, 'whole')).plan);
  for (const { violations } of await runRegressions(createToySimulation(), entries)) {
    expect(violations).toEqual([]);
  }
});

test.each([
  ['what is not JSON', 'seed', 'regressions: expected JSON, got "seed"'],
  ['what is no list', '{}', 'regressions: expected a list, got {}'],
  ['what is no entry', '[1]', 'regressions[0]: expected an object, got 1'],
  ['a missing seed', '[{"invariant":"I5","note":"n"}]', 'regressions[0].seed: expected a text, got nothing'],
  [
    'an empty note',
    '[{"seed":"s","invariant":"I5","note":""}]',
    'regressions[0].note: expected a text, got ""',
  ],
  [
    'a field that there is not',
    '[{"seed":"s","invariant":"I5","note":"n","when":1}]',
    'regressions[0]: expected the fields seed, invariant, note, plan, fromSeed, got "when"',
  ],
  [
    'a plan with a step that has no time',
    '[{"seed":"s","invariant":"I5","note":"n","plan":{"actions":[{"kind":"add"}],"faults":[],"switches":{}}}]',
    'regressions[0].plan.actions[0].atMs: expected a time from 0 to Infinity ms, got nothing',
  ],
  [
    'a plan with a switch that is no text',
    '[{"seed":"s","invariant":"I5","note":"n","plan":{"actions":[],"faults":[],"switches":{"ack":1}}}]',
    'regressions[0].plan.switches.ack: expected a text, got 1',
  ],
  [
    'an entry with neither a plan nor the word that there is none',
    '[{"seed":"s","invariant":"I5","note":"n"}]',
    'regressions[0]: expected either a plan or fromSeed: true, got "neither"',
  ],
  [
    'another word than true',
    '[{"seed":"s","invariant":"I5","note":"n","fromSeed":false}]',
    'regressions[0].fromSeed: expected true, got false',
  ],
])('refuses %s among regressions', (_title, text, message) => {
  expect(() => parseRegressions(text)).toThrow(message);
});
