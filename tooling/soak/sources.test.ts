import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runSoak } from './fixtures/soak-run.ts';
import { LaneSources } from './lane-sources.ts';
import { currentCommit, withManifests } from './source-hash.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'soak-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const toy = new URL('./fixtures/toy-simulation.ts', import.meta.url).href;

/** A list with one simulation, which imports a file beside it and writes into that file at one seed. */
function writeList(content: string, writesAt: string): void {
  const dependency = join(folder, 'dependency.ts');
  writeFileSync(dependency, content);
  writeFileSync(
    join(folder, 'list.ts'),
    `import { writeFileSync } from 'node:fs';
import { createToy } from '${toy}';
import './dependency.ts';
const begin = ({ world }) => {
  if (world.seed === '${writesAt}') writeFileSync('${dependency}', 'export const other = 1;');
};
const load = () => Promise.resolve(createToy({ name: 'own', begin }));
export const simulations = [{ name: 'own', about: 'with a file of its own', load }];
`,
  );
}

const run = (...args: readonly string[]) =>
  runSoak([
    '--only',
    'own',
    '--seeds',
    '8',
    '--workers',
    '1',
    '--from',
    'base',
    '--list',
    join(folder, 'list.ts'),
    ...args,
  ]);

test('goes on only where every file that a worker loads is the same', async () => {
  const state = ['--state', join(folder, 'state')];
  writeList('export const one = 1;', 'none');
  expect((await run(...state)).code).toBe(0);
  expect((await run(...state)).err).toContain('goes on after 8 of 8 seeds');
  writeList('export const one = 2;', 'none');
  expect((await run(...state)).err).not.toContain('goes on after');
});

test('counts the manifests of packages, the one of the repository and the lockfile among the sources', async () => {
  writeList('export const one = 1;', 'none');
  const options = { node: process.execPath, only: 'own', list: join(folder, 'list.ts'), mutant: undefined };
  const { sources, worker } = await LaneSources.load({ ...options, silenceMs: 1_000 }, folder);
  await worker.end();
  expect(() => sources.checkAgain()).not.toThrow();
  for (const name of ['package.json', 'pnpm-lock.yaml']) {
    writeFileSync(join(folder, name), 'changed');
    expect(() => sources.checkAgain()).toThrow(`${name}: expected the sources to stay as they are`);
    rmSync(join(folder, name));
  }
  const loaded = { [join(folder, 'packages', 'core', 'src', 'deep', 'file.ts')]: 'hash' };
  const paths = Object.keys(withManifests(loaded, folder)).map((path) => relative(folder, path));
  expect(paths.slice(1)).toEqual(['packages/core/package.json', 'package.json', 'pnpm-lock.yaml']);
});

test('says so where a source changes while seeds are run', async () => {
  writeList('export const one = 1;', 'base-8');
  const { code, err, out } = await run('--state', join(folder, 'state'));
  expect(err).toMatch(/dependency\.ts: expected the sources to stay as they are, got a change while seeds/);
  expect([code, out]).toEqual([2, '']);
});

test('marks a commit with changes anywhere in its tree but the scorecard', () => {
  const git = (...args: readonly string[]): void => {
    const identity = ['-c', 'user.name=n', '-c', 'user.email=e@example.test'];
    execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' });
  };
  expect(currentCommit(folder)).toBeUndefined();
  git('init');
  git('commit', '--allow-empty', '-m', 'first');
  expect(currentCommit(folder)).toMatchObject({ changed: false });
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'docs', 'scorecard.md'), 'a row');
  expect(currentCommit(folder)).toMatchObject({ changed: false });
  writeFileSync(join(folder, 'pnpm-lock.yaml'), 'changed');
  expect(currentCommit(folder)).toMatchObject({ changed: true });
});
