import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../src/dialect/ascendex/', import.meta.url));
const index = readFileSync(new URL('../src/index.ts', import.meta.url), 'utf8');

/** Names that the package exports from a file; `undefined` if it exports all of them. */
function exportedNames(file: string): readonly string[] | undefined {
  for (const [, names = '', path] of index.matchAll(/export (?:type )?(\*|\{[^}]*\}) from '\.\/(.+?)'/g)) {
    if (path === file) return names === '*' ? undefined : (names.match(/\w+/g) ?? []);
  }
  return [];
}

test('the AscendEX dialect uses nothing but what the package exports to those who write dialects', () => {
  const strange: string[] = [];
  let imports = 0;
  for (const file of readdirSync(folder).filter((name) => !name.endsWith('.test.ts'))) {
    const text = readFileSync(`${folder}${file}`, 'utf8');
    for (const [, names = '', path = ''] of text.matchAll(
      /import (?:type )?\{([^}]*)\} from '(\.\.\/.+?)'/g,
    )) {
      const target = new URL(path, `file:///src/dialect/ascendex/${file}`).pathname.slice('/src/'.length);
      const allowed = exportedNames(target);
      for (const name of names.match(/\w+/g) ?? []) {
        imports += 1;
        if (name !== 'type' && allowed?.includes(name) === false)
          strange.push(`${file}: ${name} of ${target}`);
      }
    }
  }
  expect(imports).toBeGreaterThan(50);
  expect(strange).toEqual([]);
});
