import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '@venuekit/tooling-vitest/child';
import { expect, test } from 'vitest';
import type { Report } from '../src/report.ts';
import { runDemo, sourceArgs, startDemo } from './child.ts';

test.concurrent('the help', async () => {
  await using demo = await runDemo('--help');
  expect(demo.code).toBe(0);
  expect(demo.stdout).toContain('--fault KIND@SECONDS[+SECONDS]');
  expect(demo.stderr).toBe('');
});

test.concurrent('a simulated market for two seconds: live books, a summary for people, nothing on stderr but progress', async () => {
  await using demo = await runDemo('--seconds', '2');
  expect(demo.code, demo.stderr).toBe(0);
  expect(demo.stdout).toMatch(/^ascendex, simulated market, seed venuekit, ran \d+\.\d s\n/);
  expect(demo.stdout).toMatch(/^BTC-USDT +\d/m);
  expect(demo.stdout).toMatch(/^OK: all \d+ books are live and equal to a fresh snapshot of the venue\.$/m);
  expect(demo.stdout).not.toContain('\u001b');
  expect(demo.stderr).toMatch(/^ascendex, simulated market, seed venuekit\n/);
});

test.concurrent('only the pairs that were asked for, in that order', async () => {
  await using demo = await runDemo('--seconds', '1', '--json', '--pairs', 'ETH-USDT,BTC-USDT');
  expect(demo.code, demo.stderr).toBe(0);
  const report = JSON.parse(demo.stdout) as Report;
  expect(Object.keys(report.pairs)).toEqual(['ETH-USDT', 'BTC-USDT']);
  expect(report.ok).toBe(true);
});

test.concurrent.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends it with a summary and code 0',
  async (signal) => {
    await using demo = startDemo('--seconds', '600');
    await demo.until('stderr', /every book is live/);
    demo.process.kill(signal);
    expect(await demo.end).toEqual({ code: 0, signal: null });
    expect(demo.stdout).toMatch(/^BTC-USDT +\d+\.\d+ +\d+\.\d+ +live/m);
    expect(demo.stdout).toContain('Ended as you asked; the books were not compared with the venue.');
  },
);

test.concurrent('a signal ends a run with --json with its one object', async () => {
  await using demo = startDemo('--seconds', '600', '--json');
  await demo.until('stderr', /every book is live/);
  demo.process.kill('SIGINT');
  expect((await demo.end).code).toBe(0);
  expect((JSON.parse(demo.stdout) as Report).pairs['BTC-USDT']?.state).toBe('live');
});

test.concurrent('a reader that goes away ends it without a stack', async () => {
  const command = [process.execPath, ...sourceArgs('apps/demo/src/main.ts', '--seconds', '1')];
  await using shell = new Child('sh', ['-c', `${command.map((word) => `'${word}'`).join(' ')} | true`]);
  expect((await shell.end).code).toBe(0);
  expect(shell.stderr).not.toMatch(/EPIPE|^\s+at /m);
});

test.concurrent('when npx is killed, the demo ends by itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'venuekit-demo-'));
  const npx = join(folder, 'npx');
  await writeFile(
    npx,
    `const { spawn } = require('node:child_process');
     spawn(process.execPath, process.argv.slice(2), { stdio: 'inherit' });
     process.stdout.write('npx ' + process.pid + '\\n');`,
  );
  await using chain = new Child(process.execPath, [
    npx,
    ...sourceArgs('apps/demo/src/main.ts', '--seconds', '600'),
  ]);
  await chain.until('stderr', /every book is live/);
  chain.process.kill('SIGKILL');
  // The output is shared with the demo: it closes when that has ended too.
  await chain.end;
  expect(chain.stdout).toContain('Ended with its parent');
  await rm(folder, { recursive: true });
});
