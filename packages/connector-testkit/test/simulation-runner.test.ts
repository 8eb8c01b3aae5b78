import { createSeededTies, guardAmbient } from '@venuekit/connector-kit/testing';
import { expect, test } from 'vitest';
import {
  runSeeds,
  runSimulation,
  type Simulation,
  type SimulationPlan,
  type SimulationResult,
  seedsFrom,
} from '../src/simulation/index.ts';
import { createToySimulation, type Plant } from './simulation-toy.ts';

const emptyPlan: SimulationPlan = { actions: [], faults: [], switches: {} };
const addPlan: SimulationPlan = {
  ...emptyPlan,
  actions: [{ atMs: 1_000, kind: 'add', with: { times: 4 } }],
};

/** What was wrong, without where in the sources. */
async function violationsOf(plant: Plant, plan: SimulationPlan = addPlan): Promise<readonly string[]> {
  const { violations } = await runSimulation(createToySimulation(plant), 'seed', { plan });
  const texts = violations.map(({ invariant, message }) => `${invariant} ${message}`);
  return [...new Set(texts.map((text) => text.replaceAll(/:\d+:\d+/g, '')))];
}

test('finds nothing wrong with what is right, and says what happened', async () => {
  const summary = await runSeeds(createToySimulation(), seedsFrom('sound', 25));
  expect(summary.failures).toEqual([]);
  expect(summary.seeds).toBe(25);
  expect(summary.virtualMs).toBe(25 * 30_000);
  for (const count of Object.values(summary.counts)) expect(count).toBeGreaterThan(0);
  expect(Object.keys(summary.counts)).toEqual(
    'add answers compact error failures read refusals reset restart slow stall'.split(' '),
  );
});

test('gives one seed the same result twice, in another order of seeds, and from its own plan', async () => {
  const simulation = createToySimulation();
  const seeds = seedsFrom('again', 12);
  const forwards: SimulationResult[] = [];
  const backwards: SimulationResult[] = [];
  await runSeeds(simulation, seeds, { onResult: (result) => forwards.push(result) });
  await runSeeds(simulation, seeds.toReversed(), { onResult: (result) => backwards.unshift(result) });
  expect(backwards).toEqual(forwards);
  expect(new Set(forwards.map(({ hash }) => hash)).size).toBe(12);
  for (const first of forwards) {
    expect(await runSimulation(simulation, first.seed, { plan: first.plan })).toEqual(first);
  }
});

test('has another hash when a step of the plan or a tie changes, and the same one with the trace kept', async () => {
  const simulation = createToySimulation();
  const first = await runSimulation(simulation, 'seed', { plan: addPlan });
  const kept = await runSimulation(simulation, 'seed', { plan: addPlan, keepTrace: true });
  expect(kept.hash).toBe(first.hash);
  expect(first.trace).toEqual([]);
  expect(kept.trace).toContain('1000 world timer action add');
  const later = { ...addPlan, actions: [{ ...addPlan.actions[0]!, atMs: 1_001 }] };
  expect((await runSimulation(simulation, 'seed', { plan: later })).hash).not.toBe(first.hash);

  const meeting = { ...emptyPlan, actions: [{ atMs: 5, kind: 'read' }], faults: [{ atMs: 5, kind: 'slow' }] };
  const hashes = new Set<string>();
  for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const options = { plan: meeting, ties: createSeededTies(seed) };
    hashes.add((await runSimulation(simulation, 'seed', options)).hash);
  }
  expect(hashes.size).toBe(2);
});

test('reports a violation that a check found, at its time, and keeps only the first ones', async () => {
  const faults = [
    { atMs: 500, kind: 'compact', with: { blocks: 7 } },
    { atMs: 900, kind: 'restart' },
  ];
  const plan = { ...addPlan, faults };
  const result = await runSimulation(createToySimulation('lost-update'), 'seed', { plan });
  expect(result.violations[0]).toEqual({
    invariant: 'I2',
    message: 'value: expected 0, got -1',
    atMs: 900,
  });
  expect(result.violations).toHaveLength(5);
  expect(result.unlisted).toBeGreaterThan(5);
});

const thrown = 'expected nothing thrown, got';
const toy = '(packages/connector-testkit/test/simulation-toy.ts)';

test.each<readonly [string, Plant, string]>([
  ['a check that throws', 'check', `I12 check: ${thrown} Error: the check is broken ${toy}`],
  ['a violation at the end', 'end', 'I3 expected nothing added, got 4'],
  ['a step that throws', 'thrown-step', `I12 action add: ${thrown} Error: add is broken ${toy}`],
  ['a step that rejects', 'rejected-step', `I12 action add: ${thrown} RangeError: request is broken ${toy}`],
  [
    'a rejection that nobody handles',
    'unhandled-rejection',
    `I12 unhandled rejection: ${thrown} Error: unhandled-rejection happened ${toy}`,
  ],
  [
    'an exception that nobody catches',
    'uncaught-exception',
    `I12 uncaught exception: ${thrown} Error: uncaught-exception happened ${toy}`,
  ],
  [
    'a timer that throws',
    'world-failure',
    `I12 client/broken: ${thrown} Error: world-failure happened ${toy}`,
  ],
  ['a timer that is left over', 'leftover-timer', 'I13 client: expected nothing left, got timers forgotten'],
  [
    'an end that takes too long',
    'endless-end',
    'I13 end: expected to settle, but it still waits after 60000 ms; planned: client/sleep',
  ],
  [
    'an end that waits for nothing',
    'stuck-end',
    'I13 end: expected to settle, but it waits for ever: nothing is planned',
  ],
  [
    'chance from outside',
    'random',
    'ambient expected time, chance and network from the runtime, got Math.random at packages/connector-testkit/test/simulation-toy.ts',
  ],
  [
    'a clock from outside whose error is swallowed',
    'swallowed-clock',
    'ambient expected time, chance and network from the runtime, got Date.now at packages/connector-testkit/test/simulation-toy.ts',
  ],
])('reports %s as what it is', async (_title, plant, expected) => {
  expect(await violationsOf(plant)).toEqual([expected]);
});

test('reports a run without an end, and ends it', async () => {
  const [violation, ...others] = await violationsOf('endless-steps');
  expect(others).toEqual([]);
  expect(violation).toMatch(/^I13 expected an end within 5000 steps, got none; planned: client\/again/);
});

test('lets ambient calls be where the guard is off', async () => {
  const options = { plan: addPlan, guard: false };
  const { violations } = await runSimulation(createToySimulation('random'), 'seed', options);
  expect(violations).toEqual([]);
  expect(Math.random()).toBeLessThan(1);
});

test('reports a begin that rejects, and one that never settles', async () => {
  const simulation = createToySimulation();
  const rejecting: Simulation = { ...simulation, begin: () => Promise.reject(new Error('no world')) };
  const stuck: Simulation = { ...simulation, begin: () => new Promise(() => {}) };
  expect((await runSimulation(rejecting, 'seed')).violations).toMatchObject([
    {
      invariant: 'I12',
      message: expect.stringContaining('begin: expected nothing thrown, got Error: no world'),
    },
  ]);
  expect((await runSimulation(stuck, 'seed')).violations).toMatchObject([
    { invariant: 'I13', message: expect.stringContaining('begin: expected to settle') },
  ]);
});

test('ends at the invariant that it is told to stop at', async () => {
  const simulation = createToySimulation('unhandled-rejection');
  const whole = await runSimulation(simulation, 'seed', { plan: addPlan });
  const stopped = await runSimulation(simulation, 'seed', {
    plan: addPlan,
    stopAt: ({ invariant }) => invariant === 'I12',
  });
  expect(stopped.violations).toEqual(whole.violations.slice(0, 1));
  expect(stopped.steps).toBeLessThan(whole.steps);
});

test('refuses a second run at the same time, and runs again afterwards', async () => {
  const simulation = createToySimulation();
  const first = runSimulation(simulation, 'seed-1');
  await expect(runSimulation(simulation, 'seed-2')).rejects.toThrow(
    /seed seed-2 of toy-counter: expected one run at a time, got one during seed seed-1/,
  );
  expect((await first).violations).toEqual([]);
  expect((await runSimulation(simulation, 'seed-2')).violations).toEqual([]);
});

test('puts the guard and the listeners of the process back, also after a plan that is refused', async () => {
  const before = process.rawListeners('unhandledRejection');
  const plan = { ...emptyPlan, faults: [{ atMs: 10_001, kind: 'reset' }] };
  const refused = runSimulation(createToySimulation(), 'seed', { plan });
  await expect(refused).rejects.toMatchObject({ code: 'invalid-options' });
  await expect(refused).rejects.toThrow('plan.faults[0].atMs: expected a time from 0 to 10000 ms, got 10001');
  expect(process.rawListeners('unhandledRejection')).toEqual(before);
  expect(Date.now()).toBeGreaterThan(0);
});

test('says so where another guard is active', async () => {
  using _guard = guardAmbient();
  await expect(runSimulation(createToySimulation(), 'seed')).rejects.toThrow(/expected no active guard/);
});

test('stops after as many failures as it is told to', async () => {
  const seeds = seedsFrom('stop', 40);
  const summary = await runSeeds(createToySimulation('end'), seeds, { stopAfterFailures: 3 });
  expect(summary.seeds).toBe(3);
  expect(summary.failures.map(({ seed }) => seed)).toEqual(['stop-1', 'stop-2', 'stop-3']);
  expect(() => seedsFrom('stop', 1.5)).toThrow(/count: expected a whole number/);
});

test('refuses no seeds at all, unless there may be none', async () => {
  const none = runSeeds(createToySimulation(), []);
  await expect(none).rejects.toThrow('seeds of toy-counter: expected one at least, got none');
  expect(await runSeeds(createToySimulation(), [], { allowNone: true })).toMatchObject({ seeds: 0 });
});

test('says what happened less often than the simulation wants it, from ten seeds on', async () => {
  const simulation: Simulation = { ...createToySimulation(), least: { add: 1, re: 1_000, never: 0.5 } };
  const { counts, shortfalls } = await runSeeds(simulation, seedsFrom('least', 10));
  const { read = 0, refusals = 0, reset = 0, restart = 0 } = counts;
  expect(shortfalls).toEqual([
    `re: expected at least 1000 a seed, got ${read + refusals + reset + restart} in 10 seeds`,
    'never: expected at least 0.5 a seed, got 0 in 10 seeds',
  ]);
  expect((await runSeeds(simulation, seedsFrom('least', 9))).shortfalls).toEqual([]);
});
