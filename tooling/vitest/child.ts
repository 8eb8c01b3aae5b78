import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

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
