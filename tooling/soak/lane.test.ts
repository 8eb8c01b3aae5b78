import { expect, test } from 'vitest';
import { parseCommand } from './command-line.ts';
import { toyList } from './fixtures/toy-list.ts';
import { runLane } from './lane.ts';

test('hands out no more seeds when its time is over', async () => {
  let nowMs = 0;
  // A second passes with each look at the clock.
  const surroundings = {
    output: { write: () => undefined },
    nowMs: () => (nowMs += 1_000),
    interrupted: () => false,
  };
  // A mutant that changes nothing: of a mutant, nothing is kept in files.
  const args = [
    '--only',
    'sum',
    '--list',
    toyList,
    '--mutant',
    'swapped',
    '--minutes',
    '1',
    '--workers',
    '1',
  ];
  const { failures, passes, planned } = await runLane(parseCommand(args), surroundings);
  expect(failures).toEqual([]);
  expect(planned).toBe(100_000);
  expect(passes[0]?.seeds).toBeGreaterThan(0);
  expect(passes[0]?.seeds).toBeLessThan(60);
});
