import type { TieBreak } from './seeded-number.ts';
import type { HeapTimer } from './timer-heap.ts';

/** Timers that belong together: those of one process, or of one server. They can be stopped and held back together. */
export class TimerGroup {
  /** Owner of the timers, in labels. */
  readonly name: string;
  readonly planned: Set<PlannedTimer> = new Set();
  /** Nothing is fired before this time, in microseconds since the start. */
  stalledUntilUs = 0;
  /** False for good once the owner is gone: then nothing is planned any more. */
  alive = true;
  /** Of timers with one label and instant: how many were made, and how many of them are left. */
  readonly #alike = new Map<string, { made: number; left: number }>();

  constructor(name: string) {
    this.name = name;
  }

  /** Takes a timer in, and gives its number among those of its label and instant, from 0. */
  add(timer: PlannedTimer): void {
    const alike = this.#alike.get(timer.likeness) ?? { made: 0, left: 0 };
    this.#alike.set(timer.likeness, alike);
    timer.nth = alike.made;
    alike.made += 1;
    alike.left += 1;
    this.planned.add(timer);
  }

  remove(timer: PlannedTimer): void {
    if (!this.planned.delete(timer)) return;
    const alike = this.#alike.get(timer.likeness);
    if (alike === undefined) return;
    alike.left -= 1;
    if (alike.left === 0) this.#alike.delete(timer.likeness);
  }
}

/** What is planned. */
export interface Plan {
  /** A delay that somebody asked for, or the arrival of something. */
  readonly kind: 'timer' | 'delivery';
  /** Whole microseconds since the start. */
  readonly dueUs: number;
  readonly label: string;
  readonly fire: () => void;
}

/** One timer of a virtual world. */
export class PlannedTimer implements HeapTimer {
  readonly group: TimerGroup;
  readonly plan: Plan;
  readonly plannedUs: number;
  readonly order: number;
  dueUs: number;
  rank = 0;
  place = -1;
  nth = 0;
  readonly likeness: string;
  readonly #ties: TieBreak;
  #tie: number | undefined;

  constructor(group: TimerGroup, plan: Plan, order: number, ties: TieBreak) {
    this.group = group;
    this.plan = plan;
    this.plannedUs = plan.dueUs;
    this.dueUs = plan.dueUs;
    this.likeness = `${plan.dueUs} ${plan.label}`;
    this.order = order;
    this.#ties = ties;
  }

  /** `owner/label`. */
  get label(): string {
    return `${this.group.name}/${this.plan.label}`;
  }

  tie(): number {
    this.#tie ??= this.#ties(this.label, this.plannedUs / 1_000, this.nth);
    return this.#tie;
  }

  /** As in Node: after a busy time the timers that are due come first, then what has arrived; each kind in its own order. */
  holdBack(untilUs: number): void {
    this.dueUs = untilUs;
    this.rank = this.plan.kind === 'timer' ? -2 : -1;
  }
}
