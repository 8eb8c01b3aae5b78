import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the repository. */
export const root: string = fileURLToPath(new URL('../../../', import.meta.url));

/** A command may take this long, in milliseconds; one that hangs is a problem like any other. */
const commandTimeoutMs = 120_000;

/** Runs commands, and collects what is wrong. */
export interface Report {
  /** Sentences, in the order in which they were found. */
  readonly problems: readonly string[];
  /** Notes a problem and prints it, with details underneath. */
  fail(problem: string, details?: string): void;
  /** Prints what was found to be good. */
  note(text: string): void;
  /**
   * Runs a command in `folder`. Tools of this repository go by their bare name, and `node` is the one of this repository.
   * @returns what it wrote to standard output; `undefined`, and a problem called `what`, if it failed.
   */
  run(what: string, folder: string, command: string, ...args: readonly string[]): Promise<string | undefined>;
}

/** Makes a report that prints as it goes. */
export function createReport(): Report {
  const problems: string[] = [];
  const fail = (problem: string, details = ''): void => {
    problems.push(problem);
    console.log(`FAIL ${problem}${details === '' ? '' : `\n${details.trimEnd()}`}`);
  };
  return {
    problems,
    fail,
    note: (text) => console.log(`     ${text}`),
    run: async (what, folder, command, ...args) => {
      const { error, stdout, stderr } = await execute(folder, command, args);
      if (error === null) return stdout;
      fail(what, `${stdout}${stderr}${stdout + stderr === '' ? error.message : ''}`);
      return undefined;
    },
  };
}

/** Runs `task` on every item, two at a time: most of them wait for a disk or a network. */
export async function twoAtATime<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const work = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await task(item);
  };
  await Promise.all([work(), work()]);
}

interface Executed {
  readonly error: Error | null;
  readonly stdout: string;
  readonly stderr: string;
}

function execute(folder: string, command: string, args: readonly string[]): Promise<Executed> {
  const PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  // An export condition of the caller must not lead a stranger to our sources, and pnpm must not install anything here.
  const env = { ...process.env, PATH, NODE_OPTIONS: '', pnpm_config_verify_deps_before_run: 'false' };
  const options = { cwd: folder, env, timeout: commandTimeoutMs, maxBuffer: 50_000_000 };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => resolve({ error, stdout, stderr }));
  });
}
