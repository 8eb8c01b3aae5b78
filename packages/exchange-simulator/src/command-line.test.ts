import { expect, test } from 'vitest';
import { parseCommand } from './command-line.ts';

test('without arguments: the synthetic market', () => {
  expect(parseCommand([])).toEqual({
    kind: 'run',
    market: { kind: 'synthetic', seed: 'venuekit' },
    port: 0,
    faults: [],
  });
});

test('everything for a replay', () => {
  const args = '--replay a.txt --products p.txt --speed max --port 80 --fault drop@3 --fault silence@5+1';
  expect(parseCommand(args.split(' '))).toEqual({
    kind: 'run',
    market: { kind: 'replay', sessionFile: 'a.txt', productsFile: 'p.txt', speed: 'max' },
    port: 80,
    faults: [
      { kind: 'drop', atSeconds: 3 },
      { kind: 'silence', atSeconds: 5, durationSeconds: 1 },
    ],
  });
});

test.each([
  ['--dance', /Unknown option '--dance'/],
  ['stray', /Unexpected argument 'stray'/],
  ['--port x', /--port: expected a whole number, got "x"/],
  ['--pairs 1.5', /--pairs: expected a whole number/],
  ['--replay a --speed 0', /--speed: expected a number above 0 or max, got "0"/],
  ['--speed 2', /need --replay/],
  ['--replay a --seed 1', /do not go with --replay/],
  ['--fault drop', /expected KIND@SECONDS/],
])('%s is refused in one sentence', (args, message) => {
  expect(() => parseCommand(args.split(' '))).toThrow(message);
  expect(() => parseCommand(args.split(' '))).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});
