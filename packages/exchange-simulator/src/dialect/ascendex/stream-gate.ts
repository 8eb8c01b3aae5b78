import type { Timers } from '@venuekit/connector-core';

/** Keeps clients from trading while they are being told of something: what they are told of must be over first. */
export interface StreamGate {
  /** Tells clients of something. */
  tell(act: () => void): void;
  /** Does something that changes the exchange: at once, or as soon as nobody is being told of anything. */
  whenQuiet(act: () => void): void;
}

/** Makes a gate; nobody is being told of anything. */
export function createStreamGate(timers: Timers): StreamGate {
  const waiting: (() => void)[] = [];
  let depth = 0;

  function next(): void {
    const act = waiting.shift();
    if (waiting.length > 0) arm();
    act?.();
  }

  function arm(): void {
    timers.setTimer(0, next, 'request');
  }

  return {
    tell(act) {
      depth += 1;
      try {
        act();
      } finally {
        depth -= 1;
      }
    },
    whenQuiet(act) {
      if (depth === 0 && waiting.length === 0) {
        act();
        return;
      }
      waiting.push(act);
      if (waiting.length === 1) arm();
    },
  };
}
