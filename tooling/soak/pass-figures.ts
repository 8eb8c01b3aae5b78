import type { SeedRecord } from './messages.ts';
import type { ProgressFigures } from './progress.ts';

/** What has been done of a pass. */
export class PassFigures {
  readonly #title: string;
  readonly #planned: number;
  readonly #doneBefore: number;
  #done = 0;
  #virtualMs = 0;
  /** Seeds with violations. A lost worker says nothing about what is wrong, so it is none: nobody stops for it. */
  violations = 0;

  constructor(title: string, planned: number, before: readonly SeedRecord[]) {
    this.#title = title;
    this.#planned = planned;
    for (const record of before) this.add(record);
    this.#doneBefore = this.#done;
  }

  add({ violations, virtualMs }: SeedRecord): void {
    this.#done += 1;
    this.#virtualMs += virtualMs;
    if (violations.some(({ invariant }) => invariant !== 'worker')) this.violations += 1;
  }

  shown(leftMs: number | undefined): ProgressFigures {
    return {
      ...{ title: this.#title, done: this.#done, planned: this.#planned, violations: this.violations },
      ...{ doneNow: this.#done - this.#doneBefore, virtualMs: this.#virtualMs, leftMs },
    };
  }
}
