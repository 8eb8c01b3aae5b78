/** What is wrong with the list of files of a package's tarball; each a sentence. `files` are paths inside the package. */
export function* tarballProblems(files: readonly string[]): Generator<string> {
  for (const needed of ['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts']) {
    if (!files.includes(needed)) yield `expected ${needed} in the tarball, got none`;
  }
  for (const file of files) {
    if (!allowed.test(file)) yield `expected only the build and its papers in the tarball, got ${file}`;
    else if (/\.test\.|(?:^|\/)tests?\//.test(file)) yield `expected no tests in the tarball, got ${file}`;
  }
}

const allowed =
  /^(?:dist\/.+\.(?:js|js\.map|d\.ts|d\.ts\.map|html|css|txt)|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
