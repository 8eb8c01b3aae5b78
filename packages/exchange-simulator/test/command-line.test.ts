import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { afterEach, expect, test } from 'vitest';

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

test('prints its endpoints in one line, serves, and ends when its parent lets go of stdin', async () => {
  const run = start('--pairs', '2');
  await once(run.process.stdout!, 'data');
  const { restUrl, streamUrl } = JSON.parse(run.out) as { restUrl: string; streamUrl: string };
  expect(streamUrl).toBe(`${restUrl.replace('http', 'ws')}/api/pro/v1/stream`);
  expect((await fetch(`${restUrl}/api/pro/v1/ticker`)).status).toBe(200);
  run.process.stdin!.end();
  expect(await run.exit).toBe(0);
  expect(run.out.split('\n').length).toBe(2);
  expect(run.err).toContain('stdin has ended');
});

test('ends on SIGTERM, and does not claim that a recording was played', async () => {
  const run = start('--replay', syntheticSession.sessionFile);
  await once(run.process.stdout!, 'data');
  run.process.kill('SIGTERM');
  expect(await run.exit).toBe(0);
  expect(run.err).toContain('ending: SIGTERM');
  expect(run.err).not.toContain('every recorded frame');
});

test('a reader of its output that goes away is no error', async () => {
  const run = start('--pairs', '1');
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
    'exchange-simulator: loadReplay: expected a session file at /nowhere.txt: there is no such file\n',
  );
});
