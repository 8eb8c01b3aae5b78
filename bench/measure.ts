import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Things that are measured against each other on the same work. */
export interface Benchmark {
  readonly name: string;
  /** Program that runs one subject, named by its argument, and prints a {@link Run} as JSON. */
  readonly program: URL;
  /** The first is the one that ratios refer to. */
  readonly subjects: readonly string[];
  readonly operations: readonly string[];
}

/** What one process measured. */
export interface Run {
  /** Processor time of one operation in nanoseconds, by name of the operation. */
  readonly nanoseconds: Readonly<Record<string, number>>;
  /** Digest of every result. Subjects with different digests did different work and are not compared. */
  readonly digest: string;
}

/** Runs every subject once a round, in rotated order, each in its own process, and prints medians and ratios. */
export function measure(benchmark: Benchmark, rounds: number): void {
  const { name, subjects, operations } = benchmark;
  const runs = collect(benchmark, rounds);
  printHeading(name, rounds);
  console.log('Nanoseconds of processor time an operation; in brackets the ratio to the first column.\n');
  console.log(`| | ${subjects.join(' | ')} |\n|---|${subjects.map(() => '---:').join('|')}|`);
  for (const operation of operations) {
    const medians = subjects.map((subject) => median(runs.get(subject) ?? [], operation));
    const cells = medians.map(
      (value) => `${Math.round(value)} (${(value / (medians[0] ?? value)).toFixed(2)})`,
    );
    console.log(`| ${operation} | ${cells.join(' | ')} |`);
  }
}

/** Begins the results of a benchmark. */
export function printHeading(name: string, rounds: number): void {
  console.log(`\n## ${name}\n\nNode ${process.version}, ${cpus()[0]?.model}, median of ${rounds} rounds.`);
}

/** Runs every subject once a round, in rotated order, each in its own process. */
export function collect(benchmark: Benchmark, rounds: number): ReadonlyMap<string, readonly Run[]> {
  const { name, subjects } = benchmark;
  const runs = new Map<string, Run[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < subjects.length; turn += 1) {
      const subject = subjects[(round + turn) % subjects.length] ?? '';
      runs.get(subject)?.push(runOnce(benchmark, subject));
      requireSameResults(runs);
    }
    process.stderr.write(`${name}: round ${round + 1} of ${rounds}\n`);
  }
  return runs;
}

function runOnce({ program }: Benchmark, subject: string): Run {
  const args = [...process.execArgv, program.pathname, subject];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${subject}: expected exit code 0, got ${status}\n${stderr}`);
  return JSON.parse(stdout) as Run;
}

function requireSameResults(runs: ReadonlyMap<string, readonly Run[]>): void {
  const digests = [...runs].flatMap(([subject, done]) => done.map(({ digest }) => ({ subject, digest })));
  const [first, ...rest] = digests;
  const other = rest.find(({ digest }) => digest !== first?.digest);
  if (other === undefined) return;
  throw new Error(
    `expected the same results from ${first?.subject} and ${other.subject}, got different ones`,
  );
}

/** Median of what the runs of one subject took for an operation, in nanoseconds. */
export function median(runs: readonly Run[], operation: string): number {
  return middle(runs.map(({ nanoseconds }) => nanoseconds[operation] ?? Number.NaN));
}

/** Median. */
export function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[(sorted.length - 1) >> 1],
    sorted[sorted.length >> 1],
  ];
  return (low + high) / 2;
}
