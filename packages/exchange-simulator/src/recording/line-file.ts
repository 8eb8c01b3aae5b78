import { closeSync, fstatSync, fsync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { VenueError } from '@venuekit/connector-core';
import { whyUnwritable } from './unwritable-file.ts';

/** A file that takes lines, such as those of a recording. */
export interface LineFile {
  /** Why it takes no more lines; `undefined` while it does. */
  readonly failure: VenueError | undefined;
  /**
   * Adds whole lines at the end. The system has them when this returns, so that nothing piles up in memory and nothing is lost with
   * the process. Never throws: after a failure, and after the close, it does nothing.
   */
  write(text: string): void;
  /**
   * Waits until everything is on the disk, and closes the file. Doing it again gives the same.
   * @throws VenueError `invalid-options` if a line could not be written; it names the path.
   */
  close(): Promise<void>;
}

/** Which file takes lines, and how. */
export interface LineFileOptions {
  readonly path: string;
  /** What becomes of the lines that are there already: new ones come behind them, or they are lost. */
  readonly mode: 'append' | 'replace';
  /** Who asks, for errors. */
  readonly operation: string;
  /** Told once if a line could not be written. */
  readonly onFailure: (failure: VenueError) => void;
}

const flush = promisify(fsync);

/**
 * Opens a file, which is made if there is none. When lines are added behind others, one that was cut off is ended first. A line that fits
 * only in part, because the disk is full, is taken away again: what is there can be read.
 * @throws VenueError `invalid-options` if it cannot be written, naming the path.
 */
export function createLineFile(options: LineFileOptions): LineFile {
  const { onFailure } = options;
  const file = openFile(options);
  let { bytes } = file;
  let failure: VenueError | undefined;
  let closing: Promise<void> | undefined;

  function add(text: string): void {
    try {
      bytes += writeAll(file.descriptor, text);
    } catch (cause) {
      failure = refusal(options, cause);
      if (file.isPlain) shorten(file.descriptor, bytes);
      onFailure(failure);
    }
  }

  async function finish(): Promise<void> {
    try {
      if (file.isPlain) await flush(file.descriptor);
    } catch (cause) {
      failure ??= refusal(options, cause);
    }
    closeSync(file.descriptor);
    if (failure !== undefined) throw failure;
  }

  if (file.isCutOff) add('\n');
  return {
    get failure() {
      return failure;
    },
    write(text) {
      if (failure === undefined && closing === undefined) add(text);
    },
    close() {
      closing ??= finish();
      return closing;
    },
  };
}

interface OpenFile {
  readonly descriptor: number;
  /** False for a pipe or a device. */
  readonly isPlain: boolean;
  readonly bytes: number;
  /** True if its last line has no end. */
  readonly isCutOff: boolean;
}

function openFile(options: LineFileOptions): OpenFile {
  let descriptor: number;
  try {
    descriptor = openSync(options.path, options.mode === 'append' ? 'a+' : 'w');
  } catch (cause) {
    throw refusal(options, cause);
  }
  const status = fstatSync(descriptor);
  const bytes = status.isFile() ? status.size : 0;
  const last = Buffer.alloc(1);
  if (bytes > 0) readSync(descriptor, last, 0, 1, bytes - 1);
  return { descriptor, isPlain: status.isFile(), bytes, isCutOff: bytes > 0 && last.toString() !== '\n' };
}

/** Returns how many bytes it wrote. The system may take less than it is given. */
function writeAll(descriptor: number, text: string): number {
  const data = Buffer.from(text);
  for (let at = 0; at < data.length; ) at += writeSync(descriptor, data, at);
  return data.length;
}

/** A disk that cannot even do this keeps a line that is cut off. */
function shorten(descriptor: number, bytes: number): void {
  try {
    ftruncateSync(descriptor, bytes);
  } catch {}
}

function refusal({ path, operation }: LineFileOptions, cause: unknown): VenueError {
  return new VenueError({
    code: 'invalid-options',
    operation,
    message: `expected a file that can be written at ${path}: ${whyUnwritable(cause)}`,
    cause,
  });
}
