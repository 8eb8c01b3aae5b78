import type { Clock } from '@venuekit/connector-core';

/** How fast recorded time goes by: times real time, or as fast as the readers read. */
export type ReplaySpeed = number | 'max';

/** Recorded time. It starts once, can be stopped and goes on where it stood. */
export interface ReplayClock {
  readonly started: boolean;
  /** Milliseconds of recorded time since the start; 0 before. */
  readonly nowMs: number;
  start(): void;
  /** Stands still at `offsetMs`, which is not ahead. Doing it again does nothing. */
  stop(offsetMs: number): void;
  /** Goes on. Doing it again does nothing. */
  resume(): void;
  /** Goes on from `offsetMs`, or from where it stands if that is later. */
  resumeFrom(offsetMs: number): void;
  /** Real milliseconds until the clock shows `offsetMs`; 0 or less if it is past, and always 0 at speed `max`. */
  untilMs(offsetMs: number): number;
  /** Tells a clock of speed `max`, which has no time of its own, where it stands. */
  reach(offsetMs: number): void;
}

/** Makes a stopped clock over the real one. */
export function createReplayClock(clock: Clock, speed: ReplaySpeed): ReplayClock {
  let startedAt: number | undefined;
  let stoppedAt: number | undefined;
  let reachedMs = 0;
  const nowMs = (): number => {
    if (startedAt === undefined) return 0;
    return speed === 'max' ? reachedMs : ((stoppedAt ?? clock.monotonic()) - startedAt) * speed;
  };
  const resume = (): void => {
    if (startedAt === undefined || stoppedAt === undefined) return;
    startedAt += clock.monotonic() - stoppedAt;
    stoppedAt = undefined;
  };
  return {
    get started() {
      return startedAt !== undefined;
    },
    get nowMs() {
      return nowMs();
    },
    start() {
      startedAt ??= clock.monotonic();
    },
    stop(offsetMs) {
      const late = speed === 'max' ? 0 : (nowMs() - offsetMs) / speed;
      stoppedAt ??= clock.monotonic() - late;
    },
    resume,
    resumeFrom(offsetMs) {
      resume();
      const aheadMs = offsetMs - nowMs();
      if (startedAt === undefined || aheadMs <= 0) return;
      if (speed === 'max') reachedMs = offsetMs;
      else startedAt -= aheadMs / speed;
    },
    untilMs: (offsetMs) => (speed === 'max' ? 0 : (offsetMs - nowMs()) / speed),
    reach(offsetMs) {
      reachedMs = Math.max(reachedMs, offsetMs);
    },
  };
}
