import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Toxic, ToxicDirection } from '../src/chaos/index.ts';
import {
  type Bench,
  countTimers,
  echo,
  type Peer,
  patternOf,
  startBench,
  turns,
  until,
} from './chaos-bench.ts';

const direction: fc.Arbitrary<{ direction?: ToxicDirection }> = fc.constantFrom(
  {},
  { direction: 'to-server' },
  { direction: 'to-client' },
);
type Bounds = readonly [min: number, max: number];
/** A toxic of a kind, with each of its numbers from one to another. */
function shapeOf<K extends Toxic['kind'], N extends string>(
  kind: K,
  bounds: Readonly<Record<N, Bounds>>,
): fc.Arbitrary<{ readonly kind: K } & Readonly<Record<N, number>>> {
  const numbers = Object.entries<Bounds>(bounds).map(([name, [min, max]]): [string, fc.Arbitrary<number>] => [
    name,
    fc.integer({ min, max }),
  ]);
  const record: fc.Arbitrary<Record<string, number>> = fc.record(Object.fromEntries(numbers));
  return record.map((drawn) => ({ ...(drawn as Readonly<Record<N, number>>), kind }));
}
const shape: fc.Arbitrary<Toxic> = fc.oneof(
  shapeOf('latency', { latencyMs: [0, 4], jitterMs: [0, 6] }),
  shapeOf('bandwidth', { bytesPerSecond: [200_000, 9e6] }),
  shapeOf('slicer', { sliceBytes: [1, 9], jitterBytes: [0, 9] }),
  shapeOf('slicer', { sliceBytes: [500, 5_000], delayMs: [0, 2] }),
  // Above all that is ever sent: it may count, and must not bite.
  fc.constant<Toxic>({ kind: 'limit', bytes: 1_000_000, ending: 'reset' }),
  fc.record({
    kind: fc.constant('limit' as const),
    bytes: fc.integer({ min: 0, max: 5_000 }),
    ending: fc.constant('hang' as const),
  }),
  fc.constant<Toxic>({ kind: 'hang' }),
);
const toxic: fc.Arbitrary<Toxic> = fc.oneof(
  fc.tuple(shape, direction).map(([kind, way]) => ({ ...kind, ...way }) as Toxic),
  fc.record({ kind: fc.constant('slow-close' as const), delayMs: fc.integer({ min: 0, max: 5 }) }),
);

type Step =
  | { readonly do: 'send'; readonly bytes: number }
  | { readonly do: 'add'; readonly toxic: Toxic }
  | { readonly do: 'remove' | 'hold' | 'release' | 'wait' };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('send' as const), bytes: fc.integer({ min: 1, max: 6_000 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), toxic }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('remove', 'hold', 'release', 'wait' as const) }) },
);

/** Does the steps; gives what was sent. */
async function act({ proxy }: Bench, client: Peer, steps: readonly Step[]): Promise<Buffer> {
  const bytes = steps.reduce((sum, one) => sum + (one.do === 'send' ? one.bytes : 0), 0);
  const pattern = patternOf(bytes);
  const active: Disposable[] = [];
  let sent = 0;
  for (const one of steps) {
    if (one.do === 'send') {
      client.socket.write(pattern.subarray(sent, sent + one.bytes));
      sent += one.bytes;
    } else if (one.do === 'add') active.push(proxy.add(one.toxic));
    else if (one.do === 'remove') active.shift()?.[Symbol.dispose]();
    else if (one.do === 'wait') await turns(20);
    else proxy[one.do]();
  }
  client.socket.end();
  return pattern;
}

/** True if the lane would stand still for ever. */
function stands(steps: readonly Step[]): boolean {
  return steps.some((one) => one.do === 'add' && (one.toxic.kind === 'hang' || one.toxic.kind === 'limit'));
}

test('every byte comes back once and in order, whatever toxics come and go', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), fc.string(), async (steps, seed) => {
      const runtime = countTimers();
      await using bench = await startBench(echo, { seed, runtime });
      const [client] = await bench.pair();
      const pattern = await act(bench, client, steps);
      bench.proxy.release();
      if (stands(steps)) bench.proxy.reset();
      await until(() => client.closed);
      expect(client.failure).toBeUndefined();
      expect(client.received().equals(pattern)).toBe(true);
      await until(() => bench.proxy.stats.open === 0);
      const { bytesToServer, bytesToClient } = bench.proxy.stats;
      expect([bytesToServer, bytesToClient, runtime.armed()]).toEqual([pattern.length, pattern.length, 0]);
    }),
    { numRuns: 150 },
  );
});

test('a connection that dies anywhere has delivered its limit: exactly, unless a reset overtook tiny pieces', async () => {
  const limit = fc.integer({ min: 0, max: 20_000 });
  const ending = fc.constantFrom('reset' as const, 'end' as const);
  await fc.assert(
    fc.asyncProperty(limit, ending, fc.option(toxic), fc.string(), async (bytes, how, other, seed) => {
      await using bench = await startBench(({ socket }) => socket.end(patternOf(20_001)), { seed });
      if (other !== null && !stands([{ do: 'add', toxic: other }])) bench.proxy.add(other);
      bench.proxy.add({ kind: 'limit', bytes, ending: how, direction: 'to-client' });
      const client = bench.knock();
      await until(() => client.closed || client.ended);
      expect([client.failure, client.ended]).toEqual(
        how === 'end' ? [undefined, true] : ['ECONNRESET', false],
      );
      const received = client.received();
      const overtaken = how === 'reset' && other?.kind === 'slicer';
      if (!overtaken) expect(received.length).toBe(bytes);
      expect(received.length).toBeLessThanOrEqual(bytes);
      expect(received.equals(patternOf(20_001).subarray(0, received.length))).toBe(true);
      expect(bench.proxy.stats.bytesToClient).toBe(bytes);
    }),
    { numRuns: 100 },
  );
});

/** Memory outside the heap of objects that is still in use: bytes of sockets and queues. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().arrayBuffers;
}

test('a reader that stops is felt by the writer: the proxy keeps little, and nothing is lost', async () => {
  await using bench = await startBench();
  const [client, server] = await bench.pair();
  const chunk = patternOf(65_536);
  const chunks = 1_024;
  let [flushed, arrived, wrong] = [0, 0, 0];
  const doubled = Buffer.concat([chunk, chunk]);
  server.socket.removeAllListeners('data').on('data', (bytes: Buffer) => {
    const at = arrived % chunk.length;
    if (!bytes.equals(doubled.subarray(at, at + bytes.length))) wrong += 1;
    arrived += bytes.length;
  });
  server.socket.pause();
  const before = usedBytes();
  const sending = (async () => {
    for (; flushed < chunks; flushed += 1) {
      await new Promise<void>((resolve) => void client.socket.write(chunk, () => resolve()));
    }
  })();
  // The writer stands still once the buffers of the system and of the proxy are full.
  for (let seen = -1; seen !== flushed; ) {
    seen = flushed;
    await turns(300);
  }
  expect(flushed).toBeLessThan(chunks);
  // What was collected is given back a little later.
  await until(() => usedBytes() - before < 2 * 1024 * 1024);
  server.socket.resume();
  await sending;
  await until(() => arrived === chunks * chunk.length);
  expect(wrong).toBe(0);
});
