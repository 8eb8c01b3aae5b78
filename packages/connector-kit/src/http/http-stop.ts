import type { Timers } from '@venuekit/connector-core';

/** What ends a request early, in one place: its deadline, and the caller. */
export interface HttpStop {
  /** Aborted when the request has to end. */
  readonly signal: AbortSignal;
  /** Rejects at that moment with the reason; stays pending if it never comes. */
  readonly stopped: Promise<never>;
  /** Takes the timer and the listener away. To be called on every path. */
  release(): void;
}

/**
 * Arms a deadline and listens to the caller's signal, which must not be aborted yet. The request gets a signal of its own, so
 * that nothing stays attached to one that outlives it.
 */
export function createHttpStop(
  timers: Timers,
  timeoutMs: number,
  toTimeout: () => unknown,
  caller: AbortSignal | undefined,
): HttpStop {
  const controller = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (reason: unknown): void => {
    // First the answer to the caller, then the end of the request: its own failure must not come before.
    reject(reason);
    controller.abort(reason);
  };
  const onAbort = (): void => stop(caller?.reason);
  const release = (): void => {
    timer[Symbol.dispose]();
    caller?.removeEventListener('abort', onAbort);
  };
  caller?.addEventListener('abort', onAbort, { once: true });
  const timer = timers.setTimer(timeoutMs, () => stop(toTimeout()), 'http-deadline');
  return { signal: controller.signal, stopped, release };
}
