import { expect, test } from 'vitest';
import { packageShape } from './package-shape.ts';
import { repositoryOf } from './repository.ts';

type Manifest = Record<string, unknown>;

const built = { types: './dist/index.d.ts', default: './dist/index.js' };
const good: Manifest = {
  name: '@venuekit/a-spot',
  description: 'Something of some use to somebody.',
  keywords: ['one', 'two', 'three'],
  license: 'Apache-2.0',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=22' },
  exports: {
    '.': { '@venuekit/source': './src/index.ts', ...built },
    './package.json': './package.json',
  },
  publishConfig: { access: 'public', exports: { '.': built, './package.json': './package.json' } },
  files: ['dist', 'README.md'],
  dependencies: { '@venuekit/connector-kit': 'workspace:^' },
  peerDependencies: { '@venuekit/connector-core': 'workspace:^' },
  devDependencies: { '@venuekit/connector-core': 'workspace:*' },
};
const install = '## Install\n\n```sh\nnpm install @venuekit/a-spot @venuekit/connector-core\n```\n';
const example = '## Example\n\n```ts\nuse();\n```\n';
const readme = `# @venuekit/a-spot\n\nDoes something.\n\n${install}\n${example}\n## Errors\n`;
const licence = '\n   Apache License\n   Version 2.0, January 2004\n';
const source = "import '@venuekit/connector-core';\nimport '@venuekit/connector-kit/book';\n";

function found(change: Manifest, files: Record<string, string> = {}, root: Manifest = {}): readonly string[] {
  const repository = repositoryOf({
    LICENSE: licence,
    'package.json': JSON.stringify(root),
    'packages/a-spot/package.json': JSON.stringify({ ...good, ...change }),
    'packages/a-spot/README.md': readme,
    'packages/a-spot/src/index.ts': source,
    ...files,
  });
  return [...packageShape.run(repository)].map(
    ({ file, expected }) => `${file.split('/').at(-1)}: ${expected}`,
  );
}

test('a package of the agreed shape passes', () => {
  expect(found({})).toEqual([]);
});

test.each<[string, Manifest, string]>([
  ['license', { license: 'MIT' }, '`license`: "Apache-2.0"'],
  ['engines', { engines: { node: '>=18' } }, '`engines.node`: ">=22"'],
  ['type', { type: undefined }, '`type`: "module"'],
  ['side effects', { sideEffects: undefined }, '`sideEffects`: false'],
  ['name', { name: '@venuekit/b' }, '`name`: "@venuekit/a-spot"'],
  ['description', { description: '' }, '`description`: a sentence'],
  ['keywords', { keywords: undefined }, '`keywords`: three or more'],
  ['files', { files: ['README.md'] }, '`files` with dist'],
  [
    'access',
    { publishConfig: { exports: object('publishConfig').exports } },
    '`publishConfig.access`: "public"',
  ],
  ['missing peer', { peerDependencies: {} }, '`peerDependencies["@venuekit/connector-core"]`: "workspace:^"'],
  ['missing dev', { devDependencies: {} }, '`devDependencies["@venuekit/connector-core"]`: "workspace:*"'],
  ['missing', { dependencies: {} }, '`dependencies["@venuekit/connector-kit"]`: "workspace:^"'],
])('%s', (_name, change, expected) => {
  expect(found(change)).toEqual([`package.json: ${expected}`]);
});

test('the core is never a plain dependency', () => {
  const dependencies = { ...object('dependencies'), '@venuekit/connector-core': 'workspace:^' };
  expect(found({ dependencies })).toEqual(['package.json: `dependencies["@venuekit/connector-core"]`: none']);
});

test('a package that is not published is a development dependency, which the build takes in', () => {
  const launcher = '@venuekit/tooling-launcher';
  const files = { 'packages/a-spot/src/program.ts': `import '${launcher}';\n` };
  const devDependencies = { ...object('devDependencies'), [launcher]: 'workspace:*' };
  expect(found({ devDependencies }, files)).toEqual([]);
  const dependencies = { ...object('dependencies'), [launcher]: 'workspace:^' };
  expect(found({ dependencies }, files)).toEqual([
    `package.json: \`dependencies["${launcher}"]\`: none`,
    `package.json: \`devDependencies["${launcher}"]\`: "workspace:*"`,
  ]);
});

test('published entries lead to the build, workspace entries to the sources as well', () => {
  const exports = { '.': './src/index.ts', './package.json': './package.json' };
  expect(found({ exports })[0]).toContain('`publishConfig.exports`');
  const leaking = { access: 'public', exports: good.exports };
  expect(found({ publishConfig: leaking })[0]).toContain('`publishConfig.exports`');
  const extra = { ...object('exports'), './book': { '@venuekit/source': './src/book.ts', ...built } };
  expect(found({ exports: extra })).toEqual([
    expect.stringContaining(
      '`exports["./book"]`: {"@venuekit/source":"./src/book.ts","types":"./dist/book.d.ts"',
    ),
    expect.stringContaining('to name a source file'),
    expect.stringContaining('`publishConfig.exports`'),
  ]);
});

test('the repository is that of the root, with a folder', () => {
  const repository = { type: 'git', url: 'git+https://example.test/venuekit.git' };
  expect(found({}, {}, { repository })[0]).toContain('"directory":"packages/a-spot"');
  expect(found({ repository: { ...repository, directory: 'packages/a-spot' } }, {}, { repository })).toEqual(
    [],
  );
});

test('a README has a title, a promise, and how to install and use the package', () => {
  const file = 'packages/a-spot/README.md';
  expect(found({}, { [file]: '# a\n\n- list\n\n## Usage\n' })).toEqual([
    'README.md: the title "# @venuekit/a-spot"',
    'README.md: a promise of one line under the title',
    'README.md: the sections Install, Example first',
  ]);
  expect(found({}, { [file]: readme + 'more\n\n'.repeat(100) })).toEqual(['README.md: at most 150 lines']);
});

test('the example is code, and what is installed is the package', () => {
  const file = 'packages/a-spot/README.md';
  expect(found({}, { [file]: readme.replace('use();\n', '').replace('```ts', '```sh') })).toEqual([
    'README.md: TypeScript under Example',
  ]);
  expect(found({}, { [file]: readme.replace('@venuekit/a-spot @', '@venuekit/a-spot-other @') })).toEqual([
    'README.md: `npm install` of the package under Install',
  ]);
});

test('the root has the text of the licence', () => {
  const expected = ['LICENSE: the text of the Apache License, Version 2.0'];
  expect(found({}, { LICENSE: 'MIT License' })).toEqual(expected);
  const without = repositoryOf({ 'packages/b/README.md': '' });
  expect([...packageShape.run(without)].map(({ file, got }) => `${file} ${got}`)).toEqual(['LICENSE none']);
});

function object(field: string): Manifest {
  return good[field] as Manifest;
}
