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
export interface Simulator {
  /** `http://HOST:PORT`. */
  readonly rest: string;
  /** `ws://HOST:PORT`. */
  readonly ws: string;
  /** Where the truth is told; `undefined` if it is not. */
  readonly admin: string | undefined;
  /** Empty if nobody can sign in. */
  readonly accounts: readonly Account[];
  /** Empty if the simulator does not say. */
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
export async function startSimulator(): Promise<Simulator> {
  // A simulator that does not know --json yet tells its addresses alone, and has nobody who could sign in.
  return (await startWith(['--json'])) ?? (await startWith([])) ?? fail('ended without an address');
}

async function startWith(args: readonly string[]): Promise<Simulator | undefined> {
  const child = spawn(process.execPath, ['--conditions=@venuekit/source', program, ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const line = await firstLine(child);
  if (line === undefined) {
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
    // 2 is its answer to an argument that it does not know.
    if (code === 2 && args.length > 0) return undefined;
    return fail(errors.join('').trim());
  }
  return { ...describe(JSON.parse(line)), stop: () => stop(child) };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  for await (const line of createInterface({ input: child.stdout })) return line;
  return undefined;
}

interface Told extends Partial<Omit<Simulator, 'admin' | 'stop'>> {
  readonly restUrl?: string;
  readonly admin?: string | null;
}

/** Reads either form of the first line. */
function describe(told: Told): Omit<Simulator, 'stop'> {
  const { rest = told.restUrl, accounts = [], pairs = [] } = told;
  const admin = told.admin ?? undefined;
  if (rest === undefined) return fail(`the first line names no address: ${JSON.stringify(told)}`);
  const { ws = rest.replace(/^http/, 'ws') } = told;
  return { rest, ws, admin, accounts, pairs };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function fail(why: string): never {
  throw new Error(`the simulator did not start: ${why}`);
}
