import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { VenueError } from '@venuekit/connector-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRecordingFile, type ReadItem, readRecording } from '../src/recording/index.ts';
import { createManualRuntime } from '../src/testing/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'venuekit-recording-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Files that this process has open, where the system says so. */
function openFiles(): string[] {
  const links = '/proc/self/fd';
  if (!existsSync(links)) return [];
  const linkOf = (name: string): string => {
    try {
      return readlinkSync(join(links, name));
    } catch {
      return '';
    }
  };
  return readdirSync(links).map(linkOf);
}

const frames = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${1_700_000_000 + at}: {"m":"depth","n":${at}}\n`);

async function read(path: string): Promise<ReadItem[]> {
  const items: ReadItem[] = [];
  for await (const item of readRecording(path)) items.push(item);
  return items;
}

describe.each(['session.txt', 'session.txt.gz'])('%s', (name) => {
  const path = () => join(folder, name);

  test('gives what was written, once it is closed', async () => {
    const runtime = createManualRuntime();
    const file = createRecordingFile(path(), runtime);
    for (const line of frames(5_000)) file.write(line);
    await file.close();
    await file.close();
    file.write('nothing is written behind the end\n');
    expect(runtime.waiting).toEqual([]);
    const items = await read(path());
    expect(items).toHaveLength(5_000);
    expect(items.at(-1)).toEqual({
      kind: 'received',
      time: '1700004999',
      text: '{"m":"depth","n":4999}',
    });
  });

  test('hands lines over after a second, and none is lost to what reads then', async () => {
    const runtime = createManualRuntime();
    const file = createRecordingFile(path(), runtime);
    for (const line of frames(3)) file.write(line);
    await runtime.advance(999);
    expect((await stat(path())).size).toBe(0);
    await runtime.advance(1);
    await vi.waitFor(async () => expect((await stat(path())).size).toBeGreaterThan(0));
    const kinds = (await read(path())).map(({ kind }) => kind);
    // A compressed file shows that its writer has not ended it.
    const end = name.endsWith('.gz') ? ['torn'] : [];
    expect(kinds).toEqual(['received', 'received', 'received', ...end]);
    await file.close();
    expect((await read(path())).map(({ kind }) => kind)).toEqual(['received', 'received', 'received']);
  });

  test('hands lines over when there are many, without waiting for the second', async () => {
    const file = createRecordingFile(path(), createManualRuntime());
    const many = frames(4_000);
    for (const line of many) file.write(line);
    await vi.waitFor(async () => expect((await stat(path())).size).toBeGreaterThan(0));
    const given = (await read(path())).filter(({ kind }) => kind === 'received');
    expect(many.slice(given.length).join('').length).toBeLessThan(2 * 65_536);
    await file.close();
  });

  test('takes no more lines than may wait, says so, and keeps those before', async () => {
    const failures: VenueError[] = [];
    const onFailure = (failure: VenueError): void => void failures.push(failure);
    const { timers } = createManualRuntime();
    const file = createRecordingFile(path(), { timers, onFailure, maxWaitingBytes: 1_000 });
    const many = frames(100);
    for (const line of many) file.write(line);
    expect(failures).toEqual([expect.objectContaining({ code: 'slow-consumer' })]);
    expect(failures[0]?.message).toContain(`${path()}, got more than 1000 bytes`);
    expect(file.failure).toBe(failures[0]);
    await expect(file.close()).rejects.toBe(failures[0]);
    const taken = many.slice(0, (await read(path())).length);
    expect(taken.join('').length).toBeLessThanOrEqual(1_000);
    expect(many.slice(0, taken.length + 1).join('').length).toBeGreaterThan(1_000);
  });

  test('never overwrites a file', async () => {
    await writeFile(path(), 'somebody else’s');
    const make = () => createRecordingFile(path(), createManualRuntime());
    expect(make).toThrow(
      expect.objectContaining({
        code: 'invalid-options',
        message: expect.stringContaining(`${path()}: there is one already`),
      }),
    );
    expect(await readFile(path(), 'utf8')).toBe('somebody else’s');
  });

  test('of a process that is killed gives all but what it wrote within the last second', async () => {
    const child = runProgram(path());
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      // The first lines have been waiting for longer than a second then.
      if (/^1500$/m.test(told)) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const whole = (await read(path())).filter(({ kind }) => kind === 'received');
    expect(whole.length).toBeGreaterThan(100);
    expect(whole).toEqual(whole.map((_, at) => numbered(at)));
  });

  test('on a disk that is full says so, and can be read up to there', async () => {
    const blocks = name.endsWith('.gz') ? 24 : 100;
    const child = runProgram(path(), `trap '' XFSZ; ulimit -f ${blocks};`);
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    await once(child, 'close');
    expect(told).toContain(`expected a new file that can be written at ${path()}: it would be too long`);
    const items = await read(path());
    const whole = items.filter(({ kind }) => kind === 'received');
    expect(whole.length).toBeGreaterThan(100);
    expect(whole).toEqual(whole.map((_, at) => numbered(at)));
    expect(items.length - whole.length).toBe(name.endsWith('.gz') ? 1 : 0);
  });
});

test.each(['full.txt', 'full.txt.gz'])('%s has no line behind one that did not fit', async (name) => {
  const path = join(folder, name);
  await once(runProgram(path, "trap '' XFSZ; ulimit -f 24;", 'at-once'), 'close');
  expect((await read(path)).filter(({ kind }) => kind !== 'torn')).toEqual([]);
});

/** Starts a process that records numbered lines, after what a shell does first. */
function runProgram(path: string, before = '', how = ''): ChildProcessByStdio<null, Readable, null> {
  const program = fileURLToPath(new URL('recording-program.ts', import.meta.url));
  const command = `${before} exec '${process.execPath}' '${program}' '${path}' ${how}`;
  return spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
}

function numbered(at: number): ReadItem {
  return { kind: 'received', time: `${1_700_000_000 + at}`, text: `{"n":"${'x'.repeat(at % 7)}${at ** 3}"}` };
}

test('a folder that is not there is an error at once', () => {
  const path = join(folder, 'none', 'session.txt');
  expect(() => createRecordingFile(path, createManualRuntime())).toThrow(`${path}: there is no such`);
});

describe('a file that was cut off', () => {
  test('at any byte gives the items before it, and says so unless a line has just ended', async () => {
    const lines = frames(40);
    const bytes = Buffer.from(lines.join(''));
    for (const isCompressed of [true, false]) {
      const all = isCompressed ? gzipSync(bytes) : bytes;
      const path = join(folder, `cut-${isCompressed}`);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 2, max: all.length - 1 }), async (length) => {
          await writeFile(path, all.subarray(0, length));
          const items = await read(path);
          const whole = items.filter(({ kind }) => kind === 'received');
          expect(whole).toEqual((await itemsOf(lines)).slice(0, whole.length));
          const isLineEnd = !isCompressed && all[length - 1] === 0x0a;
          expect(items.map(({ kind }) => kind).includes('torn')).toBe(!isLineEnd);
          if (!isLineEnd) expect(items.at(-1)).toMatchObject({ kind: 'torn', line: whole.length + 1 });
          if (!isCompressed)
            expect(whole).toHaveLength(all.subarray(0, length).toString().split('\n').length - 1);
        }),
      );
    }
  });

  async function itemsOf(lines: readonly string[]): Promise<ReadItem[]> {
    const path = join(folder, 'whole.txt');
    await writeFile(path, lines.join(''));
    return read(path);
  }
});

describe('a file', () => {
  test.each([
    ['1: {}\nhello\n', 'line 2: expected a frame as'],
    ['\n1.5: {}\n1.4: {}\n', 'line 3: expected a received frame not before 1.5, got 1.4'],
    ['2: {}\nwss://a <x> 1: cut\n', 'line 2: expected an end not before 2, got 1'],
    [Buffer.from([0x31, 0x3a, 0x20, 0xff, 0x0a]), 'line 1: expected UTF-8, got other bytes'],
  ])('with a bad line names it: %j', async (content, message) => {
    const path = join(folder, 'bad.txt');
    await writeFile(path, content);
    await expect(read(path)).rejects.toMatchObject({
      code: 'invalid-options',
      message: expect.stringContaining(`${path}, ${message}`),
    });
  });

  test('that is not there, or is a folder, is an error with the path', async () => {
    await expect(read(join(folder, 'none'))).rejects.toThrow(`${folder}/none: there is no such file`);
    await expect(read(folder)).rejects.toThrow(`${folder}: it is a folder`);
  });

  test('with broken compression is an error', async () => {
    const path = join(folder, 'broken.gz');
    const bytes = gzipSync(frames(1_000).join(''));
    bytes.fill(0xff, 200, 220);
    await writeFile(path, bytes);
    await expect(read(path)).rejects.toMatchObject({ code: 'invalid-options' });
  });

  test('may have a byte order mark, carriage returns, blank lines and notes', async () => {
    const path = join(folder, 'odd.txt');
    await writeFile(
      path,
      '\uFEFF1: {"a":"\u2028"}\r\n\r\nconfiguration: x\nwss://a <-> 0.5\n0.25: {}\n'.replace('0.25', '2'),
    );
    expect(await read(path)).toEqual([
      { kind: 'received', time: '1', text: '{"a":"\u2028"}' },
      { kind: 'connect', url: 'wss://a', time: '0.5' },
      { kind: 'received', time: '2', text: '{}' },
    ]);
  });

  test('whose checksum is wrong is an error', async () => {
    const path = join(folder, 'wrong.gz');
    const bytes = gzipSync('1: {}\n');
    bytes[bytes.length - 8]! ^= 1;
    await writeFile(path, bytes);
    await expect(read(path)).rejects.toMatchObject({ code: 'invalid-options' });
  });

  test('without any line feed is not taken in as a whole', async () => {
    const path = join(folder, 'endless.gz');
    await writeFile(path, gzipSync(Buffer.alloc(66 * 1024 * 1024, 'x'), { level: 1 }));
    await expect(read(path)).rejects.toThrow(`${path}, line 1: expected at most 67108864 bytes, got 67`);
  });

  test('made of two compressed ones is read to the end', async () => {
    const path = join(folder, 'two.gz');
    await writeFile(path, gzipSync('1: {}\n'));
    await appendFile(path, gzipSync('2: {}\n'));
    expect(await read(path)).toHaveLength(2);
  });

  test('is read anew by each loop, and can be left on the way', async () => {
    const path = join(folder, 'long.txt');
    await writeFile(path, frames(10_000).join(''));
    const recording = readRecording(path);
    for (let round = 0; round < 3; round += 1) {
      for await (const item of recording) {
        expect(item).toMatchObject({ time: '1700000000' });
        break;
      }
    }
    expect(openFiles()).not.toContain(path);
  });
});
