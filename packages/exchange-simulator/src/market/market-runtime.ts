import type { Clock, Timers } from '@venuekit/connector-core';
import type { MarketTruth } from '../truth/market-truth.ts';

/** What a market takes from the runtime. */
export interface MarketRuntime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Told of everything that becomes true, before the audience is. */
  readonly truth?: MarketTruth | undefined;
  /** Told what the audience threw, with which the market goes on; nobody is if left out. */
  readonly onFailure?: (error: unknown) => void;
}
