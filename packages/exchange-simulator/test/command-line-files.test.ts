import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from '@venuekit/tooling-vitest/child';
import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { afterEach, beforeEach, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const old = 'what was there before\n';
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'venuekit-files-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A file in the folder of the test. */
function fileWith(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What a run that is refused says. */
async function refusalOf(...args: readonly string[]): Promise<string> {
  await using run = new Child(process.execPath, [main, '--json', ...args]);
  expect(await run.end).toEqual({ code: 2, signal: null });
  expect(run.stdout).toBe('');
  return run.stderr;
}

test.each([
  ['a file that is not there', ['--load', '/nowhere.csv'], /--load: expected a file of bars/],
  ['a folder that is not there', ['--record', '/nowhere/a.txt'], /--record: expected a file that can be/],
  ['a fault of nothing', ['--fault', 'gap@1:NO/PAIR'], /a symbol that has a market here/],
])('a run that ends at %s has touched no file', async (_what, args, message) => {
  const truth = fileWith('truth.jsonl', old);
  expect(await refusalOf('--truth', truth, ...args)).toMatch(message);
  expect(readFileSync(truth, 'utf8')).toBe(old);
});

test('a run whose port is taken, perhaps by one that writes to the same files, has touched neither', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const truth = fileWith('truth.jsonl', old);
  const files = ['--truth', truth, '--record', join(folder, 'session.txt')];
  expect(await refusalOf(...files, '--port', String(port))).toMatch(/the port is in use/);
  other.close();
  expect(readFileSync(truth, 'utf8')).toBe(old);
  expect(readdirSync(folder)).toEqual(['truth.jsonl']);
});

test('a file that cannot be written is told when everything else is well', async () => {
  const session = join(folder, 'session.txt');
  expect(await refusalOf('--record', session, '--truth', folder)).toBe(
    `exchange-simulator: --truth: expected a file that can be written at ${folder}: that is a folder\n`,
  );
});

test('a recording that is played is not written over', async () => {
  const recording = readFileSync(syntheticSession.sessionFile, 'utf8');
  const session = fileWith('a.txt', recording);
  expect(await refusalOf('--replay', session, '--truth', session)).toBe(
    `exchange-simulator: --truth: expected another file than that of --replay, got ${session}\n`,
  );
  expect(readFileSync(session, 'utf8')).toBe(recording);
});
