import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runSoak } from './fixtures/soak-child.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soak-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('prints the first failure made small, with how to run it again', async () => {
  const args = ['--only', 'broken', '--seeds', '8', '--from', 'base', '--state', folder];
  const { code, out } = await runSoak(args);
  const [, first] = /violations: in \d+ seeds\n {4}(\S+): I2 value: expected \d+, got \d+\n/.exec(out) ?? [];
  expect(out).toContain(`\nbroken, seed ${first}: I2 violated at `);
  expect(out).toMatch(
    /Plan, after \d+ runs of shrinking: 0 actions, 2 faults\n.*compact blocks=7\n.*restart\n/,
  );
  expect(out).toContain(`  npx -y pnpm@12 test:soak --only broken --seed ${first}\n`);
  expect(code).toBe(1);

  const alone = await runSoak(['--only', 'broken', '--seed', first ?? '']);
  expect(alone.out).toContain(`broken: 1 of 1 seeds (from ${first})`);
  expect(alone.out.slice(alone.out.indexOf(`broken, seed ${first}`))).toBe(
    out.slice(out.indexOf(`broken, seed ${first}`)),
  );
});

test('ends a worker that hangs, tells of its seed, and runs the others', async () => {
  const args = ['--only', 'hanging', '--seeds', '8', '--from', 'base', '--silence', '1', '--state', folder];
  const { code, out } = await runSoak(args);
  expect(out).toContain('hanging: 8 of 8 seeds');
  expect(out).toContain('base-3: worker expected a result, got none: no word from the worker in 1 s');
  expect(code).toBe(1);
  // It has no result to keep, so the next start tries it again.
  const [file = ''] = readdirSync(folder);
  const kept = readFileSync(join(folder, file), 'utf8');
  expect(kept).toContain('"seed":"base-4"');
  expect(kept).not.toContain('"seed":"base-3"');
});

test('prints one object and nothing else with --json', async () => {
  const args = ['--only', 'broken', '--seeds', '8', '--from', 'base', '--state', folder, '--json'];
  const report = JSON.parse((await runSoak(args)).out);
  expect(report).toMatchObject({ simulation: 'broken', firstSeed: 'base-1', planned: 8, workers: 2 });
  expect(report.failures[0].violations[0].invariant).toBe('I2');
  expect(report.failureText).toContain('I2 violated');
});

const mutantArgs: readonly string[] = ['--only', 'sum', '--seeds', '8', '--from', 'base', '--mutant'];

test('notices a mutant that breaks the code, without touching its file', async () => {
  const file = new URL('./fixtures/toy-sum.ts', import.meta.url);
  const before = readFileSync(file, 'utf8');
  const { code, out } = await runSoak(['--state', folder, ...mutantArgs, 'minus']);
  expect(out).toMatch(/^mutant minus: noticed by I3 at seed base-1, after \d+ seeds\n/);
  expect(out).toContain('sum: expected 5, got -1');
  expect(code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('does not take a worker that hangs for a mutant that is noticed', async () => {
  const { code, out } = await runSoak([
    '--state',
    folder,
    ...mutantArgs,
    'stuck',
    '--seeds',
    '2',
    '--silence',
    '1',
  ]);
  expect(out).toMatch(/^mutant stuck: SURVIVED 2 seeds\n/);
  expect(code).toBe(1);
});

test('asks for seeds that hold without the mutant', async () => {
  const args = ['--only', 'broken', '--seeds', '8', '--from', 'base', '--state', folder, '--mutant', 'minus'];
  const { code, err, out } = await runSoak(args);
  expect(err).toMatch(/--mutant: expected seeds that hold without it, got I2 at seed base-\d/);
  expect(out).toBe('');
  expect(code).toBe(2);
});

test('fails where too little happened, from ten seeds on', async () => {
  const args = ['--only', 'idle', '--from', 'base', '--state', folder, '--seeds'];
  const { code, out } = await runSoak([...args, '10']);
  expect(out).toContain('  too little: never: expected at least 1 a seed, got 0 in 10 seeds\n');
  expect(out).not.toContain('too little: add');
  expect(code).toBe(1);
  expect((await runSoak([...args, '9'])).code).toBe(0);
});

test('fails for a worker that is lost in a later pass, and does not call its seed the same', async () => {
  const other = join(folder, 'other-node');
  writeFileSync(other, `#!/bin/sh\nTOY_PLANT=planted exec "${process.execPath}" "$@"\n`);
  chmodSync(other, 0o755);
  const args = ['--only', 'hanging-elsewhere', '--seeds', '8', '--from', 'base', '--silence', '1'];
  const { code, out } = await runSoak([...args, '--state', folder, '--compare', other]);
  expect(out).toContain('  7 of 8 results the same again\n');
  expect(out).toContain('    base-3 (compare pass): worker expected a result, got none');
  expect(out).toMatch(
    /different: base-3: hash \w{12} in the first .*, none, the worker was lost in the compare/,
  );
  expect(code).toBe(1);
});

test('fails for a mutant that nothing notices', async () => {
  const { code, out } = await runSoak(['--state', folder, ...mutantArgs, 'swapped']);
  expect(out).toBe('mutant swapped: SURVIVED 8 seeds\n');
  expect(code).toBe(1);
});

test.each([
  [
    'fits nowhere',
    'nowhere',
    'mutant nowhere: expected its text once in tooling/soak/fixtures/toy-sum.ts, got it 0 times',
  ],
  [
    'fits several times',
    'twice',
    'mutant twice: expected its text once in tooling/soak/fixtures/toy-sum.ts, got it 3 times',
  ],
  [
    'is never loaded',
    'unloaded',
    'mutant unloaded: expected tooling/soak/progress.ts to be loaded, got no import of it',
  ],
  [
    'is not known',
    'other',
    'soak: --mutant: expected one of minus, swapped, stuck, nowhere, twice, unloaded, got other',
  ],
])('fails loudly for a mutant that %s', async (_title, mutant, message) => {
  const { code, err, out } = await runSoak(['--state', folder, ...mutantArgs, mutant]);
  expect(err).toContain(message);
  expect(out).toBe('');
  expect(code).toBe(2);
});

test.each([
  ['a simulation that cannot be loaded', ['--only', 'absent'], 'no such toy'],
  ['a simulation that there is not', ['--only', 'other'], 'soak: --only: expected one of sound, broken,'],
  [
    'a Node that there is not',
    ['--only', 'sound', '--node', './no-node'],
    'soak: ./no-node: expected a Node, got',
  ],
])('says plainly that it cannot run %s', async (_title, args, message) => {
  const { code, err } = await runSoak([...args, '--state', folder]);
  expect(err).toContain(message);
  expect(code).toBe(2);
});
