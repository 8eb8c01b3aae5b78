import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { WorkerReply, WorkerRequest } from './messages.ts';
import { SoakError } from './soak-error.ts';

/** What workers are started with. */
export interface WorkerOptions {
  /** The Node to run on. */
  readonly node: string;
  /** Name of the simulation. */
  readonly only: string;
  /** Module with other lists than those of this repository. */
  readonly list: string | undefined;
  /** Name of the mutant to put in. */
  readonly mutant: string | undefined;
  /** A worker that is silent for longer is ended, in milliseconds. */
  readonly silenceMs: number;
  /** Ends it at once, whatever it does. */
  readonly signal?: AbortSignal | undefined;
  /** Called when a worker has started, with what it loaded; what it throws ends the worker and the start. */
  readonly started?: (ready: ReadyReply) => void;
}

/** What a worker says when it has started. */
export type ReadyReply = Extract<WorkerReply, { readonly kind: 'ready' }>;

const workerFile = fileURLToPath(new URL('./worker.ts', import.meta.url));
const sourcesFile = fileURLToPath(new URL('./loaded-sources.ts', import.meta.url));
const guardFile = fileURLToPath(new URL('./worker-guard.ts', import.meta.url));
const mutateFile = fileURLToPath(new URL('./mutate.ts', import.meta.url));

/** How long a worker may take to start, at least, in milliseconds. */
const startMs = 60_000;

/** A worker that ended or was ended in the middle of its work. */
export class WorkerLost extends Error {}

/** One child process that runs seeds. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #options: WorkerOptions;
  readonly #exit: Promise<string>;
  #complaints = '';
  #hear: (reply: WorkerReply) => void = () => undefined;
  #lost: (why: Error) => void = () => undefined;

  private constructor(options: WorkerOptions) {
    this.#options = options;
    this.#child = startChild(options);
    this.#exit = once(this.#child, 'close').then(
      ([code, signal]) => String(code ?? signal),
      (error: Error) => error.message,
    );
    void this.#exit.then((how) => this.#lost(new WorkerLost(`the worker ended with ${how}${this.#told()}`)));
    this.#listen();
  }

  /**
   * Starts a worker and waits until it has loaded its simulation.
   * @throws SoakError if it cannot.
   */
  static async start(options: WorkerOptions): Promise<WorkerProcess> {
    const worker = new WorkerProcess(options);
    let ready: ReadyReply | undefined;
    try {
      await worker.#converse((reply) => {
        if (reply.kind === 'ready') ready = reply;
        return reply.kind === 'ready';
      }, undefined);
    } catch (error) {
      throw new SoakError(`worker on ${options.node}: ${error instanceof Error ? error.message : error}`);
    }
    try {
      if (ready !== undefined) options.started?.(ready);
    } catch (error) {
      worker.kill();
      throw error;
    }
    return worker;
  }

  /**
   * Asks something and listens until `done` says that this was the last reply.
   * @throws WorkerLost if it ends before, or is silent for too long.
   */
  ask(request: WorkerRequest, done: (reply: WorkerReply) => boolean): Promise<void> {
    return this.#converse(done, request);
  }

  /**
   * Lets it end.
   * @throws SoakError if it has something to complain about then.
   */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    const how = await this.#exit;
    if (how !== '0') throw new SoakError(`the worker ended with ${how}${this.#told()}`);
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #converse(done: (reply: WorkerReply) => boolean, request: WorkerRequest | undefined): Promise<void> {
    // Loading a simulation may take its time on a busy machine.
    const { silenceMs: askedMs } = this.#options;
    const silenceMs = request === undefined ? Math.max(askedMs, startMs) : askedMs;
    let timer: NodeJS.Timeout | undefined;
    const finished = new Promise<void>((resolve, reject) => {
      const tooLong = (): void => {
        reject(new WorkerLost(`no word from the worker in ${silenceMs / 1_000} s`));
        this.kill();
      };
      timer = setTimeout(tooLong, silenceMs);
      this.#lost = reject;
      this.#hear = (reply) => {
        timer?.refresh();
        if (done(reply)) resolve();
      };
    });
    if (request !== undefined) this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    try {
      await finished;
    } finally {
      clearTimeout(timer);
      this.#lost = () => undefined;
    }
  }

  #listen(): void {
    const { stderr, stdin, stdout } = this.#child;
    // Writing to a worker that is gone says nothing that its exit does not say.
    stdin?.on('error', () => undefined);
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = `${this.#complaints}${text}`.slice(-4_000);
    });
    if (stdout === null) return;
    createInterface({ input: stdout }).on('line', (line) => {
      const reply = parseReply(line);
      if (reply === undefined) process.stderr.write(`${line}\n`);
      else this.#hear(reply);
    });
  }

  #told(): string {
    const text = this.#complaints.trim();
    return text === '' ? '' : `\n${text}`;
  }
}

function startChild({ list, mutant, node, only, signal }: WorkerOptions): ChildProcess {
  const flags = ['--conditions=@venuekit/source', '--disable-warning=ExperimentalWarning'];
  for (const file of [guardFile, sourcesFile]) flags.push('--import', pathToFileURL(file).href);
  if (mutant !== undefined) flags.push('--import', pathToFileURL(mutateFile).href);
  const args = ['--only', only, ...(list === undefined ? [] : ['--list', list])];
  const env = { ...process.env };
  if (mutant !== undefined) env.VENUEKIT_MUTANT = mutant;
  if (list !== undefined) env.VENUEKIT_MUTANT_LIST = list;
  const killed = signal === undefined ? {} : { signal, killSignal: 'SIGKILL' as const };
  return spawn(node, [...flags, workerFile, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'], ...killed });
}

/** Undefined for a line that a simulation printed. */
function parseReply(line: string): WorkerReply | undefined {
  if (!line.startsWith('{"kind":')) return undefined;
  return JSON.parse(line);
}
