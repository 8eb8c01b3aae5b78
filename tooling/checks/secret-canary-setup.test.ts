import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const folderOfPreset = fileURLToPath(new URL('../vitest/', import.meta.url));
const command = join(folderOfPreset, 'node_modules/vitest/vitest.mjs');

/** A project like any other of this repository, whose tests write what they should not. */
const config = `
import { packageProject } from '${pathToFileURL(join(folderOfPreset, 'index.ts')).href}';

const project = packageProject('leaks', ['*.test.ts']);
export default { ...project, test: { ...project.test, globals: true } };
`;
const tests = `
import { canaryCredentials } from '${join(folderOfPreset, 'secret-canary.ts')}';

const { apiKey, secret } = canaryCredentials;
test('silent', () => console.log('nothing of it', { digits: secret.length }));
test('console', () => console.log('connecting', { secret }));
test('silent after one that was not', () => {});
test('cause', () => console.error(new Error('refused', { cause: new Error(secret) })));
test('stdout', () => void process.stdout.write(secret));
test('stderr in pieces', () => {
  for (const piece of secret.match(/.{8}/g)) process.stderr.write(piece);
});
test('key in base64', async () => {
  await Promise.resolve();
  console.warn(Buffer.from(apiKey).toString('base64'));
});
`;

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

function runVitest(folder: string): Promise<Results> {
  const outputFile = join(folder, 'results.json');
  const options = [
    'run',
    '--root',
    folder,
    '--configLoader=native',
    '--reporter=json',
    `--outputFile=${outputFile}`,
  ];
  // What the outer run told its workers about themselves must not reach the inner one.
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'));
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [command, ...options],
      { env: Object.fromEntries(kept) },
      (error, _out, stderr) => {
        try {
          resolve(JSON.parse(readFileSync(outputFile, 'utf8')) as Results);
        } catch {
          reject(new Error(`expected results from vitest, got ${error?.message} ${stderr}`));
        }
      },
    );
  });
}

test('a test that lets the canary out fails in every project, and its neighbours do not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'venuekit-canary-'));
  try {
    writeFileSync(join(folder, 'vitest.config.ts'), config);
    writeFileSync(join(folder, 'leaks.test.ts'), tests);
    const { testResults } = await runVitest(folder);
    const found = testResults.flatMap(({ assertionResults }) => assertionResults);
    const outcomes = found.map(({ title, status, failureMessages }) => {
      const [, leak = ''] = /got (.*?)(?:, in .*)?$/m.exec(failureMessages[0] ?? '') ?? [];
      return [title, status, leak];
    });
    expect(outcomes).toEqual([
      ['silent', 'passed', ''],
      ['console', 'failed', 'console.log: secret as text'],
      ['silent after one that was not', 'passed', ''],
      ['cause', 'failed', 'console.error: secret as text'],
      ['stdout', 'failed', 'stdout: secret as text'],
      ['stderr in pieces', 'failed', 'stderr: secret as text; stderr: secret as text'],
      ['key in base64', 'failed', 'console.warn: apiKey as base64'],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
