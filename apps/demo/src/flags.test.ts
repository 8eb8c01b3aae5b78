import { expect, test } from 'vitest';
import { flags, helpText, readFlags } from './flags.ts';
import { InputError } from './input-error.ts';

test('values stay text, digit for digit', () => {
  const values = readFlags(['--seed', '007', '--speed=1e3', '--json']);
  expect(values.get('seed')).toEqual(['007']);
  expect(values.get('speed')).toEqual(['1e3']);
  expect(values.get('json')).toEqual(['']);
  expect(values.has('headless')).toBe(false);
});

test('a fault may be repeated, in its order', () => {
  expect(readFlags(['--fault', 'drop@3', '--fault=gap@5']).get('fault')).toEqual(['drop@3', 'gap@5']);
});

test('the separator that pnpm may hand over means nothing', () => {
  expect(readFlags(['--', '--json']).has('json')).toBe(true);
});

test.each([
  [['--sedd', 'a'], 'there is no flag --sedd; did you mean --seed?'],
  [['--colour'], 'there is no flag --colour; --help lists the flags'],
  [['-j'], 'there is no flag -j; --help lists the flags'],
  [['--seconds'], '--seconds expects N, got nothing'],
  [['--seconds='], '--seconds expects N, got nothing'],
  [['--replay', '--json'], '--replay expects FILE, got the next flag --json'],
  [['--json=yes'], '--json takes no value, got "yes"'],
  [['--seed', 'a', '--seed', 'b'], 'expected --seed once, got it twice'],
  [['session.txt'], 'expected flags such as --seconds 10, got "session.txt"'],
])('%j is answered with a sentence', (argv, message) => {
  expect(() => readFlags(argv)).toThrow(new InputError(message));
});

test('the help names every flag and fits a terminal', () => {
  const help = helpText();
  for (const flag of flags) expect(help).toContain(`--${flag.name}`);
  const [first = ''] = help.split('\n');
  expect(first.length).toBeLessThanOrEqual(100);
  for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
});
