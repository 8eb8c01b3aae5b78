import { expect, test } from 'vitest';
import { repositoryOf } from './repository.ts';
import { wording } from './wording.ts';

function found(path: string, text: string): readonly string[] {
  return [...wording.run(repositoryOf({ [path]: text }))].map(({ file, got }) => `${file} ${got}`);
}

const folder = `/${'tmp'}/`;
const note = `TO${'DO'}`;

test('paths of a machine and notes to ourselves are found', () => {
  expect(found('README.md', `one\n\`${folder}x\``)).toEqual([`README.md:2 ${folder}`]);
  expect(found('packages/a/src/a.ts', `// ${note}: later`)).toEqual([`packages/a/src/a.ts:1 ${note}`]);
  expect(found('docs/a.md', `see issue ${'#'}12`)).toEqual([`docs/a.md:1 issue ${'#'}12`]);
});

test('addresses, tests with temporary folders and the lockfile are fine', () => {
  expect(found('README.md', `https://example.test${folder}x and packages${folder}`)).toEqual([]);
  expect(found('packages/a/test/a.test.ts', `const path = '${folder}x';`)).toEqual([]);
  expect(found('pnpm-lock.yaml', folder)).toEqual([]);
});
