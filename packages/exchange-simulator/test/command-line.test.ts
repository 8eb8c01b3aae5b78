import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { afterEach, expect, test } from 'vitest';
import { createExchangeSimulator, parseRecording } from '../src/index.ts';
import type { Announcement } from '../src/program/announcement.ts';
import { replaySymbols } from './running-simulator.ts';
import { connectClient } from './stream-client.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let child: ChildProcess | undefined;
let folder: string | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

/** A file of the test's own. */
function fileOf(name: string): string {
  folder ??= mkdtempSync(join(tmpdir(), 'venuekit-command-line-'));
  return join(folder, name);
}

interface Run {
  readonly process: ChildProcess;
  readonly exit: Promise<number | null>;
  out: string;
  err: string;
}

function start(...args: readonly string[]): Run {
  return startWith('pipe', ...args);
}

function startWith(stdin: 'pipe' | 'ignore', ...args: readonly string[]): Run {
  const process = spawn(globalThis.process.execPath, [main, ...args], { stdio: [stdin, 'pipe', 'pipe'] });
  child = process;
  const exit = once(process, 'close').then(([code]) => code as number | null);
  const run: Run = { process, exit, out: '', err: '' };
  process.stdout!.on('data', (data) => {
    run.out += data;
  });
  process.stderr!.on('data', (data) => {
    run.err += data;
  });
  return run;
}

/** What a program with `--json` tells. */
async function announced(run: Run): Promise<Announcement> {
  await until(run, () => run.out.includes('\n'));
  return JSON.parse(run.out) as Announcement;
}

/** Waits for words on stderr. */
async function told(run: Run, words: string): Promise<void> {
  await until(run, () => run.err.includes(words));
}

/** Waits for what a program has told, which fails as soon as it has ended without. */
async function until(run: Run, ready: () => boolean): Promise<void> {
  while (!ready()) {
    const more = [run.process.stdout!, run.process.stderr!].map((stream) => once(stream, 'data'));
    const code = await Promise.race([...more, run.exit]);
    if (!Array.isArray(code) && !ready()) throw new Error(`ended with ${code}: ${run.err}`);
  }
}

async function statusOf(url: string): Promise<number> {
  const answer = await fetch(url);
  await answer.text();
  return answer.status;
}

test('prints what a program needs in one line, serves, and ends when its parent lets go of stdin', async () => {
  const run = start('--json', '--pairs', '2', '--seed', '7', '--accounts', '3');
  const { rest, ws, admin, accounts, pairs } = await announced(run);
  expect(rest).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(ws).toBe(rest.replace('http', 'ws'));
  expect(pairs).toEqual(['BTC/USDT', 'ETH/USDT']);
  expect(accounts.map(({ group }) => group)).toEqual([1, 2, 3]);
  for (const { key, secret, uid } of accounts)
    expect([key, secret, uid].map((text) => /^[A-Za-z0-9]+$/.test(text) && text.length)).toEqual([
      32, 64, 11,
    ]);
  expect(await statusOf(`${rest}/api/pro/v1/ticker`)).toBe(200);
  expect(await statusOf(`${admin}/state`)).toBe(200);
  const same = createExchangeSimulator({ market: { kind: 'synthetic', seed: '7', pairs: 2 } });
  same.close();
  expect(accounts.slice(0, 2).map(({ key }) => key)).toEqual(
    same.users.flatMap(({ keys }) => keys.map(({ key }) => key)),
  );
  for (const { uid } of accounts) {
    const balances = await (await fetch(`${admin}/truth/balances?uid=${uid}`)).json();
    expect(balances).toContainEqual(expect.objectContaining({ asset: 'USDT', total: '100000' }));
  }
  run.process.stdin!.end();
  expect(await run.exit).toBe(0);
  expect(run.out.split('\n').length).toBe(2);
  expect(run.err).toContain('stdin has ended');
  expect(run.err).toContain(`listening at ${rest}\n`);
});

test('tells people where it is, who they are and how to break it', async () => {
  const run = start('--seed', '7', '--pairs', '2');
  await until(run, () => run.out.includes('Ctrl-C'));
  expect(run.out).toMatch(/^REST {4}http:\/\/127/m);
  const [, stream = ''] = /^stream {2}(.*)$/m.exec(run.out) ?? [];
  await (await connectClient(stream)).close();
  const [, admin = ''] = /^admin {3}(.*)$/m.exec(run.out) ?? [];
  expect(await statusOf(`${admin}/state`)).toBe(200);
  expect(run.out).toContain(`Break it: curl ${admin}/faults`);
  expect(run.out).toMatch(/^account 1: group 1, user U\d{10}$/m);
  expect(run.out).toMatch(/^ {2}secret {2}\w{64}$/m);
  expect(run.out).toMatch(/^pairs {3}BTC\/USDT {2}ETH\/USDT$/m);
  run.process.kill('SIGTERM');
  expect(await run.exit).toBe(0);
});

test('pairs that do not fit in a line are aligned in several, and without an admin port nothing tells of it', async () => {
  const run = start('--pairs', '60', '--no-admin');
  await until(run, () => run.out.includes('Ctrl-C'));
  const lines = run.out.split('\n');
  const first = lines.findIndex((line) => line.startsWith('pairs   '));
  const text = lines.slice(first, lines.indexOf('', first));
  expect(text.length).toBeGreaterThan(3);
  for (const line of text.slice(1)) expect(line).toMatch(/^ {8}\S.{0,87}$/);
  expect(text[0]).toMatch(/^pairs {3}\S.{0,87}$/);
  expect(text.join(' ').match(/\w+\/\w+/g)).toHaveLength(60);
  expect(run.out).not.toMatch(/admin|Break it/);
});

test('without a parent at its input it runs on, until a signal', async () => {
  const run = startWith('ignore', '--json', '--pairs', '1', '--no-admin');
  const { rest, admin } = await announced(run);
  expect(admin).toBe(null);
  for (let times = 0; times < 3; times += 1) expect(await statusOf(`${rest}/api/pro/v1/ticker`)).toBe(200);
  run.process.kill('SIGTERM');
  expect(await run.exit).toBe(0);
  expect(run.err).toContain('ending: SIGTERM');
});

test('ends when the process that started it is gone, also without a pipe', async () => {
  const launcher = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, [...${JSON.stringify([main, '--json', '--pairs', '1'])}], { stdio: ['ignore', 'inherit', 'ignore'] });
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['-e', launcher], { stdio: ['ignore', 'pipe', 'ignore'] });
  child = parent;
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const { rest } = JSON.parse(`${line}`) as Announcement;
  parent.kill('SIGKILL');
  // Its end of the pipe closes when it is gone.
  await once(parent.stdout, 'close');
  await expect(fetch(rest)).rejects.toThrow();
});

test.each([
  [['--load', '/nowhere.csv'], '--load: expected a file of bars at /nowhere.csv: there is no such file'],
  [['--load', 'NO/PAIR=x.csv', '--pairs', '1'], '--load: expected one of BTC/USDT, got NO/PAIR'],
  [['--pairs', '61'], '--pairs: expected a whole number from 1 to 60, got 61'],
  [['--follow', '/nowhere.txt'], '--follow: expected a session file at /nowhere.txt: there is no such file'],
  [
    ['--truth', '/nowhere/truth.jsonl'],
    '--truth: expected a file that can be written at /nowhere/truth.jsonl: there is no such folder',
  ],
  [
    ['--record', '/nowhere/session.txt'],
    '--record: expected a file that can be written at /nowhere/session.txt: there is no such folder',
  ],
])('%j is refused in one sentence', async (args, sentence) => {
  const run = start(...args);
  expect(await run.exit).toBe(2);
  expect(run.out).toBe('');
  expect(run.err).toBe(`exchange-simulator: ${sentence}\n`);
});

/** A file of two bars. */
function barsFile(): string {
  const file = fileOf('bars.csv');
  writeFileSync(
    file,
    'time,open,high,low,close,volume\n1600000200,10000,10010,9990,10005,2\n1600000500,10005,10020,10000,10010,3\n',
  );
  return file;
}

test.each([
  ['BTC/USDT', ''],
  ['ETH/USDT', 'ETH/USDT='],
])('loaded bars are the past of %s', async (symbol, named) => {
  const run = start('--json', '--pairs', '2', '--load', `${named}${barsFile()}`);
  const { rest } = await announced(run);
  const answer = await fetch(`${rest}/api/pro/v1/barhist?symbol=${symbol}&interval=5&to=1600000500000&n=9`);
  const { data } = (await answer.json()) as { data: { data: object }[] };
  expect(data.map((bar) => bar.data)).toEqual([
    { i: '5', ts: 1_600_000_200_000, o: '10000', h: '10010', l: '9990', c: '10005', v: '2' },
    { i: '5', ts: 1_600_000_500_000, o: '10005', h: '10020', l: '10000', c: '10010', v: '3' },
  ]);
});

test('one pair has one past', async () => {
  const run = start('--load', barsFile(), '--load', `BTC/USDT=${barsFile()}`);
  expect(await run.exit).toBe(2);
  expect(run.err).toBe('exchange-simulator: --load: expected one file for BTC/USDT, got two\n');
});

test.each(['--port', '--admin-port'])('%s is the port that it takes', async (flag) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const run = start('--pairs', '1', flag, String(port));
  expect(await run.exit).toBe(2);
  expect(run.err).toContain(`cannot listen on 127.0.0.1:${port}: the port is in use`);
  other.close();
});

test.each([
  [[], 45],
  [['--no-limits'], 60],
])('with %j an address connects %i times', async (args, times) => {
  const run = start('--json', '--pairs', '1', ...args);
  const { ws } = await announced(run);
  const connect = async (): Promise<void> => (await connectClient(`${ws}/api/pro/v1/stream`)).close();
  for (let time = 0; time < times; time += 1) await connect();
  if (args.length === 0) await expect(connect()).rejects.toThrow('403');
});

test('a recording is played as fast as it is read, with what goes wrong from the first subscription on', async () => {
  const fault = 'http-error@0,status=502';
  const run = start('--json', '--replay', syntheticSession.sessionFile, '--speed', 'max', '--fault', fault);
  const { rest, ws, pairs } = await announced(run);
  expect(pairs).toEqual(replaySymbols);
  expect(await statusOf(`${rest}/api/pro/v1/ticker`)).toBe(200);
  const client = await connectClient(`${ws}/api/pro/v1/stream`);
  client.follow(pairs);
  await told(run, 'every recorded frame is out');
  expect(await statusOf(`${rest}/api/pro/v1/ticker`)).toBe(502);
  expect(await statusOf(`${rest}/api/pro/v1/ticker`)).toBe(200);
});

test('a world that follows a recording has its pairs, and its accounts can trade', async () => {
  const run = start('--json', '--follow', syntheticSession.sessionFile);
  const { pairs, accounts } = await announced(run);
  expect([...pairs].sort()).toEqual([...replaySymbols].sort());
  expect(accounts).toHaveLength(2);
});

test('what a client sees is written down', async () => {
  const recordFile = fileOf('session.txt');
  const run = start('--json', '--pairs', '1', '--record', recordFile);
  const { ws } = await announced(run);
  const client = await connectClient(`${ws}/api/pro/v1/stream`);
  client.follow(['BTC/USDT']);
  await client.until(() => client.named('depth-snapshot').length > 0);
  run.process.stdin!.end();
  expect(await run.exit).toBe(0);
  const { items } = parseRecording(readFileSync(recordFile, 'utf8'), recordFile);
  expect(items).toContainEqual(expect.objectContaining({ text: client.named('depth-snapshot')[0]?.text }));
});

test('what is true is written down, to the end', async () => {
  const truthFile = fileOf('truth.jsonl');
  const run = start('--json', '--pairs', '1', '--truth', truthFile);
  const { ws } = await announced(run);
  const client = await connectClient(`${ws}/api/pro/v1/stream`);
  await client.until(() => client.named('connected').length > 0);
  run.process.stdin!.end();
  expect(await run.exit).toBe(0);
  const lines = readFileSync(truthFile, 'utf8').trimEnd().split('\n');
  const streams = lines.map((line) => JSON.parse(line) as object).filter((line) => 'event' in line);
  expect(streams).toMatchObject([{ event: 'opened' }, { event: 'closed' }]);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'ends on %s, and does not claim that a recording was played',
  async (signal) => {
    const run = start('--replay', syntheticSession.sessionFile);
    await once(run.process.stdout!, 'data');
    expect(run.out).toContain('no accounts: a recording is played, and nothing can be traded');
    expect(run.out).not.toMatch(/account 1|secret/);
    run.process.kill(signal);
    expect(await run.exit).toBe(0);
    expect(run.err).toContain(`ending: ${signal}`);
    expect(run.err).not.toContain('every recorded frame');
  },
);

test.each([
  ['-h', /^exchange-simulator: an exchange on your desk[\s\S]*--version/],
  ['--version', /^\d+\.\d+\.\d+\n$/],
])('%s is answered on stdout', async (flag, text) => {
  const run = start(flag, '--whatever', '--port');
  expect(await run.exit).toBe(0);
  expect(run.out).toMatch(text);
  expect(run.err).toBe('');
});

test.runIf(existsSync('/dev/full'))('a file that cannot be written any more is told at once', async () => {
  const run = start('--json', '--pairs', '1', '--truth', '/dev/full');
  await told(run, 'the disk is full');
  expect(run.process.exitCode).toBe(null);
  expect(run.err).toContain('--truth: expected a file that can be written at /dev/full: the disk is full');
  run.process.stdin!.end();
  expect(await run.exit).toBe(1);
  expect(run.err.split('the disk is full').length).toBe(2);
});

test.each(['stdout', 'stderr'] as const)('a reader of its %s that goes away is no error', async (gone) => {
  const run = start('--json', '--pairs', '1');
  run.process[gone]!.destroy();
  if (gone === 'stdout') await told(run, '\n');
  const rest = gone === 'stderr' ? (await announced(run)).rest : /http\S+/.exec(run.err)?.[0];
  // It is told that nobody reads before it answers anything.
  expect(await statusOf(`${rest}/api/pro/v1/ticker`)).toBe(200);
  run.process.stdin!.end();
  expect(await run.exit).toBe(0);
  expect(run.err).not.toContain('EPIPE');
});

test('bad input is one sentence and exit code 2', async () => {
  const run = start('--replay', '/nowhere.txt');
  expect(await run.exit).toBe(2);
  expect(run.out).toBe('');
  expect(run.err).toBe(
    'exchange-simulator: --replay: expected a session file at /nowhere.txt: there is no such file\n',
  );
});
