import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Somebody who has an account at the simulator. */
export interface Account {
  readonly key: string;
  readonly secret: string;
  readonly group: number;
  readonly uid: string;
}

/** A simulator in a process of its own. */
export interface ExchangeSimulator {
  /** `http://HOST:PORT`. */
  readonly rest: string;
  /** `ws://HOST:PORT`. */
  readonly ws: string;
  /** Where the truth is told: `http://HOST:PORT`. */
  readonly admin: string;
  readonly accounts: readonly Account[];
  readonly pairs: readonly string[];
  /** Ends the process, and settles when it is gone. */
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = 'packages/exchange-simulator/src/main.ts';

/**
 * Starts the simulator, and settles when it listens.
 * @throws Error with what it wrote, if it ends without a word on standard output.
 */
export async function startExchangeSimulator(): Promise<ExchangeSimulator> {
  const child = spawn(process.execPath, ['--conditions=@venuekit/source', program, '--json'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const line = await firstLine(child);
  if (line === undefined) throw new Error(`the simulator did not start: ${errors.join('').trim()}`);
  return { ...JSON.parse(line), stop: () => stop(child) };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  for await (const line of createInterface({ input: child.stdout })) return line;
  return undefined;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
