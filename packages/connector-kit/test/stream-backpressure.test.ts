import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { expect, test } from 'vitest';
import { createStreamSession } from '../src/stream/stream-session.ts';
import { manualDialect } from './manual-stream.ts';
import { sessionLimits } from './session-limits.ts';
import { type FloodData, floodPlace } from './stream-flood.ts';

const frameBytes = 16 * 1024;
const frames = 6_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What this thread holds, in bytes. Buffers that one collection has found are given back during the next at the latest. */
function heldBytes(): number {
  collect();
  collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

/** A client that takes numbered frames and is busy with the first of them until the peer can send no more. */
function createBusyClient(port: number, shared: Int32Array) {
  const runtime = createSystemRuntime();
  const done = Promise.withResolvers<void>();
  const seen = { taken: 0, outOfOrder: 0, acceptedWhileBusy: 0, mostHeld: 0, downs: 0 };
  const before = heldBytes();
  const takeBytes = (bytes: Uint8Array): boolean => {
    const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    if (number !== seen.taken) seen.outOfOrder += 1;
    seen.taken += 1;
    if (number === 0) {
      // Nothing turns in this thread until the peer says so.
      Atomics.wait(shared, floodPlace.stalled, 0, 20_000);
      seen.acceptedWhileBusy = Atomics.load(shared, floodPlace.accepted);
    }
    if (number % 500 === 0) seen.mostHeld = Math.max(seen.mostHeld, heldBytes() - before);
    if (seen.taken === frames) done.resolve();
    return true;
  };
  const session = createStreamSession({
    ...{ runtime, venue: 'v', url: `ws://127.0.0.1:${port}/`, dialect: manualDialect, takeBytes },
    limits: sessionLimits(runtime),
    onMessage() {},
    onState: ({ state }) => {
      if (state === 'down') seen.downs += 1;
    },
    onRefusedFrame: (error) => done.reject(error),
  });
  return { session, seen, done: done.promise };
}

test('a client that is busy stops its peer, holds nothing of what waits, and misses nothing', async () => {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const workerData: FloodData = { shared, frames, frameBytes };
  const venue = new Worker(new URL('./stream-flood.ts', import.meta.url), { workerData });
  try {
    const [port] = (await once(venue, 'message')) as [number];
    const { session, seen, done } = createBusyClient(port, shared);
    await session.connect();
    await done;
    await session.close();
    expect(seen).toMatchObject({ taken: frames, outOfOrder: 0, downs: 0 });
    // What has left the peer is in the buffers of the system; the rest of nearly a hundred megabytes waits where it is.
    expect(seen.acceptedWhileBusy).toBeGreaterThan(0);
    expect(seen.acceptedWhileBusy).toBeLessThan(frames / 2);
    expect(seen.mostHeld).toBeLessThan((frames * frameBytes) / 10);
  } finally {
    await venue.terminate();
  }
});
