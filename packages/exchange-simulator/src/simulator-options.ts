import { VenueError } from '@venuekit/connector-core';
import { checkFault, type Fault } from './faults/fault.ts';
import type { ReplayOptions } from './replay/replay-market.ts';
import type { SyntheticOptions } from './synthetic/synthetic-market.ts';
import type { SimulatorRuntime } from './system-runtime.ts';
import type { TruthSink } from './truth/truth-entry.ts';

/** A recorded session, played again. */
export interface ReplayMarket extends ReplayOptions {
  readonly kind: 'replay';
}

/** A market that a seed makes up. */
export interface SyntheticMarket extends SyntheticOptions {
  readonly kind: 'synthetic';
}

/** What an exchange simulator is made of. */
export interface SimulatorOptions {
  /** What is traded. */
  readonly market: ReplayMarket | SyntheticMarket;
  /** What goes wrong, by the market's clock. */
  readonly faults?: readonly Fault[];
  /** Clock, timers and chance; those of the system if left out. */
  readonly runtime?: SimulatorRuntime;
  /**
   * Told what becomes true on the exchange, at that moment and before any client. The first books come while the simulator is made.
   * Costs nothing if left out.
   */
  readonly truth?: TruthSink;
}

/** What an exchange simulator is made of, and where it listens. */
export interface ListeningOptions extends SimulatorOptions {
  /** Address to listen on; `127.0.0.1` if left out, which nobody else can reach. */
  readonly host?: string;
  /** Port to listen on; 0, or left out, takes any that is free. */
  readonly port?: number;
}

/**
 * Checks what types cannot, for `operation`.
 * @throws VenueError `invalid-options` naming the option, what was expected and what was found.
 */
export function checkOptions({ market, faults = [] }: SimulatorOptions, operation: string): void {
  for (const fault of faults) checkFault(fault);
  if (market.kind !== 'replay') return;
  const { speed } = market;
  if (speed === 'max' || (Number.isFinite(speed) && speed > 0)) return;
  throw refusal(operation, `expected speed to be a number above 0 or 'max', got ${speed}`);
}

/**
 * Checks where to listen.
 * @throws VenueError `invalid-options` for a port that cannot be.
 */
export function checkListening({ port = 0 }: ListeningOptions): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw refusal('startSimulator', `expected port to be a whole number from 0 to 65535, got ${port}`);
}

function refusal(operation: string, message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation, message });
}
