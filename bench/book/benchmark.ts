import { printTable, shown } from '../limiter/table.ts';
import { collect, median, middle, printHeading, type Run } from '../measure.ts';
import type { BookRun } from './program.ts';
import { floor, subjects } from './subjects.ts';
import { workloads } from './workloads.ts';

const names = Object.keys(subjects);

/** Books alone: messages are there in the form that each likes best. */
export function benchmarkBooks(rounds: number): void {
  const program = new URL('./program.ts', import.meta.url);
  const runs = collect({ name: 'book', program, subjects: names, operations: [] }, rounds);
  printHeading('book', rounds);
  console.log(
    `Processor time a message of five levels in the mean; x: of ${floor} in the same process; memory of a book of 2 x 2,000 levels.`,
  );
  const head = ['', ...workloads.flatMap(({ name }) => [`${name}, ns`, 'x']), 'KiB a book'];
  printTable(
    head,
    names.map((name) => rowOf(name, (runs.get(name) ?? []) as readonly BookRun[])),
  );
}

function rowOf(name: string, runs: readonly BookRun[]): readonly string[] {
  const times = workloads.flatMap((workload) => [
    shown(median(runs, workload.name)),
    shown(ratioOf(workload.name, runs), 2),
  ]);
  return [name, ...times, shown(middle(runs.map(({ bytesPerBook }) => bytesPerBook)) / 1_024)];
}

function ratioOf(name: string, runs: readonly Run[]): number {
  return middle(
    runs.map(
      ({ nanoseconds }) =>
        (nanoseconds[name] ?? Number.NaN) / (nanoseconds[`${name}, ${floor}`] ?? Number.NaN),
    ),
  );
}
