import type { Clock, Timers } from '@venuekit/connector-core';
import type { FaultControl } from '../../faults/fault-control.ts';
import type { Market } from '../../market/market.ts';
import type { Counters } from '../../stats.ts';

/** What a session serves from. */
export interface SessionContext {
  readonly market: Market;
  /** Symbols that the venue lists. */
  readonly listed: ReadonlySet<string>;
  readonly faults: FaultControl;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly timers: Timers;
}
