import { expect, test } from 'vitest';
import { parseCommand } from './command-line.ts';
import { usage } from './usage.ts';

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

test('a value may look like a flag behind =, a speed may be a fraction, and the last port is one', () => {
  expect(parseCommand(['--seed=-5', '--port', '65535'])).toMatchObject({
    market: { seed: '-5' },
    port: 65_535,
  });
  expect(parseCommand('--replay a --speed 0.25'.split(' '))).toMatchObject({ market: { speed: 0.25 } });
});

test.each([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
])('%s is told, whatever else is there', (flag, kind) => {
  expect(parseCommand(['--dance', '--port', flag === '-h' ? '1' : '2', flag])).toEqual({ kind });
});

test('--help tells of times, of values by name and of what strikes once', () => {
  expect(usage).toMatch(/,name=value/);
  expect(usage).toMatch(/counts from the first depth subscription/);
  expect(usage).toMatch(/strikes one, unless/);
  for (const line of usage.split('\n')) expect(line.length, line).toBeLessThan(130);
});

test.each([
  ['--dance', /^there is no flag "--dance"; --help lists them$/],
  ['--sede 1', /^there is no flag "--sede", the nearest: --seed; --help lists them$/],
  ['-x', /^there is no flag "-x"/],
  ['--port', /^--port: expected a value, got nothing; --help says which$/],
  ['--port --json', /^--port: expected a value, got "--json"; --help says which$/],
  ['--seed=', /^--seed: expected a value, got ""/],
  ['--json=1', /^--json: expected no value, got "1"/],
  ['--port 1 --port 2', /^--port: expected it once, got it again/],
  ['--json --json', /^--json: expected it once/],
  ['--no-admin --admin-port 5', /^--admin-port does not go with --no-admin; see --help$/],
  ['--constructor', /^there is no flag "--constructor"/],
  ['--port \u001b[2J', /^--port: expected a whole number, got "\?\[2J"; see --help$/],
  ['--fault drpo@0', /^--fault: expected a kind of fault, got "drpo"; the nearest: drop/],
  ['stray', /^expected flags only, got "stray"; --help lists them$/],
  ['--port x', /--port: expected a whole number, got "x"/],
  ['--pairs 1.5', /--pairs: expected a whole number/],
  ['--replay a --speed 0', /--speed: expected a number above 0 or max, got "0"/],
  ['--speed 2', /--speed needs --replay/],
  ['--products p', /--products needs --replay or --follow/],
  ['--follow a --pairs 2', /--pairs does not go with --follow/],
  ['--replay a --seed 1', /--seed does not go with --replay/],
  ['--replay a --load b', /--load does not go with --replay/],
  ['--replay a --pairs 2', /--pairs does not go with --replay/],
  ['--replay a --follow b', /--follow does not go with --replay/],
  ['--replay a --accounts 1', /--accounts does not go with --replay/],
  ['--dialect kraken', /--dialect: expected ascendex, got "kraken"/],
  ['--port 65536', /--port: expected 0 to 65535, got 65536/],
  ['--accounts 0', /--accounts: expected 1 to 50, got 0/],
  ['--accounts 51', /--accounts: expected 1 to 50, got 51/],
  ['--fault drop', /^--fault: expected KIND@SECONDS/],
])('%s is refused in one sentence', (args, message) => {
  expect(() => parseCommand(args.split(' '))).toThrow(message);
  expect(() => parseCommand(args.split(' '))).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});
