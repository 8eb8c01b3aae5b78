import { expect, test } from 'vitest';
import { parseCommand } from './command-line.ts';

const usual = {
  ...{ kind: 'run', port: 0, adminPort: 0, accounts: 2, faults: [], json: false, limits: true },
  ...{ recordFile: undefined, truthFile: undefined },
};

test('without arguments: the default world', () => {
  expect(parseCommand([])).toEqual({ ...usual, market: { kind: 'synthetic', seed: 'venuekit', bars: [] } });
});

test('everything for a world', () => {
  const args =
    '--dialect ascendex --seed 7 --pairs 4 --accounts 3 --port 8080 --no-admin --no-limits --json --load a.csv --load ETH/USDT=b=c.csv --record r.txt --truth t.jsonl';
  expect(parseCommand(args.split(' '))).toEqual({
    ...{ ...usual, port: 8080, adminPort: undefined, accounts: 3, json: true, limits: false },
    ...{ recordFile: 'r.txt', truthFile: 't.jsonl' },
    market: {
      ...{ kind: 'synthetic', seed: '7', pairs: 4 },
      bars: [
        ['', 'a.csv'],
        ['ETH/USDT', 'b=c.csv'],
      ],
    },
  });
});

test('a world that follows a recording', () => {
  expect(parseCommand('--follow a.txt --products p.txt --seed 1'.split(' '))).toEqual({
    ...usual,
    market: {
      ...{ kind: 'synthetic', seed: '1', bars: [] },
      follow: { sessionFile: 'a.txt', productsFile: 'p.txt' },
    },
  });
});

test('everything for a replay', () => {
  const args =
    '--replay a.txt --products p.txt --speed max --port 80 --admin-port 81 --fault drop@3 --fault silence@5+1';
  expect(parseCommand(args.split(' '))).toEqual({
    ...usual,
    market: { kind: 'replay', sessionFile: 'a.txt', productsFile: 'p.txt', speed: 'max' },
    port: 80,
    adminPort: 81,
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
  ['--speed 2', /--speed needs --replay/],
  ['--products p', /--products needs --replay or --follow/],
  ['--follow a --pairs 2', /--pairs does not go with --follow/],
  ['--replay a --seed 1', /--seed does not go with --replay/],
  ['--replay a --load b', /--load does not go with --replay/],
  ['--dialect kraken', /--dialect: expected ascendex, got "kraken"/],
  ['--port 65536', /--port: expected 0 to 65535, got 65536/],
  ['--accounts 0', /--accounts: expected 1 to 50, got 0/],
  ['--accounts 51', /--accounts: expected 1 to 50, got 51/],
  ['--fault drop', /expected KIND@SECONDS/],
])('%s is refused in one sentence', (args, message) => {
  expect(() => parseCommand(args.split(' '))).toThrow(message);
  expect(() => parseCommand(args.split(' '))).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});
