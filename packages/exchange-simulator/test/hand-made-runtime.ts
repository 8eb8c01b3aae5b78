import type { SimulatorRuntime } from '../src/index.ts';

/** A runtime in which time passes only when a test says so, and which knows what is left of it. */
export interface HandMadeRuntime extends SimulatorRuntime {
  /** Labels of the timers that have neither fired nor been cancelled. */
  readonly pending: readonly string[];
  /** Keys of the draws so far. */
  readonly draws: readonly string[];
  /** Lets `ms` pass, and fires what is due, in order. */
  pass(ms: number): void;
}

export const startMs = 1_700_000_000_000;

export function createHandMadeRuntime(salt = 0): HandMadeRuntime {
  let nowMs = startMs;
  let timers: { readonly atMs: number; readonly fire: () => void; readonly label: string }[] = [];
  const draws: string[] = [];
  const next = (untilMs: number): (typeof timers)[number] | undefined =>
    timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
  return {
    clock: { now: () => nowMs, monotonic: () => nowMs - startMs },
    timers: {
      setTimer(delayMs, fire, label) {
        const timer = { atMs: nowMs + Math.max(0, delayMs), fire, label };
        timers.push(timer);
        return {
          [Symbol.dispose]: () => {
            timers = timers.filter((other) => other !== timer);
          },
        };
      },
    },
    random: {
      next(key) {
        draws.push(key);
        return ((draws.length * 7 + key.length * 3 + salt) % 10) / 10;
      },
    },
    get pending() {
      return timers.map(({ label }) => label);
    },
    draws,
    pass(ms) {
      const endMs = nowMs + ms;
      let firedAtOnce = 0;
      for (let due = next(endMs); due !== undefined; due = next(endMs)) {
        timers = timers.filter((other) => other !== due);
        firedAtOnce = due.atMs > nowMs ? 0 : firedAtOnce + 1;
        if (firedAtOnce > 10_000) throw new Error(`time stands still: ${due.label}`);
        nowMs = Math.max(nowMs, due.atMs);
        due.fire();
      }
      nowMs = endMs;
    },
  };
}
