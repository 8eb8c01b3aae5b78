import type { Check, Problem, Repository } from './repository.ts';
import { isTestFile, packageNames, resolveRelative, type SourceFile, sourceFiles } from './source-files.ts';
import { importsOf } from './source-text.ts';

const scope = '@venuekit/';

/** What each venue-neutral package may import. */
const neutral: Readonly<Record<string, readonly string[]>> = {
  'connector-core': [],
  'rate-limiter': [],
  'connector-kit': ['connector-core', 'rate-limiter'],
  'paper-trade': ['connector-core', 'connector-kit'],
  // The launcher is not published: builds take it in.
  'exchange-simulator': ['connector-core', 'tooling-launcher'],
  'connector-testkit': ['connector-core', 'connector-kit'],
};

/** What the package `name` may import; `undefined` if the table of layers does not know it. */
export function allowedImports(name: string): readonly string[] | undefined {
  if (Object.hasOwn(neutral, name)) return neutral[name];
  const [, venue, part] = /^(.+)-(wire|spot|candles)$/.exec(name) ?? [];
  if (venue === undefined) return undefined;
  return part === 'wire' ? ['connector-core'] : ['connector-core', 'connector-kit', `${venue}-wire`];
}

/** Imports go down only, and tests import nothing that is not declared. */
export const layers: Check = {
  name: 'layers: imports go down only',
  *run(repository) {
    for (const name of packageNames(repository)) yield* checkPackage(name);
    for (const file of sourceFiles(repository, 'packages')) yield* checkFile(repository, file);
    for (const file of sourceFiles(repository, 'apps')) yield* leavingImports(file);
  },
};

function* checkPackage(name: string): Generator<Problem> {
  if (allowedImports(name) !== undefined) return;
  yield {
    file: `packages/${name}`,
    expected:
      'a package that the table in tooling/checks/layers.ts knows, or a name that ends in -wire, -spot or -candles',
    got: name,
  };
}

function* checkFile(repository: Repository, file: SourceFile): Generator<Problem> {
  yield* leavingImports(file);
  const name = file.packageFolder.slice('packages/'.length);
  const test = isTestFile(file.inside);
  const declared = test ? declaredDependencies(repository, file.packageFolder) : [];
  const allowed = file.inside.startsWith('src/') || test ? (allowedImports(name) ?? []) : undefined;
  for (const { specifier, line } of importsOf(file.text)) {
    const target = packageOf(specifier);
    if (target === undefined || target === name || allowed === undefined) continue;
    if (allowed.includes(target) || declared.includes(scope + target)) continue;
    const own = allowed.length === 0 ? 'no package of this repository' : allowed.join(', ');
    yield {
      file: `${file.path}:${line}`,
      expected: test ? `an import of ${own}, or of a declared dependency` : `${name} to import ${own}`,
      got: specifier,
    };
  }
}

function* leavingImports(file: SourceFile): Generator<Problem> {
  for (const { specifier, line } of importsOf(file.text)) {
    if (!specifier.startsWith('.')) continue;
    const target = resolveRelative(file.path, specifier);
    if (target.startsWith(`${file.packageFolder}/`)) continue;
    yield {
      file: `${file.path}:${line}`,
      expected: `relative imports to stay in ${file.packageFolder}; other packages are imported by name`,
      got: specifier,
    };
  }
}

function packageOf(specifier: string): string | undefined {
  return specifier.startsWith(scope) ? specifier.slice(scope.length).split('/')[0] : undefined;
}

function declaredDependencies(repository: Repository, folder: string): readonly string[] {
  const manifest = JSON.parse(repository.files.get(`${folder}/package.json`) ?? '{}') as Record<
    string,
    object
  >;
  return ['dependencies', 'peerDependencies', 'devDependencies'].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
}
