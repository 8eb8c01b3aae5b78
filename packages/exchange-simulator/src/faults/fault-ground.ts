import type { Random } from '@venuekit/connector-core';
import type { Market } from '../market/market.ts';
import type { Fault, FaultEntry } from './fault-types.ts';
import type { VenueActions } from './venue-actions.ts';

/** An open stream, as a fault sees it. */
export interface FaultyStream {
  /** Ends it with a closing handshake; with 1006 without one. */
  close(code: number, reason: string): void;
  /** Sends a text to its client, past everything. */
  send(text: string): void;
  /** Sends WebSocket pings; in memory there are none. */
  ping(times: number): void;
  /** Nothing is sent any more, and nothing is read; disposing ends that. */
  freeze(): Disposable;
  /** Nothing is read for a while; what comes waits until it is disposed of. */
  deafen(): Disposable;
}

/** What a fault acts on when it begins. */
export interface FaultGround {
  readonly fault: Fault;
  readonly market: Market;
  readonly random: Random;
  /** Where orders and money are; `undefined` if nothing can be traded. */
  readonly venue: VenueActions | undefined;
  /** Open streams that the fault's path and address fit. */
  readonly streams: readonly FaultyStream[];
}

/** A kind that acts when it begins, or is only asked for. */
export interface ActionEntry extends FaultEntry {
  /** Acts; gives what undoes it when the fault ends. */
  begin?(ground: FaultGround): (() => void) | undefined;
}
