import type { Clock, Timers } from '@venuekit/connector-core';

/** What a market takes from the runtime. */
export interface MarketRuntime {
  readonly clock: Clock;
  readonly timers: Timers;
}
