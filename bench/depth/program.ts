import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Run } from '../measure.ts';
import { type DepthStream, depthStream } from './depth-stream.ts';
import { play } from './play.ts';
import type { DepthSubject } from './subject.ts';
import { bare, floor, subjects } from './subjects.ts';
import { messagesPerPass, workloads } from './workloads.ts';

const warmNanoseconds = 300e6;
const measuredNanoseconds = 300e6;
const [fewestPasses, mostPasses] = [2, 60];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const name = process.argv[2] ?? '';
const subject = (await subjects[name]?.())?.subject;
const read = bare[name];
const digest = createHash('sha256');
const nanoseconds: Record<string, number> = {};
for (const workload of workloads) {
  const stream = depthStream(workload);
  const [own, parsing] = measureStream(stream);
  nanoseconds[workload.name] = own;
  nanoseconds[`${workload.name}, ${floor}`] = parsing;
  digest.update(JSON.stringify([stream.end, stream.sumOfBests]));
}
const run: Run = { nanoseconds, digest: digest.digest('hex') };
console.log(JSON.stringify(run));

/** Nanoseconds a message, of the subject and of bare parsing, whose passes alternate: a slow minute meets both. */
function measureStream(stream: DepthStream): readonly [own: number, parsing: number] {
  const pass = passOf(stream);
  const parse = (): number => timed(() => readAll(stream.frames, (frame) => JSON.parse(frame.toString())));
  // Before the code gets warm, and not after that: to collect all garbage throws compiled code away.
  collectGarbage();
  alternate(pass, parse, warmNanoseconds);
  return alternate(pass, parse, measuredNanoseconds);
}

function passOf(stream: DepthStream): () => number {
  if (subject !== undefined) return () => play(subject as DepthSubject, stream, timed);
  if (read !== undefined) return () => timed(() => readAll(stream.frames, read));
  throw new Error(
    `expected one of ${[...Object.keys(bare), ...Object.keys(subjects)].join(', ')}, got ${name}`,
  );
}

function alternate(
  pass: () => number,
  parse: () => number,
  atLeast: number,
): readonly [own: number, parsing: number] {
  let [own, parsing, passes] = [0, 0, 0];
  while (passes < fewestPasses || (passes < mostPasses && own < atLeast)) {
    parsing += parse();
    own += pass();
    passes += 1;
  }
  return [own / passes / messagesPerPass, parsing / passes / messagesPerPass];
}

function timed(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1_000;
}

/** The last result is looked at, so that none is left out because nobody would miss it. */
function readAll(frames: readonly Buffer[], read: (frame: Buffer) => unknown): void {
  let last: unknown;
  for (const frame of frames) last = read(frame);
  if (last === undefined) throw new Error('expected a result, got none');
}
