import { expect, test } from 'vitest';
import { parseCommand } from './command-line.ts';
import { progressLine } from './progress.ts';
import { usage } from './usage.ts';

test('reads what it is asked, with its defaults', () => {
  expect(parseCommand(['--only', 'toy', '--seeds', '5', '--minutes', '2'])).toMatchObject({
    ...{ only: 'toy', seeds: 5, minutes: 2, workers: 2, silenceMs: 300_000 },
    ...{ twice: false, fresh: false, write: false, json: false, node: undefined, stopAfter: undefined },
  });
});

test('explains every option, in lines that fit a terminal', () => {
  const options = Object.keys(parseCommand([])).map((name) =>
    name === 'silenceMs' ? 'silence' : name.replace('stopAfter', 'stop-after'),
  );
  for (const option of options)
    expect(usage).toMatch(new RegExp(`\n  --${option} [A-Z ]+ {2}\\w|\n  --${option} {2,}\\w`));
  for (const line of usage.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
});

test.each([
  ['--seeds none', ['--seeds', 'none'], '--seeds: expected a whole number from 1 to 9,999,999, got "none"'],
  ['--workers 0', ['--workers', '0'], '--workers: expected a whole number from 1 to 64, got "0"'],
  [
    'more silence than a timer holds',
    ['--silence', '3000000'],
    '--silence: expected a whole number from 1 to 86,400',
  ],
  ['--seeds alone', ['--seeds', '8'], '--seeds: expected --only NAME beside it, got none'],
  ['--mutant alone', ['--mutant', 'all'], '--mutant: expected --only NAME beside it, got none'],
  ['--write alone', ['--list', 'a', '--write'], '--write: expected --only NAME beside it, got none'],
  ['--seed and --seeds', ['--seed', 'a', '--seeds', '1'], '--seed does not go with'],
  ['--mutant and --twice', ['--mutant', 'a', '--twice'], '--mutant does not go with'],
  ['--write and --seed', ['--write', '--seed', 'a'], '--write does not go with --seed'],
  ['an unknown option', ['--sedes', '1'], "Unknown option '--sedes'"],
])('refuses %s', (_title, args, message) => {
  const only = message.includes('beside it') ? [] : ['--only', 'toy'];
  expect(() => parseCommand([...only, ...args])).toThrow(message);
});

test('shows how far it is, and how long it goes on: until the seeds or the time are used up', () => {
  const figures = {
    ...{ title: 'toy, first pass', done: 300, planned: 900, doneNow: 200, violations: 1 },
    virtualMs: 5_400_000,
  };
  expect(progressLine({ ...figures, leftMs: undefined }, 60_000)).toBe(
    'toy, first pass: 300 of 900 seeds, 1 failed, 200 a minute, left 3 min, 1.5 virtual hours',
  );
  expect(progressLine({ ...figures, leftMs: 30_000 }, 60_000)).toContain('left 30 s');
  expect(progressLine({ ...figures, doneNow: 0, leftMs: undefined }, 60_000)).toContain('left unknown');
  expect(progressLine({ ...figures, done: 900, leftMs: undefined }, 60_000)).toContain('took 60 s');
});
