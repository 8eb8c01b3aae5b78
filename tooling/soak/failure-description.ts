import type { WorkerReply } from './messages.ts';
import { WorkerLost, type WorkerOptions, WorkerProcess } from './worker-process.ts';

/** What {@link describeFailure} takes. */
export interface FailureDescriptionOptions {
  /** As in the pass in which it failed: it may fail nowhere else. */
  readonly worker: WorkerOptions;
  readonly seed: string;
  /** The command that runs this seed again. */
  readonly command: string;
  /** Called with the number of runs so far. */
  readonly onRuns: (runs: number) => void;
}

/**
 * Makes the failure of one seed small, and tells of it.
 * @throws SoakError if the worker cannot be started.
 */
export async function describeFailure(options: FailureDescriptionOptions): Promise<string> {
  const { command, onRuns, seed } = options;
  const worker = await WorkerProcess.start(options.worker);
  let text = '';
  const hear = (reply: WorkerReply): boolean => {
    if (reply.kind === 'shrinking') onRuns(reply.runs);
    if (reply.kind === 'failure') text = reply.text;
    return reply.kind === 'failure';
  };
  try {
    await worker.ask({ shrink: seed, command }, hear);
    await worker.end();
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    return unshrunkText(seed, `it was not shrunk: ${error.message}`, command);
  }
  return text;
}

/** What is told of a seed whose worker was lost. */
export function unshrunkText(seed: string, message: string, command: string): string {
  return `seed ${seed}: ${message}\nRun it again:\n  ${command}\n`;
}
