import type { Clock } from '@venuekit/connector-core';

/** At most `count` requests in any window of `windowMs`. */
export interface RequestBudgetOptions {
  readonly clock: Clock;
  readonly count: number;
  readonly windowMs: number;
}

/** A sliding window of requests, exact by the monotonic clock. */
export interface RequestBudget {
  /** Takes one request if there is room: 0. Otherwise takes none and says after how many milliseconds there will be room. */
  take(): number;
}

/** Makes a budget. */
export function createRequestBudget({ clock, count, windowMs }: RequestBudgetOptions): RequestBudget {
  const taken: number[] = [];
  return {
    take: () => {
      const now = clock.monotonic();
      while (taken[0] !== undefined && taken[0] + windowMs <= now) taken.shift();
      const oldest = taken[0];
      if (oldest !== undefined && taken.length >= count) return oldest + windowMs - now;
      taken.push(now);
      return 0;
    },
  };
}
