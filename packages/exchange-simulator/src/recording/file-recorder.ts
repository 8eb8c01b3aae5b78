import type { VenueError } from '@venuekit/connector-core';
import { createLineFile, type LineFile } from './line-file.ts';

/**
 * Opens a file that recordings are added to; it is made if there is none. A line that was cut off at its end is ended first. A line
 * that fits only in part, because the disk is full, is taken away again: what is there can be read.
 * @param onFailure is told once if a line could not be written.
 * @throws VenueError `invalid-options` if it cannot be written, naming the path.
 */
export function createFileRecorder(
  path: string,
  onFailure: (failure: VenueError) => void = () => {},
): LineFile {
  return createLineFile({ path, mode: 'append', operation: 'createFileRecorder', onFailure });
}
