import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runSoak } from './fixtures/soak-child.ts';
import { currentCommit } from './source-hash.ts';

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
  runSoak(['--only', 'own', '--seeds', '8', '--from', 'base', '--list', join(folder, 'list.ts'), ...args]);

test('goes on only where every file that a worker loads is the same', async () => {
  const state = ['--state', join(folder, 'state')];
  writeList('export const one = 1;', 'none');
  expect((await run(...state)).code).toBe(0);
  expect((await run(...state)).err).toContain('goes on after 8 of 8 seeds');
  writeList('export const one = 2;', 'none');
  expect((await run(...state)).err).not.toContain('goes on after');
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
