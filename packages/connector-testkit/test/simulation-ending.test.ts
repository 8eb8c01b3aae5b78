import type { EventEmitter } from 'node:events';
import type { Incarnation, VirtualProcess } from '@venuekit/connector-kit/testing';
import { expect, test } from 'vitest';
import { runSimulation, type Simulation, type SimulationStage } from '../src/simulation/index.ts';

type Act = (stage: SimulationStage, life: Incarnation, process: VirtualProcess) => void | Promise<void>;

/** A simulation of one process and one server that never answers: what it does at its one step, and at its end. */
function simulationOf({ act, end }: { readonly act?: Act; readonly end?: Act }): Simulation {
  return {
    ...{ name: 'ending', forMs: 1_000, settleWithinMs: 20_000 },
    plan: () => ({ actions: [{ atMs: 100, kind: 'step' }], faults: [], switches: {} }),
    begin(stage) {
      stage.world.network.listen('mute.test', {
        fetch: () => new Promise(() => {}),
        openStream: () => ({ refusedWith: 404 }),
      });
      const process = stage.world.process('client');
      const life = process.start();
      return { act: () => act?.(stage, life, process), end: async () => end?.(stage, life, process) };
    },
  };
}

async function violationsOf(parts: { readonly act?: Act; readonly end?: Act }): Promise<readonly string[]> {
  const { violations } = await runSimulation(simulationOf(parts), 'seed');
  return violations.map(({ invariant, message }) => `${invariant} ${message}`);
}

const forever = (): Promise<void> => new Promise(() => {});
const pending = (name: string): string =>
  `I13 ${name}: expected to be done after the end, but it still waits`;

test('reports a step that is never done, by its name', async () => {
  expect(await violationsOf({ act: forever })).toEqual([pending('action step')]);
});

test('excuses work of a process that has crashed, and no other work', async () => {
  const tracked: Act = (stage, life) => {
    stage.track('its work', forever(), life);
    stage.track('our work', forever());
  };
  expect(await violationsOf({ act: tracked })).toEqual([pending('its work'), pending('our work')]);
  const crashing: Act = (stage, life, process) => {
    void tracked(stage, life, process);
    process.crash();
    process.start();
  };
  expect(await violationsOf({ act: crashing })).toEqual([pending('our work')]);
});

test('reports what tracked work rejects with', async () => {
  const found = await violationsOf({
    act: (stage) => stage.track('work', Promise.reject(new Error('broken'))),
  });
  expect(found).toEqual([expect.stringMatching(/^I12 work: expected nothing thrown, got Error: broken/)]);
});

const ask: Act = (_stage, { runtime }) => void runtime.fetch(new Request('http://mute.test/'));
const dial: Act = (_stage, { runtime }) =>
  void runtime.openSocket(
    'ws://mute.test/',
    { maxMessageBytes: 1_000 },
    { opened() {}, message() {}, closed() {} },
  );
const wait: Act = (_stage, { runtime }) => void runtime.timers.setTimer(1e6, () => {}, 'late');

test.each<readonly [string, Act, string]>([
  ['a request', ask, 'requests 1'],
  ['a socket', dial, 'sockets 1'],
  ['a timer', wait, 'timers late'],
])('reports %s that is left, also of a process that the end crashes', async (_title, leave, left) => {
  const expected = [`I13 client: expected nothing left, got ${left}`];
  expect(await violationsOf({ end: leave })).toEqual(expected);
  const crash: Act = async (stage, life, process) => {
    await leave(stage, life, process);
    process.crash();
  };
  expect(await violationsOf({ end: crash })).toEqual(expected);
  // A crash that the plan wanted leaves what it leaves.
  expect(await violationsOf({ act: crash })).toEqual([]);
});

test('does not let a simulation close the world, which would hide what is left', async () => {
  const end: Act = (stage, life, process) => {
    void wait(stage, life, process);
    stage.world.close();
  };
  expect(await violationsOf({ end })).toEqual([
    'I13 world.close: expected a call by the runner alone, got one by the simulation',
    'I13 client: expected nothing left, got timers late',
  ]);
});

test.each([0, 1, 5_000])('reports a timer of a server that comes again every %i ms', async (everyMs) => {
  const end: Act = ({ world }) => {
    const again = (): void => void world.timers.setTimer(everyMs, again, 'heartbeat');
    again();
  };
  expect(await violationsOf({ end })).toEqual([
    'I13 expected a world at rest after the end, but it goes on; planned: world/heartbeat',
  ]);
});

test('lets a timer of a server be that comes once after the end, and hears of what it throws', async () => {
  const later = (fire: () => void): Act => {
    return ({ world }) => void world.timers.setTimer(9_000, fire, 'last');
  };
  const { hash, steps, virtualMs } = await runSimulation(simulationOf({}), 'seed');
  // It is no part of the run.
  expect(await runSimulation(simulationOf({ end: later(() => {}) }), 'seed')).toMatchObject({
    ...{ hash, steps, virtualMs, violations: [] },
  });
  const failing = later(() => {
    throw new Error('late');
  });
  expect(await violationsOf({ end: failing })).toEqual([
    expect.stringMatching(/^I12 world\/last: expected nothing thrown, got Error: late/),
  ]);
});

const reject = async (): Promise<void> => {
  await null;
  throw new Error('at last');
};

test('hears of a rejection in the last turn of all', async () => {
  expect(await violationsOf({ end: () => void reject() })).toEqual([
    expect.stringContaining('I12 unhandled rejection: expected nothing thrown, got Error: at last'),
  ]);
});

test('hears of what the check after the last step rejected, where no more time passes', async () => {
  let ended = false;
  const simulation: Simulation = {
    ...simulationOf({}),
    begin({ world }) {
      const { runtime } = world.process('client').start();
      const end = async (): Promise<void> => {
        await new Promise<void>((resolve) => void runtime.timers.setTimer(60, resolve, 'end'));
        ended = true;
        // What is left keeps the runner from waiting for the world to rest.
        runtime.timers.setTimer(1e6, () => {}, 'late');
      };
      return { act() {}, end, check: () => void (ended && reject()) };
    },
  };
  const { violations } = await runSimulation(simulation, 'seed');
  expect(violations.map(({ message }) => message)).toEqual([
    'client: expected nothing left, got timers late',
    expect.stringContaining('unhandled rejection: expected nothing thrown, got Error: at last'),
  ]);
});

test('reports everything that timers threw, not the first alone', async () => {
  const act: Act = ({ world }) => {
    for (const name of ['one', 'two', 'three']) {
      const fail = (): never => {
        throw new Error(name);
      };
      world.timers.setTimer(50, fail, name);
    }
  };
  const found = await violationsOf({ act });
  expect(found.map((text) => /got Error: (\w+)/.exec(text)?.[1]).sort()).toEqual(['one', 'three', 'two']);
});

test('reports every place that reaches past the runtime', async () => {
  const act: Act = () => {
    for (const reach of [() => Math.random(), () => Date.now()]) {
      try {
        reach();
      } catch {
        // As a library does that falls back to something else.
      }
    }
  };
  const found = await violationsOf({ act });
  expect(found.map((text) => /got (\S+) at/.exec(text)?.[1])).toEqual(['Math.random', 'Date.now']);
});

test('takes the steps of a plan from the start of the run on, however long its beginning took', async () => {
  const times: number[] = [];
  const slow: Simulation = {
    ...simulationOf({}),
    async begin({ world: { clock, timers } }) {
      await new Promise<void>((resolve) => void timers.setTimer(60, resolve, 'begin'));
      return { act: () => void times.push(clock.monotonic()), end: async () => {} };
    },
  };
  const { virtualMs } = await runSimulation(slow, 'seed');
  expect([...times, virtualMs]).toEqual([100, 1_000]);
});

test('gives the world the seed of the run', async () => {
  const seeds: (string | number)[] = [];
  const act: Act = ({ world }) => void seeds.push(world.seed, world.random.next('x'));
  for (const seed of ['one', 'two']) await runSimulation(simulationOf({ act }), seed);
  expect([seeds[0], seeds[2]]).toEqual(['one', 'two']);
  expect(seeds[1]).not.toBe(seeds[3]);
});

test.each(['unhandledRejection', 'uncaughtException'])(
  'puts %s listeners back as they were',
  async (event) => {
    const emitter: EventEmitter = process;
    const [always, once] = [() => {}, () => {}];
    emitter.on(event, always).once(event, once);
    try {
      const before = emitter.rawListeners(event);
      await runSimulation(simulationOf({}), 'seed');
      expect(emitter.rawListeners(event)).toEqual(before);
      expect(emitter.listeners(event)).toContain(once);
    } finally {
      emitter.off(event, always).off(event, once);
    }
  },
);
