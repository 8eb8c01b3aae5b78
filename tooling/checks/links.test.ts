import { expect, test } from 'vitest';
import { links } from './links.ts';
import { repositoryOf } from './repository.ts';

function found(files: Record<string, string>): readonly string[] {
  return [...links.run(repositoryOf(files))].map(({ file, got, expected }) => `${file} ${got}: ${expected}`);
}

test('links to files, folders, headings and other sites are fine', () => {
  const readme = [
    '# Hello, *world* — again',
    '## Same',
    '## Same',
    '[a](docs/a.md) [b](docs) [c](docs/a.md#a-heading) [d](#same-1) [e](#hello-world--again)',
    '[f](https://example.test/x) [g](mailto:a@example.test) ![h](docs/pic.png "title") <img src="docs/pic.png">',
    '`[code](nowhere.md)`',
    '```ts',
    '[code](nowhere.md)',
    '```',
    '[reference]: ./docs/a.md',
  ].join('\n');
  expect(
    found({ 'README.md': readme, 'docs/a.md': '# A `heading`\n[up](../README.md)', 'docs/pic.png': '' }),
  ).toEqual([]);
});

test('links that lead nowhere are found', () => {
  const readme =
    '[a](docs/b.md)\n[b](docs/a.md#nothing)\n<img src="pic.png">\n[r]: gone.md\n[abs](/docs/a.md)';
  expect(found({ 'README.md': readme, 'docs/a.md': '# A' })).toEqual([
    'README.md:1 docs/b.md: a file of this repository',
    'README.md:2 docs/a.md#nothing: a heading of docs/a.md',
    'README.md:5 /docs/a.md: a link relative to this file',
    'README.md:4 gone.md: a file of this repository',
    'README.md:3 pic.png: a file of this repository',
  ]);
});
