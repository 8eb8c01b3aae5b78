import type { Clock, Timers } from '@venuekit/connector-core';
import type { Fault } from './fault-types.ts';

/** A line to a client on which messages take time. */
export interface SlowLink {
  /** Bytes that have not left. */
  readonly waitingBytes: number;
  /** Sends a message, slowly while a fault says so, and behind those that wait already. */
  send(text: string, fault: Fault | undefined): void;
  /** Gives up what waits. */
  close(): void;
}

const usualSeconds = 0.5;

/** Makes a line on which nothing waits. */
export function createSlowLink(
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
  deliver: (text: string) => void,
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
    send(text, fault) {
      if (waiting.size === 0 && fault === undefined) {
        deliver(text);
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
          deliver(text);
        },
        'slow link',
      );
      waiting.add(timer);
    },
    close() {
      for (const timer of waiting) timer[Symbol.dispose]();
      waiting.clear();
    },
  };
}
