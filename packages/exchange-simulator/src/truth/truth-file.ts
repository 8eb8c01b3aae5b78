import type { VenueError } from '@venuekit/connector-core';
import { createLineFile } from '../recording/line-file.ts';
import type { TruthEntry, TruthSink } from './truth-entry.ts';

/** A file to which everything that becomes true is written. */
export interface TruthFile {
  /** The system has the entry when this returns, so that nothing piles up in memory and nothing is lost with the process. Never throws. */
  readonly sink: TruthSink;
  /**
   * Waits until everything is on the disk, and closes the file; nothing is taken afterwards. Doing it again gives the same.
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
  const file = createLineFile({ path, mode: 'replace', operation: 'truth file', onFailure });
  return { sink: (entry) => file.write(`${formatTruth(entry)}\n`), close: file.close };
}

/** An entry as JSON. */
function formatTruth(entry: TruthEntry): string {
  return JSON.stringify(entry, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
}
