import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { afterEach, expect, test } from 'vitest';
import type { Announcement } from '../src/program/announcement.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
});

interface Run {
  readonly process: ChildProcess;
  readonly exit: Promise<number | null>;
  out: string;
  err: string;
}

function start(...args: readonly string[]): Run {
  const process = spawn(globalThis.process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  child = process;
  const exit = once(process, 'close').then(([code]) => code as number | null);
  const run: Run = { process, exit, out: '', err: '' };
  process.stdout.on('data', (data) => {
    run.out += data;
  });
  process.stderr.on('data', (data) => {
    run.err += data;
  });
  return run;
}

test('prints what a program needs in one line, serves, and ends when its parent lets go of stdin', async () => {
  const run = start('--json', '--pairs', '2', '--seed', '7', '--accounts', '3');
  await once(run.process.stdout!, 'data');
  const { rest, ws, accounts, pairs } = JSON.parse(run.out) as Announcement;
  expect(rest).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(ws).toBe(rest.replace('http', 'ws'));
  expect(pairs).toEqual(['BTC/USDT', 'ETH/USDT']);
  expect(accounts.map(({ group }) => group)).toEqual([1, 2, 3]);
  for (const { key, secret, uid } of accounts)
    expect([key, secret, uid].map((text) => /^[A-Za-z0-9]+$/.test(text) && text.length)).toEqual([
      32, 64, 11,
    ]);
  expect((await fetch(`${rest}/api/pro/v1/ticker`)).status).toBe(200);
  run.process.stdin!.end();
  expect(await run.exit).toBe(0);
  expect(run.out.split('\n').length).toBe(2);
  expect(run.err).toContain('stdin has ended');
});

test('tells people where it is, who they are and how to break it', async () => {
  const run = start('--seed', '7', '--pairs', '2');
  await once(run.process.stdout!, 'data');
  expect(run.out).toMatch(/^REST {4}http:\/\/127/m);
  expect(run.out).toMatch(/^account 1: group 1, user U\d{10}$/m);
  expect(run.out).toMatch(/^ {2}secret {2}\w{64}$/m);
  expect(run.out).toMatch(/^pairs {3}BTC\/USDT {2}ETH\/USDT$/m);
  run.process.kill('SIGTERM');
  expect(await run.exit).toBe(0);
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

test('loaded bars are its past', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'venuekit-bars-'));
  const file = join(folder, 'bars.csv');
  writeFileSync(
    file,
    'time,open,high,low,close,volume\n1600000200,10000,10010,9990,10005,2\n1600000500,10005,10020,10000,10010,3\n',
  );
  const run = start('--json', '--pairs', '1', '--load', file);
  await once(run.process.stdout!, 'data');
  const { rest } = JSON.parse(run.out) as Announcement;
  const answer = await fetch(`${rest}/api/pro/v1/barhist?symbol=BTC/USDT&interval=5&to=1600000500000&n=9`);
  const { data } = (await answer.json()) as { data: { data: object }[] };
  expect(data.map((bar) => bar.data)).toEqual([
    { i: '5', ts: 1_600_000_200_000, o: '10000', h: '10010', l: '9990', c: '10005', v: '2' },
    { i: '5', ts: 1_600_000_500_000, o: '10005', h: '10020', l: '10000', c: '10010', v: '3' },
  ]);
  run.process.stdin!.end();
  await run.exit;
  rmSync(folder, { recursive: true });
});

test('ends on SIGTERM, and does not claim that a recording was played', async () => {
  const run = start('--replay', syntheticSession.sessionFile);
  await once(run.process.stdout!, 'data');
  expect(run.out).toContain('no accounts: a recording is played, and nothing can be traded');
  expect(run.out).not.toMatch(/account 1|secret/);
  run.process.kill('SIGTERM');
  expect(await run.exit).toBe(0);
  expect(run.err).toContain('ending: SIGTERM');
  expect(run.err).not.toContain('every recorded frame');
});

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
  while (!run.err.includes('the disk is full')) await once(run.process.stderr!, 'data');
  expect(run.process.exitCode).toBe(null);
  expect(run.err).toContain('--truth: expected a file that can be written at /dev/full: the disk is full');
  run.process.stdin!.end();
  expect(await run.exit).toBe(1);
  expect(run.err.split('the disk is full').length).toBe(2);
});

test('a reader of its output that goes away is no error', async () => {
  const run = start('--json', '--pairs', '1');
  run.process.stdout!.destroy();
  await once(run.process.stderr!, 'data');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(run.process.exitCode).toBe(null);
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
