import type { MarketRuntime } from './market/market-runtime.ts';

/** Time that passes only when it is told to. */
export interface VirtualTime extends Pick<MarketRuntime, 'clock' | 'timers'> {
  /** Passes time up to `atMs` by the wall clock and fires what is due, in order. */
  runUntil(atMs: number): void;
}

interface Entry {
  readonly atMs: number;
  readonly fire: () => void;
}

/** Makes a clock that shows `startMs`, in milliseconds since the epoch. */
export function createVirtualTime(startMs: number): VirtualTime {
  const entries: Entry[] = [];
  let nowMs = startMs;
  return {
    clock: { now: () => nowMs, monotonic: () => nowMs - startMs },
    timers: {
      setTimer(delayMs, fire) {
        const entry = { atMs: nowMs + Math.max(0, delayMs), fire };
        const place = entries.findIndex(({ atMs }) => atMs > entry.atMs);
        entries.splice(place < 0 ? entries.length : place, 0, entry);
        return {
          [Symbol.dispose]: () => {
            const index = entries.indexOf(entry);
            if (index >= 0) entries.splice(index, 1);
          },
        };
      },
    },
    runUntil(atMs) {
      for (let next = entries[0]; next !== undefined && next.atMs <= atMs; next = entries[0]) {
        entries.shift();
        nowMs = next.atMs;
        next.fire();
      }
      nowMs = atMs;
    },
  };
}
