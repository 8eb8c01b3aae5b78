import { VenueError } from '@venuekit/connector-core';
import { runSimulation } from './runner.ts';
import type {
  Simulation,
  SimulationPlan,
  SimulationResult,
  SimulationStep,
  Violation,
} from './simulation.ts';

/** How far shrinking is. */
export interface ShrinkProgress {
  /** Runs so far. */
  readonly runs: number;
  /** Actions that are left. */
  readonly actions: number;
  /** Faults that are left. */
  readonly faults: number;
}

/** What {@link shrinkSimulation} takes. */
export interface ShrinkOptions {
  /** Most runs to try; 500 by default. */
  readonly maxRuns?: number;
  /** Called after each run. */
  readonly onProgress?: (progress: ShrinkProgress) => void;
}

/** A failure with as little as possible around it. */
export interface ShrunkSimulation {
  readonly plan: SimulationPlan;
  /** The run of that plan, with its trace. Without one where the plan failed while it was tried and not in the last run of all. */
  readonly result: SimulationResult;
  /** Runs that it took. */
  readonly runs: number;
  /** The invariant that is violated before and after: the first one of the original. */
  readonly invariant: string;
  /** The violation in `result` that is the same as the first one of the original. */
  readonly violation: Violation;
}

/**
 * Leaves out of the plan what its failure does not need: halves of the faults and of the actions, then quarters, down to single
 * ones, until none can go; then makes numbers smaller. A plan fails if it has the violation that the original had first: of the
 * same invariant, with the same message but for its numbers. The same every time.
 * @throws VenueError `invalid-options` for a result without a violation, and for one that does not come again.
 */
export async function shrinkSimulation(
  simulation: Simulation,
  result: SimulationResult,
  options: ShrinkOptions = {},
): Promise<ShrunkSimulation> {
  const [wanted] = result.violations;
  if (wanted === undefined) throw refusal(simulation, result, 'a violation', 'a result without one');
  const shrinker = new Shrinker(simulation, result, wanted, options);
  if (!(await shrinker.fails(result.plan)) || shrinker.failed === undefined) {
    const expected = `${wanted.invariant} to be violated again in the same way`;
    throw refusal(simulation, result, expected, 'a run in which it is not');
  }
  await shrinker.shrink();
  const { failed, plan, runs } = shrinker;
  const last = await runSimulation(simulation, result.seed, { plan, keepTrace: true });
  const violation = last.violations.find((each) => isSameViolation(each, wanted));
  // What failed on trial and holds now is worth telling as it was on trial: only what fails is given back.
  const shown = violation === undefined ? failed : { result: last, violation };
  return { plan, ...shown, runs: runs + 1, invariant: wanted.invariant };
}

/** True if both are the same failure: one invariant and one message, whose numbers may be others. */
function isSameViolation(one: Violation, other: Violation): boolean {
  return one.invariant === other.invariant && withoutNumbers(one.message) === withoutNumbers(other.message);
}

function withoutNumbers(message: string): string {
  return message.replaceAll(/-?\d[\d.,_]*/g, '#');
}

type Part = 'faults' | 'actions';
type Details = NonNullable<SimulationStep['with']>;

const parts: readonly Part[] = ['faults', 'actions'];

class Shrinker {
  readonly #simulation: Simulation;
  readonly #seed: string;
  readonly #wanted: Violation;
  readonly #options: ShrinkOptions;
  readonly #known = new Map<string, boolean>();
  plan: SimulationPlan;
  /** The last run that failed: the one of `plan`. */
  failed: Pick<ShrunkSimulation, 'result' | 'violation'> | undefined;
  runs = 0;

  constructor(simulation: Simulation, result: SimulationResult, wanted: Violation, options: ShrinkOptions) {
    this.#simulation = simulation;
    this.#seed = result.seed;
    this.#wanted = wanted;
    this.#options = options;
    this.plan = result.plan;
  }

  async shrink(): Promise<void> {
    for (let before = Infinity; this.#size < before; ) {
      before = this.#size;
      for (const part of parts) await this.#leaveOut(part);
    }
    for (const part of parts) await this.#makeSmaller(part);
  }

  /** True if the plan has the violation; it is then the plan to go on with. */
  async fails(plan: SimulationPlan): Promise<boolean> {
    const { maxRuns = 500, onProgress } = this.#options;
    const text = JSON.stringify(plan);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.runs >= maxRuns) return false;
    this.runs += 1;
    const stopAt = (violation: Violation): boolean => isSameViolation(violation, this.#wanted);
    const result = await runSimulation(this.#simulation, this.#seed, { plan, stopAt });
    const violation = result.violations.find(stopAt);
    const failed = violation !== undefined;
    this.#known.set(text, failed);
    if (failed) this.plan = plan;
    if (failed) this.failed = { result, violation };
    onProgress?.({ runs: this.runs, actions: this.plan.actions.length, faults: this.plan.faults.length });
    return failed;
  }

  get #size(): number {
    return this.plan.faults.length + this.plan.actions.length;
  }

  /** Leaves out runs of steps, all of them first, then halves of that length. */
  async #leaveOut(part: Part): Promise<void> {
    for (let length = this.plan[part].length; length > 0; length = length === 1 ? 0 : Math.ceil(length / 2)) {
      for (let at = 0; at < this.plan[part].length; ) {
        const rest = this.plan[part].toSpliced(at, length);
        if (!(await this.fails({ ...this.plan, [part]: rest }))) at += length;
      }
    }
  }

  async #makeSmaller(part: Part): Promise<void> {
    for (const [index, step] of this.plan[part].entries()) {
      for (const name of Object.keys(step.with ?? {})) {
        while (await this.#makeDetailSmaller(part, index, name)) {
          // Until nothing simpler fails.
        }
      }
    }
  }

  async #makeDetailSmaller(part: Part, index: number, name: string): Promise<boolean> {
    const step = this.plan[part][index];
    const value = step?.with?.[name];
    if (step === undefined || typeof value !== 'number') return false;
    for (const simpler of simplerNumbers(value)) {
      const details: Details = { ...step.with, [name]: simpler };
      const steps = this.plan[part].with(index, { ...step, with: details });
      if (await this.fails({ ...this.plan, [part]: steps })) return true;
    }
    return false;
  }
}

/** Numbers nearer to 0 than `value`, the simplest first: none, one, whole, round, half, one less. */
function simplerNumbers(value: number): readonly number[] {
  const sign = value < 0 ? -1 : 1;
  const size = Math.abs(value);
  const whole = Math.floor(size);
  const digits = String(whole);
  const round = /^\d+$/.test(digits) ? Number(`${digits.charAt(0)}${'0'.repeat(digits.length - 1)}`) : whole;
  const candidates = [0, 1, round, whole, Math.floor(size / 2), ...(whole <= 20 ? [whole - 1] : [])];
  const smaller = candidates.filter((candidate) => candidate >= 0 && candidate < size);
  return [...new Set(smaller)].map((candidate) => (candidate === 0 ? 0 : sign * candidate));
}

function refusal(
  simulation: Simulation,
  result: SimulationResult,
  expected: string,
  got: string,
): VenueError {
  const message = `seed ${result.seed} of ${simulation.name}: expected ${expected}, got ${got}`;
  return new VenueError({ code: 'invalid-options', operation: 'shrinkSimulation', message });
}
