import { type Fault, parseFault } from '../faults/fault.ts';
import type { ReplayFiles } from '../recording/replay-files.ts';
import { shownValue } from '../shown-value.ts';
import { flagError, underFlag } from './flag-error.ts';
import { type Flags, readFlags } from './flags.ts';

/** What the command line asks for. */
export type Command = { readonly kind: 'help' } | { readonly kind: 'version' } | RunCommand;

/** A simulator that is to run. */
export interface RunCommand {
  readonly kind: 'run';
  readonly market: WorldCommand | ReplayCommand;
  readonly port: number;
  /** `undefined` for none. */
  readonly adminPort: number | undefined;
  readonly accounts: number;
  readonly faults: readonly Fault[];
  /** False if addresses may send and connect as often as they like. */
  readonly limits: boolean;
  /** One line for programs in place of text for people. */
  readonly json: boolean;
  readonly recordFile: string | undefined;
  readonly truthFile: string | undefined;
}

/** A world whose files are still to be read. */
export interface WorldCommand {
  readonly kind: 'synthetic';
  readonly seed: string;
  readonly pairs?: number;
  /** Files of bars, by symbol; that of the first pair has an empty one. */
  readonly bars: readonly (readonly [symbol: string, file: string])[];
  /** A recorded session that prices follow. */
  readonly follow?: ReplayFiles;
}

/** A replay whose files are still to be read. */
export interface ReplayCommand extends ReplayFiles {
  readonly kind: 'replay';
  readonly speed: number | 'max';
}

const mostAccounts = 50;

/**
 * Reads the arguments.
 * @throws VenueError `invalid-options` with one sentence that names the argument.
 */
export function parseCommand(args: readonly string[]): Command {
  const values = readFlags(args);
  if (values.help === true) return { kind: 'help' };
  if (values.version === true) return { kind: 'version' };
  requireDialect(values.dialect ?? 'ascendex');
  return {
    kind: 'run',
    market: marketOf(values),
    port: portOf('--port', values.port),
    adminPort: adminPortOf(values),
    accounts: accountsOf(values),
    faults: (values.fault ?? []).map((text) => underFlag('--fault', () => parseFault(text))),
    limits: values['no-limits'] !== true,
    json: values.json === true,
    recordFile: values.record,
    truthFile: values.truth,
  };
}

function requireDialect(name: string): void {
  if (name !== 'ascendex') throw refusal(`--dialect: expected ascendex, got ${shownValue(name)}`);
}

function marketOf(values: Flags): RunCommand['market'] {
  const { replay, products, speed } = values;
  if (replay === undefined) {
    if (speed !== undefined) throw refusal('--speed needs --replay');
    if (products !== undefined && values.follow === undefined)
      throw refusal('--products needs --replay or --follow');
    return worldOf(values);
  }
  for (const name of ['seed', 'pairs', 'load', 'follow', 'accounts'] as const)
    if (values[name] !== undefined) throw refusal(`--${name} does not go with --replay`);
  const market = { kind: 'replay', sessionFile: replay, speed: speedOf(speed ?? '1') } as const;
  return products === undefined ? market : { ...market, productsFile: products };
}

function worldOf({ seed = 'venuekit', pairs, load = [], follow, products }: Flags): WorldCommand {
  const bars = load.map((text): readonly [string, string] => {
    const [, symbol = '', file = text] = /^([A-Z0-9-]+\/[A-Z0-9-]+)=(.+)$/.exec(text) ?? [];
    return [symbol, file];
  });
  const world = { kind: 'synthetic', seed, bars } as const;
  if (follow !== undefined) {
    if (pairs !== undefined) throw refusal('--pairs does not go with --follow');
    const files = { sessionFile: follow, ...(products === undefined ? {} : { productsFile: products }) };
    return { ...world, follow: files };
  }
  return pairs === undefined ? world : { ...world, pairs: wholeNumber('--pairs', pairs) };
}

function accountsOf({ accounts }: Flags): number {
  const count = accounts === undefined ? 2 : wholeNumber('--accounts', accounts);
  if (count >= 1 && count <= mostAccounts) return count;
  throw refusal(`--accounts: expected 1 to ${mostAccounts}, got ${count}`);
}

function adminPortOf(values: Flags): number | undefined {
  const port = values['admin-port'];
  if (values['no-admin'] !== true) return portOf('--admin-port', port);
  if (port !== undefined) throw refusal('--admin-port does not go with --no-admin');
  return undefined;
}

function portOf(option: string, text = '0'): number {
  const port = wholeNumber(option, text);
  if (port <= 65_535) return port;
  throw refusal(`${option}: expected 0 to 65535, got ${port}`);
}

function speedOf(text: string): number | 'max' {
  if (text === 'max') return 'max';
  const speed = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (speed > 0) return speed;
  throw refusal(`--speed: expected a number above 0 or max, got ${shownValue(text)}`);
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw refusal(`${option}: expected a whole number, got ${shownValue(text)}`);
}

/** The way to the list is part of every refusal. */
function refusal(message: string): Error {
  return flagError(`${message}; see --help`);
}
