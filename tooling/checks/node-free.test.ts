import { expect, test } from 'vitest';
import { nodeFree } from './node-free.ts';
import { repositoryOf } from './repository.ts';

function found(files: Record<string, string>): readonly string[] {
  return [...nodeFree.run(repositoryOf(files))].map(({ file, got }) => `${file} ${got}`);
}

test('subpaths of the kit, tests and types may name node: modules', () => {
  expect(
    found({
      'packages/connector-kit/src/index.ts':
        "export * from './feed.ts';\nimport type { A } from './runtime/index.ts';",
      'packages/connector-kit/src/feed.ts': "import ky from 'ky';",
      'packages/connector-kit/src/runtime/index.ts': "import 'node:fs';",
      'packages/connector-core/src/index.ts': "import type { Socket } from 'node:net';",
      'packages/connector-core/src/a.test.ts': "import 'node:util';",
    }),
  ).toEqual([]);
});

test('what the root of the kit loads through another file is found', () => {
  expect(
    found({
      'packages/connector-kit/src/index.ts': "export * from './feed/index.ts';",
      'packages/connector-kit/src/feed/index.ts': "export * from './queue.ts';",
      'packages/connector-kit/src/feed/queue.ts':
        "import { EventEmitter } from 'events';\nimport WebSocket from 'ws';",
      'packages/connector-core/src/unused.ts': "import { inspect } from 'node:util';",
    }),
  ).toEqual([
    'packages/connector-core/src/unused.ts:1 node:util',
    'packages/connector-kit/src/feed/queue.ts:1 events',
    'packages/connector-kit/src/feed/queue.ts:2 ws',
  ]);
});
