import { beforeAll, expect, test } from 'vitest';
import {
  formatFailure,
  runSeeds,
  runSimulation,
  type Simulation,
  type SimulationResult,
  type SimulationStage,
  seedsFrom,
  shrinkSimulation,
} from '../src/simulation/index.ts';
import { createToySimulation } from './simulation-toy.ts';

const broken = createToySimulation('lost-update');

let failures: readonly SimulationResult[] = [];
beforeAll(async () => {
  ({ failures } = await runSeeds(broken, seedsFrom('hunt', 20)));
});

test('finds a bug that needs two faults in order, and leaves exactly those two', async () => {
  expect(failures.length).toBeGreaterThan(1);
  for (const failure of failures) {
    const shrunk = await shrinkSimulation(broken, failure);
    const faults = shrunk.plan.faults.toSorted((a, b) => a.atMs - b.atMs);
    expect(faults.map(({ kind }) => kind)).toEqual(['compact', 'restart']);
    expect(faults[0]?.with).toEqual({ blocks: 7 });
    expect(shrunk.plan.actions).toEqual([]);
    expect(shrunk.invariant).toBe('I2');
    expect(shrunk.result.violations[0]?.invariant).toBe('I2');
    expect(shrunk.result.trace.length).toBeGreaterThan(0);
  }
});

test('shrinks the same way every time, and tells how far it is', async () => {
  const [failure] = failures;
  const runs: number[] = [];
  const first = await shrinkSimulation(broken, failure!, { onProgress: (now) => runs.push(now.runs) });
  expect(await shrinkSimulation(broken, failure!)).toEqual(first);
  expect(runs).toEqual(Array.from({ length: first.runs - 1 }, (_, index) => index + 1));
});

test('keeps what it has when its runs are used up', async () => {
  const [failure] = failures;
  const { plan, result, runs } = await shrinkSimulation(broken, failure!, { maxRuns: 3 });
  expect(runs).toBe(4);
  expect(plan.faults.length).toBeGreaterThanOrEqual(2);
  expect(result.violations[0]?.invariant).toBe('I2');
});

test('refuses a result without a violation, and a failure that does not come again', async () => {
  const sound = await runSimulation(createToySimulation(), 'seed');
  await expect(shrinkSimulation(broken, sound)).rejects.toThrow('expected a violation');
  const [failure] = failures;
  await expect(shrinkSimulation(createToySimulation(), failure!)).rejects.toThrow(
    /expected I2 to be violated again in the same way, got a run in which it is not/,
  );
});

test('prints a failure so that it can be understood and run again', async () => {
  const faults = [
    { atMs: 800, kind: 'slow' },
    { atMs: 1_200, kind: 'compact', with: { blocks: 9 } },
    { atMs: 4_000, kind: 'restart' },
  ];
  const actions = [{ atMs: 100, kind: 'add', with: { times: 3 } }];
  const plan = { actions, faults, switches: { reply: 'value' } };
  const shrunk = await shrinkSimulation(broken, await runSimulation(broken, 'shown', { plan }));
  expect(formatFailure(shrunk)).toMatchInlineSnapshot(`
    "toy-counter, seed shown: I2 violated at 4000 ms
      value: expected 0, got -1
      and 1 more (I2)
    Plan, after 18 runs of shrinking: 0 actions, 2 faults
         1200 ms  fault   compact blocks=7
         4000 ms  fault   restart
    Switches: reply=value
    Entry for the regression file:
      {"seed":"shown","plan":{"actions":[],"faults":[{"atMs":1200,"kind":"compact","with":{"blocks":7}},{"atMs":4000,"kind":"restart"}],"switches":{"reply":"value"}},"invariant":"I2","note":"what was wrong"}
    Trace up to the violation, 3 of 4 lines:
      0 client start 1
      1200 world timer fault compact
      4000 world timer fault restart
    "
  `);
});

test('prints the command that runs it again where there is one, and knows of none by itself', async () => {
  const failure = failures[0]!;
  expect(formatFailure(failure, { command: 'run me' })).toContain('\nRun it again:\n  run me\nEntry for');
  const text = formatFailure(failure);
  expect(text).not.toMatch(/again|npx|soak/);
  expect(text.startsWith(`toy-counter, seed ${failure.seed}: `)).toBe(true);
});

test('prints a failure that was not shrunk with its whole plan and without a trace', async () => {
  const faults = Array.from({ length: 70 }, (_, index) => ({ atMs: index, kind: 'reset' }));
  const plan = { actions: [], faults, switches: {} };
  const text = formatFailure(await runSimulation(createToySimulation('end'), 'long', { plan }));
  expect(text).toContain('toy-counter, seed long: I3 violated at 30000 ms\n');
  expect(text).toContain('Plan: 0 actions, 70 faults\n        0 ms  fault   reset\n');
  expect(text).toContain('\n       59 ms  fault   reset\n  and 10 more: shrink it\n');
  expect(text).not.toContain('       60 ms');
  expect(text).toContain('{"seed":"long","fromSeed":true,"invariant":"I3","note":"what was wrong"}');
  expect(text).not.toContain('Trace');
});

test('shows no more of the trace than asked, and no line at its full length', async () => {
  const result = await runSimulation(createToySimulation('end'), 'trace', { keepTrace: true });
  const long = `29999 client note ${'x'.repeat(500)}`;
  const text = formatFailure({ ...result, trace: [...result.trace.slice(0, -1), long] }, { traceLines: 2 });
  const shown = text.slice(text.indexOf('Trace')).trimEnd().split('\n');
  expect(shown).toHaveLength(3);
  expect(shown[0]).toBe(`Trace up to the violation, 2 of ${result.trace.length} lines:`);
  expect(shown[2]).toBe(`  ${long.slice(0, 240)}… (518 characters)`);
});

/** A simulation whose end violates what it is told to. */
function judged(judge: (stage: SimulationStage, kinds: readonly string[]) => void): Simulation {
  const kinds = ({ plan: { faults } }: SimulationStage) => faults.map(({ kind }) => kind);
  return {
    ...createToySimulation(),
    begin: (stage) => ({ act() {}, end: async () => judge(stage, kinds(stage)) }),
  };
}

const four = {
  actions: [],
  faults: ['reset', 'error', 'slow', 'stall'].map((kind, at) => ({ atMs: at * 100, kind })),
  switches: {},
};

async function shrunkOf(simulation: Simulation) {
  return shrinkSimulation(simulation, await runSimulation(simulation, 'seed', { plan: four }));
}

test('leaves what the same failure needs: another message of the same invariant is another failure', async () => {
  const shrunk = await shrunkOf(
    judged(({ violate }, kinds) => {
      if (kinds.includes('reset') && kinds.includes('slow')) violate('I2', `lost ${kinds.length} updates`);
      else violate('I2', 'made one up');
    }),
  );
  expect(shrunk.plan.faults.map(({ kind }) => kind)).toEqual(['reset', 'slow']);
  expect(shrunk.violation.message).toBe('lost 2 updates');
});

test('finds the failure behind many others of its invariant', async () => {
  const crowded = judged(({ violate }, kinds) => {
    for (let time = 0; kinds.length < 4 && time < 9; time += 1) violate('I2', `noise${'!'.repeat(time)}`);
    violate('I2', 'the one');
  });
  const { plan } = await shrunkOf(crowded);
  expect(plan.faults).toEqual([]);
});

test('gives back the last run that failed where its plan holds in the end', async () => {
  let runs = 0;
  // As a program does that keeps something from one run to the next.
  const fickle = judged(({ violate }, kinds) => {
    runs += 1;
    if (runs <= 3) violate('I2', `lost with ${kinds.length} faults`);
  });
  const shrunk = await shrunkOf(fickle);
  expect(shrunk.result.violations).toContain(shrunk.violation);
  expect(shrunk.result.plan).toEqual(shrunk.plan);
});

test('prints the violation that was shrunk, also where another one comes first', async () => {
  const two = judged(({ violate }, kinds) => {
    if (kinds.length < 3) violate('I9', 'something else');
    violate('I2', 'lost');
  });
  const text = formatFailure(await shrunkOf(two));
  expect(text).toMatch(/: I2 violated at \d+ ms\n {2}lost\n {2}and 1 more \(I9\)\n/);
  expect(text).toContain('"invariant":"I2","note"');
});
