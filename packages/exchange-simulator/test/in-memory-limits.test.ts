import { afterEach, expect, test } from 'vitest';
import {
  createExchangeSimulator,
  type ExchangeSimulator,
  parseFault,
  type SimulatorOptions,
  type StreamSink,
  startExchangeSimulator,
  type TruthEntry,
} from '../src/index.ts';
import { createHandMadeRuntime, type HandMadeRuntime } from './hand-made-runtime.ts';
import { connectInMemory, seqnumOf } from './memory-client.ts';
import { closeAll } from './running-simulator.ts';
import { connectClient } from './stream-client.ts';

afterEach(closeAll);

const symbol = 'BTC/USDT';
const market = { kind: 'synthetic', seed: 'limits', pairs: 2 } as const;

function make(options: Partial<SimulatorOptions> = {}): {
  simulator: ExchangeSimulator;
  runtime: HandMadeRuntime;
} {
  const runtime = createHandMadeRuntime();
  return { runtime, simulator: createExchangeSimulator({ market, runtime, ...options }) };
}

/** A path of so many characters with its query. */
function pathOf(base: string, length: number): string {
  return `${base}?x=`.padEnd(length, 'x');
}

/** Status of a stream, and whether it was opened. */
function statusOf(simulator: ExchangeSimulator, path: string): number {
  const sink: StreamSink = { send() {}, pong() {}, cut() {}, close() {}, bufferedBytes: 0 };
  const stream = simulator.connect(path, sink);
  if ('refusedWith' in stream) return stream.refusedWith;
  stream.closed();
  return 101;
}

test('a URL of more than 2,048 characters is refused with 414 in memory too, also that of a stream', async () => {
  const { simulator } = make();
  const ask = (length: number) =>
    simulator.fetch(
      new Request(`http://a-host-that-does-not-count.test${pathOf('/api/pro/v1/products', length)}`),
    );
  expect((await ask(2_048)).status).toBe(200);
  const refused = await ask(2_049);
  expect(refused.status).toBe(414);
  expect(await refused.json()).toMatchObject({ code: 414, reason: 'URI_TOO_LONG' });
  expect(statusOf(simulator, pathOf(simulator.streamPath, 2_048))).toBe(101);
  expect(statusOf(simulator, pathOf(simulator.streamPath, 2_049))).toBe(414);
  expect(simulator.stats.connections).toMatchObject({ total: 1, refused: 0 });
});

test('what is refused for its length is in the truth, in memory as over sockets', async () => {
  const inMemory: TruthEntry[] = [];
  const overSockets: TruthEntry[] = [];
  const { simulator } = make({ truth: (entry) => inMemory.push(entry) });
  const runtime = createHandMadeRuntime();
  await using listening = await startExchangeSimulator({
    market,
    runtime,
    truth: (entry) => overSockets.push(entry),
  });
  const path = pathOf('/api/pro/v1/products', 2_049);
  await simulator.fetch(new Request(`http://v.test${path}`));
  await (await fetch(`${listening.endpoints.restUrl}${path}`)).text();
  statusOf(simulator, pathOf(simulator.streamPath, 2_049));
  const { streamUrl } = listening.endpoints;
  await expect(connectClient(`${streamUrl}?${'x'.repeat(2_049)}`)).rejects.toThrow('414');
  const told = (entries: readonly TruthEntry[]) =>
    entries.filter(({ kind }) => kind === 'request' || kind === 'stream');
  expect(told(inMemory)).toMatchObject([
    { kind: 'request', method: 'GET', path: '/api/pro/v1/products', status: 414 },
    { kind: 'stream', event: 'refused' },
  ]);
  expect(told(overSockets)).toEqual(told(inMemory));
});

test.each(['send', 'pong', 'bufferedBytes', 'greeting', 'cut', 'close'] as const)(
  'a sink that throws at %s is cut off alone, and the market goes on for the others',
  (where) => {
    const truth: TruthEntry[] = [];
    const { simulator, runtime } = make({ truth: (entry) => truth.push(entry) });
    let broken = where === 'greeting';
    let cuts = 0;
    const fail = (at: typeof where): void => {
      if (broken && (at === where || (where === 'greeting' && at === 'send'))) throw new Error(`no ${at}`);
    };
    const stream = simulator.connect(simulator.streamPath, {
      send: () => fail('send'),
      pong: () => fail('pong'),
      cut: () => {
        cuts += 1;
        fail('cut');
      },
      close: () => fail('close'),
      get bufferedBytes() {
        fail('bufferedBytes');
        return 0;
      },
    });
    if ('refusedWith' in stream) throw new Error(`refused with ${stream.refusedWith}`);
    const other = connectInMemory(simulator);
    stream.receive(`{"op":"sub","ch":"depth:${symbol}"}`);
    other.follow([symbol]);
    broken = true;
    if (where === 'pong') stream.pinged(new Uint8Array([1]));
    if (where === 'close') stream.receive(`"${'x'.repeat(1 << 20)}"`);
    if (where === 'cut') simulator.inject({ kind: 'drop', atSeconds: 1 });
    runtime.pass(5_000);
    expect(cuts).toBe(1);
    expect(simulator.stats.connections.open).toBe(where === 'cut' ? 0 : 1);
    expect(truth.filter((entry) => entry.kind === 'stream').map(({ event }) => event)).toEqual([
      ...(where === 'greeting' ? ['opened', 'closed', 'opened'] : ['opened', 'opened', 'closed']),
      ...(where === 'cut' ? ['closed'] : []),
    ]);
    const again = where === 'cut' ? connectInMemory(simulator) : other;
    again.follow([symbol]);
    const before = again.depthNumbers(symbol).length;
    runtime.pass(5_000);
    expect(again.depthNumbers(symbol).length).toBeGreaterThan(before + 3);
    simulator.close();
    expect(runtime.pending).toEqual([]);
  },
);

test('a client that does not read and cannot be cut is over all the same, and the others are served', () => {
  const { simulator, runtime } = make();
  let bufferedBytes = 0;
  const fail = (): never => {
    throw new Error('no cut');
  };
  const sink = {
    ...{ send() {}, pong() {}, cut: fail, close() {} },
    get bufferedBytes() {
      return bufferedBytes;
    },
  };
  const stream = simulator.connect(simulator.streamPath, sink);
  if ('refusedWith' in stream) throw new Error(`refused with ${stream.refusedWith}`);
  stream.receive(`{"op":"sub","ch":"depth:${symbol}"}`);
  const other = connectInMemory(simulator);
  other.follow([symbol]);
  bufferedBytes = (64 << 20) + 1;
  runtime.pass(5_000);
  expect(simulator.stats.connections).toMatchObject({ open: 1, cut: 1 });
  expect(other.depthNumbers(symbol).length).toBeGreaterThan(3);
  simulator.close();
});

test('a stream keeps nothing of the books that it was given', () => {
  const runtime = createHandMadeRuntime();
  const disposed: string[] = [];
  const { setTimer } = runtime.timers;
  const timers = {
    setTimer(delayMs: number, fire: () => void, label: string): Disposable {
      const timer = setTimer(delayMs, fire, label);
      return {
        [Symbol.dispose]: () => {
          disposed.push(label);
          timer[Symbol.dispose]();
        },
      };
    },
  };
  const simulator = createExchangeSimulator({
    market,
    runtime: { clock: runtime.clock, random: runtime.random, timers },
    faults: [parseFault('slow-snapshot@0+1')],
  });
  const client = connectInMemory(simulator);
  client.follow([symbol]);
  runtime.pass(2_000);
  const ask = () => client.send({ op: 'req', action: 'depth-snapshot', args: { symbol } });
  const given = client.named('depth-snapshot').length;
  for (let n = 0; n < 3; n += 1) ask();
  runtime.pass(1_000);
  expect(client.named('depth-snapshot').length).toBe(given + 3);
  ask();
  client.stream.closed();
  // Only the one that was still to come.
  expect(disposed.filter((label) => label === 'slow book')).toHaveLength(1);
  expect(runtime.pending).not.toContain('slow book');
});

test('after the close no stream is opened, and none counts as refused by a fault', () => {
  const truth: TruthEntry[] = [];
  const { simulator } = make({ truth: (entry) => truth.push(entry) });
  expect(statusOf(simulator, simulator.streamPath)).toBe(101);
  simulator.close();
  expect(statusOf(simulator, simulator.streamPath)).toBe(503);
  expect(simulator.stats.connections).toEqual({ open: 0, total: 1, refused: 0, cut: 0 });
  expect(truth.at(-1)).toMatchObject({ kind: 'stream', event: 'refused' });
});

test.each([
  [10, 3],
  [3, 10],
])('streams are refused until the last of overlapping refusals is over: %s s and %s s', (...seconds) => {
  const { simulator, runtime } = make();
  for (const durationSeconds of seconds) simulator.inject({ kind: 'refuse', atSeconds: 0, durationSeconds });
  for (const expected of [503, 503, 101]) {
    expect(statusOf(simulator, simulator.streamPath)).toBe(expected);
    runtime.pass(5_000);
  }
});

test('of two lasting faults that overlap the one that began last strikes, then the other again', () => {
  const struck: unknown[] = [];
  const { simulator, runtime } = make({
    truth: (entry) => entry.kind === 'fault' && struck.push(entry.fault.durationSeconds),
  });
  const client = connectInMemory(simulator);
  client.follow([symbol]);
  const ask = (): bigint => {
    client.send({ op: 'req', action: 'depth-snapshot', args: { symbol } });
    return seqnumOf(client.named('depth-snapshot', symbol).at(-1) ?? '');
  };
  runtime.pass(2_000);
  const first = ask();
  simulator.inject({ kind: 'old-snapshot', atSeconds: 0, durationSeconds: 20 });
  runtime.pass(2_000);
  simulator.inject({ kind: 'mute', atSeconds: 0, durationSeconds: 1, channel: 'bbo' });
  simulator.inject({ kind: 'old-snapshot', atSeconds: 0, durationSeconds: 5 });
  const second = client.depthNumbers(symbol).at(-1);
  runtime.pass(2_000);
  expect(ask()).toBe(second);
  runtime.pass(4_000);
  expect(ask()).toBe(first);
  runtime.pass(13_000);
  expect(ask()).toBe(client.depthNumbers(symbol).at(-1));
  expect(struck).toEqual([1, 5, 20]);
});
