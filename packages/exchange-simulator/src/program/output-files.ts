import { isVenueError } from '@venuekit/connector-core';
import { createFileRecorder } from '../recording/file-recorder.ts';
import type { SimulatorOptions } from '../simulator-options.ts';
import { createTruthFile } from '../truth/truth-file.ts';
import type { RunCommand } from './command-line.ts';

/** Files that a run writes. */
export interface OutputFiles {
  readonly options: Pick<SimulatorOptions, 'record' | 'truth'>;
  /** Writes what is left; false if a file is not whole, which has been told. */
  close(): Promise<boolean>;
}

/**
 * Opens the files that a command names.
 * @param log is told what goes wrong later.
 * @throws VenueError `invalid-options` for one that cannot be written.
 */
export function openFiles({ recordFile, truthFile }: RunCommand, log: (text: string) => void): OutputFiles {
  const recording =
    recordFile === undefined ? undefined : createFileRecorder(recordFile, ({ message }) => log(message));
  const truth = truthFile === undefined ? undefined : createTruthFile(truthFile);
  return {
    options: { ...(recording && { record: recording }), ...(truth && { truth: truth.sink }) },
    async close() {
      const ends = await Promise.allSettled([recording?.close(), truth?.close()]);
      const failures = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason as unknown);
      for (const failure of failures) log(isVenueError(failure) ? failure.message : String(failure));
      return failures.length === 0;
    },
  };
}
