import type { Ending } from './view-model.ts';

/** Ends a run early, from wherever the wish comes: a signal, a dead parent, a closed output. The first one counts. */
export class StopSwitch {
  readonly #controller = new AbortController();
  #ending: Ending | undefined;

  /** Aborted when the run shall end now. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the run shall end; `undefined` while it shall not. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Ends the run. Doing it again does nothing. */
  stop(ending: Ending): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#controller.abort(new Error(`stopped: ${ending}`));
  }

  /** Resolves when the run shall end. */
  whenStopped(): Promise<Ending> {
    const { signal } = this;
    return new Promise((resolve) => {
      const finish = (): void => resolve(this.#ending ?? 'interrupted');
      if (signal.aborted) finish();
      else signal.addEventListener('abort', finish, { once: true });
    });
  }
}
