import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { printGoals } from '../limiter/goals.ts';
import { printTable, shown } from '../limiter/table.ts';
import { collect, median, middle, printHeading, type Run } from '../measure.ts';
import { depthGoals } from './depth-goals.ts';
import { depthStream } from './depth-stream.ts';
import type { MemoryRun } from './memory-program.ts';
import { bare, floor, subjects } from './subjects.ts';
import { type Workload, workloads } from './workloads.ts';

/** What was measured of a subject with a workload. */
export interface Figures {
  readonly nanoseconds: number;
  /** Of bare parsing in the same process; the median over the rounds. */
  readonly ratio: number;
  readonly bytesPerMessage: number | undefined;
  readonly bytesPerBook: number | undefined;
}

const names = [...Object.keys(bare), ...Object.keys(subjects)];
/** Young memory of this size is not collected while one stream is played. */
const memoryFlags = ['--min-semi-space-size=512', '--max-semi-space-size=512'];

/** From the bytes of depth messages to the best prices of the book after each. */
export function benchmarkDepth(rounds: number): void {
  const program = new URL('./program.ts', import.meta.url);
  const memory = new Map(names.map((name) => [name, countMemory(name)]));
  const runs = collect({ name: 'depth', program, subjects: names, operations: [] }, rounds);
  printHeading('depth', rounds);
  console.log(
    'Processor time a message; x: of JSON.parse(frame.toString()) of the same frames in the same process.',
  );
  const goals = workloads.flatMap((workload) => {
    const figures = new Map(
      names.map((name) => [name, figuresOf(workload, runs.get(name) ?? [], memory.get(name))]),
    );
    printFigures(workload, figures);
    return depthGoals(workload, figures);
  });
  printGoals(goals);
}

function figuresOf({ name }: Workload, runs: readonly Run[], memory: MemoryRun | undefined): Figures {
  const ratios = runs.map(
    ({ nanoseconds }) => (nanoseconds[name] ?? Number.NaN) / (nanoseconds[`${name}, ${floor}`] ?? Number.NaN),
  );
  return {
    nanoseconds: median(runs, name),
    ratio: middle(ratios),
    bytesPerMessage: memory?.bytesPerMessage[name] ?? undefined,
    bytesPerBook: memory?.bytesPerBook ?? undefined,
  };
}

function printFigures(workload: Workload, figures: ReadonlyMap<string, Figures>): void {
  const { frames } = depthStream(workload);
  const bytes = frames.reduce((sum, { length }) => sum + length, 0) / frames.length;
  console.log(`\n### ${workload.name}: ${shown(bytes)} bytes`);
  const rows = [...figures].map(([subject, { nanoseconds, ratio, bytesPerMessage, bytesPerBook }]) => [
    subject,
    shown(nanoseconds),
    shown(ratio, 2),
    shown(bytesPerMessage),
    shown(bytesPerBook === undefined ? undefined : bytesPerBook / 1_024),
  ]);
  printTable(['', 'ns', 'x', 'bytes allocated a message', 'KiB a book of 2 x 2,000'], rows);
}

function countMemory(name: string): MemoryRun {
  const program = fileURLToPath(new URL('./memory-program.ts', import.meta.url));
  const args = [...process.execArgv, ...memoryFlags, program, name];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name}: expected exit code 0, got ${status}\n${stderr}`);
  return JSON.parse(stdout) as MemoryRun;
}
