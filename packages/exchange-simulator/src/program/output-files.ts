import { isVenueError, type VenueError } from '@venuekit/connector-core';
import { createFileRecorder } from '../recording/file-recorder.ts';
import type { LineFile } from '../recording/line-file.ts';
import type { SimulatorOptions } from '../simulator-options.ts';
import type { TruthEntry } from '../truth/truth-entry.ts';
import { createTruthFile, type TruthFile } from '../truth/truth-file.ts';
import type { RunCommand } from './command-line.ts';
import { nameFlag, underFlag } from './flag-error.ts';

/** Files that a run writes. */
export interface OutputFiles {
  /** What comes before the files are open is kept. */
  readonly options: Pick<SimulatorOptions, 'record' | 'truth'>;
  /**
   * Opens them, and empties that of the truth: not before the run has begun, for one that cannot has not to touch what another has written.
   * @throws VenueError `invalid-options` for one that cannot be written, naming the flag.
   */
  open(): void;
  /** Writes what is left; false if a file is not whole, which has been told. */
  close(): Promise<boolean>;
}

/**
 * Makes the files that a command names, which are not open yet.
 * @param log is told what goes wrong later, at once and only once.
 */
export function createOutputFiles(
  { recordFile, truthFile }: RunCommand,
  log: (text: string) => void,
): OutputFiles {
  const told = new Set<unknown>();
  const telling =
    (flag: string) =>
    (failure: VenueError): void => {
      told.add(failure);
      log(nameFlag(flag, failure).message);
    };
  const lines = createGate<string>();
  const entries = createGate<TruthEntry>();
  let recording: LineFile | undefined;
  let truth: TruthFile | undefined;
  return {
    options: {
      ...(recordFile !== undefined && { record: { write: lines.pass } }),
      ...(truthFile !== undefined && { truth: entries.pass }),
    },
    open() {
      if (recordFile !== undefined)
        recording = underFlag('--record', () => createFileRecorder(recordFile, telling('--record')));
      if (truthFile !== undefined)
        truth = underFlag('--truth', () => createTruthFile(truthFile, telling('--truth')));
      if (recording !== undefined) lines.open(recording.write);
      if (truth !== undefined) entries.open(truth.sink);
    },
    async close() {
      const ends = await Promise.allSettled([recording?.close(), truth?.close()]);
      const failures = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason as unknown);
      for (const failure of failures)
        if (!told.has(failure)) log(isVenueError(failure) ? failure.message : String(failure));
      return failures.length === 0;
    },
  };
}

/** What passes once somebody takes it. */
interface Gate<Item> {
  readonly pass: (item: Item) => void;
  open(take: (item: Item) => void): void;
}

function createGate<Item>(): Gate<Item> {
  const kept: Item[] = [];
  let give = (item: Item): void => void kept.push(item);
  return {
    pass: (item) => give(item),
    open(take) {
      for (const item of kept.splice(0)) take(item);
      give = take;
    },
  };
}
