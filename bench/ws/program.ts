import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { depthStream } from '../depth/depth-stream.ts';
import { messagesPerPass } from '../depth/workloads.ts';
import type { Run } from '../measure.ts';
import { createBookReceiver, createReader, type Receiver } from './receivers.ts';
import type { WsConnection } from './subject.ts';
import { subject as floorSubject } from './subjects/ws.ts';
import { floor, pipelines } from './subjects.ts';
import { workload } from './workload.ts';

const warmMs = 400;
const measuredMs = 600;
const fewestPasses = 4;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const name = process.argv[2] ?? '';
const pipeline = pipelines[name];
if (pipeline === undefined)
  throw new Error(`expected one of ${Object.keys(pipelines).join(', ')}, got ${name}`);
const stream = depthStream(workload);
const [socket, book] = [await pipeline.socket(), await pipeline.book?.()];
const server = fork(new URL('./server.ts', import.meta.url));
const url = await new Promise<string>((resolve) =>
  server.once('message', (port) => resolve(`ws://127.0.0.1:${port}/stream`)),
);
const [own, bare] = [await socket.subject.open(url), await floorSubject.open(url)];
const openOwn = (): Receiver =>
  book === undefined ? createReader(stream, pipeline.read) : createBookReceiver(stream, book.subject);
const openBare = (): Receiver => createReader(stream);
// Before the code gets warm, and not after that: to collect all garbage throws compiled code away.
collectGarbage();
await alternate(warmMs);
const [ownTime, bareTime] = await alternate(measuredMs);
const digest = createHash('sha256')
  .update(JSON.stringify([stream.end, stream.sumOfBests]))
  .digest('hex');
const run: Run = { nanoseconds: { message: ownTime, [floor]: bareTime }, digest };
console.log(JSON.stringify(run));
server.disconnect();
process.exit();

/** Nanoseconds a message, of the subject and of bare receiving, whose passes alternate: a slow minute meets both. */
async function alternate(atLeastMs: number): Promise<readonly [own: number, bare: number]> {
  let [ownMs, bareMs, passes] = [0, 0, 0];
  while (ownMs < atLeastMs || passes < fewestPasses) {
    // Each is first as often as second: a collection of garbage that comes every so many messages would meet one of them alone.
    if (passes % 2 === 0) bareMs += await timed(bare, openBare());
    ownMs += await timed(own, openOwn());
    if (passes % 2 === 1) bareMs += await timed(bare, openBare());
    passes += 1;
  }
  const toNanoseconds = 1e6 / passes / messagesPerPass;
  return [ownMs * toNanoseconds, bareMs * toNanoseconds];
}

/** Processor time from the request for a burst to its last message, in milliseconds. */
async function timed(connection: WsConnection, { hear, requireRight }: Receiver): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = messagesPerPass;
  connection.listen((frame) => {
    hear(frame);
    left -= 1;
    if (left === 0) resolve();
  });
  const before = process.cpuUsage();
  connection.send('again');
  await promise;
  const { user, system } = process.cpuUsage(before);
  requireRight();
  return (user + system) / 1_000;
}
