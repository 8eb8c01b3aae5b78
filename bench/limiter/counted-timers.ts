const { setTimeout: realSetTimeout, setInterval: realSetInterval } = globalThis;
let fired = 0;

/** Counts every callback of a timer from now on. To be called before anything is loaded that keeps one of these functions. */
export function countTimers(): void {
  const counted = (real: typeof realSetTimeout | typeof realSetInterval): typeof realSetTimeout =>
    ((callback: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]) =>
      (real as typeof realSetTimeout)(
        (...given: unknown[]) => {
          fired += 1;
          callback(...given);
        },
        delayMs,
        ...args,
      )) as typeof realSetTimeout;
  globalThis.setTimeout = counted(realSetTimeout);
  globalThis.setInterval = counted(realSetInterval) as typeof realSetInterval;
}

/** How many callbacks of timers there have been. */
export function timersFired(): number {
  return fired;
}

/** A wait that is not counted. */
export function uncountedWait(ms: number): Promise<void> {
  return new Promise((resolve) => realSetTimeout(resolve, ms));
}
