import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createDepthPipeline, type DepthPipeline } from '../../packages/ascendex-spot/src/index.ts';
import { printTable, shown } from '../limiter/table.ts';
import { type DepthStream, depthStream } from './depth-stream.ts';
import { market, workloads } from './workloads.ts';

const frames = 10_000_000;
const framesPerSample = 500_000;
/** One of so many frames deviates from the usual form, and one of so many is lost. */
const [everySpaced, everyLost] = [50, 2_500];
const mebibyte = 1_048_576;

/** Ten million frames through one pipeline, some of them deviating, some of them lost: does its memory grow? */
export function measureEndless(): void {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const stream = depthStream(workloads[0] as (typeof workloads)[number]);
  const spaced = stream.frames.map((frame) => Buffer.concat([frame, Buffer.from(' ')]));
  const depth = createDepthPipeline({ ...market, snapshotDepth: 500 });
  const heaps: number[] = [];
  let [taken, resyncs, slowestMs] = [0, 0, 0];
  const begun = process.cpuUsage();
  while (taken < frames) {
    const sampleEnd = taken + framesPerSample;
    while (taken < sampleEnd) {
      resyncs += playOnce(depth, stream, spaced, (ms) => {
        slowestMs = Math.max(slowestMs, ms);
      });
      taken += stream.frames.length;
    }
    collectGarbage();
    heaps.push(process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers);
    console.error(`${taken / 1e6} million frames, ${shown((heaps.at(-1) as number) / mebibyte, 2)} MiB`);
  }
  const { user, system } = process.cpuUsage(begun);
  const second = heaps.slice(heaps.length / 2);
  console.log('Ten million frames through one pipeline; heap and array buffers after a full collection.\n');
  printTable(
    [
      'frames',
      'holes found',
      'slowest pass of 5,000, ms',
      'us a frame',
      'MiB at the end',
      'MiB more a million, second half',
    ],
    [
      [
        ...[shown(taken), shown(resyncs), shown(slowestMs)],
        ...[shown((user + system) / taken, 2), shown((heaps.at(-1) as number) / mebibyte, 2)],
        shown((slopeOf(second) * (1e6 / framesPerSample)) / mebibyte, 3),
      ],
    ],
  );
}

/** One pass: a fresh connection, its snapshot, and its frames; returns how many holes were found. */
function playOnce(
  depth: DepthPipeline,
  { snapshot, frames: list }: DepthStream,
  spaced: readonly Buffer[],
  tell: (ms: number) => void,
): number {
  const begun = performance.now();
  depth.reset();
  depth.take(snapshot);
  let holes = 0;
  for (let at = 0; at < list.length; at += 1) {
    if (at % everyLost === everyLost - 1) continue;
    const { fault } = depth.take((at % everySpaced === 0 ? spaced : list)[at] as Buffer);
    if (fault !== undefined) holes += 1;
  }
  tell(performance.now() - begun);
  return holes;
}

/** Least squares, a sample being one step. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [above, below] = [0, 0];
  for (const [at, value] of values.entries()) {
    above += (at - middle) * (value - mean);
    below += (at - middle) ** 2;
  }
  return above / below;
}
