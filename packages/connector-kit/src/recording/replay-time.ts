import type { Clock, Runtime, Timers } from '@venuekit/connector-core';
import { TimerGroup } from '../testing/virtual/planned-timer.ts';
import { VirtualTime } from '../testing/virtual/virtual-time.ts';

/** The time in which a session is played again. Whole microseconds, so that sums are exact. */
export interface ReplayTime {
  /** Since the start. */
  readonly nowUs: number;
  readonly timers: Timers;
  /** Calls `fire` when `nowUs` has become `dueUs`. */
  at(dueUs: number, fire: () => void): Disposable;
  /** Lets time pass until `until` holds; it is asked whenever something may have changed. */
  pass(until: () => boolean): Promise<void>;
  /** Something has changed. */
  changed(): void;
  /** Ends all timers. */
  close(): void;
}

/** Time that passes from one timer to the next, without any waiting, and only in `pass`. */
export function createVirtualReplayTime(): ReplayTime {
  const time = new VirtualTime(0, () => 0, false);
  const group = new TimerGroup('replay');
  return {
    get nowUs() {
      return time.nowUs;
    },
    timers: time.timers(group),
    at: (dueUs, fire) => time.plan(group, { kind: 'delivery', dueUs, label: 'replay-item', fire }),
    pass: async (until) => {
      await time.run({ until });
      const [failure] = time.failures.splice(0);
      if (failure !== undefined) throw failure.error;
    },
    changed: () => {},
    close: () => time.close(),
  };
}

/** Time that passes `speed` times as fast as that of `runtime`, whoever waits for it. */
export function createPacedReplayTime(runtime: Pick<Runtime, 'clock' | 'timers'>, speed: number): ReplayTime {
  const startedAt = runtime.clock.monotonic();
  const timers = new GroupedTimers(runtime.timers);
  let wakers: (() => void)[] = [];
  const nowUs = (): number => Math.floor((runtime.clock.monotonic() - startedAt) * 1_000 * speed);
  return {
    get nowUs() {
      return nowUs();
    },
    timers: { setTimer: (delayMs, fire, label) => timers.setTimer(delayMs / speed, fire, label) },
    at: (dueUs, fire) => timers.setTimer((dueUs - nowUs()) / 1_000 / speed, fire, 'replay-item'),
    pass: async (until) => {
      while (!until()) await new Promise<void>((resolve) => wakers.push(resolve));
    },
    changed: () => {
      const woken = wakers;
      wakers = [];
      for (const wake of woken) wake();
    },
    close: () => timers.close(),
  };
}

/** Timers that can be ended together. */
class GroupedTimers implements Timers {
  readonly #timers: Timers;
  readonly #running = new Set<Disposable>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  setTimer(delayMs: number, fire: () => void, label: string): Disposable {
    const end = (): void => {
      this.#running.delete(group);
      timer[Symbol.dispose]();
    };
    const fired = (): void => {
      this.#running.delete(group);
      fire();
    };
    const timer = this.#timers.setTimer(delayMs, fired, label);
    const group: Disposable = { [Symbol.dispose]: end };
    this.#running.add(group);
    return group;
  }

  close(): void {
    for (const timer of this.#running) timer[Symbol.dispose]();
  }
}

/** A clock over a replay's time whose wall time can be set. */
export class ReplayClock implements Clock {
  readonly #time: ReplayTime;
  #wallAtStartUs: number;
  /** Recorded connections that are being played. */
  playing = 0;

  /** @param wallUs wall time now, in microseconds since the epoch. */
  constructor(time: ReplayTime, wallUs: number) {
    this.#time = time;
    this.#wallAtStartUs = wallUs - time.nowUs;
  }

  /** Wall time now, in microseconds since the epoch. */
  get wallUs(): number {
    return this.#wallAtStartUs + this.#time.nowUs;
  }

  /** From now on wall time goes on from here, in microseconds since the epoch. */
  setWall(wallUs: number): void {
    this.#wallAtStartUs = wallUs - this.#time.nowUs;
  }

  /** Whole milliseconds, as from the system. */
  now(): number {
    return Math.floor(this.wallUs / 1_000);
  }

  monotonic(): number {
    return this.#time.nowUs / 1_000;
  }
}
