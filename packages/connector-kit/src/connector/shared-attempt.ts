import type { AsyncOptions, Timers, VenueError } from '@venuekit/connector-core';

/** What an attempt is made of. */
export interface SharedAttemptOptions {
  readonly timers: Timers;
  /** Label of the deadline timers in traces. */
  readonly label: string;
  /** What is attempted, once for all who wait; it must end when the signal says so. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** The error of a caller whose time is over. */
  readonly onTimeout: (timeoutMs: number) => VenueError;
  /** The error of a cancelling in vain: an attempt did not end in this time after its abort. */
  readonly onStuck: (unwindMs: number) => VenueError;
  /** The attempt failed, or everybody who waited has left. Called before the callers are told. */
  readonly onFailed: (error: unknown) => void;
}

/** Time for a cancelled attempt to end, in milliseconds. */
const unwindMs = 5_000;

/** What is said to a caller in the end. */
interface Answer {
  resolve(): void;
  reject(error: unknown): void;
}

interface Caller {
  settle(act: (answer: Answer) => void): void;
}

/**
 * Something that is attempted once for all who ask for it meanwhile. Each caller has its own signal and deadline, and leaves no
 * timer and no listener behind. When the last one has left, the attempt is cancelled.
 */
export class SharedAttempt {
  readonly #options: SharedAttemptOptions;
  readonly #callers = new Set<Caller>();
  /** Resolves when its attempt has ended: those that were cancelled and still unwind included. */
  readonly #running = new Set<Promise<void>>();
  #current: AbortController | undefined;

  constructor(options: SharedAttemptOptions) {
    this.#options = options;
  }

  /** True from the beginning of an attempt until it has ended or was given up. */
  get underWay(): boolean {
    return this.#current !== undefined;
  }

  /** Waits for the attempt under way, or begins one. An aborted signal rejects with its reason and begins nothing. */
  join({ signal, timeoutMs }: AsyncOptions & { readonly timeoutMs: number }): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const joined = this.#wait(signal, timeoutMs);
    if (this.#current === undefined) this.#start();
    return joined;
  }

  /**
   * Cancels the attempt, rejects whoever waits with `error`, and resolves when nothing of it is left. Rejects if that takes too
   * long: an attempt that waits for its own cancelling would wait for ever.
   */
  async cancel(error: VenueError): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    for (const caller of [...this.#callers]) caller.settle((answer) => answer.reject(error));
    current?.abort(error);
    await this.#unwound();
  }

  #unwound(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    const { timers, onStuck } = this.#options;
    return new Promise<void>((resolve, reject) => {
      const deadline = timers.setTimer(unwindMs, () => reject(onStuck(unwindMs)), 'connect-unwind');
      void Promise.all(this.#running).then(() => {
        deadline[Symbol.dispose]();
        resolve();
      });
    });
  }

  #start(): void {
    const abort = new AbortController();
    const ended = Promise.withResolvers<void>();
    // All of this before the attempt begins: whoever hears of its beginning may cancel it.
    this.#current = abort;
    this.#running.add(ended.promise);
    void this.#attempt(abort).finally(() => {
      this.#running.delete(ended.promise);
      ended.resolve();
    });
  }

  async #attempt(abort: AbortController): Promise<void> {
    try {
      await this.#options.run(abort.signal);
    } catch (error) {
      const failed = () => this.#options.onFailed(error);
      this.#finish(abort, (answer) => answer.reject(error), failed);
      return;
    }
    this.#finish(abort, (answer) => answer.resolve());
  }

  /** What a cancelled attempt came to concerns nobody: its callers have been told. */
  #finish(abort: AbortController, act: (answer: Answer) => void, beforehand?: () => void): void {
    if (this.#current !== abort) return;
    this.#current = undefined;
    // Whoever hears of the failure may join again: that is another attempt.
    const callers = [...this.#callers];
    this.#callers.clear();
    beforehand?.();
    for (const caller of callers) caller.settle(act);
  }

  #wait(signal: AbortSignal | undefined, timeoutMs: number): Promise<void> {
    const { timers, label, onTimeout } = this.#options;
    return new Promise<void>((resolve, reject) => {
      const onAbort = () => this.#leave(caller, signal?.reason);
      const expire = () => this.#leave(caller, onTimeout(timeoutMs));
      const deadline = timers.setTimer(timeoutMs, expire, label);
      const caller: Caller = {
        settle: (act) => {
          this.#callers.delete(caller);
          deadline[Symbol.dispose]();
          signal?.removeEventListener('abort', onAbort);
          act({ resolve, reject });
        },
      };
      this.#callers.add(caller);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #leave(caller: Caller, reason: unknown): void {
    const current = this.#current;
    if (this.#callers.delete(caller) && this.#callers.size === 0 && current !== undefined) {
      this.#current = undefined;
      current.abort(reason);
      this.#options.onFailed(reason);
    }
    caller.settle((answer) => answer.reject(reason));
  }
}
