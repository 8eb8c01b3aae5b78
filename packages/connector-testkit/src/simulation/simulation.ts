import type { Incarnation, VirtualWorld } from '@venuekit/connector-kit/testing';
import type { Draw } from './draw.ts';

/** One thing that happens in a run, as plain data: it is printed, kept in files, and left out one by one while shrinking. */
export interface SimulationStep {
  /** Virtual time since the start of the run, in milliseconds. */
  readonly atMs: number;
  /** What happens; each simulation has its own list. */
  readonly kind: string;
  /** With what. */
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

/** Everything that a seed decided beforehand. */
export interface SimulationPlan {
  /** What the program under test is asked to do, by time. */
  readonly actions: readonly SimulationStep[];
  /** What goes wrong, by time. */
  readonly faults: readonly SimulationStep[];
  /** Settings of what the venue's documentation leaves open, by name. */
  readonly switches: Readonly<Record<string, string>>;
}

/** What the plans of a simulation are made of. */
export interface PlanVocabulary {
  /** Kinds of actions. */
  readonly actions: readonly string[];
  /** Kinds of faults. */
  readonly faults: readonly string[];
  /** The settings of each switch, by its name. */
  readonly switches: Readonly<Record<string, readonly string[]>>;
}

/** Something that must hold and did not. */
export interface Violation {
  /** The invariant, for example `I5`. */
  readonly invariant: string;
  /** What was expected and what was found. Places in sources are the last parts of their paths. */
  readonly message: string;
  /** Virtual time since the start of the run, in milliseconds. */
  readonly atMs: number;
}

/** What a run gets. */
export interface SimulationStage {
  /** The world. Its runner calls `run` and `close`; the simulation does not, and a `close` of its own is a violation of `I13`. */
  readonly world: VirtualWorld;
  readonly plan: SimulationPlan;
  /** Says that an invariant does not hold. The run goes on. */
  violate(invariant: string, message: string): void;
  /** Counts something, for the report: a run in which nothing happened proves nothing. */
  count(name: string, by?: number): void;
  /**
   * Watches work that nobody waits for, and work of a process that may crash in the midst of it. What it rejects with is a
   * violation of `I12`; if it is still pending when the run is over, that is a violation of `I13`.
   * @param name what it is, for the messages.
   * @param incarnation whose work it is: what a process that has crashed was doing is never finished, and may be pending.
   */
  track(name: string, work: Promise<unknown>, incarnation?: Incarnation): void;
}

/** A run under way. */
export interface SimulationRun {
  /**
   * Does one step of the plan, an action or a fault, at its time. What it throws, or rejects with, is a violation of `I12`. Its
   * promise is watched as `track` does, as work that no crash excuses: what a process does that may crash goes to `track`.
   */
  act(step: SimulationStep): void | Promise<void>;
  /** Looks at everything that must hold at every moment. Called after each fired timer, when its promise work has settled. */
  check?(): void;
  /**
   * The plan is over. Lets things settle (the world goes on while it waits), looks at what must hold at the end, and closes
   * everything. What a process has left then, timers, sockets or requests, is a violation of `I13`, also of a process that this
   * ends; so is a step of the plan that is still under way, and a world that does not come to rest.
   */
  end(): Promise<void>;
}

/** A world, a plan and the invariants, made from a seed. */
export interface Simulation {
  readonly name: string;
  /** How long the plan is, in virtual milliseconds. */
  readonly forMs: number;
  /** How long `begin`, and then `end`, may take, in virtual milliseconds; 600,000 by default. Longer is a violation of `I13`. */
  readonly settleWithinMs?: number;
  /** How many timers one run may fire; 1,000,000 by default. More is a violation of `I13`. */
  readonly mostSteps?: number;
  /** What a plan may have: names of its actions and faults, settings of its switches. Plans are held against it where it is there. */
  readonly vocabulary?: PlanVocabulary;
  /**
   * How often something has to happen in a seed, on average over ten or more, by the beginning of its name
   * as it was given to `count`. Fewer say that the seeds prove too little.
   */
  readonly least?: Readonly<Record<string, number>>;
  /** Makes up what happens. No step is later than `forMs`. */
  plan(draw: Draw): SimulationPlan;
  /** Sets up the world, which goes on while this waits. */
  begin(stage: SimulationStage): SimulationRun | Promise<SimulationRun>;
}

/** What became of one seed. */
export interface SimulationResult {
  readonly simulation: string;
  readonly seed: string;
  readonly plan: SimulationPlan;
  /** Hash of the trace: the same for the same seed, code and plan. */
  readonly hash: string;
  /** Timers fired. */
  readonly steps: number;
  /** Virtual time that passed, in milliseconds. */
  readonly virtualMs: number;
  /** The first of them: up to five of one invariant, up to twenty in all. */
  readonly violations: readonly Violation[];
  /** How many violations there were beyond those. */
  readonly unlisted: number;
  /** What was counted, by name, in the order of the names. */
  readonly counts: Readonly<Record<string, number>>;
  /** Lines of the trace, where they were asked for. */
  readonly trace: readonly string[];
}
