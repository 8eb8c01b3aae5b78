import { expect, test } from 'vitest';
import { independentModels } from './independent-models.ts';
import { repositoryOf } from './repository.ts';

test('a model may import types, neighbours and node: modules', () => {
  const model = [
    "import type { Book } from '../../src/book.ts';",
    "import { other } from './other-model.ts';",
    "import assert from 'node:assert';",
  ].join('\n');
  expect([...independentModels.run(repositoryOf({ 'packages/a/test/models/book-model.ts': model }))]).toEqual(
    [],
  );
});

test('code of what a model judges is found', () => {
  const files = {
    'packages/a/test/models/a-model.ts': "import { Book } from '../../src/book.ts';",
    'packages/a/test/models/b-model.ts': "import { type Book } from '@venuekit/connector-kit';",
    'packages/a/test/models/a-model.test.ts': "import { Book } from '../../src/book.ts';",
    'packages/a/test/other.ts': "import { Book } from '../src/book.ts';",
  };
  expect([...independentModels.run(repositoryOf(files))].map(({ file }) => file)).toEqual([
    'packages/a/test/models/a-model.ts:1',
    'packages/a/test/models/b-model.ts:1',
  ]);
});
