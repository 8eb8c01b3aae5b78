import type { Timers } from '@venuekit/connector-core';

/** Timers that are cancelled together. */
export interface TimerGroup extends Timers {
  /** Cancels every timer that has not fired, and takes no new ones. */
  close(): void;
}

/** Groups timers of `timers`, so that closing the owner leaves none behind. */
export function createTimerGroup(timers: Timers): TimerGroup {
  const pending = new Set<Disposable>();
  let closed = false;
  return {
    setTimer(delayMs, fire, label) {
      if (closed) return { [Symbol.dispose]: () => undefined };
      const timer = timers.setTimer(
        delayMs,
        () => {
          pending.delete(handle);
          fire();
        },
        label,
      );
      const handle: Disposable = {
        [Symbol.dispose]: () => {
          pending.delete(handle);
          timer[Symbol.dispose]();
        },
      };
      pending.add(handle);
      return handle;
    },
    close() {
      closed = true;
      for (const handle of [...pending]) handle[Symbol.dispose]();
    },
  };
}
