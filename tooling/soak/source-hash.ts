import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

/** Hashes of files, by path. */
export type FileHashes = Readonly<Record<string, string>>;

/** A hash of what is in a file; of nothing for one that is not there. */
export function hashOf(path: string): string {
  return createHash('sha256').update(contentOf(path)).digest('hex');
}

/** What decides what a seed does: the files that a worker loads, the manifests of their packages, and the lockfile. */
export function withManifests(loaded: FileHashes, root: string = repositoryRoot): FileHashes {
  const folders = Object.keys(loaded).map((path) => packageFolder(relative(root, path)));
  const manifests = [...new Set(folders)].map((folder) => join(root, folder, 'package.json'));
  const others = [...manifests, join(root, 'package.json'), join(root, 'pnpm-lock.yaml')];
  return { ...loaded, ...Object.fromEntries(others.map((path) => [path, hashOf(path)])) };
}

/** The first file that is not the same in both; undefined if there is none. */
export function changedFile(before: FileHashes, after: FileHashes): string | undefined {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.find((path) => before[path] !== after[path]);
}

/** Ten letters and digits that stand for the texts. */
export function shortHash(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 10);
}

/** `packages/core` of `packages/core/src/index.ts`. */
function packageFolder(path: string): string {
  const parts = path.split(/[\\/]/);
  return ['packages', 'tooling'].includes(parts[0] ?? '') ? parts.slice(0, 2).join('/') : dirname(path);
}

/** Nothing for a file that went away in between: others may work on the tree. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/**
 * The commit that is checked out, in short, and whether anything was changed since: any file of the tree but the scorecard, which
 * is what the lane itself writes. Undefined outside a repository.
 */
export function currentCommit(
  root: string = repositoryRoot,
): { readonly hash: string; readonly changed: boolean } | undefined {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const hash = git('rev-parse', '--short=10', 'HEAD');
    const changes = git('status', '--porcelain', '--', '.', ':(exclude)docs/scorecard.md');
    return { hash, changed: changes !== '' };
  } catch {
    return undefined;
  }
}
