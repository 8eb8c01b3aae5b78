import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeOtherNode, runSoak } from './fixtures/soak-run.ts';
import { mutants, simulations } from './fixtures/toy-list.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soak-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The files of state, by pass. */
function stateFiles(): Readonly<Record<string, readonly { seed: string; hash: string }[]>> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => {
        const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
        return [name.split('.')[1] ?? name, lines.map((line) => JSON.parse(line))];
      }),
  );
}

/** Runs eight seeds of a toy in one worker after the other: the fewer processes, the quicker. */
const runEight = (only: string, ...args: readonly string[]) =>
  runSoak(['--only', only, '--seeds', '8', '--from', 'base', '--state', folder, '--workers', '1', ...args]);

test('lists what it can run, and explains itself', async () => {
  const { code, out } = await runSoak([]);
  for (const { about, name } of [...simulations, ...mutants]) expect(out).toContain(`\n  ${name}: ${about}`);
  expect(out).toContain('; for sound\n');
  expect(code).toBe(0);
  const { code: helped, out: help } = await runSoak(['--help', '--seeds', '1']);
  expect([helped, help.slice(0, 5)]).toEqual([0, 'soak:']);
});

test('runs every seed twice, keeps the results in the order of the seeds, and says what happened', async () => {
  const args = ['--only', 'sound', '--seeds', '30', '--from', 'base', '--state', folder, '--twice'];
  const { code, err, out } = await runSoak(args);
  expect(out).toMatch(
    /^sound: 30 of 30 seeds, from base-1\n {2}\d+ steps, 0\.1 virtual hours, \d+ seeds a minute with 2 workers\n/,
  );
  expect(out).toContain('  30 of 30 results the same again\n');
  expect(out).toMatch(/ {2}happened:\n {4}add 240, compact \d+, noise \d+/);
  expect(out).toContain('  violations: none\n');
  expect(err).toMatch(/sound, again pass: 30 of 30 seeds, 0 failed, \d+ a minute, took/);
  expect(code).toBe(0);
  const { again = [], first = [] } = stateFiles();
  expect(first.map(({ seed }) => seed)).toEqual(
    Array.from({ length: 30 }, (_, index) => `base-${index + 1}`),
  );
  expect(again.map(({ hash }) => hash)).toEqual(first.map(({ hash }) => hash).toReversed());
});

test('runs few seeds side by side as well, and says how many workers there really were', async () => {
  const three = await runSoak(['--only', 'sound', '--seeds', '3', '--from', 'base', '--state', folder]);
  expect(three.out).toContain(' a minute with 2 workers\n');
  const one = await runSoak(['--only', 'sound', '--seed', 'base-9']);
  expect(one.out).toContain('sound: 1 of 1 seed, base-9\n');
  expect(one.out).toContain(' a minute with 1 worker\n');
  const none = await runSoak(['--only', 'sound', '--seeds', '3', '--from', 'base', '--state', folder]);
  expect(none.out).toContain(' virtual hours, nothing of it new\n');
});

test('finds what one seed leaves behind for the next: the results in reverse order differ', async () => {
  const { code, out } = await runEight('forgetful', '--twice');
  expect(out).toMatch(
    /different: \S+-1: hash \w{12} in the first pass on v\S+, \w{12} in the again pass on v\S+\n/,
  );
  expect(code).toBe(1);
});

test('finds a difference between two Nodes, and none between a Node and itself', async () => {
  const other = makeOtherNode(join(folder, 'other-node'));
  const different = await runEight('planted', '--compare', other);
  expect(different.out).toContain('  0 of 8 results the same again\n');
  expect(different.out).toMatch(/different: base-8: hash \w{12} in the first pass .*in the compare pass/);
  expect(different.code).toBe(1);
  const same = await runEight('planted', '--compare', process.execPath, '--fresh');
  expect(same.out).toContain('  8 of 8 results the same again\n');
  expect(same.code).toBe(0);
});

test('makes a failure small on the Node where it happened, and says how to run it there', async () => {
  const other = makeOtherNode(join(folder, 'other-node'));
  const { code, out } = await runEight('wrong-elsewhere', '--compare', other);
  expect(out).toContain('    base-1 (compare pass): I4 somewhere else\n');
  expect(out).toMatch(/Plan, after \d+ runs of shrinking: 0 actions, 0 faults\n/);
  const again = /Run it again:\n {2}npx -y pnpm@12 test:soak (.*)\n/.exec(out)?.[1]?.split(' ') ?? [];
  expect(again).toEqual([
    '--only',
    'wrong-elsewhere',
    '--seed',
    'base-1',
    '--node',
    other,
    ...again.slice(-2),
  ]);
  const alone = await runSoak(again.slice(0, -2));
  expect(alone.out).toContain('I4 violated');
  expect(code).toBe(1);
});

test('goes on from results of the same Node only', async () => {
  await runEight('sound');
  expect((await runEight('sound')).err).toContain('goes on after 8 of 8 seeds');
  const other = makeOtherNode(join(folder, 'other-node'), 'v99.1.0');
  expect((await runEight('sound', '--node', other)).err).not.toContain('goes on after');
});

test('writes its row of the scorecard anew and leaves the rest alone', async () => {
  const file = join(folder, 'scorecard.md');
  const marks = ['<!-- soak: written by `test:soak --write` -->', '<!-- end of soak -->'];
  const other = '| other | `x` | 1 | 0 | not compared | 0.1 | 9 | 24.0.0 | abc | 2020-01-01 |';
  writeFileSync(file, `# Before\n\n${marks[0]}\n${other}\n${marks[1]}\n\nAfter\n`);
  for (const _time of [1, 2]) {
    const { code, err } = await runEight('sound', '--twice', '--write', '--scorecard', file);
    expect([code, err]).toEqual([0, expect.stringContaining(`soak: ${file} is written\n`)]);
  }
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines.slice(0, 4)).toEqual(['# Before', '', marks[0], '']);
  expect(lines.slice(6, 7)).toEqual([other]);
  expect(lines[7]).toMatch(
    /^\| sound \| `test:soak .*--only sound --seeds 8 --from base .*--twice.*` \| 8 \| 0 \| 8 of 8 results the same again \| 0\.0 \| not measured \| 24\.\S+ \| \w+(?: \+)? \| \d{4}-\d\d-\d\d \|$/,
  );
  expect(lines.slice(8)).toEqual(['', marks[1], '', 'After', '']);
});
