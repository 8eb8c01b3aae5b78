import { expect, test } from 'vitest';
import { parseCommand, usage } from './command-line.ts';
import { progressLine } from './progress.ts';

test('reads what it is asked, with its defaults', () => {
  expect(parseCommand(['--only', 'toy', '--seeds', '5', '--minutes', '2'])).toMatchObject({
    ...{ only: 'toy', seeds: 5, minutes: 2, workers: 2, silenceMs: 300_000 },
    ...{ twice: false, fresh: false, write: false, json: false, node: undefined, stopAfter: undefined },
  });
});

test('explains every option', () => {
  const options = Object.keys(parseCommand([])).map((name) =>
    name === 'silenceMs' ? 'silence' : name.replace('stopAfter', 'stop-after'),
  );
  for (const option of [...options, 'resume']) expect(usage).toContain(`\n  --${option} `);
});

test.each([
  ['--seeds none', ['--seeds', 'none'], '--seeds: expected a whole number above 0, got "none"'],
  ['--workers 0', ['--workers', '0'], '--workers: expected a whole number above 0, got "0"'],
  ['--fresh and --resume', ['--fresh', '--resume'], '--fresh and --resume: expected one of them, got both'],
  ['--seed and --seeds', ['--seed', 'a', '--seeds', '1'], '--seed does not go with'],
  ['--mutant and --twice', ['--mutant', 'a', '--twice'], '--mutant does not go with'],
  ['--write and --key', ['--write', '--key', 'a'], '--write does not go with --key or --seed'],
  ['--write and --seed', ['--write', '--seed', 'a'], '--write does not go with --key or --seed'],
  ['an unknown option', ['--sedes', '1'], "Unknown option '--sedes'"],
])('refuses %s', (_title, args, message) => {
  expect(() => parseCommand(args)).toThrow(message);
});

test('shows how far it is, and how long it goes on: until the seeds or the time are used up', () => {
  const figures = {
    ...{ title: 'toy, first pass', done: 300, planned: 900, doneNow: 200, violations: 1 },
    virtualMs: 5_400_000,
  };
  expect(progressLine({ ...figures, leftMs: undefined }, 60_000)).toBe(
    'toy, first pass: 300 of 900 seeds, 200 a minute, 1.5 virtual hours, 1 with violations, left 3 min',
  );
  expect(progressLine({ ...figures, leftMs: 30_000 }, 60_000)).toContain('left 30 s');
  expect(progressLine({ ...figures, doneNow: 0, leftMs: undefined }, 60_000)).toContain('left unknown');
  expect(progressLine({ ...figures, done: 900, leftMs: undefined }, 60_000)).toContain('took 60 s');
});
