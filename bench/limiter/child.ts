import { execFile } from 'node:child_process';

/** One program, which prints its result as JSON. */
export interface Child {
  readonly program: 'check' | 'saturated' | 'waiters';
  readonly args: readonly string[];
}

/** Longest that a program may run, in milliseconds. */
const mostMs = 20_000;

/** Runs a program in a process of its own. `undefined` if it did not end in time, or failed; standard error says which. */
export function runChild<Result>({ program, args }: Child): Promise<Result | undefined> {
  const path = new URL(`./${program}.ts`, import.meta.url).pathname;
  const all = [...process.execArgv, '--expose-gc', path, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, { timeout: mostMs, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      if (error === null) return resolve(JSON.parse(stdout) as Result);
      progress(`${program} ${args.join(' ')}: ${error.killed === true ? 'no end in time' : stderr}`);
      resolve(undefined);
    });
  });
}

/** Does everything in order, at most so much at a time. */
export async function eachOf<Item>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atATime }, lane));
}

/** Every subject in each of so many rounds; every round begins with another one. */
export function rotated<Item>(items: readonly Item[], rounds: number): readonly Item[] {
  return Array.from({ length: rounds }, (_, round) => {
    const first = round % items.length;
    return [...items.slice(first), ...items.slice(0, first)];
  }).flat();
}

/** Says on standard error how far the benchmark has come. */
export function progress(text: string): void {
  process.stderr.write(`limiter: ${text}\n`);
}
