import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runSoak, startSoak } from './fixtures/soak-child.ts';
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

test('lists what it can run', async () => {
  const { code, out } = await runSoak([]);
  for (const { about, name } of [...simulations, ...mutants])
    expect(out).toContain(`\n  ${name}: ${about}\n`);
  expect(code).toBe(0);
});

test('runs every seed twice, keeps the results in the order of the seeds, and says what happened', async () => {
  const args = ['--only', 'sound', '--seeds', '30', '--from', 'base', '--state', folder, '--twice'];
  const { code, err, out } = await runSoak(args);
  expect(out).toMatch(/^sound: 30 of 30 seeds \(from base-1\)\n {2}\d+ steps, 0\.1 virtual hours/);
  expect(out).toContain('  30 of 30 results the same again\n');
  expect(out).toMatch(/ {2}happened: add 240, compact \d+, noise \d+/);
  expect(out).toContain('  violations: none\n');
  expect(err).toMatch(/sound, again pass, Node v\d+\.\d+\.\d+: 30 of 30 seeds, \d+ a minute/);
  expect(code).toBe(0);
  const { again = [], first = [] } = stateFiles();
  expect(first.map(({ seed }) => seed)).toEqual(
    Array.from({ length: 30 }, (_, index) => `base-${index + 1}`),
  );
  expect(again.map(({ hash }) => hash)).toEqual(first.map(({ hash }) => hash).toReversed());
});

test('goes on where a killed start stopped, says so, and ends with the results of an undisturbed one', async () => {
  const gate = join(folder, 'gate');
  const args = ['--only', 'gated', '--seeds', '60', '--from', 'kill', '--json', '--key', 'one'];
  const stateFolder = join(folder, 'state');
  const killed = startSoak([...args, '--state', stateFolder], { TOY_GATE: gate });
  const exited = once(killed, 'exit');
  await untilLines(stateFolder, 20);
  killed.kill('SIGKILL');
  expect((await exited)[1]).toBe('SIGKILL');
  writeFileSync(gate, '');

  const again = await runSoak([...args, '--state', stateFolder], { TOY_GATE: gate });
  const [, done] = /goes on after (\d+) of 60 seeds/.exec(again.err) ?? [];
  expect(Number(done)).toBeGreaterThanOrEqual(20);
  expect(Number(done)).toBeLessThan(25);
  const resumed = JSON.parse(again.out);
  expect(resumed.passes).toEqual([
    { name: 'first', node: expect.any(String), seeds: 60, resumed: Number(done) },
  ]);
  const whole = JSON.parse(
    (await runSoak([...args, '--state', join(folder, 'whole')], { TOY_GATE: gate })).out,
  );
  const sums = ({ counts, failures, steps, virtualMs }: typeof whole): object => {
    return { counts, failures, steps, virtualMs };
  };
  expect(sums(resumed)).toEqual(sums(whole));

  const fresh = await runSoak([...args, '--state', stateFolder, '--fresh'], { TOY_GATE: gate });
  expect(fresh.err).not.toContain('goes on after');
});

/** Resolves once the state has so many lines. */
async function untilLines(stateFolder: string, count: number): Promise<void> {
  const lines = (): number => {
    if (!existsSync(stateFolder)) return 0;
    const [name] = readdirSync(stateFolder).filter((each) => each.endsWith('.jsonl'));
    return name === undefined ? 0 : readFileSync(join(stateFolder, name), 'utf8').split('\n').length - 1;
  };
  const changes = watch(folder, { recursive: true });
  while (lines() < count) await once(changes, 'change');
  changes.close();
}

test('stops after a signal, says so, and goes on at the next start', async () => {
  const own = ['--from', 'signal', '--state', join(folder, 'state')];
  const scorecard = join(folder, 'scorecard.md');
  writeFileSync(scorecard, '<!-- soak: written by `test:soak --write` -->\n<!-- end of soak -->\n');
  const row = ['--write', '--scorecard', scorecard];
  const args = ['--only', 'sound', '--seeds', '20000', ...own, ...row];
  const child = startSoak(args);
  let told = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  const closed = once(child, 'close');
  await untilLines(join(folder, 'state'), 8);
  child.kill('SIGINT');
  expect(await closed).toEqual([130, null]);
  expect(told).toContain('soak: stops after the seeds that are under way');
  expect(told).toContain('soak: stopped; the same command goes on from here');
  // Such a row would tell of fewer seeds than its command runs.
  expect(readFileSync(scorecard, 'utf8')).not.toContain('| sound |');
  const again = await runSoak(['--only', 'sound', '--seeds', '9', ...own]);
  expect(again.err).toContain('of 9 seeds');
});

test('finds what one seed leaves behind for the next: the results in reverse order differ', async () => {
  const { code, out } = await runSoak(['--only', 'forgetful', '--seeds', '8', '--state', folder, '--twice']);
  expect(out).toMatch(
    /different: \S+-1: hash \w{12} in the first pass on v\S+, \w{12} in the again pass on v\S+\n/,
  );
  expect(code).toBe(1);
});

test('finds a difference between two Nodes, and none between a Node and itself', async () => {
  const other = join(folder, 'other-node');
  writeFileSync(other, `#!/bin/sh\nTOY_PLANT=planted exec "${process.execPath}" "$@"\n`);
  chmodSync(other, 0o755);
  const args = ['--only', 'planted', '--seeds', '8', '--from', 'base', '--state', folder, '--compare'];
  const different = await runSoak([...args, other]);
  expect(different.out).toContain('  0 of 8 results the same again\n');
  expect(different.out).toMatch(/different: base-8: hash \w{12} in the first pass .*in the compare pass/);
  expect(different.code).toBe(1);
  const same = await runSoak([...args, process.execPath, '--fresh']);
  expect(same.out).toContain('  8 of 8 results the same again\n');
  expect(same.code).toBe(0);
});

test('writes its row of the scorecard and leaves the rest alone', async () => {
  const file = join(folder, 'scorecard.md');
  const marks = ['<!-- soak: written by `test:soak --write` -->', '<!-- end of soak -->'];
  const other = '| other | `x` | 1 | 0 | not compared | 0.1 | 9 | 24.0.0 | abc | 2020-01-01 |';
  writeFileSync(file, `# Before\n\n${marks[0]}\n${other}\n${marks[1]}\n\nAfter\n`);
  const args = ['--only', 'sound', '--seeds', '8', '--from', 'base', '--state', folder, '--twice'];
  const { code } = await runSoak([...args, '--write', '--scorecard', file]);
  expect(code).toBe(0);
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines.slice(0, 4)).toEqual(['# Before', '', marks[0], '']);
  expect(lines.slice(6, 7)).toEqual([other]);
  expect(lines[7]).toMatch(
    /^\| sound \| `test:soak .*--only sound --seeds 8 --from base .*--twice.*` \| 8 \| 0 \| 8 of 8 results the same again \| 0\.0 \| \d+ \| 24\.\S+ \| \w+(?: \+)? \| \d{4}-\d\d-\d\d \|$/,
  );
  expect(lines.slice(8)).toEqual(['', marks[1], '', 'After', '']);
});
