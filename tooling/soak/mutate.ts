import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadLists, named } from './lists.ts';
import type { Mutant } from './mutants.ts';
import { repositoryRoot } from './repository-root.ts';
import { SoakError } from './soak-error.ts';

/**
 * Loaded with `--import` before everything else: puts the mutant that `VENUEKIT_MUTANT` names into its source file while that
 * file loads. The file on the disk is not touched.
 */
const { VENUEKIT_MUTANT: name = '', VENUEKIT_MUTANT_LIST: list } = process.env;
const mutant = named('VENUEKIT_MUTANT', (await loadLists(list)).mutants, name);
const file = resolve(repositoryRoot, mutant.file);
const url = pathToFileURL(file).href;
let applied = false;

// Now, and not only when the file is imported: a mutant that no longer fits is found at once.
mutated(mutant, readFileSync(file, 'utf8'));

registerHooks({
  load(loadedUrl, context, nextLoad) {
    const loaded = nextLoad(loadedUrl, context);
    if (loadedUrl.split('?')[0] !== url) return loaded;
    applied = true;
    return { ...loaded, source: mutated(mutant, textOf(loaded.source)) };
  },
});

process.on('exit', (code) => {
  if (applied || code !== 0) return;
  process.stderr.write(`mutant ${mutant.name}: expected ${mutant.file} to be loaded, got no import of it\n`);
  process.exitCode = 2;
});

function mutated({ find, name: mutantName, replace, file: path }: Mutant, source: string): string {
  const pieces = source.split(find);
  if (pieces.length !== 2) {
    const got = `${pieces.length - 1} times`;
    throw new SoakError(`mutant ${mutantName}: expected its text once in ${path}, got it ${got}: ${find}`);
  }
  return pieces.join(replace);
}

function textOf(source: unknown): string {
  if (typeof source === 'string') return source;
  return Buffer.from(source as Uint8Array).toString('utf8');
}
