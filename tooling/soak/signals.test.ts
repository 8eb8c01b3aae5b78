import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runSoak, startSoak } from './fixtures/soak-run.ts';
import { toyList } from './fixtures/toy-list.ts';
import { WorkerLost, WorkerProcess } from './worker-process.ts';

let folder = '';
let state: readonly string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soak-'));
  state = ['--state', join(folder, 'state')];
  mkdirSync(join(folder, 'state'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Resolves once the state has so many lines. */
async function untilLines(count: number): Promise<void> {
  for (;;) {
    const [name] = readdirSync(join(folder, 'state')).filter((each) => each.endsWith('.jsonl'));
    const path = join(folder, 'state', name ?? 'none');
    if (existsSync(path) && readFileSync(path, 'utf8').split('\n').length > count) return;
    await setTimeout(20);
  }
}

test('goes on where a killed start stopped, says so, and ends with the results of an undisturbed one', async () => {
  const gate = join(folder, 'gate');
  vi.stubEnv('TOY_GATE', gate);
  const args = ['--only', 'gated', '--seeds', '40', '--from', 'kill', '--json', ...state];
  const killed = startSoak(args);
  const exited = once(killed, 'exit');
  await untilLines(20);
  killed.kill('SIGKILL');
  expect((await exited)[1]).toBe('SIGKILL');
  writeFileSync(gate, '');

  const again = await runSoak(args);
  const [, done] = /goes on after (\d+) of 40 seeds/.exec(again.err) ?? [];
  expect(Number(done)).toBeGreaterThanOrEqual(20);
  expect(Number(done)).toBeLessThan(25);
  const resumed = JSON.parse(again.out);
  expect(resumed.passes).toMatchObject([{ name: 'first', seeds: 40, resumed: Number(done) }]);
  const fresh = await runSoak([...args, '--fresh']);
  expect(fresh.err).not.toContain('goes on after');
  const sums = ({ counts, failures, steps, virtualMs }: typeof resumed): object => {
    return { counts, failures, steps, virtualMs };
  };
  expect(sums(resumed)).toEqual(sums(JSON.parse(fresh.out)));
});

test('stops after a signal, says so, and goes on at the next start', async () => {
  const scorecard = join(folder, 'scorecard.md');
  writeFileSync(scorecard, '<!-- soak: written by `test:soak --write` -->\n<!-- end of soak -->\n');
  const args = ['--only', 'sound', '--from', 'signal', '--workers', '1', ...state];
  const row = ['--write', '--scorecard', scorecard];
  const child = startSoak([...args, '--seeds', '20000', ...row]);
  const [told, closed] = [text(child.stderr!), once(child, 'close')];
  child.stdout?.resume();
  await untilLines(8);
  child.kill('SIGINT');
  expect(await closed).toEqual([130, null]);
  expect(await told).toContain('soak: stops after the seeds that are under way');
  expect(await told).toContain('soak: stopped; the same command goes on from here');
  // Such a row would tell of fewer seeds than its command runs.
  expect(readFileSync(scorecard, 'utf8')).not.toContain('| sound |');
  expect((await runSoak([...args, '--seeds', '8'])).err).toContain('goes on after 8 of 8 seeds');
});

/** A pipe that hanging workers hold open: its reader is at its end when all of them are gone. */
function startHanging(): {
  readonly lane: ReturnType<typeof startSoak>;
  readonly alive: AsyncIterator<Buffer>;
} {
  const pipe = join(folder, 'alive');
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
  vi.stubEnv('TOY_ALIVE', pipe);
  const lane = startSoak([
    '--only',
    'hanging',
    '--seeds',
    '20',
    '--workers',
    '1',
    '--from',
    'base',
    ...state,
  ]);
  return { lane, alive: createReadStream(pipe)[Symbol.asyncIterator]() };
}

test('leaves no worker behind at the second signal, however busy it is', async () => {
  const { alive, lane } = startHanging();
  const exited = once(lane, 'exit');
  expect(String((await alive.next()).value)).toBe('alive');
  lane.kill('SIGINT');
  for await (const told of lane.stderr!) if (String(told).includes('under way')) break;
  lane.kill('SIGINT');
  expect(await exited).toEqual([130, null]);
  expect((await alive.next()).done).toBe(true);
});

test('ends a hanging worker when its signal is aborted, while the lane goes on', async () => {
  const pipe = join(folder, 'alive');
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
  vi.stubEnv('TOY_ALIVE', pipe);
  const aborter = new AbortController();
  const options = { node: process.execPath, only: 'hanging', list: toyList, mutant: undefined };
  const worker = await WorkerProcess.start({ ...options, silenceMs: 3_600_000, signal: aborter.signal });
  const lost = expect(worker.ask({ seeds: ['base-1'] }, () => false)).rejects.toThrow(WorkerLost);
  const alive = createReadStream(pipe)[Symbol.asyncIterator]();
  expect(String((await alive.next()).value)).toBe('alive');
  aborter.abort();
  await lost;
  expect((await alive.next()).done).toBe(true);
});

test('ends a worker whose lane was killed, in the middle of a seed that never ends', async () => {
  const { alive, lane } = startHanging();
  expect(String((await alive.next()).value)).toBe('alive');
  lane.kill('SIGKILL');
  expect((await alive.next()).done).toBe(true);
});
