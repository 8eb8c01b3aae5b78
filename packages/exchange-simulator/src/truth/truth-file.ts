import { createWriteStream, openSync } from 'node:fs';
import { VenueError } from '@venuekit/connector-core';
import { whyUnwritable } from '../recording/unwritable-file.ts';
import type { TruthEntry, TruthSink } from './truth-entry.ts';

/** A file to which everything that becomes true is written. */
export interface TruthFile {
  readonly sink: TruthSink;
  /**
   * Writes what is still to be written, and gives the file back; nothing is taken afterwards. Doing it again does nothing.
   * @throws VenueError `invalid-options` if the file could not be written to its end, because the disk is full for example.
   */
  close(): Promise<void>;
}

/**
 * Opens a file, which is made or emptied: one entry a line, as JSON. Integers that may exceed 2^53 are text.
 * @param onFailure is told once if something could not be written; nothing more is written then.
 * @throws VenueError `invalid-options` if there can be no such file.
 */
export function createTruthFile(
  path: string,
  onFailure: (failure: VenueError) => void = () => {},
): TruthFile {
  const stream = createWriteStream(path, { fd: openFile(path) });
  let closing: Promise<void> | undefined;
  let failure: VenueError | undefined;
  stream.on('error', (error) => {
    if (failure !== undefined) return;
    failure = refusal(path, error);
    onFailure(failure);
  });
  return {
    sink(entry) {
      if (closing === undefined && failure === undefined) stream.write(`${formatTruth(entry)}\n`);
    },
    close() {
      closing ??= new Promise<void>((resolve, reject) => {
        const settle = (): void => (failure === undefined ? resolve() : reject(failure));
        if (stream.closed) settle();
        else stream.once('close', settle);
        stream.end();
      });
      return closing;
    },
  };
}

/** An entry as JSON. */
function formatTruth(entry: TruthEntry): string {
  return JSON.stringify(entry, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
}

function openFile(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (cause) {
    throw refusal(path, cause);
  }
}

function refusal(path: string, cause: unknown): VenueError {
  const message = `expected a file that can be written at ${path}: ${whyUnwritable(cause)}`;
  return new VenueError({ code: 'invalid-options', operation: 'truth file', message, cause });
}
