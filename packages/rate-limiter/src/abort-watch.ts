import type { Waiter } from './request-queue.ts';

interface Watched {
  readonly waiters: Set<Waiter>;
  readonly listener: () => void;
}

/** Hears the aborts of those who wait: one listener for each signal, however many wait on it, as signals look through theirs one by one. */
export class AbortWatch {
  readonly #watched = new Map<AbortSignal, Watched>();
  readonly #aborted: (waiters: readonly Waiter[]) => void;

  /** @param aborted gets everybody who waits on a signal that was aborted, in the order of their coming. */
  constructor(aborted: (waiters: readonly Waiter[]) => void) {
    this.#aborted = aborted;
  }

  add(waiter: Waiter): void {
    const { signal } = waiter;
    if (signal === undefined) return;
    const known = this.#watched.get(signal);
    if (known !== undefined) {
      known.waiters.add(waiter);
      return;
    }
    const waiters = new Set([waiter]);
    const listener = (): void => this.#aborted([...waiters]);
    this.#watched.set(signal, { waiters, listener });
    signal.addEventListener('abort', listener, { once: true });
  }

  remove(waiter: Waiter): void {
    const { signal } = waiter;
    const watched = signal && this.#watched.get(signal);
    if (signal === undefined || watched === undefined) return;
    watched.waiters.delete(waiter);
    if (watched.waiters.size > 0) return;
    this.#watched.delete(signal);
    signal.removeEventListener('abort', watched.listener);
  }
}
