import type { Check, Problem } from './repository.ts';
import { resolveRelative, type SourceFile, sourceFiles } from './source-files.ts';
import { type Import, importsOf } from './source-text.ts';

/** A model that a test compares with must not share code with what it judges, or one mistake hides in both. */
export const independentModels: Check = {
  name: 'independent models: test/models imports types only',
  *run(repository) {
    for (const folder of ['packages', 'apps']) {
      for (const file of sourceFiles(repository, folder)) {
        if (file.inside.startsWith('test/models/') && !file.inside.endsWith('.test.ts')) yield* check(file);
      }
    }
  },
};

function* check(file: SourceFile): Generator<Problem> {
  for (const found of importsOf(file.text)) {
    if (isIndependent(file, found)) continue;
    yield {
      file: `${file.path}:${found.line}`,
      expected: '`import type`, a neighbour in test/models, or a node: module',
      got: `an import of ${found.specifier} that stays at run time`,
    };
  }
}

function isIndependent(file: SourceFile, { specifier, typeOnly }: Import): boolean {
  if (typeOnly || specifier.startsWith('node:')) return true;
  if (!specifier.startsWith('.')) return false;
  return resolveRelative(file.path, specifier).startsWith(`${file.packageFolder}/test/models/`);
}
