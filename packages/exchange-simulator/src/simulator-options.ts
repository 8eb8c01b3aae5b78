import { VenueError } from '@venuekit/connector-core';
import { checkFault, type Fault } from './faults/fault.ts';
import type { ReplayOptions } from './replay/replay-market.ts';
import type { SyntheticOptions } from './synthetic/synthetic-market.ts';
import type { SimulatorRuntime } from './system-runtime.ts';

/** A recorded session, played again. */
export interface ReplayMarket extends ReplayOptions {
  readonly kind: 'replay';
}

/** A market that a seed makes up. */
export interface SyntheticMarket extends SyntheticOptions {
  readonly kind: 'synthetic';
}

/** How an exchange simulator is started. */
export interface SimulatorOptions {
  /** What is traded. */
  readonly market: ReplayMarket | SyntheticMarket;
  /** Address to listen on; `127.0.0.1` if left out, which nobody else can reach. */
  readonly host?: string;
  /** Port to listen on; 0, or left out, takes any that is free. */
  readonly port?: number;
  /** What goes wrong, by the market's clock. */
  readonly faults?: readonly Fault[];
  /** Clock and timers; those of the system if left out. */
  readonly runtime?: SimulatorRuntime;
}

/**
 * Checks what types cannot.
 * @throws VenueError `invalid-options` naming the option, what was expected and what was found.
 */
export function checkOptions({ market, port = 0, faults = [] }: SimulatorOptions): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw refusal(`expected port to be a whole number from 0 to 65535, got ${port}`);
  }
  for (const fault of faults) checkFault(fault);
  if (market.kind === 'replay') checkSpeed(market.speed);
}

function checkSpeed(speed: number | 'max'): void {
  if (speed === 'max' || (Number.isFinite(speed) && speed > 0)) return;
  throw refusal(`expected speed to be a number above 0 or 'max', got ${speed}`);
}

function refusal(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation: 'startSimulator', message });
}
