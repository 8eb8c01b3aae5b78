import { parseArgs } from 'node:util';
import { InputError } from './input-error.ts';

/** One flag of the command line. */
export interface Flag {
  readonly name: string;
  /** What stands for its value in the help; a flag without one is a switch. */
  readonly value?: string;
  /** May be given more than once. */
  readonly repeatable?: boolean;
  readonly help: string;
}

/** Every flag, in the order of the help. */
export const flags: readonly Flag[] = [
  { name: 'replay', value: 'FILE', help: 'feed a recorded session through the connector' },
  { name: 'products', value: 'FILE', help: 'the products reply that belongs to the recording' },
  { name: 'speed', value: 'N|max', help: 'how much faster than recorded (default 1)' },
  { name: 'seed', value: 'TEXT', help: 'the made-up market to trade in (default venuekit)' },
  { name: 'pairs', value: 'A-B,C-D', help: 'pairs to open (default: all that have a ticker)' },
  { name: 'seconds', value: 'N', help: 'watch for N seconds, then compare the books with the venue' },
  { name: 'headless', help: 'no live table: progress on stderr, the summary on stdout' },
  { name: 'json', help: 'as --headless, with one JSON object on stdout' },
  {
    name: 'fault',
    value: 'KIND@SECONDS[+SECONDS][:CHANNEL][:SYMBOL]',
    repeatable: true,
    help: 'break something, for example drop@3 or silence@5+2; may be repeated',
  },
  { name: 'port', value: 'N', help: 'port of the simulator (default: any free one)' },
  { name: 'url', value: 'URL', help: 'use the venue at http://HOST:PORT, start no simulator' },
  { name: 'help', help: 'show this' },
];

/** The values of each flag that was given; a switch has one empty value. */
export type FlagValues = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a command line. Values stay text, digit for digit.
 * @throws InputError naming the flag, what was expected and what was got.
 */
export function readFlags(argv: readonly string[]): FlagValues {
  const options = Object.fromEntries(
    flags.map((flag) => [flag.name, { type: flag.value === undefined ? 'boolean' : 'string' } as const]),
  );
  // `pnpm demo -- --json` hands over the separator as well; it means nothing here.
  const args = argv[0] === '--' ? argv.slice(1) : [...argv];
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') {
      throw new InputError(`expected flags such as --seconds 10, got ${JSON.stringify(token.value)}`);
    }
    if (token.kind === 'option') collect(values, token.name, token.rawName, token.value, token.inlineValue);
  }
  return values;
}

function collect(
  values: Map<string, string[]>,
  name: string,
  rawName: string,
  value: string | undefined,
  inline: boolean | undefined,
): void {
  const flag = flags.find((known) => known.name === name);
  if (flag === undefined || !rawName.startsWith('--')) throw unknownFlag(rawName);
  if (flag.value === undefined && value !== undefined) {
    throw new InputError(`--${name} takes no value, got ${JSON.stringify(value)}`);
  }
  if (flag.value !== undefined) checkPresent(flag, value, inline === true);
  const earlier = values.get(name) ?? [];
  if (earlier.length > 0 && flag.repeatable !== true) {
    throw new InputError(`expected --${name} once, got it twice`);
  }
  values.set(name, [...earlier, value ?? '']);
}

function checkPresent(flag: Flag, value: string | undefined, inline: boolean): void {
  if (value === undefined || value === '') {
    throw new InputError(`--${flag.name} expects ${flag.value}, got nothing`);
  }
  if (!inline && value.startsWith('--')) {
    throw new InputError(`--${flag.name} expects ${flag.value}, got the next flag ${value}`);
  }
}

function unknownFlag(rawName: string): InputError {
  const typed = rawName.replace(/^-+/, '');
  const [nearest] = flags
    .map(({ name }) => ({ name, distance: distance(typed, name) }))
    .filter((candidate) => candidate.distance <= 2)
    .sort((a, b) => a.distance - b.distance);
  const hint = nearest === undefined ? '--help lists the flags' : `did you mean --${nearest.name}?`;
  return new InputError(`there is no flag ${rawName}; ${hint}`);
}

/** Letters to insert, remove or replace to turn one word into the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** What `--help` prints. */
export function helpText(): string {
  const left = flags.map((flag) => `--${flag.name}${flag.value === undefined ? '' : ` ${flag.value}`}`);
  // One very long flag must not push every explanation to the right.
  const width = Math.max(...left.map((text) => text.length).filter((length) => length <= 24));
  const lines = flags.map((flag, index) => {
    const name = left[index] ?? '';
    const indent = name.length > width ? `\n  ${' '.repeat(width)}` : '';
    return `  ${name.padEnd(width)}${indent}  ${flag.help}`;
  });
  return [
    'Shows live order books of an exchange simulator through a real connector.',
    '',
    'Usage: pnpm demo [flags]',
    '',
    ...lines,
    '',
    'Without a terminal it ends after 10 seconds, or when the replay is finished.',
    'Faults of subscriptions and snapshots, and refuse, show at the next connection: add a drop.',
    'Exit code: 0 all books were live and equal to the venue, or you ended it; 1 not so, or the venue',
    'failed; 2 bad input.',
    '',
  ].join('\n');
}
