import { VenueError } from '@venuekit/connector-core';
import type { Dialect } from './dialect/dialect.ts';
import type { FeeRates } from './engine/engine-types.ts';
import { checkFault, type Fault } from './faults/fault.ts';
import type { ReplayOptions } from './replay/replay-market.ts';
import type { SimulatorRuntime } from './system-runtime.ts';
import type { TruthSink } from './truth/truth-entry.ts';
import type { UserOptions } from './users/user-types.ts';
import type { WorldOptions } from './world/world.ts';

/** A recorded session, played again. */
export interface ReplayMarket extends ReplayOptions {
  readonly kind: 'replay';
}

/** A world that a seed makes up: traders in an engine, about prices with a past. */
export interface SyntheticMarket extends WorldOptions {
  readonly kind: 'synthetic';
}

/** What an exchange simulator is made of. */
export interface SimulatorOptions {
  /** What is traded. */
  readonly market: ReplayMarket | SyntheticMarket;
  /** How the venue speaks; AscendEX if left out. */
  readonly dialect?: Dialect;
  /** Who has an account; two customers with money if left out. */
  readonly users?: readonly UserOptions[];
  /** Ordinary fees, as fractions of a trade; 0.001 if left out. No more than instruments reserve. */
  readonly fees?: FeeRates;
  /** What goes wrong, by the market's clock. */
  readonly faults?: readonly Fault[];
  /** Clock, timers and chance; those of the system if left out. */
  readonly runtime?: SimulatorRuntime;
  /**
   * Told what becomes true on the exchange, at that moment and before any client. The first books come while the simulator is made.
   * Costs nothing if left out.
   */
  readonly truth?: TruthSink;
  /** Takes what the first client sees, and after its end the next one, in the form that a replay reads. */
  readonly record?: RecordOptions;
}

/** Who takes a recording. */
export interface RecordOptions {
  /** Takes one line, with the line break at its end; must not throw. */
  write(text: string): void;
  /** Writes down accounts and orders as well; logins and credentials never are. No if left out. */
  readonly private?: boolean;
}

/** What an exchange simulator is made of, and where it listens. */
export interface ListeningOptions extends SimulatorOptions {
  /** Address to listen on; `127.0.0.1` if left out, which nobody else can reach. */
  readonly host?: string;
  /** Port to listen on; 0, or left out, takes any that is free. */
  readonly port?: number;
  /** Port of the admin, which only this machine can reach: 0 takes any that is free. Left out, there is none. */
  readonly adminPort?: number;
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
export function checkListening({ port = 0, adminPort = 0 }: ListeningOptions): void {
  for (const [name, value] of Object.entries({ port, adminPort })) {
    if (Number.isInteger(value) && value >= 0 && value <= 65_535) continue;
    throw refusal('startSimulator', `expected ${name} to be a whole number from 0 to 65535, got ${value}`);
  }
}

function refusal(operation: string, message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation, message });
}
