import { expect, test } from 'vitest';
import { tarballProblems } from './tarball-content.ts';

const good = ['package.json', 'README.md', 'dist/index.js', 'dist/index.js.map', 'dist/index.d.ts'];

test('the build, the manifest and the papers are fine', () => {
  expect([...tarballProblems([...good, 'CHANGELOG.md', 'LICENSE', 'dist/book/index.d.ts.map'])]).toEqual([]);
});

test('what is missing and what does not belong is told', () => {
  expect([...tarballProblems(['package.json', 'dist/index.js', 'dist/index.d.ts'])]).toEqual([
    'expected README.md in the tarball, got none',
  ]);
  expect([...tarballProblems([...good, 'src/index.ts', 'dist/a.test.js', 'dist/a.ts'])]).toEqual([
    'expected only the build and its papers in the tarball, got src/index.ts',
    'expected no tests in the tarball, got dist/a.test.js',
    'expected only the build and its papers in the tarball, got dist/a.ts',
  ]);
});
