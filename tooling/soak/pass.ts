import type { SeedRecord, WorkerReply } from './messages.ts';
import { WorkerLost, type WorkerOptions, WorkerProcess } from './worker-process.ts';

/** What {@link runPass} takes. */
export interface PassOptions {
  readonly worker: WorkerOptions;
  /** Worker processes side by side. */
  readonly workers: number;
  /** In the order in which they are handed out. */
  readonly seeds: readonly string[];
  /** Asked before seeds are handed out; true lets the pass end early. */
  readonly stop: () => boolean;
  /** Called for each seed, by arrival. */
  readonly onRecord: (record: SeedRecord) => void;
}

/** Seeds that a worker gets at a time: enough to hide the way there and back, few enough to stop soon. */
const batchSize = 8;

/**
 * Runs seeds in worker processes. A worker that dies or hangs is a violation of the seed that it was at, and is replaced.
 * @throws SoakError if workers cannot be started.
 */
export async function runPass(options: PassOptions): Promise<void> {
  const waiting = [...options.seeds];
  const count = Math.min(options.workers, Math.ceil(waiting.length / batchSize));
  const alive = new Set<WorkerProcess>();
  const lanes = Array.from({ length: count }, () => serve(options, waiting, alive));
  try {
    await Promise.all(lanes);
  } finally {
    // One lane failed: the others have nothing to work for any more.
    for (const worker of alive) worker.kill();
    await Promise.allSettled(lanes);
  }
}

async function serve(options: PassOptions, waiting: string[], alive: Set<WorkerProcess>): Promise<void> {
  while (waiting.length > 0 && !options.stop()) {
    const worker = await WorkerProcess.start(options.worker);
    alive.add(worker);
    const lost = await feed(worker, options, waiting);
    alive.delete(worker);
    if (!lost) await worker.end();
  }
}

/** Hands out seeds until there are none; true if the worker was lost on the way. */
async function feed(worker: WorkerProcess, options: PassOptions, waiting: string[]): Promise<boolean> {
  while (waiting.length > 0 && !options.stop()) {
    const batch = waiting.splice(0, batchSize);
    const hear = (reply: WorkerReply): boolean => {
      if (reply.kind === 'seed') {
        batch.shift();
        options.onRecord(reply.record);
      }
      return batch.length === 0;
    };
    try {
      await worker.ask({ seeds: batch }, hear);
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error;
      const [seed, ...rest] = batch;
      waiting.unshift(...rest);
      if (seed !== undefined) options.onRecord(lostRecord(seed, error));
      return true;
    }
  }
  return false;
}

/** The result of a seed that has none. There is no hash, so it is neither kept nor compared. */
function lostRecord(seed: string, { message }: Error): SeedRecord {
  const violation = { invariant: 'worker', message: `expected a result, got none: ${message}`, atMs: 0 };
  return { seed, hash: '', steps: 0, virtualMs: 0, violations: [violation], counts: {}, ms: 0 };
}

/**
 * Makes the failure of one seed small, and tells of it.
 * @param onRuns called with the number of runs so far.
 * @throws SoakError if the worker cannot be started.
 */
export async function describeFailure(
  options: WorkerOptions,
  seed: string,
  onRuns: (runs: number) => void,
): Promise<string> {
  const worker = await WorkerProcess.start(options);
  let text = '';
  const hear = (reply: WorkerReply): boolean => {
    if (reply.kind === 'shrinking') onRuns(reply.runs);
    if (reply.kind === 'failure') text = reply.text;
    return reply.kind === 'failure';
  };
  try {
    await worker.ask({ shrink: seed }, hear);
    await worker.end();
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    return `seed ${seed}: it was not shrunk: ${error.message}\n`;
  }
  return text;
}
