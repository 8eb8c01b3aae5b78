import type { AsyncOptions, Timers, VenueError } from '@venuekit/connector-core';

/** What one wait needs beside the caller's options. */
export interface WaitOptions extends AsyncOptions {
  /** The error of a wait that took `timeoutMs`. */
  readonly onTimeout: (timeoutMs: number) => VenueError;
}

interface Waiter<T> {
  settle(act: (waiter: { resolve(value: T): void; reject(error: unknown): void }) => void): void;
}

/**
 * Callers that wait for the same thing. Each has its own signal and deadline, and leaves no timer and no listener behind.
 */
export class Waiters<T> {
  readonly #timers: Timers;
  readonly #label: string;
  readonly #waiting = new Set<Waiter<T>>();

  /** @param label names the deadline timers in traces. */
  constructor(timers: Timers, label: string) {
    this.#timers = timers;
    this.#label = label;
  }

  /** How many are waiting. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Waits until {@link Waiters.resolve} or {@link Waiters.reject}, the deadline or the signal; rejects with the signal's reason. */
  wait({ signal, timeoutMs, onTimeout }: WaitOptions): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise<T>((resolve, reject) => {
      let deadline: Disposable | undefined;
      const onAbort = () => waiter.settle((own) => own.reject(signal?.reason));
      const waiter: Waiter<T> = {
        settle: (act) => {
          this.#waiting.delete(waiter);
          deadline?.[Symbol.dispose]();
          signal?.removeEventListener('abort', onAbort);
          act({ resolve, reject });
        },
      };
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (timeoutMs === undefined) return;
      const expire = () => waiter.settle((own) => own.reject(onTimeout(timeoutMs)));
      deadline = this.#timers.setTimer(timeoutMs, expire, this.#label);
    });
  }

  /** Gives `value` to everyone who waits. */
  resolve(value: T): void {
    for (const waiter of [...this.#waiting]) waiter.settle((own) => own.resolve(value));
  }

  /** Gives `error` to everyone who waits. */
  reject(error: unknown): void {
    for (const waiter of [...this.#waiting]) waiter.settle((own) => own.reject(error));
  }
}
