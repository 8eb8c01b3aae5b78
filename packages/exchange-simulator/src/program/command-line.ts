import { parseArgs } from 'node:util';
import { VenueError } from '@venuekit/connector-core';
import { type Fault, faultKinds, parseFault } from '../faults/fault.ts';
import type { ReplayFiles } from '../recording/replay-files.ts';

/** What the command line asks for. */
export type Command = { readonly kind: 'help' } | RunCommand;

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

/** The kinds of faults, in lines of at most `width` characters. */
function faultLines(width: number): string {
  const lines: string[] = [];
  for (const kind of faultKinds) {
    const longer = `${lines.at(-1)}, ${kind}`;
    if (lines.length > 0 && longer.length < width) lines[lines.length - 1] = longer;
    else lines.push(`                   ${kind}`);
  }
  return lines.join(',\n');
}

/** What `--help` prints. */
export const usage: string = `exchange-simulator: an exchange on your desk, without keys and without a network.

  exchange-simulator [--seed S] [--pairs N] [--load FILE]... [--follow FILE] [--accounts N] [OPTION]...
  exchange-simulator --replay FILE [--products FILE] [--speed N|max] [OPTION]...

A world that a seed makes up:
  --seed S         decides everything that happens (default: venuekit)
  --pairs N        how many pairs there are, 1 to 60 (default: 8)
  --load FILE      bars of the past from a CSV with time,open,high,low,close,volume in its first line;
                   SYMBOL=FILE for another pair than the first
  --follow FILE    has the pairs of a recorded session, whose prices theirs follow; with --products
  --accounts N     how many accounts with money, 1 to 50 (default: 2)

Or a recorded session, played again:
  --replay FILE    in the form of docs/recording-format.md
  --products FILE  its products answer (default: the spot-rest-products-*.txt beside it)
  --speed N|max    times real time, or as fast as the readers read (default: 1)

Options:
  --dialect NAME   how it speaks: ascendex (default)
  --port N         port to listen on (default: any that is free)
  --admin-port N   port on which it is told what goes wrong (default: any that is free)
  --no-admin       do not listen there
  --fault K@S[+D]  what goes wrong, when, and for how long; may be given several times. K is one of
${faultLines(100)}
                   Behind it, where the kind has them, :CHANNEL and :SYMBOL
  --no-limits      let addresses connect and send as often as they like; else the venue's limits hold,
                   and who connects more than 45 times in five minutes is banned for fifteen
  --record FILE    writes down what the first client sees, in the form that --replay reads
  --truth FILE     writes down what happens on the exchange, as lines of JSON
  --json           one line of JSON on stdout in place of text:
                   {"rest":...,"ws":...,"admin":...,"accounts":[{"key":...,"secret":...,"group":...,"uid":...}],"pairs":[...]}
  --help           this text

It runs until a signal, or until whoever started it is gone.
`;

const optionTypes = {
  dialect: { type: 'string' },
  replay: { type: 'string' },
  products: { type: 'string' },
  speed: { type: 'string' },
  seed: { type: 'string' },
  pairs: { type: 'string' },
  load: { type: 'string', multiple: true },
  follow: { type: 'string' },
  accounts: { type: 'string' },
  port: { type: 'string' },
  'admin-port': { type: 'string' },
  'no-admin': { type: 'boolean' },
  fault: { type: 'string', multiple: true },
  'no-limits': { type: 'boolean' },
  record: { type: 'string' },
  truth: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const mostAccounts = 50;

/**
 * Reads the arguments.
 * @throws VenueError `invalid-options` with one sentence that names the argument.
 */
export function parseCommand(args: readonly string[]): Command {
  const values = readValues(args);
  if (values.help === true) return { kind: 'help' };
  requireDialect(values.dialect ?? 'ascendex');
  return {
    kind: 'run',
    market: marketOf(values),
    port: portOf('--port', values.port),
    adminPort: values['no-admin'] === true ? undefined : portOf('--admin-port', values['admin-port']),
    accounts: accountsOf(values),
    faults: (values.fault ?? []).map(parseFault),
    limits: values['no-limits'] !== true,
    json: values.json === true,
    recordFile: values.record,
    truthFile: values.truth,
  };
}

type Values = ReturnType<typeof parseArgs<{ options: typeof optionTypes }>>['values'];

function readValues(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options: optionTypes, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // Node explains an unknown option at length; its first sentence says it.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw refusal(sentence);
  }
}

function requireDialect(name: string): void {
  if (name !== 'ascendex') throw refusal(`--dialect: expected ascendex, got "${name}"`);
}

function marketOf(values: Values): RunCommand['market'] {
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

function worldOf({ seed = 'venuekit', pairs, load = [], follow, products }: Values): WorldCommand {
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

function accountsOf({ accounts }: Values): number {
  const count = accounts === undefined ? 2 : wholeNumber('--accounts', accounts);
  if (count >= 1 && count <= mostAccounts) return count;
  throw refusal(`--accounts: expected 1 to ${mostAccounts}, got ${count}`);
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
  throw refusal(`--speed: expected a number above 0 or max, got "${text}"`);
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw refusal(`${option}: expected a whole number, got "${text}"`);
}

function refusal(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', message });
}
