import { GCProfiler, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { bytesOfBooks } from '../held-bytes.ts';
import { middle } from '../measure.ts';
import { type DepthStream, depthStream } from './depth-stream.ts';
import { play } from './play.ts';
import type { DepthSubject } from './subject.ts';
import { bare, subjects } from './subjects.ts';
import { messagesPerPass, workloads } from './workloads.ts';

/** What one process counted. */
export interface MemoryRun {
  /** Bytes allocated a message, by workload; null where something was collected meanwhile. */
  readonly bytesPerMessage: Readonly<Record<string, number | null>>;
  /** Of a book with 2,000 levels a side; null where there is no book. */
  readonly bytesPerBook: number | null;
}

const [warmPasses, countedPasses] = [8, 5];
const booksKept = 16;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const name = process.argv[2] ?? '';
const subject = (await subjects[name]?.())?.subject;
const bytesPerMessage: Record<string, number> = {};
for (const workload of workloads)
  bytesPerMessage[workload.name] = bytesOfMessages(depthStream(workload)) / messagesPerPass;
const run: MemoryRun = {
  bytesPerMessage,
  bytesPerBook: subject === undefined ? null : bytesOfBook(subject),
};
console.log(JSON.stringify(run));

/** What is allocated by a stream on a book, with young memory so large that nothing is collected meanwhile. */
function bytesOfMessages(stream: DepthStream): number {
  const pass = passOf(stream);
  for (let at = 0; at < warmPasses; at += 1) pass(allocated);
  // Collected in full, for there to be room. The median, because a pass in which code is compiled has more, and one in which the rest of
  // the collection is swept has less.
  collectGarbage();
  return middle(Array.from({ length: countedPasses }, () => pass(allocated)));
}

function passOf(stream: DepthStream): (around: (work: () => void) => number) => number {
  if (subject !== undefined) return (around) => play(subject as DepthSubject, stream, around);
  const read = bare[name];
  if (read === undefined) throw new Error(`expected a subject, got ${name}`);
  return (around) =>
    around(() => {
      for (const frame of stream.frames) read(frame);
    });
}

function allocated(work: () => void): number {
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.memoryUsage();
  work();
  const after = process.memoryUsage();
  const collections = profiler.stop()?.statistics.length ?? 0;
  if (collections > 0) return Number.NaN;
  return after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
}

/** What stays of several books after all garbage is collected. */
function bytesOfBook({ open }: DepthSubject): number {
  const workload = workloads.find(({ levelsPerSide }) => levelsPerSide === 2_000);
  if (workload === undefined) throw new Error('expected a workload of 2,000 levels, got none');
  const { snapshot } = depthStream(workload);
  // Whatever is made once is not of a book.
  open(snapshot).levels();
  return bytesOfBooks(() => open(snapshot), booksKept, collectGarbage);
}
