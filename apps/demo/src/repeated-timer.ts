import type { Timers } from '@venuekit/connector-core';

/** Calls `tick` every `periodMs` until it is disposed. The next period starts when `tick` returns. */
export function every(timers: Timers, periodMs: number, tick: () => void, label: string): Disposable {
  let timer: Disposable | undefined;
  const arm = (): void => {
    timer = timers.setTimer(
      periodMs,
      () => {
        timer = undefined;
        tick();
        if (!ended) arm();
      },
      label,
    );
  };
  let ended = false;
  arm();
  return {
    [Symbol.dispose](): void {
      ended = true;
      timer?.[Symbol.dispose]();
    },
  };
}
