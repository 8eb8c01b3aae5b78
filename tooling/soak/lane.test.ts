import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseCommand } from './command-line.ts';
import { toyList } from './fixtures/toy-list.ts';
import { runLane } from './lane.ts';
import type { LaneReport } from './lane-report.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soak-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a lane in which a second passes with each look at the clock. */
function laneOf(...args: readonly string[]): Promise<LaneReport> {
  let nowMs = 0;
  const common = ['--list', toyList, '--state', folder, '--workers', '1', '--from', 'base'];
  return runLane(parseCommand([...common, ...args]), {
    output: { write: () => undefined },
    nowMs: () => (nowMs += 1_000),
    interrupted: () => false,
  });
}

test('hands out no more seeds when its time is over, but repeats all that were run', async () => {
  const { failures, passes, planned, seedsPerMinute } = await laneOf(
    '--only',
    'sound',
    '--minutes',
    '1',
    '--twice',
  );
  expect(failures).toEqual([]);
  expect(planned).toBe(100_000);
  const [first, again] = passes;
  expect(first?.seeds).toBeGreaterThan(0);
  expect(first?.seeds).toBeLessThan(60);
  expect(again?.seeds).toBe(first?.seeds);
  // By the clock of the lane, which takes more than a second for a seed.
  expect(seedsPerMinute).toBeLessThan(60);
});

test('hands out no more seeds after enough failures, but repeats all that were run', async () => {
  const { differences, failures, passes } = await laneOf('--only', 'late', '--stop-after', '1', '--twice');
  // The pass that repeats has the failures first, and more than one portion after them.
  expect(passes.map(({ seeds }) => seeds)).toEqual([24, 24]);
  expect(failures[0]?.seed).toBe('base-17');
  expect(differences).toEqual([]);
});

test('stops at the first violation of a mutant', async () => {
  const { failures, passes } = await laneOf('--only', 'sum', '--mutant', 'minus');
  expect(failures[0]).toMatchObject({ seed: 'base-1' });
  expect(passes[0]?.seeds).toBe(8);
});

test('starts its clock when the first worker is ready', async () => {
  // The clock stands still but for a minute that starting the worker takes.
  let nowMs = 0;
  const output = { write: () => undefined };
  const command = parseCommand(['--only', 'sound', '--seeds', '1', '--list', toyList, '--state', folder]);
  const { seedsPerMinute, workers } = await runLane(command, {
    output,
    nowMs: () => (nowMs += nowMs === 0 ? 3_600_000 : 1_000),
    interrupted: () => false,
  });
  expect(workers).toBe(1);
  expect(seedsPerMinute).toBeGreaterThan(5);
});
