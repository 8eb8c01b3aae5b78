import { depthStream } from '../depth/depth-stream.ts';
import { type Goal, printGoals } from '../limiter/goals.ts';
import { printTable, shown } from '../limiter/table.ts';
import { collect, median, middle, printHeading, type Run } from '../measure.ts';
import { floor, pipelines } from './subjects.ts';
import { workload } from './workload.ts';

const names = Object.keys(pipelines);
const ours = ['ws, venuekit: scanner, ScaledBook', 'venuekit: StreamSession, scanner, ScaledBook'];
const usual = 'ws, JSON.parse, sorted array';

/** From the bytes of a socket to the best prices of the book after each message, in a burst. */
export function benchmarkWs(rounds: number): void {
  const program = new URL('./program.ts', import.meta.url);
  const runs = collect({ name: 'ws', program, subjects: names, operations: [] }, rounds);
  const { frames } = depthStream(workload);
  const bytes = frames.reduce((sum, { length }) => sum + length, 0) / frames.length;
  printHeading('ws', rounds);
  console.log(
    `Processor time of the client a message of ${shown(bytes)} bytes in the mean, bursts of ${frames.length}; x: of ${floor} in the same process.`,
  );
  const ratios = new Map(names.map((name) => [name, ratioOf(runs.get(name) ?? [])]));
  const rows = names.map((name) => [
    name,
    shown(median(runs.get(name) ?? [], 'message')),
    shown(ratios.get(name), 2),
  ]);
  printTable(['', 'ns', 'x'], rows);
  printGoals(ours.flatMap((name) => goalsOf(name, ratios)));
}

function ratioOf(runs: readonly Run[]): number {
  return middle(
    runs.map(({ nanoseconds }) => (nanoseconds.message ?? Number.NaN) / (nanoseconds[floor] ?? Number.NaN)),
  );
}

function goalsOf(name: string, ratios: ReadonlyMap<string, number>): readonly Goal[] {
  const ratio = ratios.get(name) ?? Number.NaN;
  const ofUsual = ratio / (ratios.get(usual) ?? Number.NaN);
  return [
    { text: `${name} <= 3.5 x of ${floor}`, isMet: ratio <= 3.5, got: `${shown(ratio, 2)} x` },
    { text: `${name} <= 0.5 x of ${usual}`, isMet: ofUsual <= 0.5, got: `${shown(ofUsual, 2)} x` },
  ];
}
