/**
 * Records two seconds of a session into a compressed file, and plays the file through the same connector: without a network, without
 * waiting, and with the same books.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAscendexSpot } from '@venuekit/ascendex-spot';
import { createAscendexFrameFilter, withoutRequestId } from '@venuekit/ascendex-wire';
import type { BookView, Runtime } from '@venuekit/connector-core';
import {
  createRecordingFile,
  createRecordingWriter,
  createReplayRuntime,
  recordRuntime,
} from '@venuekit/connector-kit/recording';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { startExchangeSimulator } from '@venuekit/exchange-simulator';

const folder = await mkdtemp(join(tmpdir(), 'venuekit-example-'));
const path = join(folder, 'session.txt.gz');
const simulator = await startExchangeSimulator({ market: { kind: 'synthetic', seed: 'recorded', pairs: 2 } });

/** Follows one book until `end`, and gives it as it is then. */
async function follow(runtime: Runtime, end: () => Promise<unknown>): Promise<BookView> {
  const venue = createAscendexSpot({ endpoints: simulator.endpoints, runtime });
  const ended = end();
  await venue.connect();
  const market = await venue.marketData.open('BTC-USDT', { streams: ['book'] });
  await ended;
  const view = market.book.read();
  await venue.close();
  return view;
}

function show(what: string, view: BookView): void {
  if (view.state !== 'live') throw new Error(`the book is ${view.state}`);
  console.log(`${what}: message ${view.sequence}, bid ${view.bestBid?.price}, ask ${view.bestAsk?.price}`);
}

const system = createSystemRuntime();
const file = createRecordingFile(path, system);
const writer = createRecordingWriter({ write: (line) => file.write(line), clock: system.clock });
const recording = recordRuntime(system, writer, { keep: createAscendexFrameFilter() });
const twoSeconds = () => new Promise((resolve) => setTimeout(resolve, 2_000));
show('live', await follow(recording, twoSeconds));
await recording.settled();
await file.close();
await simulator.close();

const replay = await createReplayRuntime(path, { speed: 'virtual', adapt: withoutRequestId });
show('replayed', await follow(replay, () => replay.run()));
const { connections, frames, answers } = replay.progress;
console.log(
  `${connections} connection, ${frames} frames, ${answers} answer, from ${recording.counts.lines} lines`,
);
await replay.close();
await rm(folder, { recursive: true });
