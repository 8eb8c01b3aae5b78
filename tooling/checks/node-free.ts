import { builtinModules } from 'node:module';
import type { Check, Problem, Repository } from './repository.ts';
import { isShipped, resolveRelative, sourceFiles } from './source-files.ts';
import { importsOf } from './source-text.ts';

/** Entries that must load in a browser too. What they load in turn is followed inside their package. */
const entries = ['packages/connector-kit/src/index.ts'];
/** Packages of which every file must load in a browser. */
const folders = ['packages/connector-core', 'packages/rate-limiter'];
/** Packages from elsewhere that load node: modules themselves. */
const nodePackages = new Set(['ws', '@hono/node-server']);

/** The contract, the limiter and the kit's root load no node: module. */
export const nodeFree: Check = {
  name: 'node-free: connector-core, rate-limiter and the root of connector-kit load no node: module',
  *run(repository) {
    const start = [...entries];
    for (const file of sourceFiles(repository, 'packages')) {
      if (folders.includes(file.packageFolder) && isShipped(file)) start.push(file.path);
    }
    for (const path of closure(repository, start)) yield* check(path, repository.files.get(path) ?? '');
  },
};

function closure(repository: Repository, start: readonly string[]): ReadonlySet<string> {
  const reached = new Set(start.filter((path) => repository.files.has(path)));
  for (const path of reached) {
    for (const { specifier, typeOnly } of importsOf(repository.files.get(path) ?? '')) {
      const target = resolveRelative(path, specifier);
      if (!typeOnly && specifier.startsWith('.') && repository.files.has(target)) reached.add(target);
    }
  }
  return reached;
}

function* check(path: string, text: string): Generator<Problem> {
  for (const { specifier, typeOnly, line } of importsOf(text)) {
    if (typeOnly) continue;
    if (specifier.startsWith('node:') || builtinModules.includes(specifier) || nodePackages.has(specifier)) {
      yield { file: `${path}:${line}`, expected: 'no module that needs Node', got: specifier };
    }
  }
}
