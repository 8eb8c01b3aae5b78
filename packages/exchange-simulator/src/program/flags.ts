import { parseArgs } from 'node:util';
import { nearestNames } from '../nearest-names.ts';
import { shownValue } from '../shown-value.ts';
import { flagError } from './flag-error.ts';

const types = {
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
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** Flags with their values, as text. */
export type Flags = ReturnType<typeof parseArgs<{ options: typeof types }>>['values'];

const names = Object.keys(types);

/**
 * Reads flags. Where help or the version is asked for, nothing else is looked at.
 * @throws VenueError `invalid-options` with one sentence that names the flag.
 */
export function readFlags(args: readonly string[]): Flags {
  // Strict, it explains mistakes in several lines.
  const { tokens, values } = parseArgs({ args: [...args], options: types, strict: false, tokens: true });
  if (values.help === true || values.version === true) return values as Flags;
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional')
      throw flagError(`expected flags only, got ${shownValue(token.value)}; --help lists them`);
    if (token.kind === 'option') checkFlag(token, seen);
  }
  return values as Flags;
}

interface FlagToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkFlag({ name, rawName, value, inlineValue }: FlagToken, seen: Set<string>): void {
  if (!Object.hasOwn(types, name)) throw unknownFlag(rawName);
  const flag = types[name as keyof typeof types];
  if (flag.type === 'boolean' && value !== undefined)
    throw flagError(`--${name}: expected no value, got ${shownValue(value)}; --help says what it does`);
  // What follows is another flag if it looks like one.
  const isMissing = value === undefined || value === '' || (inlineValue !== true && value.startsWith('-'));
  if (flag.type === 'string' && isMissing)
    throw flagError(`--${name}: expected a value, got ${shownValue(value)}; --help says which`);
  if (seen.has(name) && !('multiple' in flag))
    throw flagError(`--${name}: expected it once, got it again; --help says which may be repeated`);
  seen.add(name);
}

function unknownFlag(given: string): Error {
  const nearest = nearestNames(given.replace(/^-+/, ''), names).map((name) => `--${name}`);
  const hint = nearest.length === 0 ? '' : `, the nearest: ${nearest.join(', ')}`;
  return flagError(`there is no flag ${shownValue(given)}${hint}; --help lists them`);
}
