import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the repository, as the checks see them. */
export interface Repository {
  /** Path from the root, with `/`, to content. Text files only. */
  readonly files: ReadonlyMap<string, string>;
  /** Every path from the root, folders and files that are not text included. */
  readonly paths: ReadonlySet<string>;
}

/** Something that a check found. */
export interface Problem {
  /** Path from the root, with `:line` where there is one. */
  readonly file: string;
  readonly expected: string;
  readonly got: string;
}

/** One rule of the repository. */
export interface Check {
  /** What it makes sure of, in a few words. */
  readonly name: string;
  run(repository: Repository): Iterable<Problem>;
}

/** Folders that hold nothing of ours, by name anywhere or by path from the root. Kept in step with `.gitignore`. */
const skipped = new Set([
  '.git',
  '.turbo',
  '.vitest',
  'node_modules',
  '.soak',
  'dist',
  '.DS_Store',
  'coverage',
  'docs/api',
]);
const largestTextBytes = 1_000_000;

/** A repository of the given files, path to content. */
export function repositoryOf(files: Readonly<Record<string, string>>): Repository {
  const paths = new Set<string>();
  for (const path of Object.keys(files)) addWithFolders(paths, path);
  return { files: new Map(Object.entries(files)), paths };
}

/** Reads the repository that starts at the folder `root`. */
export function readRepository(root: string): Repository {
  const files = new Map<string, string>();
  const paths = new Set<string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (skipped.has(entry.name) || skipped.has(path) || entry.name.endsWith('.tgz')) continue;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) {
        addWithFolders(paths, path);
        const text = readText(join(root, path));
        if (text !== undefined) files.set(path, text);
      }
    }
  };
  visit('');
  return { files, paths };
}

function readText(path: string): string | undefined {
  if (statSync(path).size > largestTextBytes) return undefined;
  const bytes = readFileSync(path);
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
}

function addWithFolders(paths: Set<string>, path: string): void {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) paths.add(path.slice(0, end));
  paths.add(path);
}
