import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { hashOf } from './source-hash.ts';

/**
 * Loaded with `--import` before everything else of a worker: notes which files it loads, and what is in them at that moment. A
 * mutant changes what is loaded, and not what is noted.
 */
const hashes = new Map<string, string>();

for (const own of ['./loaded-sources.ts', './source-hash.ts']) note(new URL(own, import.meta.url).href);

registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:') && !url.includes('/node_modules/')) note(url);
    return nextLoad(url, context);
  },
});

function note(url: string): void {
  const path = fileURLToPath(url.split('?')[0] ?? url);
  if (!hashes.has(path)) hashes.set(path, hashOf(path));
}

/** Hashes of the files that were loaded so far, by path. */
export function loadedSources(): Readonly<Record<string, string>> {
  return Object.fromEntries([...hashes].sort(([a], [b]) => (a < b ? -1 : 1)));
}
