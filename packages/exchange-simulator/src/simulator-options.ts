import type { Dialect } from './dialect/dialect.ts';
import type { FeeRates } from './engine/engine-types.ts';
import type { Fault } from './faults/fault.ts';
import type { ReplayOptions } from './replay/replay-market.ts';
import type { SimulatorRuntime } from './system-runtime.ts';
import type { TruthSink } from './truth/truth-entry.ts';
import type { UserOptions } from './users/user-types.ts';
import type { WorldOptions } from './world/world.ts';

export { checkListening, checkOptions } from './options-check.ts';

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
  /** Who has an account; two customers with money if left out. Their money is of assets that are listed. */
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
