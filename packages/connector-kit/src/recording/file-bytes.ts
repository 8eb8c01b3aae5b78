import { open } from 'node:fs/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { fileFault, recordingRefusal } from './recording-refusal.ts';

/** So little is taken at a time, since compressed bytes may become a thousand times as many. */
const chunkBytes = 32_768;

/** Told if a compressed file ends on the way. */
export type TornListener = () => void;

/**
 * The content of a file, piece by piece; what begins as gzip does is decompressed. A compressed file that was cut off gives all that
 * can be read of it.
 * @throws VenueError `invalid-options` if it cannot be read, naming the path.
 */
export async function* readFileBytes(path: string, onTorn: TornListener): AsyncGenerator<Uint8Array> {
  const pieces = readPieces(path);
  try {
    const first = await pieces.next();
    if (first.done === true) return;
    const all = chained(first.value, pieces);
    yield* isGzip(first.value) ? gunzip(all, onTorn) : all;
  } catch (cause) {
    throw recordingRefusal('readRecording', `expected a recording at ${path}: ${fileFault(cause)}`, cause);
  } finally {
    // A reader that stops early closes the file.
    await pieces.return(undefined);
  }
}

async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      // A buffer of its own each time: what was given out is still being read.
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* chained(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}

/** Each piece is done with before the next one is given, so that an end on the way takes nothing of what came before it. */
async function* gunzip(pieces: AsyncGenerator<Uint8Array>, onTorn: TornListener): AsyncGenerator<Uint8Array> {
  const stream = createGunzip();
  let output: Uint8Array[] = [];
  stream.on('data', (chunk: Uint8Array) => output.push(chunk));
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => {});
  try {
    for await (const piece of pieces) {
      await Promise.race([written(stream, piece), failed]);
      const ready = output;
      output = [];
      yield* ready;
    }
    if (await endsWell(stream, failed)) yield* output;
    else onTorn();
  } finally {
    stream.destroy();
  }
}

function written(stream: Gunzip, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(piece, () => resolve());
  });
}

/** False if more bytes had to come. */
async function endsWell(stream: Gunzip, failed: Promise<never>): Promise<boolean> {
  const ended = new Promise<void>((resolve) => stream.once('end', resolve));
  stream.end();
  try {
    await Promise.race([ended, failed]);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR') return false;
    throw error;
  }
}
