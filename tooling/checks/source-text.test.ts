import { expect, test } from 'vitest';
import { importsOf, lineOf, scan } from './source-text.ts';

function words(source: string): readonly string[] {
  return scan(source).code.match(/[A-Za-z]+/g) ?? [];
}

test('comments, strings, templates and regular expressions are blanked; lines stay', () => {
  const source = [
    '#!/usr/bin/env node',
    '// comment fetch(',
    '/* block',
    ' setTimeout */ keep();',
    "const a = 'it\\'s console.log' + \"new Date\";",
    'const b = `Date.now() ${inner(`deep ${deeper} text`)} more`;',
    'const c = /["\'`/*]/.test(d) ? 1 / 2 : e / f;',
    'return /fetch[/]"/g;',
    'const g = `${ { h: 1 }.h } fetch`;',
    'last();',
  ].join('\n');
  const { code } = scan(source);
  expect(code.length).toBe(source.length);
  expect(code.split('\n').length).toBe(source.split('\n').length);
  expect(words(source)).toEqual(
    'keep const a const b inner deeper const c test d e f return g const g h h last'.split(' '),
  );
  expect(lineOf(code, code.indexOf('last'))).toBe(10);
});

test('imports of every form are found, with what is erased', () => {
  const source = [
    "import { a } from './a.ts';",
    "import type { B } from './b.ts';",
    "import { type C } from './c.ts';",
    "import './d.ts';",
    "export * from './e.ts';",
    "export type { F } from './f.ts';",
    'import {',
    '  g,',
    "} from './g.ts';",
    "export const late = () => import('./h.ts');",
    "import type from './i.ts';",
    "// import './comment.ts';",
    'const text = "import \'./string.ts\'";',
    "export function not(a: 'from') { return a; }",
    "const url = import.meta.resolve('./not.ts');",
  ].join('\n');
  expect(
    importsOf(source).map(({ specifier, typeOnly }) => `${typeOnly ? 'type ' : ''}${specifier}`),
  ).toEqual([
    './a.ts',
    'type ./b.ts',
    './c.ts',
    './d.ts',
    './e.ts',
    'type ./f.ts',
    './g.ts',
    './h.ts',
    './i.ts',
  ]);
  expect(importsOf(source).find(({ specifier }) => specifier === './g.ts')?.line).toBe(7);
});
