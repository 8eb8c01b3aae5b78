import { isVenueError, type VenueError } from '@venuekit/connector-core';
import { createFileRecorder } from '../recording/file-recorder.ts';
import type { SimulatorOptions } from '../simulator-options.ts';
import { createTruthFile } from '../truth/truth-file.ts';
import type { RunCommand } from './command-line.ts';
import { nameFlag, underFlag } from './flag-error.ts';

/** Files that a run writes. */
export interface OutputFiles {
  readonly options: Pick<SimulatorOptions, 'record' | 'truth'>;
  /** Writes what is left; false if a file is not whole, which has been told. */
  close(): Promise<boolean>;
}

/**
 * Opens the files that a command names.
 * @param log is told what goes wrong later, at once and only once.
 * @throws VenueError `invalid-options` for one that cannot be written, naming the flag.
 */
export function openFiles({ recordFile, truthFile }: RunCommand, log: (text: string) => void): OutputFiles {
  const told = new Set<unknown>();
  const telling =
    (flag: string) =>
    (failure: VenueError): void => {
      told.add(failure);
      log(nameFlag(flag, failure).message);
    };
  const recording =
    recordFile === undefined
      ? undefined
      : underFlag('--record', () => createFileRecorder(recordFile, telling('--record')));
  const truth =
    truthFile === undefined
      ? undefined
      : underFlag('--truth', () => createTruthFile(truthFile, telling('--truth')));
  return {
    options: { ...(recording && { record: recording }), ...(truth && { truth: truth.sink }) },
    async close() {
      const ends = await Promise.allSettled([recording?.close(), truth?.close()]);
      const failures = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason as unknown);
      for (const failure of failures)
        if (!told.has(failure)) log(isVenueError(failure) ? failure.message : String(failure));
      return failures.length === 0;
    },
  };
}
