import { type Goal, printGoals } from '../limiter/goals.ts';
import { printTable, shown } from '../limiter/table.ts';
import { collect, median, middle, printHeading, type Run } from '../measure.ts';
import { answer } from './answer.ts';
import { floor, subjects } from './subjects.ts';
import { type RestWorkload, workloads } from './workloads.ts';

const names = Object.keys(subjects);
const [plain, limited] = [
  'venuekit: createHttpClient',
  'venuekit: createHttpClient, limits of the connector',
];
const most = 1.25;

/** What a request of market data costs: an answer read as text, over connections that stay open. */
export function benchmarkRest(rounds: number): void {
  const program = new URL('./program.ts', import.meta.url);
  const runs = collect({ name: 'rest', program, subjects: names, operations: [] }, rounds);
  printHeading('rest', rounds);
  console.log(
    `Processor time of the client for an answer of ${answer().length} bytes; x: of fetch and text() in the same process.`,
  );
  const head = ['', ...workloads.flatMap(({ name }) => [`${name}, µs`, 'x'])];
  printTable(
    head,
    names.map((subject) => [
      subject,
      ...workloads.flatMap((workload) => cells(workload, runs.get(subject) ?? [])),
    ]),
  );
  printGoals(
    workloads.flatMap((workload) => [plain, limited].map((subject) => goalOf(workload, subject, runs))),
  );
}

function cells(workload: RestWorkload, runs: readonly Run[]): readonly string[] {
  return [shown(median(runs, workload.name) / 1_000), shown(ratioOf(workload, runs), 2)];
}

function ratioOf({ name }: RestWorkload, runs: readonly Run[]): number {
  return middle(
    runs.map(
      ({ nanoseconds }) =>
        (nanoseconds[name] ?? Number.NaN) / (nanoseconds[`${name}, ${floor}`] ?? Number.NaN),
    ),
  );
}

function goalOf(workload: RestWorkload, subject: string, runs: ReadonlyMap<string, readonly Run[]>): Goal {
  const ratio = ratioOf(workload, runs.get(subject) ?? []);
  return {
    text: `${subject}, ${workload.name} <= ${most} x`,
    isMet: ratio <= most,
    got: `${shown(ratio, 2)} x`,
  };
}
