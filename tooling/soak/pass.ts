import type { SeedRecord, WorkerReply } from './messages.ts';
import { WorkerLost, type WorkerOptions, WorkerProcess } from './worker-process.ts';

/** What {@link runPass} takes. */
export interface PassOptions {
  readonly worker: WorkerOptions;
  /** Worker processes side by side, at most. */
  readonly workers: number;
  /** A worker that is ready already: the first of them. It is ended in any case. */
  readonly spare?: WorkerProcess | undefined;
  /** In the order in which they are handed out. */
  readonly seeds: readonly string[];
  /** Asked before seeds are handed out; true lets the pass end early. */
  readonly stop: () => boolean;
  /** Called whenever a worker is ready and gets its first seeds. */
  readonly onReady: () => void;
  /** Called for each seed, by arrival. */
  readonly onRecord: (record: SeedRecord) => void;
}

/** How a pass went. */
export interface PassOutcome {
  /** Worker processes that were side by side. */
  readonly workers: number;
  /** True if it ended because workers were lost one after the other. */
  readonly gaveUp: boolean;
}

/** Seeds that a worker gets at a time, at most: enough to hide the way there and back, few enough to stop soon. */
const mostInBatch = 8;
/** Losses without a result between them, after which the next one would be no news. */
const mostLostInRow = 3;

/**
 * Runs seeds in worker processes. A worker that dies or hangs is a violation of the seed that it was at, and is replaced; three in
 * a row end the pass.
 * @throws SoakError if workers cannot be started.
 */
export function runPass(options: PassOptions): Promise<PassOutcome> {
  return new Pass(options).run();
}

class Pass {
  readonly #options: PassOptions;
  readonly #waiting: string[];
  /** No larger than what gives each worker its share: few seeds are run side by side as well. */
  readonly #batchSize: number;
  readonly #alive = new Set<WorkerProcess>();
  #spare: WorkerProcess | undefined;
  #lostInRow = 0;

  constructor(options: PassOptions) {
    this.#options = options;
    this.#spare = options.spare;
    this.#waiting = [...options.seeds];
    const share = Math.ceil(options.seeds.length / options.workers);
    this.#batchSize = Math.max(1, Math.min(mostInBatch, share));
  }

  async run(): Promise<PassOutcome> {
    const count = Math.min(this.#options.workers, Math.ceil(this.#waiting.length / this.#batchSize));
    const lanes = Array.from({ length: count }, () => this.#serve());
    try {
      const started = await Promise.all(lanes);
      await this.#spare?.end();
      return {
        workers: started.filter((any) => any).length,
        gaveUp: this.#isHopeless && this.#waiting.length > 0,
      };
    } finally {
      // One lane failed: the others have nothing to work for any more, and one that is about to have a worker gets no seeds.
      this.#waiting.length = 0;
      for (const worker of this.#alive) worker.kill();
      this.#spare?.kill();
      await Promise.allSettled(lanes);
    }
  }

  get #isHopeless(): boolean {
    return this.#lostInRow >= mostLostInRow;
  }

  #goesOn(): boolean {
    return this.#waiting.length > 0 && !this.#isHopeless && !this.#options.stop();
  }

  /** Has one worker after the other until no seeds are left; true if it had any. */
  async #serve(): Promise<boolean> {
    let any = false;
    while (this.#goesOn()) {
      const spare = this.#spare;
      this.#spare = undefined;
      const worker = spare ?? (await WorkerProcess.start(this.#options.worker));
      any = true;
      this.#alive.add(worker);
      this.#options.onReady();
      const lost = await this.#feed(worker);
      this.#alive.delete(worker);
      if (!lost) await worker.end();
    }
    return any;
  }

  /** Hands out seeds until there are none; true if the worker was lost on the way. */
  async #feed(worker: WorkerProcess): Promise<boolean> {
    while (this.#goesOn()) {
      const batch = this.#waiting.splice(0, this.#batchSize);
      const hear = (reply: WorkerReply): boolean => {
        if (reply.kind === 'seed') {
          batch.shift();
          this.#lostInRow = 0;
          this.#options.onRecord(reply.record);
        }
        return batch.length === 0;
      };
      try {
        await worker.ask({ seeds: batch }, hear);
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error;
        this.#lose(batch, error);
        return true;
      }
    }
    return false;
  }

  #lose([seed, ...rest]: readonly string[], error: Error): void {
    this.#lostInRow += 1;
    this.#waiting.unshift(...rest);
    if (seed !== undefined) this.#options.onRecord(lostRecord(seed, error));
  }
}

/** The result of a seed that has none. There is no hash, so it is neither kept nor compared. */
function lostRecord(seed: string, { message }: Error): SeedRecord {
  const violation = { invariant: 'worker', message: `expected a result, got none: ${message}`, atMs: 0 };
  return { seed, hash: '', steps: 0, virtualMs: 0, violations: [violation], counts: {}, ms: 0 };
}
