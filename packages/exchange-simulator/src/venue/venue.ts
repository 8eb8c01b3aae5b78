import type { Clock, Random, Timers } from '@venuekit/connector-core';
import type { TradingDesk } from '../desk/desk-types.ts';
import type { DialectFaults } from '../faults/dialect-faults.ts';
import type { Listing } from '../floor/listing.ts';
import type { Market } from '../market/market.ts';
import type { Counters } from '../stats.ts';
import type { UserDirectory } from '../users/user-types.ts';

/** An exchange as a dialect serves it: all of it that there is, and nothing of how a venue speaks. */
export interface Venue {
  /** Public data. */
  readonly market: Market;
  /** What can be traded here, by symbol; empty while a recording is played. */
  readonly listings: ReadonlyMap<string, Listing>;
  /** Where customers trade; `undefined` while a recording is played, which nobody can trade with. */
  readonly desk: TradingDesk | undefined;
  /** Who may sign in. */
  readonly users: UserDirectory;
  /** What goes wrong now. */
  readonly faults: DialectFaults;
  readonly counters: Counters;
  /** The venue's clock, which may be wrong on purpose. */
  readonly clock: Clock;
  readonly timers: Timers;
  /** For ids and the like; every purpose has a key of its own. */
  readonly random: Random;
}
