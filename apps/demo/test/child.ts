import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a child ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process with everything that it wrote so far. */
export class Child implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly end: Promise<ChildEnd>;
  stdout = '';
  stderr = '';
  #ended = false;
  #wake: (() => void)[] = [];

  constructor(command: string, args: readonly string[], options: SpawnOptions = {}) {
    this.process = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    this.process.stdout?.on('data', (chunk: Buffer) => this.#take('stdout', chunk));
    this.process.stderr?.on('data', (chunk: Buffer) => this.#take('stderr', chunk));
    this.end = new Promise((resolve) => {
      this.process.once('close', (code, signal) => {
        this.#ended = true;
        this.#wakeAll();
        resolve({ code, signal });
      });
    });
  }

  /** Resolves when the output matches; rejects if the child ends before. */
  async until(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this[stream]);
      if (match !== null) return match;
      if (this.#ended) throw new Error(`ended without ${pattern}: ${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.process.kill('SIGKILL');
    await this.end;
  }

  #take(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    this[stream] += chunk.toString();
    this.#wakeAll();
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const resolve of waiting) resolve();
  }
}

const condition = '--conditions=@venuekit/source';

/** A file of the repository. */
export function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** Arguments with which Node runs a program of the repository from its source. */
export function sourceArgs(path: string, ...flags: readonly string[]): readonly string[] {
  return [condition, repositoryFile(path), ...flags];
}

/** Starts the demo, the way `pnpm demo` does. */
export function startDemo(...flags: readonly string[]): Child {
  return new Child(process.execPath, sourceArgs('apps/demo/src/main.ts', ...flags));
}

/** Runs the demo to its end. */
export async function runDemo(...flags: readonly string[]): Promise<Child & ChildEnd> {
  const child = startDemo(...flags);
  return Object.assign(child, await child.end);
}
