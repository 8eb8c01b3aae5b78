import type { Clock, Timers } from '@venuekit/connector-core';
import type { StreamSession } from './stream-session.ts';

/** Gives up readers for whom a market waits in vain. */
export interface StallWatch {
  /** Tells which readers are behind now; the others are not watched any more. */
  watch(behind: readonly StreamSession[]): void;
  /** A reader took something: its time begins again. */
  took(reader: StreamSession): void;
}

/** A reader that takes nothing for this long is cut. */
const longestStallMs = 10_000;

/** Less than this is nothing, in milliseconds: a clock that counts from the epoch in floats cannot show it. */
const leastWaitMs = 0.001;

/** Makes a watch over nobody. */
export function createStallWatch(runtime: { readonly clock: Clock; readonly timers: Timers }): StallWatch {
  const { clock, timers } = runtime;
  /** When a reader that is behind is cut, if it takes nothing until then. */
  const ends = new Map<StreamSession, number>();
  let timer: Disposable | undefined;

  function arm(): void {
    timer?.[Symbol.dispose]();
    timer = undefined;
    if (ends.size === 0) return;
    const delayMs = Math.max(0, Math.min(...ends.values()) - clock.monotonic());
    timer = timers.setTimer(delayMs, cutStalled, 'stalled reader');
  }

  function cutStalled(): void {
    timer = undefined;
    const now = clock.monotonic();
    for (const [reader, endMs] of [...ends]) {
      if (endMs - now >= leastWaitMs) continue;
      ends.delete(reader);
      reader.cut();
    }
    arm();
  }

  return {
    watch(behind) {
      const still = new Set(behind);
      for (const reader of [...ends.keys()]) if (!still.has(reader)) ends.delete(reader);
      for (const reader of still) if (!ends.has(reader)) ends.set(reader, clock.monotonic() + longestStallMs);
      // A timer that is early only looks again.
      if (ends.size === 0 || timer === undefined) arm();
    },
    took(reader) {
      if (ends.has(reader)) ends.set(reader, clock.monotonic() + longestStallMs);
    },
  };
}
