import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SeedRecord } from './messages.ts';
import { StateFile } from './state-file.ts';

const seeds = ['s-1', 's-2', 's-3'];
let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'soak-')), 'folder', 'state.jsonl');
});
afterEach(() => rmSync(join(path, '..', '..'), { recursive: true, force: true }));

function record(seed: string, hash = 'abc'): SeedRecord {
  return { seed, hash, steps: 1, virtualMs: 1, violations: [], counts: {}, ms: 1 };
}

function kept(): readonly string[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line).seed);
}

test('keeps every record at once, and puts them in the order of the seeds at the end', () => {
  const state = new StateFile(path, seeds, false);
  for (const seed of ['s-3', 's-1']) state.add(record(seed));
  expect(kept()).toEqual(['s-3', 's-1']);
  state.finish();
  expect(kept()).toEqual(['s-1', 's-3']);
});

test('goes on with what is there, but for a line that was not written to its end', () => {
  const state = new StateFile(path, seeds, false);
  for (const seed of ['s-2', 's-1']) state.add(record(seed));
  appendFileSync(path, '{"seed":"s-3","ha');
  const again = new StateFile(path, seeds, false);
  expect(again.known().map(({ seed }) => seed)).toEqual(['s-1', 's-2']);
  again.add(record('s-3'));
  expect(kept()).toEqual(seeds);
});

test('leaves records of other seeds where they are, and gives none of them out', () => {
  new StateFile(path, seeds, false).add(record('s-3'));
  const fewer = new StateFile(path, ['s-1'], false);
  expect(fewer.known()).toEqual([]);
  fewer.finish();
  expect(new StateFile(path, seeds, false).has('s-3')).toBe(true);
});

test('forgets everything when it starts afresh', () => {
  new StateFile(path, seeds, false).add(record('s-1'));
  expect(new StateFile(path, seeds, true).known()).toEqual([]);
  expect(kept()).toEqual([]);
});

test('does not keep a seed without a result', () => {
  const state = new StateFile(path, seeds, false);
  state.add(record('s-1', ''));
  state.finish();
  expect(state.known()).toHaveLength(1);
  expect(kept()).toEqual([]);
});
