import type { Repository } from './repository.ts';

/** A TypeScript file of a package or an app. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Folder of the package, for example `packages/connector-core`. */
  readonly packageFolder: string;
  /** Path inside the package, for example `src/index.ts`. */
  readonly inside: string;
}

/** TypeScript files of everything directly under `folder` (`packages`, `apps` or `tooling`). */
export function* sourceFiles(repository: Repository, folder: string): Generator<SourceFile> {
  for (const [path, text] of repository.files) {
    const [top, name, ...rest] = path.split('/');
    if (top !== folder || name === undefined || rest.length === 0 || !path.endsWith('.ts')) continue;
    yield { path, text, packageFolder: `${top}/${name}`, inside: rest.join('/') };
  }
}

/** True for what only tests load: `*.test.ts`, `*.test-d.ts`, and the folder `test`. */
export function isTestFile(path: string): boolean {
  return /\.test(?:-d)?\.ts$/.test(path) || /(?:^|\/)test\//.test(path);
}

/** True for what is published: `src` without its tests. */
export function isShipped(file: SourceFile): boolean {
  return file.inside.startsWith('src/') && !isTestFile(file.inside);
}

/** Folder names directly under `packages`. */
export function packageNames(repository: Repository): readonly string[] {
  const names = [...repository.files.keys()].map(
    (path) => /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1],
  );
  return names.filter((name) => name !== undefined).sort();
}

/** Where the relative `specifier` leads from the file `path`; leaves the repository as `..`. */
export function resolveRelative(path: string, specifier: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
