import { expect, test } from 'vitest';
import { fileLength } from './file-length.ts';
import { repositoryOf } from './repository.ts';

test('a source may have 400 lines and a test 500', () => {
  const files = {
    'packages/a/src/a.ts': 'x\n'.repeat(400),
    'packages/a/src/b.ts': 'x\n'.repeat(401),
    'packages/a/src/b.test.ts': 'x\n'.repeat(401),
    'packages/a/test/c.ts': 'x\n'.repeat(501),
    'docs/long.md': 'x\n'.repeat(2_000),
  };
  expect([...fileLength.run(repositoryOf(files))].map(({ file, got }) => `${file} ${got}`)).toEqual([
    'packages/a/src/b.ts 401',
    'packages/a/test/c.ts 501',
  ]);
});
