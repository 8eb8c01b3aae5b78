import type { Timers } from '@venuekit/connector-core';

/** Resolves after a time, or as soon as one of the signals is aborted. */
export function pause(timers: Timers, ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      timer[Symbol.dispose]();
      for (const signal of signals) signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = timers.setTimer(ms, end, 'pause');
    for (const signal of signals) signal.addEventListener('abort', end, { once: true });
    if (signals.some(({ aborted }) => aborted)) end();
  });
}
