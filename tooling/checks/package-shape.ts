import type { Check, Problem, Repository } from './repository.ts';
import { isShipped, packageNames, resolveRelative, sourceFiles } from './source-files.ts';
import { importsOf } from './source-text.ts';

type Json = { readonly [key: string]: unknown };

const core = '@venuekit/connector-core';
/** How packages begin that only this repository has. */
const unpublished = '@venuekit/tooling-';
const sourceCondition = '@venuekit/source';

/** Every package is published in the same form, and its manifest says what its sources need. */
export const packageShape: Check = {
  name: 'package shape: manifests, exports, dependencies, READMEs and the licence',
  *run(repository) {
    yield* licence(repository);
    for (const name of packageNames(repository)) yield* new PackageCheck(repository, name).run();
  },
};

/** One text at the root; packing puts it into every tarball. */
function* licence(repository: Repository): Generator<Problem> {
  const text = repository.files.get('LICENSE');
  if (text !== undefined && /^\s*Apache License\s+Version 2\.0/.test(text)) return;
  const got = text === undefined ? 'none' : JSON.stringify(text.trim().slice(0, 60));
  yield { file: 'LICENSE', expected: 'the text of the Apache License, Version 2.0', got };
}

class PackageCheck {
  readonly #repository: Repository;
  readonly #name: string;
  readonly #folder: string;
  readonly #manifest: Json;

  constructor(repository: Repository, name: string) {
    this.#repository = repository;
    this.#name = name;
    this.#folder = `packages/${name}`;
    this.#manifest = manifestAt(repository, `${this.#folder}/package.json`);
  }

  *run(): Generator<Problem> {
    yield* this.#fields();
    yield* this.#exports();
    yield* this.#dependencies();
    yield* this.#readme();
  }

  *#fields(): Generator<Problem> {
    const { description, keywords, files, publishConfig } = this.#manifest;
    yield* this.#expect('name', this.#manifest.name, `@venuekit/${this.#name}`);
    yield* this.#expect('license', this.#manifest.license, 'Apache-2.0');
    yield* this.#expect('type', this.#manifest.type, 'module');
    yield* this.#expect('sideEffects', this.#manifest.sideEffects, false);
    yield* this.#expect('engines.node', object(this.#manifest.engines).node, '>=22');
    yield* this.#expect('publishConfig.access', object(publishConfig).access, 'public');
    yield* this.#expect('repository', this.#manifest.repository, this.#repositoryField());
    if (typeof description !== 'string' || description.length < 20) {
      yield this.#problem('`description`: a sentence', description);
    }
    if (!Array.isArray(keywords) || keywords.length < 3)
      yield this.#problem('`keywords`: three or more', keywords);
    for (const file of ['dist', 'README.md']) {
      if (!Array.isArray(files) || !files.includes(file))
        yield this.#problem(`\`files\` with ${file}`, files);
    }
  }

  /** What the root says, and the folder of this package; nothing as long as the root says nothing. */
  #repositoryField(): unknown {
    const { repository } = manifestAt(this.#repository, 'package.json');
    return repository === undefined ? undefined : { ...object(repository), directory: this.#folder };
  }

  *#exports(): Generator<Problem> {
    const exports = object(this.#manifest.exports);
    const published = object(object(this.#manifest.publishConfig).exports);
    const asPublished: Record<string, unknown> = {};
    for (const [subpath, target] of Object.entries(exports)) {
      const { [sourceCondition]: source, ...rest } = object(target);
      asPublished[subpath] = typeof target === 'string' ? target : rest;
      if (typeof target !== 'string') yield* this.#entry(subpath, target, source);
    }
    if (exports['.'] === undefined) yield this.#problem('`exports` with an entry "."', Object.keys(exports));
    yield* this.#expect('exports["./package.json"]', exports['./package.json'], './package.json');
    yield* this.#expect('publishConfig.exports', published, asPublished);
  }

  *#entry(subpath: string, target: unknown, source: unknown): Generator<Problem> {
    const path = typeof source === 'string' ? source : '';
    const built = path.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '');
    const expected = { [sourceCondition]: path, types: `${built}.d.ts`, default: `${built}.js` };
    yield* this.#expect(`exports["${subpath}"]`, target, expected);
    if (!this.#repository.files.has(resolveRelative(`${this.#folder}/package.json`, path))) {
      yield this.#problem(`exports["${subpath}"]["${sourceCondition}"] to name a source file`, source);
    }
  }

  *#dependencies(): Generator<Problem> {
    const { dependencies, peerDependencies, devDependencies } = this.#manifest;
    const used = this.#usedPackages();
    if (used.delete(core)) {
      yield* this.#expect(`peerDependencies["${core}"]`, object(peerDependencies)[core], 'workspace:^');
      yield* this.#expect(`devDependencies["${core}"]`, object(devDependencies)[core], 'workspace:*');
    }
    yield* this.#expect(`dependencies["${core}"]`, object(dependencies)[core], undefined);
    for (const name of used) {
      // What is not published is taken in by the build, which leaves out what users install.
      const isTakenIn = name.startsWith(unpublished);
      yield* this.#expect(
        `dependencies["${name}"]`,
        object(dependencies)[name],
        isTakenIn ? undefined : 'workspace:^',
      );
      if (isTakenIn)
        yield* this.#expect(`devDependencies["${name}"]`, object(devDependencies)[name], 'workspace:*');
    }
  }

  /** Packages of this repository that the published sources import. */
  #usedPackages(): Set<string> {
    const used = new Set<string>();
    for (const file of sourceFiles(this.#repository, 'packages')) {
      if (file.packageFolder !== this.#folder || !isShipped(file)) continue;
      for (const { specifier } of importsOf(file.text)) {
        const name = /^@venuekit\/[^/]+/.exec(specifier)?.[0];
        if (name !== undefined && name !== `@venuekit/${this.#name}`) used.add(name);
      }
    }
    return used;
  }

  *#readme(): Generator<Problem> {
    const path = `${this.#folder}/README.md`;
    const text = this.#repository.files.get(path);
    if (text === undefined) {
      yield { file: path, expected: 'a README', got: 'none' };
      return;
    }
    const [title = '', ...paragraphs] = text.split(/\n\s*\n/);
    const sections = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1] ?? '');
    const first = sections.slice(0, 2).join(', ');
    const lines = text.trimEnd().split('\n').length;
    if (title.trim() !== `# @venuekit/${this.#name}`) {
      yield { file: path, expected: `the title "# @venuekit/${this.#name}"`, got: title.slice(0, 60) };
    }
    if (!/^[A-Z`]/.test(paragraphs[0] ?? '')) {
      yield {
        file: path,
        expected: 'a promise of one line under the title',
        got: (paragraphs[0] ?? '').slice(0, 60),
      };
    }
    if (first !== 'Install, Example') {
      yield { file: path, expected: 'the sections Install, Example first', got: first };
    }
    const command = new RegExp(`npm install [^\\n]*@venuekit/${this.#name}(?![\\w-])`);
    yield* this.#section('Install', command, '`npm install` of the package under Install');
    yield* this.#section('Example', /```ts\n/, 'TypeScript under Example');
    if (lines > 150) yield { file: path, expected: 'at most 150 lines', got: `${lines}` };
  }

  /** The section `title` of the README, where there is one, holds what matches `pattern`. */
  *#section(title: string, pattern: RegExp, expected: string): Generator<Problem> {
    const file = `${this.#folder}/README.md`;
    const [, ...sections] = (this.#repository.files.get(file) ?? '').split(/^## /m);
    const section = sections.find((text) => text.startsWith(`${title}\n`));
    if (section === undefined || pattern.test(section)) return;
    yield { file, expected, got: JSON.stringify(section.slice(0, 60)) };
  }

  *#expect(field: string, got: unknown, expected: unknown): Generator<Problem> {
    if (JSON.stringify(got) === JSON.stringify(expected)) return;
    yield this.#problem(`\`${field}\`: ${JSON.stringify(expected) ?? 'none'}`, got);
  }

  #problem(expected: string, got: unknown): Problem {
    return { file: `${this.#folder}/package.json`, expected, got: JSON.stringify(got) ?? 'none' };
  }
}

function manifestAt(repository: Repository, path: string): Json {
  return object(JSON.parse(repository.files.get(path) ?? '{}'));
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
