import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createExchangeSimulator, type ExchangeSimulator, type Fault, parseRecording } from '../src/index.ts';
import { findProducts } from '../src/recording/products-text.ts';
import { createRecorder } from '../src/recording/recorder.ts';
import type { ReplaySpeed } from '../src/replay/replay-clock.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import {
  createReplayStage,
  createReturningClient,
  type OpenStream,
  type SeenConnection,
} from './replay-stage.ts';
import { product } from './stream-stage.ts';

const symbols = ['BTC/USDT', 'ETH/USDT', 'SHIB/USDT'];
const streamUrl = 'wss://venue.test/api/pro/v1/stream';

/** What a client says to follow everything. */
const says: readonly object[] = [
  ...['depth', 'trades', 'bbo'].map((channel) => ({ op: 'sub', ch: `${channel}:${symbols}` })),
  ...symbols.map((symbol) => ({ op: 'req', action: 'depth-snapshot', args: { symbol } })),
];

/** Faults that frames show; a recording has all of them. */
const faults: readonly Fault[] = [
  { kind: 'gap', atSeconds: 1 },
  { kind: 'duplicate', atSeconds: 2 },
  { kind: 'epoch', atSeconds: 2.5 },
  { kind: 'reorder', atSeconds: 3 },
  { kind: 'drop', atSeconds: 4.2 },
  { kind: 'epoch', atSeconds: 4.4 },
  { kind: 'gap', atSeconds: 7 },
];

interface Recorded {
  readonly text: string;
  readonly connections: readonly SeenConnection[];
}

/** Lets a client follow a made-up market for ten seconds, and records what it sees. */
async function record(seed: number, pauseMs: number): Promise<Recorded> {
  const runtime = createHandMadeRuntime();
  const simulator = createExchangeSimulator({
    market: { kind: 'synthetic', seed, pairs: 3 },
    runtime,
    faults,
  });
  let text = '';
  const write = (line: string): void => {
    text += line;
  };
  const recorder = createRecorder({ write, clock: runtime.clock, streamUrl });
  const request = new Request('http://venue.test/api/pro/v1/products');
  await recorder.answered(request, await simulator.fetch(request));
  const open: OpenStream = (sink) => recorder.carry(sink, openIn(simulator));
  const client = createReturningClient({ runtime, open, says, pauseMs });
  runtime.pass(10_000);
  client.leave();
  simulator.close();
  return { text, connections: client.connections };
}

function openIn(simulator: ExchangeSimulator): OpenStream {
  return (sink) => {
    const stream = simulator.connect(simulator.streamPath, sink);
    if ('refusedWith' in stream) throw new Error(`refused with ${stream.refusedWith}`);
    return stream;
  };
}

/** What the same client sees of a recording. */
function replay(text: string, speed: ReplaySpeed, pauseMs: number): readonly SeenConnection[] {
  const session = parseRecording(text, 'made.txt');
  const { runtime, open } = createReplayStage(session, findProducts(session) ?? [], speed);
  const client = createReturningClient({ runtime, open, says, pauseMs });
  runtime.pass(14_000);
  return client.connections;
}

function framesOf(connections: readonly SeenConnection[]): object[] {
  return connections.map(({ texts, sent, end }) => ({ texts, sent, end }));
}

test('a client sees the same frames of a recording as when it was recorded, byte for byte, over a cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.nat({ max: 3_000 }),
      fc.nat({ max: 1_000 }),
      async (seed, pauseMs, otherPauseMs) => {
        const { text, connections } = await record(seed, pauseMs);
        expect(connections.map(({ end }) => end)).toEqual(['cut', undefined]);
        expect(Math.min(...connections.map(({ texts }) => texts.length))).toBeGreaterThan(40);
        // At its own pace, it comes at the same times as well.
        expect(replay(text, 1, otherPauseMs)).toEqual(connections);
        for (const speed of [7, 'max'] as const) {
          expect(framesOf(replay(text, speed, otherPauseMs))).toEqual(framesOf(connections));
        }
      },
    ),
    { numRuns: 4 },
  );
});

test('a handshake of the venue is played with its code, after what the venue said about it', async () => {
  const runtime = createHandMadeRuntime();
  const simulator = createExchangeSimulator({ market: { kind: 'synthetic', seed: 'c', pairs: 3 }, runtime });
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const recorder = createRecorder({ write, clock: runtime.clock, streamUrl });
  const open: OpenStream = (sink) => recorder.carry(sink, openIn(simulator));
  const client = createReturningClient({ runtime, open, says, pauseMs: 100 });
  // It never answers a ping: after a while the venue takes leave.
  runtime.pass(60_000);
  simulator.close();
  const [recorded] = client.connections;
  expect([recorded?.end, recorded?.texts.at(-1)]).toEqual([1000, expect.stringContaining('"disconnected"')]);
  const products = symbols.map((symbol) => ({ ...product, symbol }));
  const session = parseRecording(lines.join(''), 'made.txt');
  const stage = createReplayStage(session, products, 1);
  const again = createReturningClient({ runtime: stage.runtime, open: stage.open, says, pauseMs: 100 });
  stage.runtime.pass(46_000);
  expect(again.connections[0]?.end).toBe(1000);
  expect(again.connections[0]?.texts).toEqual(recorded?.texts);
});
