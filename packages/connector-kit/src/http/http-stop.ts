import type { Timers } from '@venuekit/connector-core';

/** What ends a request early, in one place: its deadline, and the caller. */
export interface HttpStop {
  /** Aborted when the request has to end. */
  readonly signal: AbortSignal;
  /** Calls `cancel` at that moment too, or at once if it has come: for the one thing that may not listen to the signal. */
  watch(cancel: () => void): void;
  /** Takes the timer and the listener away. To be called on every path on which `stopped` is not. */
  release(): void;
}

/**
 * Arms a deadline and listens to the caller's signal, which must not be aborted yet. The request gets a signal of its own, so
 * that nothing stays attached to one that outlives it.
 * @param stopped is told the reason, once, when the request has to end; nothing is armed any more then.
 */
export function createHttpStop(
  timers: Timers,
  timeoutMs: number,
  toTimeout: () => unknown,
  caller: AbortSignal | undefined,
  stopped: (reason: unknown) => void,
): HttpStop {
  const controller = new AbortController();
  let watcher: (() => void) | undefined;
  const stop = (reason: unknown): void => {
    release();
    // First the answer to the caller, then the end of the request: its own failure must not come before.
    stopped(reason);
    controller.abort(reason);
    watcher?.();
  };
  const watch = (cancel: () => void): void => {
    watcher = cancel;
    if (controller.signal.aborted) cancel();
  };
  const onAbort = (): void => stop(caller?.reason);
  const release = (): void => {
    timer[Symbol.dispose]();
    caller?.removeEventListener('abort', onAbort);
  };
  caller?.addEventListener('abort', onAbort, { once: true });
  const timer = timers.setTimer(timeoutMs, () => stop(toTimeout()), 'http-deadline');
  return { signal: controller.signal, watch, release };
}
