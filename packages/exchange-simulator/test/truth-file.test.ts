import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTruthFile } from '../src/truth/truth-file.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truth-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('every entry is a line of JSON, digit for digit', async () => {
  const path = join(folder, 'truth.jsonl');
  const file = createTruthFile(path);
  const common = {
    kind: 'book',
    symbol: 'A/B',
    timeMs: 1,
    bids: [['1', '2']],
    asks: [],
    whole: false,
  } as const;
  for (let at = 0n; at < 5_000n; at += 1n) file.sink({ ...common, seqnum: 144_115_188_075_857_025n + at });
  await file.close();
  file.sink({ kind: 'stream', event: 'closed', timeMs: 2 });
  await file.close();
  const lines = (await readFile(path, 'utf8')).split('\n');
  expect(lines.length).toBe(5_001);
  expect(lines.at(-1)).toBe('');
  expect(JSON.parse(lines[4_999] ?? '')).toEqual({ ...common, seqnum: '144115188075862024' });
});

test('an entry is in the file at once: nothing piles up, and nothing is lost with the process', async () => {
  const path = join(folder, 'truth.jsonl');
  writeFileSync(path, 'of a run before\n');
  const file = createTruthFile(path);
  expect(readFileSync(path, 'utf8')).toBe('');
  for (let time = 1; time <= 3; time += 1) {
    file.sink({ kind: 'stream', event: 'closed', timeMs: time });
    expect(readFileSync(path, 'utf8').split('\n').length).toBe(time + 1);
  }
  await file.close();
});

test('a file that cannot be is refused at once', () => {
  expect(() => createTruthFile(join(folder, 'no', 'such', 'folder'))).toThrow(
    expect.objectContaining({
      code: 'invalid-options',
      message: expect.stringContaining('no/such/folder') as unknown,
    }),
  );
});

test.skipIf(!existsSync('/dev/full'))(
  'a disk that is full shows on close, and never while something happens',
  async () => {
    const file = createTruthFile('/dev/full');
    for (let time = 0; time < 100; time += 1) file.sink({ kind: 'stream', event: 'closed', timeMs: time });
    await expect(file.close()).rejects.toMatchObject({ code: 'invalid-options' });
    await expect(file.close()).rejects.toMatchObject({ code: 'invalid-options' });
  },
);
