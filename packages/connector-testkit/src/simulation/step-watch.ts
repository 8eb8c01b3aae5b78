import type { Incarnation } from '@venuekit/connector-kit/testing';

interface Work {
  readonly name: string;
  readonly incarnation: Incarnation | undefined;
}

/** Work that nobody waits for, until it is done: without it, a step that never ends would be a step that nobody misses. */
export class StepWatch {
  readonly #pending = new Set<Work>();
  readonly #fail: (name: string, error: unknown) => void;

  /** @param fail hears of what was rejected. */
  constructor(fail: (name: string, error: unknown) => void) {
    this.#fail = fail;
  }

  /** Watches a promise, which is handled from now on. */
  add(name: string, promise: Promise<unknown>, incarnation?: Incarnation): void {
    const work = { name, incarnation };
    this.#pending.add(work);
    const done = (): boolean => this.#pending.delete(work);
    promise.then(done, (error: unknown) => {
      done();
      this.#fail(name, error);
    });
  }

  /** Names of what is pending and will not be excused by the death of its process. */
  get names(): readonly string[] {
    return [...this.#pending]
      .filter(({ incarnation }) => incarnation === undefined || incarnation.alive)
      .map(({ name }) => name);
  }
}
