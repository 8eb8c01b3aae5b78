import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeOtherNode, runSoak, startSoak } from './fixtures/soak-run.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soak-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs eight seeds of a toy in one worker after the other: the fewer processes, the quicker. */
const runEight = (only: string, ...args: readonly string[]) =>
  runSoak(['--only', only, '--seeds', '8', '--from', 'base', '--state', folder, '--workers', '1', ...args]);

test('prints the first failure made small, with the command that runs it again', async () => {
  const { code, out } = await runEight('broken');
  const [, first] = /violations: in \d+ seeds?\n {4}(\S+): I2 value: expected \d+, got \d+\n/.exec(out) ?? [];
  expect(out).toContain(`\nbroken, seed ${first}: I2 violated at `);
  expect(out).toMatch(
    /Plan, after \d+ runs of shrinking: 0 actions, 2 faults\n.*compact blocks=7\n.*restart\n/,
  );
  const list = '--list tooling/soak/fixtures/toy-list.ts';
  expect(out).toContain(`  npx -y pnpm@12 test:soak --only broken --seed ${first} ${list}\n`);
  expect(code).toBe(1);

  const alone = await runSoak(['--only', 'broken', '--seed', first ?? '']);
  expect(alone.out).toContain(`broken: 1 of 1 seed, ${first}\n`);
  expect(alone.out).toContain('violations: in 1 seed\n');
  expect(alone.out.slice(alone.out.indexOf(`broken, seed ${first}`))).toBe(
    out.slice(out.indexOf(`broken, seed ${first}`)),
  );
});

test('tells of the seed at which a worker was lost, keeps no result of it, and runs the others', async () => {
  const { code, out } = await runEight('dying');
  expect(out).toContain('dying: 8 of 8 seeds');
  expect(out).toContain('base-3: worker expected a result, got none: the worker ended with SIGKILL');
  expect(out).toContain('Run it again:\n  npx -y pnpm@12 test:soak --only dying --seed base-3 ');
  expect(code).toBe(1);
  // It has no result to keep, so the next start tries it again.
  const [file = ''] = readdirSync(folder);
  const kept = readFileSync(join(folder, file), 'utf8');
  expect(kept).toContain('"seed":"base-4"');
  expect(kept).not.toContain('"seed":"base-3"');
});

test('ends workers that hang, and gives up after three in a row', async () => {
  const { code, out } = await runEight('hanging', '--silence', '1', '--twice');
  expect(out).toContain('hanging: 3 of 8 seeds');
  expect(out).toMatch(/first pass: 3 seeds on Node \S+, given up after three lost workers in a row\n/);
  expect(out).toContain('base-3: worker expected a result, got none: no word from the worker in 1 s');
  expect(out).not.toContain('again pass');
  expect(code).toBe(1);
});

test('prints one object and nothing else on standard output with --json', async () => {
  const child = startSoak([
    '--only',
    'broken',
    '--seeds',
    '8',
    '--from',
    'base',
    '--state',
    folder,
    '--json',
  ]);
  child.stderr?.resume();
  const [printed, exit] = await Promise.all([text(child.stdout!), once(child, 'exit')]);
  const report = JSON.parse(printed);
  expect(report).toMatchObject({ simulation: 'broken', firstSeed: 'base-1', planned: 8, workers: 2 });
  expect(report.failures[0].violations[0].invariant).toBe('I2');
  expect(report.failureText).toContain('I2 violated');
  expect(exit).toEqual([1, null]);
});

test('notices a mutant that breaks the code, without touching its file', async () => {
  const file = new URL('./fixtures/toy-sum.ts', import.meta.url);
  const before = readFileSync(file, 'utf8');
  const { code, out } = await runEight('sum', '--mutant', 'minus');
  expect(out).toMatch(/^mutant minus: noticed by I3 at seed base-1, after \d+ seeds\n/);
  expect(out).toContain('sum: expected 5, got -1');
  expect(out).toMatch(/Run it again:\n {2}npx .* --only sum --seed base-1 --mutant minus --list /);
  expect(code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('does not take a worker that is lost for a mutant that is noticed', async () => {
  const { code, out } = await runEight('sum', '--mutant', 'deadly');
  expect(out).toMatch(/^mutant deadly: SURVIVED 3 seeds, given up after three lost workers in a row\n/);
  expect(code).toBe(1);
});

test('asks for seeds that hold without the mutant', async () => {
  const { code, err, out } = await runEight('broken', '--mutant', 'minus');
  expect(err).toMatch(/--mutant: expected seeds that hold without it, got I2 at seed base-\d/);
  expect(out).toBe('');
  expect(code).toBe(2);
});

test('fails where too little happened, from ten seeds on', async () => {
  const args = ['--only', 'idle', '--from', 'base', '--workers', '1', '--state', folder, '--seeds'];
  const { code, out } = await runSoak([...args, '10']);
  expect(out).toContain('  too little: never: expected at least 1 a seed, got 0 in 10 seeds\n');
  expect(out).not.toContain('too little: add');
  expect(code).toBe(1);
  expect((await runSoak([...args, '9'])).code).toBe(0);
});

test('fails for a worker that is lost in a later pass, and does not call its seed the same', async () => {
  const other = makeOtherNode(join(folder, 'other-node'));
  const { code, out } = await runEight('dying-elsewhere', '--compare', other);
  expect(out).toContain('  7 of 8 results the same again\n');
  expect(out).toContain('    base-3 (compare pass): worker expected a result, got none');
  expect(out).toMatch(
    /different: base-3: hash \w{12} in the first .*, none, the worker was lost in the compare/,
  );
  expect(code).toBe(1);
});

test('fails for a mutant that nothing notices', async () => {
  const { code, out } = await runEight('sum', '--mutant', 'swapped');
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
    'soak: --mutant: expected one of minus, swapped, deadly, foreign, nowhere, twice, unloaded, got other',
  ],
  [
    'is of another simulation',
    'foreign',
    'soak: --mutant foreign: expected a mutant of sum, got one of sound',
  ],
])('fails loudly for a mutant that %s', async (_title, mutant, message) => {
  const args = ['--only', 'sum', '--seed', 'base-1', '--workers', '1', '--mutant', mutant];
  const { code, err, out } = await runSoak(args);
  expect(err).toContain(message);
  expect(out).toBe('');
  expect(code).toBe(2);
});

test('says in one sentence which list it cannot load', async () => {
  const absent = await runSoak(['--list', join(folder, 'absent.ts')]);
  expect(absent.err).toMatch(/^soak: --list \S+absent\.ts: expected a module that can be loaded, got .+\n$/);
  expect([absent.code, absent.out]).toEqual([2, '']);
  const other = await runSoak(['--list', new URL('./soak-error.ts', import.meta.url).pathname]);
  expect(other.err).toMatch(/^soak: --list \S+: expected a module that exports simulations, got none\n$/);
});

test('says in one sentence that a Node is too old or none, before it runs anything', async () => {
  const old = makeOtherNode(join(folder, 'old-node'), 'v22.17.1');
  for (const option of ['--node', '--compare']) {
    const { code, err } = await runEight('sound', option, old);
    expect(err).toBe(`soak: ${old}: expected Node 22.18, 23.6 or later, got v22.17.1\n`);
    expect(code).toBe(2);
  }
  const none = makeOtherNode(join(folder, 'none'), 'something');
  const { err } = await runEight('sound', '--node', none);
  expect(err).toBe(`soak: ${none}: expected a Node, got "something"\n`);
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
