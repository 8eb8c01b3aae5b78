import { parseArgs } from 'node:util';
import { VenueError } from '@venuekit/connector-core';
import { type Fault, faultKinds, parseFault } from './faults/fault.ts';
import type { ReplayFiles } from './recording/replay-files.ts';
import type { SyntheticMarket } from './simulator-options.ts';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'run';
      readonly market: SyntheticMarket | ReplayCommand;
      readonly port: number;
      readonly faults: readonly Fault[];
    };

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

  exchange-simulator [--seed S] [--pairs N] [--port N] [--fault KIND@SECONDS]...
  exchange-simulator --replay FILE [--products FILE] [--speed N|max] [--port N] [--fault KIND@SECONDS]...

  --seed S         decides the synthetic market (default: venuekit)
  --pairs N        how many pairs it has, 1 to 60 (default: 8)
  --replay FILE    plays a recorded session instead
  --products FILE  its products answer (default: the spot-rest-products-*.txt beside it)
  --speed N|max    times real time, or as fast as the readers read (default: 1)
  --port N         port to listen on (default: any that is free)
  --fault K@S[+D]  what goes wrong, when, and for how long; may be given several times. K is one of
${faultLines(100)}
                   Behind it, where the kind has them, :CHANNEL (depth, trades or bbo) and :SYMBOL
  --help           this text

One line of JSON on stdout, {"restUrl":...,"streamUrl":...}, says that it is ready.
`;

const optionTypes = {
  replay: { type: 'string' },
  products: { type: 'string' },
  speed: { type: 'string' },
  seed: { type: 'string' },
  pairs: { type: 'string' },
  port: { type: 'string' },
  fault: { type: 'string', multiple: true },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the arguments.
 * @throws VenueError `invalid-options` with one sentence that names the argument.
 */
export function parseCommand(args: readonly string[]): Command {
  const values = readValues(args);
  if (values.help === true) return { kind: 'help' };
  const port = values.port === undefined ? 0 : wholeNumber('--port', values.port);
  const faults = (values.fault ?? []).map(parseFault);
  return { kind: 'run', market: marketOf(values), port, faults };
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

function marketOf(values: Values): SyntheticMarket | ReplayCommand {
  const { replay, products, speed, seed, pairs } = values;
  if (replay === undefined) {
    if (products !== undefined || speed !== undefined) throw refusal('--products and --speed need --replay');
    const market = { kind: 'synthetic', seed: seed ?? 'venuekit' } as const;
    return pairs === undefined ? market : { ...market, pairs: wholeNumber('--pairs', pairs) };
  }
  if (seed !== undefined || pairs !== undefined) throw refusal('--seed and --pairs do not go with --replay');
  const market = { kind: 'replay', sessionFile: replay, speed: speedOf(speed ?? '1') } as const;
  return products === undefined ? market : { ...market, productsFile: products };
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
