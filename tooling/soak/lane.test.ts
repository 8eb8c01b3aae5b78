import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseCommand } from './command-line.ts';
import { toyList } from './fixtures/toy-list.ts';
import { type LaneReport, runLane } from './lane.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soak-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a lane in which a second passes with each look at the clock. */
function laneOf(...args: readonly string[]): Promise<LaneReport> {
  let nowMs = 0;
  const common = ['--list', toyList, '--state', folder, '--workers', '1', '--from', 'base', '--twice'];
  return runLane(parseCommand([...common, ...args]), {
    output: { write: () => undefined },
    nowMs: () => (nowMs += 1_000),
    interrupted: () => false,
  });
}

test('hands out no more seeds when its time is over, but repeats all that were run', async () => {
  const { failures, passes, planned, seedsPerMinute } = await laneOf('--only', 'sound', '--minutes', '1');
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
  const { differences, failures, passes } = await laneOf('--only', 'broken', '--stop-after', '1');
  const [first, again] = passes;
  expect(failures.length).toBeGreaterThan(0);
  expect(first?.seeds).toBeLessThan(200);
  expect([again?.seeds, differences]).toEqual([first?.seeds, []]);
});
