import { VenueError } from '@venuekit/connector-core';
import {
  createVirtualWorld,
  guardAmbient,
  type RunEnd,
  type TieBreak,
  type VirtualWorld,
} from '@venuekit/connector-kit/testing';
import { createDraw } from './draw.ts';
import { watchFailures } from './failure-watch.ts';
import { checkPlan } from './plan-check.ts';
import type {
  Simulation,
  SimulationPlan,
  SimulationResult,
  SimulationRun,
  SimulationStage,
  SimulationStep,
  Violation,
} from './simulation.ts';
import { describeThrown, stackPlace } from './stack-place.ts';
import { StepWatch } from './step-watch.ts';
import { ViolationList } from './violation-list.ts';
import { leftoversOf, WatchedWorld } from './watched-world.ts';

/** What {@link runSimulation} takes. */
export interface RunSimulationOptions {
  /** Instead of the one that the seed makes up. The world still follows from the seed. */
  readonly plan?: SimulationPlan;
  /** Gives the lines of the trace back; off by default. */
  readonly keepTrace?: boolean;
  /** Order of timers that are due at one instant; drawn from the seed by default. */
  readonly ties?: TieBreak;
  /** Forbids ambient time, chance and network while it runs; on by default. */
  readonly guard?: boolean;
  /** Ends the run at the first such violation, for those who look for nothing else. It is listed, however many came before. */
  readonly stopAt?: (violation: Violation) => boolean;
}

const defaultSettleMs = 600_000;
const defaultSteps = 1_000_000;
/** Steps in which a world has come to rest after its end, or never does. */
const mostStepsToRest = 10_000;

let running: string | undefined;

/**
 * Runs one seed of a simulation from beginning to end, in virtual time. Violations are in the result; it rejects only where
 * there was no run. One run at a time: until it ends, the process's listeners for unhandled rejections and uncaught exceptions
 * are set aside.
 *
 * Beyond what the simulation itself says, these are violations: `I12`, what was thrown by a step of the plan, a timer or a
 * handler, or caught by nobody; `I13`, a run that does not end, a step that is never done, what a process has left in the end,
 * and a world that does not come to rest; `ambient`, a call past the runtime, also if somebody caught its error.
 *
 * Promise work without an end (`for (;;) await null`) keeps virtual time and this function where they are: only another process
 * can notice that, by a silence that is too long, and end this one.
 * @throws VenueError `invalid-options` while another run goes on, for a plan that is none, and with another guard active.
 */
export async function runSimulation(
  simulation: Simulation,
  seed: string,
  options: RunSimulationOptions = {},
): Promise<SimulationResult> {
  if (running !== undefined) {
    const message = `seed ${seed} of ${simulation.name}: expected one run at a time, got one during ${running}`;
    throw new VenueError({ code: 'invalid-options', operation: 'runSimulation', message });
  }
  running = `seed ${seed} of ${simulation.name}`;
  try {
    return await new Runner(simulation, seed, options).run();
  } finally {
    running = undefined;
  }
}

class Runner {
  readonly #simulation: Simulation;
  readonly #seed: string;
  readonly #options: RunSimulationOptions;
  readonly #world: VirtualWorld;
  readonly #violations: ViolationList;
  readonly #watched: WatchedWorld;
  readonly #steps = new StepWatch((name, error) => this.#noteThrown(name, error));
  readonly #counts = new Map<string, number>();
  readonly #ambientPlaces = new Set<string>();
  #run: SimulationRun | undefined;
  #failuresSeen = 0;
  #ending = false;
  #over = false;

  constructor(simulation: Simulation, seed: string, options: RunSimulationOptions) {
    const { keepTrace = false, ties } = options;
    this.#simulation = simulation;
    this.#seed = seed;
    this.#options = options;
    const world = createVirtualWorld({ seed, keepTrace, ...(ties === undefined ? {} : { ties }) });
    this.#world = world;
    this.#watched = new WatchedWorld(world, {
      crashing: (process) => {
        if (this.#ending) this.#noteLeft(process.name, leftoversOf(process));
      },
      closing: () =>
        this.#violate('I13', 'world.close: expected a call by the runner alone, got one by the simulation'),
    });
    this.#violations = new ViolationList(() => world.clock.monotonic());
  }

  async run(): Promise<SimulationResult> {
    const { guard = true } = this.#options;
    const ambient = guard
      ? guardAmbient({ allow: (stack, name) => this.#noteAmbient(stack, name) })
      : undefined;
    const watch = watchFailures((kind, error) => this.#noteThrown(kind, error));
    try {
      const plan = this.#options.plan ?? this.#simulation.plan(createDraw(this.#seed));
      checkPlan(plan, 'plan', this.#simulation);
      const ended = await this.#play(plan);
      const result = this.#result(plan);
      if (ended) await this.#rest();
      this.#world.close();
      // One more turn: what was rejected at the very end is heard of as well.
      await this.#world.run({ maxSteps: 0 });
      return { ...result, violations: [...this.#violations.listed], unlisted: this.#violations.unlisted };
    } finally {
      watch[Symbol.dispose]();
      ambient?.[Symbol.dispose]();
    }
  }

  /** True if the run came to its end. */
  async #play(plan: SimulationPlan): Promise<boolean> {
    await this.#settle('begin', async () => {
      this.#run = await this.#simulation.begin(this.#stage(plan));
    });
    const run = this.#run;
    if (run === undefined || this.#over) return false;
    for (const step of plan.actions) this.#schedule(run, step, 'action');
    for (const step of plan.faults) this.#schedule(run, step, 'fault');
    const end = await this.#advance(Math.max(0, this.#simulation.forMs - this.#nowMs));
    if (end === 'steps') this.#noteEndless();
    if (this.#over) return false;
    this.#ending = true;
    const ended = await this.#settle('end', () => run.end());
    this.#ending = false;
    // What did not end has something left, of course.
    if (!ended || this.#over) return false;
    for (const name of new Set(this.#steps.names)) {
      this.#violate('I13', `${name}: expected to be done after the end, but it still waits`);
    }
    for (const process of this.#watched.processes) this.#noteLeft(process.name, leftoversOf(process));
    return true;
  }

  /** Lets what is planned happen: what goes on for ever then was not ended. */
  async #rest(): Promise<void> {
    // What is left over has been reported, and goes on as it does.
    if (this.#watched.processes.some((process) => leftoversOf(process) !== undefined)) return;
    const { settleWithinMs = defaultSettleMs } = this.#simulation;
    this.#run = undefined;
    const forMs = settleWithinMs;
    const end = await this.#world.run({ forMs, maxSteps: mostStepsToRest, afterStep: () => this.#look() });
    if (end === 'idle') return;
    this.#violate('I13', `expected a world at rest after the end, but it goes on${this.#waiting()}`);
  }

  get #nowMs(): number {
    return this.#world.clock.monotonic();
  }

  #stage(plan: SimulationPlan): SimulationStage {
    return {
      ...{ world: this.#watched.world, plan },
      violate: (invariant, message) => this.#violate(invariant, message),
      count: (name, by = 1) => {
        this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
      },
      track: (name, work, incarnation) => this.#steps.add(name, work, incarnation),
    };
  }

  #schedule(run: SimulationRun, step: SimulationStep, part: 'action' | 'fault'): void {
    const what = `${part} ${step.kind}`;
    const act = async (): Promise<void> => {
      await run.act(step);
    };
    const fire = (): void => this.#steps.add(what, act());
    this.#world.timers.setTimer(Math.max(0, step.atMs - this.#nowMs), fire, what);
  }

  /** Lets time pass until `work` is done; false if it never is. */
  async #settle(name: string, work: () => Promise<void>): Promise<boolean> {
    const { settleWithinMs = defaultSettleMs } = this.#simulation;
    let settled = false;
    const finish = async (): Promise<void> => {
      try {
        await work();
      } catch (error) {
        this.#noteThrown(name, error);
      }
      settled = true;
    };
    const finished = finish();
    const end = await this.#advance(settleWithinMs, () => settled);
    if (settled) await finished;
    else if (end === 'steps') this.#noteEndless();
    else if (end === 'idle') this.#noteUnsettled(name, 'it waits for ever: nothing is planned');
    else if (end === 'time') this.#noteUnsettled(name, `it still waits after ${settleWithinMs} ms`);
    return settled;
  }

  #advance(forMs: number, done: () => boolean = () => false): Promise<RunEnd> {
    const { mostSteps = defaultSteps } = this.#simulation;
    return this.#world.run({
      forMs,
      until: () => this.#over || done(),
      maxSteps: Math.max(0, mostSteps - this.#world.steps),
      afterStep: () => this.#look(),
    });
  }

  #look(): void {
    const { failures } = this.#world;
    for (; this.#failuresSeen < failures.length; this.#failuresSeen += 1) {
      const { error, label } = failures[this.#failuresSeen] ?? {};
      this.#noteThrown(label ?? 'a timer', error);
    }
    try {
      this.#run?.check?.();
    } catch (error) {
      this.#noteThrown('check', error);
    }
  }

  #noteLeft(name: string, left: string | undefined): void {
    if (left !== undefined) this.#violate('I13', `${name}: expected nothing left, got ${left}`);
  }

  #violate(invariant: string, message: string): void {
    const { stopAt = () => false } = this.#options;
    if (this.#violations.add(invariant, message, stopAt)) this.#over = true;
  }

  #noteThrown(what: string, error: unknown): void {
    const text = describeThrown(error);
    // The error of an ambient call was reported at the call.
    if ([...this.#ambientPlaces].some((place) => text.includes(place))) return;
    this.#violate('I12', `${what}: expected nothing thrown, got ${text}`);
  }

  #noteAmbient(stack: string, name: string): boolean {
    const place = stackPlace(stack) ?? 'an unknown place';
    if (!this.#ambientPlaces.has(place)) {
      this.#ambientPlaces.add(place);
      this.#violate('ambient', `expected time, chance and network from the runtime, got ${name} at ${place}`);
    }
    return false;
  }

  #noteUnsettled(name: string, got: string): void {
    this.#violate('I13', `${name}: expected to settle, but ${got}${this.#waiting()}`);
  }

  #noteEndless(): void {
    const { mostSteps = defaultSteps } = this.#simulation;
    this.#violate('I13', `expected an end within ${mostSteps} steps, got none${this.#waiting()}`);
    this.#over = true;
  }

  #waiting(): string {
    const { waiting } = this.#world;
    return waiting.length === 0 ? '' : `; planned: ${waiting.slice(0, 5).join(', ')}`;
  }

  #result(plan: SimulationPlan): SimulationResult {
    const { steps, trace } = this.#world;
    const names = [...this.#counts.keys()].sort();
    return {
      ...{ simulation: this.#simulation.name, seed: this.#seed, plan, hash: trace.hash, steps },
      virtualMs: this.#nowMs,
      ...{ violations: [], unlisted: 0 },
      counts: Object.fromEntries(names.map((name) => [name, this.#counts.get(name) ?? 0])),
      trace: [...trace.lines],
    };
  }
}
