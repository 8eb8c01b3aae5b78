import { orderEvidence, orderTransitions, venueErrorCodes } from '@venuekit/connector-core';
import { defaultAscendexOptions } from '@venuekit/exchange-simulator';
import { expect, test } from 'vitest';
import { contractTables } from './contract-tables.ts';
import { fillBlocks } from './generated-blocks.ts';
import { simulatorTables } from './simulator-tables.ts';

const tables = { words: () => 'one\ntwo' };
const page = (inside: string) =>
  `# Page\n\n<!-- generated: words -->\n${inside}<!-- end of words -->\n\nAfter.\n`;

test('a block is filled, whatever was in it, and the rest of the page stays', () => {
  const filled = page('\none\ntwo\n\n');
  for (const inside of ['', 'old\n', '\none\ntwo\n\n', '\none\n\n'])
    expect(fillBlocks(page(inside), tables)).toBe(filled);
});

test('a page that is up to date is left as it is, and one word changed by hand is not', () => {
  const filled = fillBlocks(page(''), tables);
  expect(fillBlocks(filled, tables)).toBe(filled);
  expect(fillBlocks(filled.replace('two', 'three'), tables)).not.toBe(filled.replace('two', 'three'));
});

test('a block without an end, and one that nobody knows, are refused', () => {
  expect(() => fillBlocks('<!-- generated: words -->\n', tables)).toThrow('expected an end');
  expect(() => fillBlocks(page('').replaceAll('words', 'verbs'), tables)).toThrow('got verbs');
  expect(() => fillBlocks(page('').replaceAll('words', 'constructor'), tables)).toThrow('got constructor');
});

test('the table of errors has every code', () => {
  const text = contractTables['error-codes']?.() ?? '';
  for (const code of Object.keys(venueErrorCodes)) expect(text).toContain(`| \`${code}\``);
});

test('the tables of the AscendEX dialect have every option and every limit once', () => {
  const { limits, ...options } = defaultAscendexOptions;
  const namesIn = (table: string): string[] =>
    [...(simulatorTables[table]?.() ?? '').matchAll(/^\| `(\w+)`/gm)].map((match) => match[1] ?? '');
  expect(namesIn('ascendex-options').sort()).toEqual(Object.keys(options).sort());
  expect(namesIn('ascendex-limits').sort()).toEqual(Object.keys(limits).sort());
});

test('every cell of the transition table is on the page once', () => {
  const sections = (contractTables['order-transitions']?.() ?? '').split('### ').slice(1);
  expect(sections.map((section) => section.split('`')[1])).toEqual(Object.keys(orderTransitions));
  for (const section of sections) {
    const body = section.slice(section.indexOf('\n'));
    for (const evidence of Object.keys(orderEvidence)) {
      const cells = body
        .split('\n')
        .flatMap((line) => (line.startsWith('| `') ? [line.split('`')[1]] : listed(line)));
      expect(
        cells.filter((cell) => cell === evidence),
        `${section.slice(0, 20)} ${evidence}`,
      ).toHaveLength(1);
    }
  }
});

/** The evidence in a line of a list. */
function listed(line: string): string[] {
  if (!/^(?:- |Changes nothing)/.test(line)) return [];
  const list = line.startsWith('- ') ? line.slice(0, line.lastIndexOf('`: ') + 1) : line;
  return [...list.matchAll(/`([a-z-]+)`/g)].map((match) => match[1] ?? '');
}
