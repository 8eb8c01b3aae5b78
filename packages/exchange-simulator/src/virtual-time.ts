import { VenueError } from '@venuekit/connector-core';
import type { SimulatorRuntime } from './system-runtime.ts';

/** Time that passes only when it is told to. Together with a {@link createSeededRandom} it is a runtime for a simulator. */
export interface VirtualTime extends Pick<SimulatorRuntime, 'clock' | 'timers'> {
  /**
   * Passes time up to `atMs`, in milliseconds since the epoch, and fires what is due, in the order of time and, of one moment, of being
   * set; the clock shows the time of each while it runs. Promises of what it fires settle after the call.
   * @throws VenueError `invalid-options` unless `atMs` is a number that is not in the past.
   */
  runUntil(atMs: number): void;
}

interface Entry {
  readonly atMs: number;
  readonly fire: () => void;
}

/**
 * Makes a clock that shows `startMs`, in milliseconds since the epoch, and timers that go by it.
 * @throws VenueError `invalid-options` unless `startMs` is a number.
 */
export function createVirtualTime(startMs: number): VirtualTime {
  requireTime('createVirtualTime', 'startMs', startMs, Number.NEGATIVE_INFINITY);
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
      requireTime('runUntil', 'atMs', atMs, nowMs);
      for (let next = entries[0]; next !== undefined && next.atMs <= atMs; next = entries[0]) {
        entries.shift();
        nowMs = next.atMs;
        next.fire();
      }
      // What was fired may have passed time by itself.
      nowMs = Math.max(nowMs, atMs);
    },
  };
}

function requireTime(operation: string, name: string, atMs: number, leastMs: number): void {
  if (Number.isFinite(atMs) && atMs >= leastMs) return;
  const expected = leastMs === Number.NEGATIVE_INFINITY ? 'a number' : `a number from ${leastMs} up`;
  const message = `expected ${name} to be ${expected}, in milliseconds, got ${atMs}`;
  throw new VenueError({ code: 'invalid-options', operation, message });
}
