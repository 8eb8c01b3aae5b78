import type { Clock, Timers } from '@venuekit/connector-core';
import type { Fault } from './fault-types.ts';

/** A line to a client on which what is sent takes time, in its order. */
export interface SlowLink {
  /** Bytes that have not left. */
  readonly waitingBytes: number;
  /**
   * Calls `leave` when `text` has come through: slowly while a fault says so, and behind what waits already. An empty text is what takes no room,
   * such as an end.
   */
  pass(text: string, fault: Fault | undefined, leave: () => void): void;
  /** Gives up what waits. */
  close(): void;
}

const usualSeconds = 0.5;

/**
 * Makes a line on which nothing waits.
 * @param left is told when something has left that had to wait.
 */
export function createSlowLink(
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
  left: () => void,
): SlowLink {
  const waiting = new Set<Disposable>();
  let waitingBytes = 0;
  /** When the line is free again, by the monotonic clock. */
  let freeAtMs = 0;
  let lastAtMs = 0;

  function arrivalOf(bytes: number, { seconds, bytes: perSecond }: Fault, nowMs: number): number {
    const delayMs = (seconds ?? (perSecond === undefined ? usualSeconds : 0)) * 1_000;
    const startMs = Math.max(freeAtMs, nowMs);
    freeAtMs = perSecond === undefined ? startMs : startMs + (bytes * 1_000) / perSecond;
    return freeAtMs + delayMs;
  }

  return {
    get waitingBytes() {
      return waitingBytes;
    },
    pass(text, fault, leave) {
      if (waiting.size === 0 && fault === undefined) {
        leave();
        return;
      }
      const nowMs = clock.monotonic();
      const bytes = Buffer.byteLength(text);
      const atMs = fault === undefined ? nowMs : arrivalOf(bytes, fault, nowMs);
      lastAtMs = Math.max(lastAtMs, atMs);
      waitingBytes += bytes;
      const timer = timers.setTimer(
        Math.max(0, lastAtMs - nowMs),
        () => {
          waiting.delete(timer);
          waitingBytes -= bytes;
          leave();
          left();
        },
        'slow link',
      );
      waiting.add(timer);
    },
    close() {
      for (const timer of waiting) timer[Symbol.dispose]();
      waiting.clear();
      waitingBytes = 0;
    },
  };
}
