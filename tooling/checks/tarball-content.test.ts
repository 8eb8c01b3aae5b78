import { expect, test } from 'vitest';
import { bundledProblems, tarballProblems } from './tarball-content.ts';

const good = [
  'package.json',
  'README.md',
  'LICENSE',
  'dist/index.js',
  'dist/index.js.map',
  'dist/index.d.ts',
];

test('the build, the manifest and the papers are fine', () => {
  expect([...tarballProblems([...good, 'CHANGELOG.md', 'dist/book/index.d.ts.map'])]).toEqual([]);
});

test('what is missing and what does not belong is told', () => {
  expect([...tarballProblems(['package.json', 'dist/index.js', 'dist/index.d.ts'])]).toEqual([
    'expected README.md in the tarball, got none',
    'expected LICENSE in the tarball, got none',
  ]);
  expect([...tarballProblems([...good, 'src/index.ts', 'dist/a.test.js', 'dist/a.ts'])]).toEqual([
    'expected only the build and its papers in the tarball, got src/index.ts',
    'expected no tests in the tarball, got dist/a.test.js',
    'expected only the build and its papers in the tarball, got dist/a.ts',
  ]);
});

test('code of others in the build is told', () => {
  const sources = [
    '../../src/runtime/a.ts',
    '../../../../node_modules/ws/lib/b.js',
    '../../../other/src/c.ts',
    '../../../../tooling/launcher/d.ts',
  ];
  const map = JSON.stringify({ version: 3, sources });
  expect([...bundledProblems('dist/runtime/index.js.map', map)]).toEqual([
    expect.stringContaining('got ../../../../node_modules/ws/lib/b.js: declare it'),
    expect.stringContaining('got ../../../other/src/c.ts: declare it'),
  ]);
});
