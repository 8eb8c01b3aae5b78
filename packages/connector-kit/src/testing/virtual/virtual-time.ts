import { type Clock, type Timers, VenueError } from '@venuekit/connector-core';
import { type Plan, PlannedTimer, type TimerGroup } from './planned-timer.ts';
import type { TieBreak } from './seeded-number.ts';
import { settlePromises } from './settlement-runtime.ts';
import { TimerHeap } from './timer-heap.ts';
import { createTrace, type Trace } from './trace.ts';

/** How far a world runs. Without any of them until nothing is planned any more. */
export interface RunOptions {
  /** Virtual time to run for, in milliseconds. It has passed in the end also if nothing was left to do. */
  readonly forMs?: number;
  /** Asked before each step; true ends the run. */
  readonly until?: () => boolean;
  /** Most timers to fire. */
  readonly maxSteps?: number;
  /** Called after each step, when its promise work has settled. What it throws ends the run. */
  readonly afterStep?: () => void;
}

/** Why a run ended: its time was over, its condition held, nothing was planned any more, or it took its steps. */
export type RunEnd = 'time' | 'condition' | 'idle' | 'steps';

/** A timer or a handler that threw. */
export interface WorldFailure {
  /** `owner/label` of what was going on. */
  readonly label: string;
  readonly error: unknown;
  /** Virtual time since the start, in milliseconds. */
  readonly atMs: number;
}

/** A longer delay is cut to this, about 31 years. */
const longestDelayMs = 1e12;

/** A disposable for what is already over. */
const nothing: Disposable = { [Symbol.dispose]() {} };

/** Time that passes from one timer to the next. It is counted in whole microseconds, so that sums are exact in any order. */
export class VirtualTime {
  readonly trace: Trace;
  readonly failures: WorldFailure[] = [];
  nowUs = 0;
  steps = 0;
  readonly #startMs: number;
  readonly #ties: TieBreak;
  readonly #heap = new TimerHeap<PlannedTimer>();
  #order = 0;
  #running = false;
  #closed = false;

  constructor(startMs: number, ties: TieBreak, keepTrace: boolean) {
    this.#startMs = startMs;
    this.#ties = ties;
    this.trace = createTrace(() => this.nowUs / 1_000, keepTrace);
  }

  /** What is planned, in due order. */
  get waiting(): readonly string[] {
    return this.#heap.sorted().map(({ label }) => label);
  }

  /** A clock; `shiftMs` is how far its wall time is off, in milliseconds. Wall time is whole milliseconds, as that of the system. */
  clock(shiftMs: () => number): Clock {
    return {
      now: () => Math.floor(this.#startMs + shiftMs() + this.nowUs / 1_000),
      monotonic: () => this.nowUs / 1_000,
    };
  }

  /** Timers of a group. */
  timers(group: TimerGroup): Timers {
    return {
      setTimer: (delayMs, fire, label) =>
        this.plan(group, { kind: 'timer', dueUs: this.nowUs + toMicroseconds(delayMs), label, fire }),
    };
  }

  /** Plans something. A group that is gone plans nothing. */
  plan(group: TimerGroup, plan: Plan): Disposable {
    if (this.#closed || !group.alive) return nothing;
    this.#order += 1;
    const timer = new PlannedTimer(group, plan, this.#order, this.#ties);
    group.add(timer);
    this.#heap.add(timer);
    return { [Symbol.dispose]: () => this.#remove(timer) };
  }

  /** Takes away everything that a group has planned, and lets it plan no more. */
  end(group: TimerGroup): void {
    group.alive = false;
    for (const timer of group.planned) this.#remove(timer);
  }

  /** Ends everything. */
  close(): void {
    this.#closed = true;
    for (let timer = this.#heap.first; timer !== undefined; timer = this.#heap.first) this.#remove(timer);
  }

  /** Notes something that threw. The text is left out of the trace: it may show places of the machine. */
  fail(label: string, error: unknown): void {
    this.failures.push({ label, error, atMs: this.nowUs / 1_000 });
    this.trace.record(label, 'failure', error instanceof Error ? error.name : typeof error);
  }

  async run({ forMs, until, maxSteps = Infinity, afterStep }: RunOptions): Promise<RunEnd> {
    if (this.#running) throw invalid('run: expected one run at a time, got a second one');
    const endUs = forMs === undefined ? Infinity : this.nowUs + toMicroseconds(forMs);
    const lastStep = this.steps + maxSteps;
    this.#running = true;
    try {
      for (let stepped = false; ; ) {
        await settlePromises();
        if (stepped) afterStep?.();
        if (until?.()) return 'condition';
        const next = this.#next();
        const end = this.#endBefore(next, endUs, lastStep);
        if (end !== undefined) return end;
        stepped = next !== undefined;
        if (next !== undefined) this.#fire(next);
      }
    } finally {
      this.#running = false;
    }
  }

  /** The timer to fire next; what belongs to a busy process is put off. */
  #next(): PlannedTimer | undefined {
    for (;;) {
      const next = this.#heap.first;
      if (next === undefined || next.group.stalledUntilUs <= next.dueUs) return next;
      this.#heap.remove(next);
      next.holdBack(next.group.stalledUntilUs);
      this.#heap.add(next);
    }
  }

  #endBefore(next: PlannedTimer | undefined, endUs: number, lastStep: number): RunEnd | undefined {
    if (next === undefined || next.dueUs > endUs) {
      if (endUs !== Infinity) this.nowUs = endUs;
      return next === undefined ? 'idle' : 'time';
    }
    return this.steps >= lastStep ? 'steps' : undefined;
  }

  #fire(timer: PlannedTimer): void {
    const { group, plan } = timer;
    this.#remove(timer);
    this.nowUs = timer.dueUs;
    this.steps += 1;
    // Its number too: two that do the same and change places are another run.
    this.trace.record(group.name, timer.nth === 0 ? 'timer' : `timer#${timer.nth}`, plan.label);
    try {
      plan.fire();
    } catch (error) {
      // What code does that was killed on the way is of no interest to anyone.
      if (group.alive) this.fail(timer.label, error);
    }
  }

  #remove(timer: PlannedTimer): void {
    timer.group.remove(timer);
    this.#heap.remove(timer);
  }
}

/** Delays are rounded up, so that nothing is fired early. */
export function toMicroseconds(delayMs: number): number {
  if (Number.isNaN(delayMs)) throw invalid('delayMs: expected a number of milliseconds, got NaN');
  return Math.ceil(Math.min(Math.max(delayMs, 0), longestDelayMs) * 1_000);
}

function invalid(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', message });
}
