import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const folder = new URL('./', import.meta.url);
const run = promisify(execFile);

async function outputOf(file: string): Promise<string> {
  const path = fileURLToPath(new URL(file, folder));
  const { stdout, stderr } = await run(process.execPath, ['--conditions=@venuekit/source', path], {
    timeout: 25_000,
  });
  expect(stderr).toBe('');
  return stdout;
}

/** Runs a block as a reader would: in a file of its own, from the root of the repository. */
async function outputOfCode(code: string): Promise<string> {
  const file = `block-${randomUUID()}.ts`;
  const path = fileURLToPath(new URL(file, folder));
  writeFileSync(path, code);
  try {
    return await outputOf(file);
  } finally {
    rmSync(path);
  }
}

test('01-live-book prints a book that moves', async () => {
  const lines = (await outputOf('01-live-book.ts')).trim().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(2);
  for (const line of lines) expect(line).toMatch(/^message \d+: bid \d+(\.\d+)? ask \d+(\.\d+)?$/);
});

test('02-trades-without-loss says where trades may be missing', async () => {
  const lines = (await outputOf('02-trades-without-loss.ts')).trim().split('\n');
  const kinds = lines.map((line) => line.split(' ')[0]);
  expect(kinds[0]).toBe('every');
  expect(kinds.indexOf('trades')).toBe(2);
  expect(kinds.filter((kind) => kind === 'buy' || kind === 'sell')).toHaveLength(3);
});

/** The TypeScript blocks of a document. */
function blocksOf(document: string): string[] {
  const text = readFileSync(new URL(document, folder), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code ?? '');
}

test.each([
  ['../packages/ascendex-wire/README.md', 2, /api\/pro\/v1\/cash\/balance/],
  ['../packages/connector-kit/README.md', 1, /live 9\.5[\s\S]*message 9 where 8 was due/],
  ['../packages/exchange-simulator/README.md', 2, /BTC\/USDT/],
])('the blocks of %s run', async (document, count, expected) => {
  const blocks = blocksOf(document);
  expect(blocks).toHaveLength(count);
  const outputs = await Promise.all(blocks.map((code) => outputOfCode(code)));
  expect(outputs.join('')).toMatch(expected);
});

test('every example has a test of its own here', () => {
  const tests = readFileSync(new URL(import.meta.url), 'utf8');
  const examples = readdirSync(folder).filter((file) => /^\d\d-.*\.ts$/.test(file));
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(tests).toContain(`'${example}'`);
});

test('the examples in documents are these files, line for line', () => {
  for (const [document, example] of [
    ['../README.md', '01-live-book.ts'],
    ['../packages/ascendex-spot/README.md', '02-trades-without-loss.ts'],
  ] as const) {
    const code = readFileSync(new URL(example, folder), 'utf8').replace(/^\/\*\*[\s\S]*?\*\/\n/, '');
    expect(readFileSync(new URL(document, folder), 'utf8'), document).toContain(`\`\`\`ts\n${code}\`\`\`\n`);
  }
});
