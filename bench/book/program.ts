import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type DepthStream, depthStream } from '../depth/depth-stream.ts';
import { parseFrame } from '../depth/subject.ts';
import { market, messagesPerPass } from '../depth/workloads.ts';
import { judgeDepth } from '../depth-judge.ts';
import { bytesOfBooks } from '../held-bytes.ts';
import type { Run } from '../measure.ts';
import { type FedBook, topLevels } from './subject.ts';
import { subject as floorSubject } from './subjects/sorted-array.ts';
import { type AnySubject, floor, subjects } from './subjects.ts';
import { type BookWorkload, workloads } from './workloads.ts';

/** What one process measured and counted. */
export interface BookRun extends Run {
  /** Of a book with 2,000 levels a side. */
  readonly bytesPerBook: number;
}

interface Pass {
  readonly milliseconds: number;
  /** The best levels that were read last, in ticks and lots. */
  readonly top: readonly number[];
}

const [warmMs, measuredMs] = [300, 300];
const [fewestPasses, mostPasses] = [2, 60];
const booksKept = 16;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const name = process.argv[2] ?? '';
const subject = (await subjects[name]?.())?.subject as AnySubject | undefined;
if (subject === undefined)
  throw new Error(`expected one of ${Object.keys(subjects).join(', ')}, got ${name}`);
const digest = createHash('sha256');
const nanoseconds: Record<string, number> = {};
for (const workload of workloads) {
  const [own, bare] = measureWorkload(subject, workload);
  nanoseconds[workload.name] = own;
  nanoseconds[`${workload.name}, ${floor}`] = bare;
}
const run: BookRun = { nanoseconds, digest: digest.digest('hex'), bytesPerBook: bytesOfBook(subject) };
console.log(JSON.stringify(run));

/** Nanoseconds a message, of the subject and of the floor, whose passes alternate: a slow minute meets both. */
function measureWorkload(
  own: AnySubject,
  { stream: shape, reads }: BookWorkload,
): readonly [own: number, bare: number] {
  const stream = depthStream(shape);
  const [ownPass, barePass] = [passOf(own, stream, reads), passOf(floorSubject as AnySubject, stream, reads)];
  // Before the code gets warm, and not after that: to collect all garbage throws compiled code away.
  collectGarbage();
  digest.update(JSON.stringify(ownPass().top));
  alternate(ownPass, barePass, warmMs);
  return alternate(ownPass, barePass, measuredMs);
}

function alternate(
  own: () => Pass,
  bare: () => Pass,
  atLeastMs: number,
): readonly [own: number, bare: number] {
  let [ownMs, bareMs, passes] = [0, 0, 0];
  while (passes < fewestPasses || (passes < mostPasses && ownMs < atLeastMs)) {
    if (passes % 2 === 0) bareMs += bare().milliseconds;
    ownMs += own().milliseconds;
    if (passes % 2 === 1) bareMs += bare().milliseconds;
    passes += 1;
  }
  const toNanoseconds = 1e6 / passes / messagesPerPass;
  return [ownMs * toNanoseconds, bareMs * toNanoseconds];
}

/** What plays a stream once on a book made anew. */
function passOf(
  { open, prepare, unit }: AnySubject,
  stream: DepthStream,
  reads: BookWorkload['reads'],
): () => Pass {
  const [whole, updates] = [
    parseFrame(stream.snapshot),
    stream.frames.map((frame) => prepare(parseFrame(frame))),
  ];
  const [sums, top] = [new Float64Array(updates.length), new Float64Array(4 * topLevels)];
  const playAll = reads === 'best' ? applyAll : applyAndReadAll;
  return () => {
    const book = open(whole);
    const before = process.cpuUsage();
    playAll(book, updates, sums, top);
    const { user, system } = process.cpuUsage(before);
    judgeDepth(stream, { unit, sums, book });
    return { milliseconds: (user + system) / 1_000, top: inUnits(top, unit) };
  };
}

function applyAll(book: FedBook<unknown>, updates: readonly unknown[], sums: Float64Array): void {
  for (let at = 0; at < updates.length; at += 1) {
    book.apply(updates[at]);
    sums[at] = book.bestBid() + book.bestAsk();
  }
}

function applyAndReadAll(
  book: FedBook<unknown>,
  updates: readonly unknown[],
  sums: Float64Array,
  top: Float64Array,
): void {
  for (let at = 0; at < updates.length; at += 1) {
    book.apply(updates[at]);
    book.readTop(top);
    sums[at] = (top[0] as number) + (top[2 * topLevels] as number);
  }
}

function inUnits(top: Float64Array, unit: AnySubject['unit']): readonly number[] {
  const [price, amount] = unit === 'units' ? [1, 1] : [10 ** market.priceScale, 10 ** market.amountScale];
  return Array.from(top, (value, at) => Math.round(value * (at % 2 === 0 ? price : amount)));
}

/** What stays of several books after all garbage is collected. */
function bytesOfBook({ open }: AnySubject): number {
  const workload = workloads.find(({ stream }) => stream.levelsPerSide === 2_000);
  if (workload === undefined) throw new Error('expected a workload of 2,000 levels, got none');
  const snapshot = parseFrame(depthStream(workload.stream).snapshot);
  // Whatever is made once is not of a book.
  open(snapshot).levels();
  return bytesOfBooks(() => open(snapshot), booksKept, collectGarbage);
}
