import { closeSync, fsync, ftruncateSync, openSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { type Timers, VenueError } from '@venuekit/connector-core';
import { createLineEncoder, type LineEncoder } from './line-encoder.ts';
import { fileFault, recordingRefusal } from './recording-refusal.ts';

/** A new file that takes the lines of a recording. */
export interface RecordingFile {
  /** Why it takes no more lines; `undefined` while it does. */
  readonly failure: VenueError | undefined;
  /** Adds one line, with its line break. Never throws and never waits: after a failure, and after the close, it does nothing. */
  write(line: string): void;
  /**
   * Waits until every line is on the disk, and closes the file. Doing it again gives the same.
   * @throws VenueError the failure, if lines are missing.
   */
  close(): Promise<void>;
}

/** What a recording file needs beside its path. */
export interface RecordingFileOptions {
  /** Wakes it once a second while lines wait: those of the runtime that is recorded. */
  readonly timers: Timers;
  /** Told once when lines can no longer be written. */
  readonly onFailure?: (failure: VenueError) => void;
  /** Most bytes that may wait for a slow disk; 64 MiB by default. One more line is a failure. */
  readonly maxWaitingBytes?: number;
}

/** Lines are handed to the system after this time at the latest: a process that is killed loses no more. */
const longestWaitMs = 1_000;
/** As many bytes of lines are handed over earlier. */
const batchBytes = 65_536;
const defaultWaitingBytes = 64 * 1024 * 1024;

const writeTo = promisify(write);
const flushDisk = promisify(fsync);

/**
 * Makes a file for a recording, compressed with gzip if its name ends in `.gz`. There may be no file of that name yet: nothing is
 * overwritten. Lines wait for at most a second, or until there are 64 KiB of them, and are then handed to the system; a killed
 * process loses those that wait, and what it has handed over can be read. A batch that fits only in part is taken away again.
 * @throws VenueError `invalid-options` if it cannot be made, naming the path.
 */
export function createRecordingFile(path: string, options: RecordingFileOptions): RecordingFile {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx');
  } catch (cause) {
    throw unwritable(path, cause);
  }
  return new BatchedFile(path, descriptor, options);
}

class BatchedFile implements RecordingFile {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #options: RecordingFileOptions;
  readonly #encoder: LineEncoder;
  #lines: string[] = [];
  #batchBytes = 0;
  /** Bytes of lines that the system does not have yet. */
  #waitingBytes = 0;
  #fileBytes = 0;
  #timer: Disposable | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  /** True once the disk has refused a batch. */
  #broken = false;
  failure: VenueError | undefined;

  constructor(path: string, descriptor: number, options: RecordingFileOptions) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#options = options;
    this.#encoder = createLineEncoder(path.endsWith('.gz'));
  }

  write(line: string): void {
    if (this.failure !== undefined || this.#closing !== undefined) return;
    const bytes = Buffer.byteLength(line);
    const { maxWaitingBytes = defaultWaitingBytes, timers } = this.#options;
    if (this.#waitingBytes + bytes > maxWaitingBytes) {
      this.#handOver();
      this.#fail(tooSlow(this.#path, maxWaitingBytes));
      return;
    }
    this.#lines.push(line);
    this.#batchBytes += bytes;
    this.#waitingBytes += bytes;
    if (this.#batchBytes >= batchBytes) this.#handOver();
    else this.#timer ??= timers.setTimer(longestWaitMs, () => this.#handOver(), 'recording-file');
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  #handOver(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (this.#lines.length === 0) return;
    const text = this.#lines.join('');
    const bytes = this.#batchBytes;
    this.#lines = [];
    this.#batchBytes = 0;
    this.#writing = this.#writing.then(async () => {
      await this.#put(() => this.#encoder.encode(text));
      this.#waitingBytes -= bytes;
    });
  }

  /** After the disk has refused a batch, what comes behind it would be a recording with a hole. */
  async #put(encode: () => Promise<Uint8Array>): Promise<void> {
    if (this.#broken) return;
    try {
      const data = await encode();
      await this.#putAll(data);
    } catch (cause) {
      this.#broken = true;
      this.#shorten();
      this.#fail(unwritable(this.#path, cause));
    }
  }

  /** The system may take less than it is given. */
  async #putAll(data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length; ) {
      const place = this.#fileBytes + at;
      const { bytesWritten } = await writeTo(this.#descriptor, data, at, data.length - at, place);
      at += bytesWritten;
    }
    this.#fileBytes += data.length;
  }

  /** A disk that cannot even do this keeps a torn line, which a reader passes over. */
  #shorten(): void {
    try {
      ftruncateSync(this.#descriptor, this.#fileBytes);
    } catch {}
  }

  #fail(failure: VenueError): void {
    if (this.failure !== undefined) return;
    this.failure = failure;
    this.#options.onFailure?.(failure);
  }

  async #finish(): Promise<void> {
    this.#handOver();
    await this.#writing;
    await this.#put(() => this.#encoder.end());
    try {
      await flushDisk(this.#descriptor);
    } catch (cause) {
      this.#fail(unwritable(this.#path, cause));
    }
    closeSync(this.#descriptor);
    if (this.failure !== undefined) throw this.failure;
  }
}

function unwritable(path: string, cause: unknown): VenueError {
  const message = `expected a new file that can be written at ${path}: ${fileFault(cause)}`;
  return recordingRefusal('createRecordingFile', message, cause);
}

function tooSlow(path: string, bytes: number): VenueError {
  return new VenueError({
    code: 'slow-consumer',
    operation: 'createRecordingFile',
    message: `expected the disk to keep up with ${path}, got more than ${bytes} bytes that wait for it; no more is recorded`,
  });
}
