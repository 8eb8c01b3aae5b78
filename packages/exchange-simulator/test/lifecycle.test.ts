import { isVenueError } from '@venuekit/connector-core';
import { afterEach, expect, test } from 'vitest';
import {
  createRecording,
  createSystemRuntime,
  parseRecording,
  startExchangeSimulator,
} from '../src/index.ts';
import { closeAll, connectTo, replaySymbols, startReplay, startSynthetic } from './running-simulator.ts';

afterEach(closeAll);

async function failure(start: Promise<unknown>): Promise<string> {
  const error = await start.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isVenueError(error)) throw new Error('expected a VenueError', { cause: error });
  expect(error.code).toBe('invalid-options');
  return error.message;
}

test('a taken port is an error that names it', async () => {
  const simulator = await startSynthetic();
  const port = Number(new URL(simulator.endpoints.restUrl).port);
  expect(await failure(startSynthetic({ port }))).toBe(
    `startExchangeSimulator: cannot listen on 127.0.0.1:${port}: the port is in use`,
  );
});

test('options that make no sense are refused', async () => {
  expect(await failure(startSynthetic({ port: 70_000 }))).toContain('0 to 65535, got 70000');
  expect(await failure(startReplay({ speed: 0 }))).toContain("above 0 or 'max', got 0");
  expect(await failure(startReplay({ session: { fileName: 'empty.txt', items: [] } }))).toContain(
    'empty.txt: expected a sent depth subscription',
  );
  const subscribed = 'wss://v/s <- 1: {"op":"sub","ch":"depth:A/B"}';
  const noFrames = parseRecording(subscribed, 'sent.txt');
  expect(await failure(startReplay({ session: noFrames }))).toContain('sent.txt: expected received frames');
  const noBook = parseRecording(`${subscribed}\n2: {"m":"ping","hp":3}`, 'bare.txt');
  expect(await failure(startReplay({ session: noBook }))).toContain(
    'bare.txt: expected a received depth-snapshot',
  );
  expect(await failure(startSynthetic({ faults: [{ kind: 'gap', atSeconds: Number.NaN }] }))).toContain(
    'got NaN',
  );
  expect(
    await failure(startExchangeSimulator({ market: { kind: 'synthetic', seed: 1, pairs: 0 } })),
  ).toContain('got 0');
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 0.99, 3_600.01, '5' as never])(
  'a recording of %s seconds is refused',
  (seconds) => {
    expect(() => createRecording({ seed: 1, seconds })).toThrow(
      expect.objectContaining({
        code: 'invalid-options',
        message: expect.stringContaining(`got ${seconds}`),
      }),
    );
  },
);

test('closing leaves no socket, timer, or listener behind, and may be repeated', async () => {
  const simulators = [await startSynthetic(), await startReplay({ speed: 1 }), await startReplay()];
  const clients = await Promise.all(simulators.map(connectTo));
  for (const client of clients) {
    client.send({ op: 'sub', ch: `depth:${replaySymbols[0]}` });
    await client.until(() => client.named('sub').length > 0);
  }
  await Promise.all(simulators.map((simulator) => simulator.close()));
  await Promise.all(simulators.map((simulator) => simulator.close()));
  expect(await Promise.all(clients.map(({ gone }) => gone))).toEqual([1006, 1006, 1006]);
  await Promise.all(simulators.map(({ finished }) => finished));
  expect(simulators.map(({ stats }) => stats.connections.open)).toEqual([0, 0, 0]);
  const ours = (): string[] =>
    process.getActiveResourcesInfo().filter((kind) => /^(TCP|Timeout|Immediate)/.test(kind));
  // A socket's handle is let go of one turn of the event loop after its close.
  for (let turn = 0; turn < 20 && ours().some((kind) => kind.startsWith('TCP')); turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(ours().filter((kind) => kind.startsWith('TCP'))).toEqual([]);
});

test('no timer of a closed simulator fires or is left', async () => {
  const system = createSystemRuntime();
  const pending = new Set<string>();
  const runtime = {
    ...system,
    timers: {
      setTimer(delayMs: number, fire: () => void, label: string): Disposable {
        const name = `${label} ${pending.size}`;
        pending.add(name);
        const timer = system.timers.setTimer(
          delayMs,
          () => {
            pending.delete(name);
            fire();
          },
          label,
        );
        return {
          [Symbol.dispose]: () => {
            pending.delete(name);
            timer[Symbol.dispose]();
          },
        };
      },
    },
  };
  const simulator = await startReplay({ speed: 1 }, { runtime, faults: [{ kind: 'drop', atSeconds: 3 }] });
  simulator.inject({ kind: 'refuse', atSeconds: 0, durationSeconds: 100 });
  simulator.inject({ kind: 'silence', atSeconds: 0, durationSeconds: 100 });
  expect(pending.size).toBeGreaterThan(0);
  await simulator.close();
  expect([...pending]).toEqual([]);
});

test('a made recording can be played without a file', async () => {
  const { session, products } = createRecording({ seed: 3, pairs: 2, seconds: 5 });
  const simulator = await startReplay({ session, products });
  const client = await connectTo(simulator);
  client.follow(['BTC/USDT', 'ETH/USDT']);
  await simulator.finished;
  await client.until(() => client.named('depth').length > 10);
  expect(client.named('depth-snapshot').length).toBe(2);
});
