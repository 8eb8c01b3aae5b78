import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VenueError } from '@venuekit/connector-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createExchangeSimulator, loadReplay } from '../src/index.ts';
import { createFileRecorder } from '../src/recording/file-recorder.ts';
import { createRecorder } from '../src/recording/recorder.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { connectInMemory } from './memory-client.ts';
import { product } from './stream-stage.ts';

const market = { kind: 'synthetic', seed: 'file', pairs: 1 } as const;

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recorder-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('lines are in the file at once, after those that it had', async () => {
  const path = join(folder, 'a.txt');
  for (const [line, sofar] of [
    ['one ä', 'one ä\n'],
    ['two', 'one ä\ntwo\n'],
  ]) {
    const file = createFileRecorder(path);
    file.write(`${line}\n`);
    expect(await readFile(path, 'utf8')).toBe(sofar);
    await file.close();
  }
});

test('a line that was cut off is ended first', async () => {
  const path = join(folder, 'a.txt');
  await writeFile(path, 'whole\ncut o');
  const file = createFileRecorder(path);
  file.write('next\n');
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('whole\ncut o\nnext\n');
});

test('a simulator takes the file as it is, and whatever else has a method to write', async () => {
  const file = createFileRecorder(join(folder, 'a.txt'));
  class Lines {
    #all = '';
    write(text: string): void {
      this.#all += text;
    }
    get all(): string {
      return this.#all;
    }
  }
  const lines = new Lines();
  for (const record of [file, lines]) {
    const runtime = createHandMadeRuntime();
    const simulator = createExchangeSimulator({ market, runtime, record });
    connectInMemory(simulator).follow(['BTC/USDT']);
    runtime.pass(1_000);
    await (await simulator.fetch(new Request('http://v.test/api/pro/v1/ticker'))).text();
    // The recorder reads a copy of the answer by itself.
    const text = async (): Promise<string> =>
      record === lines ? lines.all : readFile(join(folder, 'a.txt'), 'utf8');
    while (!(await text()).includes('/api/pro/v1/ticker -> '))
      await new Promise((resolve) => setImmediate(resolve));
    simulator.close();
  }
  await file.close();
  expect(lines.all).toContain('depth-snapshot');
  expect(lines.all).toContain('wss://exchange-simulator.test/api/pro/v1/stream <-');
  expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe(lines.all);
});

test('what is private is written down by a simulator that is told to, also by a field of a class', () => {
  class Lines {
    readonly private: boolean;
    all = '';
    constructor(isPrivate: boolean) {
      this.private = isPrivate;
    }
    write(text: string): void {
      this.all += text;
    }
  }
  const told = [true, false].map((isPrivate) => {
    const record = new Lines(isPrivate);
    const simulator = createExchangeSimulator({ market, runtime: createHandMadeRuntime(), record });
    const client = connectInMemory(simulator);
    client.send({ op: 'req', action: 'open-order', args: { symbols: 'BTC/USDT' } });
    simulator.close();
    return record.all.includes('open-order');
  });
  expect(told).toEqual([true, false]);
});

test('after the close nothing is written, and it may be closed again', async () => {
  const path = join(folder, 'a.txt');
  const file = createFileRecorder(path);
  await file.close();
  file.write('late\n');
  await file.close();
  await appendFile(path, 'by another\n');
  expect(await readFile(path, 'utf8')).toBe('by another\n');
});

test('a recording that has its products itself is loaded without a file beside it; one that is named goes before', async () => {
  const path = join(folder, 'a.txt');
  await writeFile(path, 'https://venue.test/api/pro/v1/ticker -> 0.5: {"code":0,"data":[]}\n');
  const file = createFileRecorder(path);
  const streamUrl = 'wss://venue.test/api/pro/v1/stream';
  createRecorder({ ...file, clock: { now: () => 1 }, streamUrl, products: [product] });
  await file.close();
  expect((await loadReplay({ sessionFile: path })).products).toEqual([product]);
  await appendFile(path, 'https://venue.test/api/pro/v1/products -> 2: {"code":0,"data":[]}\n');
  expect((await loadReplay({ sessionFile: path })).products).toEqual([product]);
  const productsFile = join(folder, 'b.txt');
  await writeFile(productsFile, 'http://v/p -> 1: {"code":0,"data":[]}\n');
  expect((await loadReplay({ sessionFile: path, productsFile })).products).toEqual([]);
  await writeFile(path, 'https://venue.test/api/pro/v1/products -> 2: {"code":5}\n');
  await expect(loadReplay({ sessionFile: path })).rejects.toThrow(
    `${path}, https://venue.test/api/pro/v1/products: expected "code" to be 0, got 5`,
  );
});

test('a path that cannot be written is named', () => {
  const attempt = (path: string) => () => createFileRecorder(path);
  const missing = join(folder, 'no', 'a.txt');
  expect(attempt(missing)).toThrow(
    `createFileRecorder: expected a file that can be written at ${missing}: there is no such folder`,
  );
  expect(attempt(folder)).toThrow(`${folder}: that is a folder`);
  expect(attempt(missing)).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});

test.skipIf(!existsSync('/dev/full'))(
  'a full disk is told once, by name, and once more at the close',
  async () => {
    const failures: VenueError[] = [];
    const file = createFileRecorder('/dev/full', (failure) => failures.push(failure));
    expect(file.failure).toBeUndefined();
    file.write('one\n');
    file.write('two\n');
    const message = 'createFileRecorder: expected a file that can be written at /dev/full: the disk is full';
    expect(failures.map((failure) => failure.message)).toEqual([message]);
    expect(file.failure).toBe(failures[0]);
    expect(file.failure).toMatchObject({ code: 'invalid-options' });
    await expect(file.close()).rejects.toThrow(message);
    await expect(file.close()).rejects.toThrow(message);
  },
);

const source = new URL('../src/recording/file-recorder.ts', import.meta.url).href;
/** Writes lines of 300 bytes into a file that may have a kilobyte, and says how it went. */
const program = `
  import { createFileRecorder } from ${JSON.stringify(source)};
  const file = createFileRecorder(process.argv[1]);
  for (let line = 0; line < 5; line += 1) file.write(\`\${'x'.repeat(299)}\\n\`);
  await file.close().catch(({ message }) => process.stdout.write(message));
`;

test.skipIf(process.platform === 'win32')(
  'a line that fits only in part is taken away again: the file can be read',
  async () => {
    const path = join(folder, 'a.txt');
    const node = [
      process.execPath,
      '--conditions=@venuekit/source',
      '--input-type=module',
      '-e',
      program,
      path,
    ];
    const shell = `trap '' XFSZ; ulimit -f 1; exec "$@"`;
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    const { stdout, stderr } = spawnSync('bash', ['-c', shell, 'bash', ...node], { encoding: 'utf8', cwd });
    expect([stderr, stdout]).toEqual([
      '',
      `createFileRecorder: expected a file that can be written at ${path}: the file may not be longer`,
    ]);
    expect((await stat(path)).size).toBe(900);
  },
);
