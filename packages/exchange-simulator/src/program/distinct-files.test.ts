import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseCommand, type RunCommand } from './command-line.ts';
import { requireDistinctFiles } from './distinct-files.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'venuekit-distinct-'));
  writeFileSync(join(folder, 'input.txt'), 'text');
  symlinkSync(join(folder, 'input.txt'), join(folder, 'link.txt'));
  symlinkSync(folder, join(folder, 'same'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Looks at the files of a command line; a name in brackets is one in the folder of the test. */
function look(line: string): string {
  const args = line.replace(/\[(.*?)\]/g, (_all, name: string) => `${folder}/${name}`).split(' ');
  try {
    requireDistinctFiles(parseCommand(args) as RunCommand);
  } catch (error) {
    return (error as Error).message.replace(`${folder}/`, '');
  }
  return 'taken';
}

const names = ['input.txt', './input.txt', 'link.txt', 'same/input.txt', 'same/link.txt'];

test.each([
  ['--replay', '[input.txt]'],
  ['--products', '[input.txt] --replay /nowhere.txt'],
  ['--products', '[input.txt] --follow /nowhere.txt'],
  ['--follow', '[input.txt]'],
  ['--load', '[input.txt]'],
  ['--load', '/nowhere.csv --load ETH/USDT=[input.txt]'],
])('what %s reads is not written, by whatever name: %s', (reads, rest) => {
  for (const name of names)
    for (const writes of ['--truth', '--record'])
      expect(look(`${reads} ${rest} ${writes} [${name}]`)).toBe(
        `${writes}: expected another file than that of ${reads}, got ${name}`,
      );
  expect(look(`${reads} ${rest} --truth [a.txt] --record [b.txt]`)).toBe('taken');
});

test('a recording and the truth are two files, there already or not', () => {
  const refusal = '--truth: expected another file than that of --record, got';
  for (const name of names) expect(look(`--record [input.txt] --truth [${name}]`)).toBe(`${refusal} ${name}`);
  for (const name of ['new.txt', './new.txt', 'same/new.txt'])
    expect(look(`--record [new.txt] --truth [${name}]`)).toBe(`${refusal} ${name}`);
  expect(look('--record [new.txt] --truth [same/other.txt]')).toBe('taken');
});

test('what takes everything and keeps nothing may take both', () => {
  expect(look(`--record ${devNull} --truth ${devNull}`)).toBe('taken');
});

test('a folder that is not there has two files as well', () => {
  expect(look('--record [no/a.txt] --truth [no/b.txt]')).toBe('taken');
  expect(look('--record [no/a.txt] --truth [no/../no/a.txt]')).toMatch(/another file than that of --record/);
});
