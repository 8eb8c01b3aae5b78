import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

const decisive: readonly string[] = [
  'packages/*/src/**/*.ts',
  'packages/*/test/**/*.ts',
  'tooling/soak/{simulations,worker}.ts',
  'pnpm-lock.yaml',
];

/** A hash of everything that decides what a seed does: the sources and tests of all packages, the worker, the lockfile. */
export function sourceHash(): string {
  const exclude = (path: string): boolean => path.includes('node_modules');
  const hash = createHash('sha256');
  for (const path of globSync([...decisive], { cwd: repositoryRoot, exclude }).sort()) {
    hash.update(`${path}\0`).update(contentOf(path));
  }
  return hash.digest('hex');
}

/** Ten letters and digits that stand for the texts. */
export function shortHash(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 10);
}

/** Nothing for a file that went away in between: others may work on the tree. */
function contentOf(path: string): string {
  try {
    return readFileSync(join(repositoryRoot, path), 'utf8');
  } catch {
    return '';
  }
}

/** The commit that is checked out, in short, and whether sources were changed since; undefined outside a repository. */
export function currentCommit(): { readonly hash: string; readonly changed: boolean } | undefined {
  try {
    const hash = git('rev-parse', '--short=10', 'HEAD');
    return { hash, changed: git('status', '--porcelain', '--', 'packages') !== '' };
  } catch {
    return undefined;
  }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: repositoryRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
