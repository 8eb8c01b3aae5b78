import { createManualRuntime } from '@venuekit/connector-kit/testing';
import { describe, expect, test } from 'vitest';
import type { Toxic } from '../src/chaos/index.ts';
import {
  type CountedRuntime,
  countTimers,
  echo,
  patternOf,
  startBench,
  turns,
  until,
} from './chaos-bench.ts';

/** Runs something on the system's clock; gives how long it took, in milliseconds. */
async function timed(run: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await run();
  return performance.now() - startMs;
}

describe('latency', () => {
  test('what is sent arrives later, each way, and so does the end', async () => {
    await using bench = await startBench(echo);
    const [client] = await bench.pair();
    bench.proxy.add({ kind: 'latency', latencyMs: 40 });
    bench.proxy.add({ kind: 'latency', latencyMs: 20, direction: 'to-client' });
    const thereAndBackMs = await timed(async () => {
      client.socket.write('ping');
      await until(() => client.received().toString() === 'ping');
    });
    expect(thereAndBackMs).toBeGreaterThanOrEqual(100);
    const endingMs = await timed(async () => {
      client.socket.end();
      await until(() => client.ended);
    });
    expect(endingMs).toBeGreaterThanOrEqual(100);
  });

  test('bytes that wait go on at once when the toxic is gone, by itself or by a reset of all', async () => {
    await using bench = await startBench();
    const [client, server] = await bench.pair();
    const toxic = bench.proxy.add({ kind: 'latency', latencyMs: 3_600_000 });
    client.socket.write('one');
    await turns(100);
    expect(server.received().length).toBe(0);
    toxic[Symbol.dispose]();
    await until(() => server.received().toString() === 'one');
    bench.proxy.add({ kind: 'latency', latencyMs: 3_600_000 });
    client.socket.write('two');
    await turns(100);
    expect(server.received().toString()).toBe('one');
    bench.proxy.reset();
    await until(() => server.received().toString() === 'onetwo');
    toxic[Symbol.dispose]();
  });
});

/** The delays that 20 chunks of two connections meet, each way. */
async function jitterOf(seed: string): Promise<readonly number[]> {
  const manual = createManualRuntime();
  const runtime = countTimers(manual);
  await using bench = await startBench(echo, { seed, runtime });
  bench.proxy.add({ kind: 'latency', latencyMs: 100, jitterMs: 50 });
  for (let connection = 0; connection < 2; connection += 1) {
    const [client] = await bench.pair();
    for (let chunk = 1; chunk <= 10; chunk += 1) {
      client.socket.write('x');
      for (const direction of ['to-server', 'to-client']) {
        const step = `${direction} ${chunk}`;
        await until(() => runtime.armed() === 1);
        expect(manual.waiting, step).toEqual(['chaos-lane']);
        await manual.advance(150);
        if (direction === 'to-client') await until(() => client.received().length === chunk);
      }
    }
  }
  return runtime.delaysMs;
}

describe('jitter', () => {
  test('equal seeds give equal delays, another seed others, all within the bounds', async () => {
    const [one, same, other] = [await jitterOf('a'), await jitterOf('a'), await jitterOf('b')];
    expect(one).toHaveLength(40);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    expect(Math.min(...one)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...one)).toBeLessThanOrEqual(150);
    // Directions and connections draw for themselves.
    const [first, second] = [one.slice(0, 20), one.slice(20)];
    expect(first).not.toEqual(second);
    expect(first.filter((_, at) => at % 2 === 0)).not.toEqual(first.filter((_, at) => at % 2 === 1));
    expect(new Set(one).size).toBeGreaterThan(10);
  });

  test('a short delay waits for a long one before it', async () => {
    const manual = createManualRuntime();
    await using bench = await startBench(undefined, { runtime: manual });
    const [client, server] = await bench.pair();
    bench.proxy.add({ kind: 'latency', latencyMs: 500, jitterMs: 500, direction: 'to-server' });
    for (let chunk = 0; chunk < 30; chunk += 1) {
      client.socket.write(Buffer.of(chunk));
      await turns(10);
      await manual.advance(20);
    }
    await manual.advance(1_000);
    while (server.received().length < 30) {
      await turns(10);
      await manual.advance(1_000);
    }
    expect([...server.received()]).toEqual(Array.from({ length: 30 }, (_, chunk) => chunk));
  });
});

describe('bandwidth', () => {
  test('bytes take at least their time, and the other way is not slower', async () => {
    await using bench = await startBench();
    const [client, server] = await bench.pair();
    bench.proxy.add({ kind: 'bandwidth', bytesPerSecond: 20_000, direction: 'to-server' });
    const tookMs = await timed(async () => {
      client.socket.write(patternOf(6_000));
      server.socket.write('back at once');
      await until(() => server.received().length === 6_000);
    });
    expect(tookMs).toBeGreaterThanOrEqual(300);
    expect(server.received()).toEqual(patternOf(6_000));
    expect(client.received().toString()).toBe('back at once');
  });

  test('what late timers lost is made up for, so that the rate is met', async () => {
    const manual = createManualRuntime();
    const runtime = countTimers(manual);
    await using bench = await startBench(undefined, { runtime });
    bench.proxy.add({ kind: 'bandwidth', bytesPerSecond: 20_000, direction: 'to-server' });
    const [client] = await bench.pair();
    client.socket.write(patternOf(4_000));
    const passed = async (bytes: number): Promise<void> => {
      await until(
        () => bench.proxy.stats.bytesToServer >= bytes && runtime.armed() === (bytes < 4_000 ? 1 : 0),
      );
      expect(bench.proxy.stats.bytesToServer).toBe(bytes);
    };
    await passed(0);
    for (const [stallMs, restMs, bytes] of [
      [70, 0, 1_000],
      [20, 10, 2_000],
      [30, 20, 3_000],
      [49, 0, 3_000],
      [0, 1, 4_000],
    ] as const) {
      manual.stall(stallMs);
      await manual.advance(restMs);
      await passed(bytes);
    }
  });

  test('time in which nothing could pass is not made up for', async () => {
    const manual = createManualRuntime();
    await using bench = await startBench(undefined, { runtime: manual });
    bench.proxy.add({ kind: 'bandwidth', bytesPerSecond: 20_000, direction: 'to-server' });
    const [client] = await bench.pair();
    bench.proxy.hold();
    client.socket.write(patternOf(4_000));
    await turns(100);
    await manual.advance(10_000);
    bench.proxy.release();
    for (const [waitMs, bytes] of [
      [0, 1_000],
      [49, 1_000],
      [1, 2_000],
      [50, 3_000],
      [49, 3_000],
      [1, 4_000],
    ] as const) {
      await manual.advance(waitMs);
      await until(() => bench.proxy.stats.bytesToServer >= bytes);
      await turns(5);
      expect(bench.proxy.stats.bytesToServer).toBe(bytes);
    }
  });
});

/** Where a slicer with a pause cuts 200 bytes that are written as `chunks`. */
async function cutsOf(toxic: Toxic, chunks: readonly number[]): Promise<readonly number[]> {
  const manual = createManualRuntime();
  const runtime: CountedRuntime = countTimers(manual);
  await using bench = await startBench(undefined, { runtime });
  const [client, server] = await bench.pair();
  bench.proxy.add(toxic);
  const cuts: number[] = [];
  let sent = 0;
  for (const bytes of chunks) {
    client.socket.write(patternOf(200).subarray(sent, sent + bytes));
    sent += bytes;
    const passed = (): boolean => bench.proxy.stats.bytesToServer === sent;
    for (;;) {
      await until(() => passed() || runtime.armed() === 1);
      if (passed()) break;
      cuts.push(bench.proxy.stats.bytesToServer);
      await manual.advance(10);
    }
  }
  await until(() => server.received().length === 200);
  expect(server.received()).toEqual(patternOf(200));
  return cuts;
}

describe('slicer', () => {
  test('single bytes', async () => {
    const cuts = await cutsOf({ kind: 'slicer', sliceBytes: 1, delayMs: 10 }, [200]);
    expect(cuts).toEqual(Array.from({ length: 199 }, (_, at) => at + 1));
  });

  test('sizes vary by the seed, and not by how the bytes came', async () => {
    const toxic: Toxic = { kind: 'slicer', sliceBytes: 20, jitterBytes: 19, delayMs: 10 };
    const cuts = await cutsOf(toxic, [200]);
    const sizes = cuts.map((cut, at) => cut - (cuts[at - 1] ?? 0));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(39);
    expect(new Set(sizes).size).toBeGreaterThan(2);
    // A chunk that ends inside a slice is not kept back, so a boundary at the end of a chunk shows no wait before it.
    const chunked = await cutsOf(toxic, [7, 50, 1, 142]);
    expect(chunked).toEqual(cuts);
  });
});

describe('limit', () => {
  test.each([
    ['reset', 'ECONNRESET'],
    ['end', undefined],
  ] as const)('exactly so many bytes arrive, then a connection dies with %s', async (ending, failure) => {
    await using bench = await startBench(({ socket }) => socket.write(patternOf(10_000)));
    for (const bytes of [0, 1, 999, 9_999, 10_000]) {
      bench.proxy.reset();
      bench.proxy.add({ kind: 'limit', bytes, ending, direction: 'to-client' });
      const client = bench.knock();
      await until(() => client.closed || client.ended);
      expect(client.received()).toEqual(patternOf(10_000).subarray(0, bytes));
      expect([client.failure, client.ended]).toEqual([failure, ending === 'end']);
      client.socket.destroy();
    }
    await until(() => bench.served.every(({ closed, ended }) => closed || ended));
  });

  test('with hang, the rest waits until the toxic is gone', async () => {
    await using bench = await startBench();
    const [client, server] = await bench.pair();
    const toxic = bench.proxy.add({ kind: 'limit', bytes: 300, ending: 'hang', direction: 'to-server' });
    client.socket.end(patternOf(1_000));
    await until(() => server.received().length === 300);
    await turns(200);
    expect([server.received().length, server.ended]).toEqual([300, false]);
    server.socket.write('the other way');
    await until(() => client.received().toString() === 'the other way');
    toxic[Symbol.dispose]();
    await until(() => server.ended);
    expect(server.received()).toEqual(patternOf(1_000));
  });

  test('counts each connection and each direction by itself', async () => {
    await using bench = await startBench(echo);
    bench.proxy.add({ kind: 'limit', bytes: 100, ending: 'reset' });
    const [[one], [two]] = [await bench.pair(), await bench.pair()];
    for (const client of [one, two]) {
      client.socket.write(patternOf(99));
      await until(() => client.received().length === 99);
    }
    one.socket.write('!');
    await until(() => one.closed);
    expect(one.failure).toBe('ECONNRESET');
    two.socket.write('!');
    await until(() => two.closed);
  });
});

test('hang: a connection is accepted and nothing is delivered that way, until the toxic is gone', async () => {
  await using bench = await startBench(echo);
  const toxic = bench.proxy.add({ kind: 'hang', direction: 'to-client' });
  const [client, server] = await bench.pair();
  client.socket.end('hello');
  await until(() => server.ended);
  await turns(200);
  expect(server.received().toString()).toBe('hello');
  expect([client.received().length, client.ended]).toEqual([0, false]);
  toxic[Symbol.dispose]();
  await until(() => client.ended);
  expect(client.received().toString()).toBe('hello');
});

test('slow-close: the bytes arrive at once, the end later', async () => {
  const manual = createManualRuntime();
  const runtime = countTimers(manual);
  await using bench = await startBench(undefined, { runtime });
  bench.proxy.add({ kind: 'slow-close', delayMs: 5_000 });
  const [client, server] = await bench.pair();
  client.socket.end('goodbye');
  await until(() => server.received().toString() === 'goodbye' && runtime.armed() === 1);
  await manual.advance(4_999);
  await turns(50);
  expect(server.ended).toBe(false);
  await manual.advance(1);
  await until(() => server.ended);
});

test('toxics that make no sense are refused, naming the field', async () => {
  await using bench = await startBench();
  const refusals: readonly (readonly [toxic: object, field: string])[] = [
    [{ kind: 'fog' }, 'kind'],
    [{ kind: 'latency' }, 'latency.latencyMs'],
    [{ kind: 'latency', latencyMs: -1 }, 'latency.latencyMs'],
    [{ kind: 'latency', latencyMs: 1, jitterMs: 0.5 }, 'latency.jitterMs'],
    [{ kind: 'latency', latencyMs: 1, direction: 'up' }, 'latency.direction'],
    [{ kind: 'bandwidth', bytesPerSecond: 0 }, 'bandwidth.bytesPerSecond'],
    [{ kind: 'slicer', sliceBytes: 0 }, 'slicer.sliceBytes'],
    [{ kind: 'slicer', sliceBytes: 1, delayMs: Number.NaN }, 'slicer.delayMs'],
    [{ kind: 'limit', bytes: 2 ** 31, ending: 'end' }, 'limit.bytes'],
    [{ kind: 'limit', bytes: 1, ending: 'explode' }, 'limit.ending'],
    [{ kind: 'slow-close', delayMs: 1, direction: 'to-server' }, 'slow-close.direction'],
  ];
  for (const [toxic, field] of refusals) {
    const refused = expect.objectContaining({
      code: 'invalid-options',
      message: expect.stringContaining(`${field}: expected`),
    });
    expect(() => bench.proxy.add(toxic as Toxic), field).toThrow(refused);
  }
});
