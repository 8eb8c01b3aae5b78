import { resolveRelative } from './source-files.ts';

/** What is wrong with the list of files of a package's tarball; each a sentence. `files` are paths inside the package. */
export function* tarballProblems(files: readonly string[]): Generator<string> {
  for (const needed of ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']) {
    if (!files.includes(needed)) yield `expected ${needed} in the tarball, got none`;
  }
  for (const file of files) {
    if (!allowed.test(file)) yield `expected only the build and its papers in the tarball, got ${file}`;
    else if (/\.test\.|(?:^|\/)tests?\//.test(file)) yield `expected no tests in the tarball, got ${file}`;
  }
}

/**
 * Code of others in a build: a package that is not among `dependencies` or `peerDependencies` is copied in without a word. Of the
 * repository's tooling, which is not published, that is how it should be.
 * @param file path inside the package of a source map.
 * @param map its text.
 */
export function* bundledProblems(file: string, map: string): Generator<string> {
  const { sources } = JSON.parse(map) as { readonly sources: readonly string[] };
  for (const source of sources) {
    const path = resolveRelative(file, source);
    if (path.startsWith('src/') || path.startsWith(takenIn)) continue;
    yield `expected ${file} to be made of the package's own sources, got ${source}: declare it as a dependency`;
  }
}

/** The repository's tooling, from a package. */
const takenIn = '../../tooling/';

const allowed =
  /^(?:dist\/.+\.(?:js|js\.map|d\.ts|d\.ts\.map|html|css|txt)|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
