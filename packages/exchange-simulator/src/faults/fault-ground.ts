import type { Market } from '../market/market.ts';
import type { Fault, FaultEntry } from './fault-types.ts';
import type { VenueActions } from './venue-actions.ts';

/** Calls `undo` when the fault ends. Disposing forgets that. */
export type OnEnd = (undo: () => void) => Disposable;

/** An open stream, as a fault sees it. */
export interface FaultyStream {
  /** Ends it with a closing handshake; with 1006 without one. */
  close(code: number, reason: string): void;
  /** Sends a text to its client, past everything. */
  send(text: string): void;
  /** Sends WebSocket pings; in memory there are none. */
  ping(times: number): void;
  /** Nothing is sent any more, and nothing is read, until the fault ends. */
  freeze(onEnd: OnEnd): void;
  /** Nothing is read, and what comes waits, until the fault ends. */
  deafen(onEnd: OnEnd): void;
}

/** What a fault acts on when it begins. */
export interface FaultGround {
  readonly fault: Fault;
  readonly market: Market;
  /** Open streams that the fault's path and address fit. */
  readonly streams: readonly FaultyStream[];
  readonly onEnd: OnEnd;
}

/** What a fault of orders, money or trading acts on when it begins. */
export interface TradingGround {
  readonly fault: Fault;
  readonly venue: VenueActions;
}

/** A kind that acts when it begins, or is only asked for. */
export interface ActionEntry extends FaultEntry {
  /** Acts. */
  begin?(ground: FaultGround): void;
  /** Acts where something can be traded, and gives what undoes it; elsewhere the fault strikes nothing. In place of `begin`. */
  trade?(ground: TradingGround): (() => void) | undefined;
}
