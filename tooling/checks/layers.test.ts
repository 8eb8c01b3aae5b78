import { expect, test } from 'vitest';
import { allowedImports, layers } from './layers.ts';
import { repositoryOf } from './repository.ts';

function found(files: Record<string, string>): readonly string[] {
  return [...layers.run(repositoryOf(files))].map(({ file, got }) => `${file} ${got}`);
}

test('a venue may use its own wire package, the kit and the core, and no other venue', () => {
  expect(allowedImports('othervenue-spot')).toEqual(['connector-core', 'connector-kit', 'othervenue-wire']);
  expect(allowedImports('misc')).toBeUndefined();
  expect(
    found({
      'packages/ascendex-spot/package.json': '{}',
      'packages/ascendex-spot/src/a.ts': [
        "import { a } from '@venuekit/connector-kit/book';",
        "import { b } from '@venuekit/ascendex-wire';",
        "import type { c } from '@venuekit/connector-core';",
        "import { d } from './d.ts';",
      ].join('\n'),
    }),
  ).toEqual([]);
});

test('imports that go up or sideways are found, types included', () => {
  expect(
    found({
      'packages/connector-core/package.json': '{}',
      'packages/connector-core/src/a.ts': "import type { Book } from '@venuekit/connector-kit';",
      'packages/connector-kit/src/b.ts': "\nimport '@venuekit/ascendex-wire';",
      'packages/exchange-simulator/src/c.ts': "export * from '@venuekit/ascendex-wire';",
      'packages/paper-trade/src/d.ts': "import('@venuekit/ascendex-spot');",
    }),
  ).toEqual([
    'packages/connector-core/src/a.ts:1 @venuekit/connector-kit',
    'packages/connector-kit/src/b.ts:2 @venuekit/ascendex-wire',
    'packages/exchange-simulator/src/c.ts:1 @venuekit/ascendex-wire',
    'packages/paper-trade/src/d.ts:1 @venuekit/ascendex-spot',
  ]);
});

test('a development dependency is for tests only, and must be declared', () => {
  const source = "import { s } from '@venuekit/exchange-simulator';";
  const declared = '{"devDependencies":{"@venuekit/exchange-simulator":"workspace:*"}}';
  expect(
    found({
      'packages/ascendex-spot/package.json': declared,
      'packages/ascendex-spot/test/a.test.ts': source,
      'packages/ascendex-spot/src/b.test.ts': source,
      'packages/ascendex-spot/vitest.config.ts': "import { p } from '@venuekit/tooling-vitest';",
    }),
  ).toEqual([]);
  expect(
    found({ 'packages/ascendex-spot/package.json': declared, 'packages/ascendex-spot/src/a.ts': source }),
  ).toEqual(['packages/ascendex-spot/src/a.ts:1 @venuekit/exchange-simulator']);
  expect(
    found({ 'packages/ascendex-spot/package.json': '{}', 'packages/ascendex-spot/test/a.test.ts': source }),
  ).toEqual(['packages/ascendex-spot/test/a.test.ts:1 @venuekit/exchange-simulator']);
});

test('relative imports stay in their package, and every package has a layer', () => {
  expect(
    found({
      'packages/connector-kit/src/a.ts': "import '../../connector-core/src/index.ts';",
      'apps/demo/src/b.ts': "import '../../../packages/connector-core/src/index.ts';",
      'packages/misc/package.json': '{}',
    }),
  ).toEqual([
    'packages/misc misc',
    'packages/connector-kit/src/a.ts:1 ../../connector-core/src/index.ts',
    'apps/demo/src/b.ts:1 ../../../packages/connector-core/src/index.ts',
  ]);
});
