import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { afterEach, expect, test } from 'vitest';
import {
  createExchangeSimulator,
  createTruthMemory,
  type ExchangeSimulator,
  type Fault,
  loadReplay,
  parseRecording,
  type SimulatorOptions,
  type StreamRequest,
  startExchangeSimulator,
  type TruthEntry,
} from '../src/index.ts';
import { createHandMadeRuntime, type HandMadeRuntime, startMs } from './hand-made-runtime.ts';
import { connectInMemory, type Ending } from './memory-client.ts';
import { closeAll } from './running-simulator.ts';
import { connectClient } from './stream-client.ts';
import { product } from './stream-stage.ts';
import { withoutWorld } from './without-world.ts';

afterEach(closeAll);

const symbols = ['BTC/USDT', 'ETH/USDT', 'SHIB/USDT'];
const market = { kind: 'synthetic', seed: 'memory', pairs: 3 } as const;

function make(options: Partial<SimulatorOptions> = {}): {
  simulator: ExchangeSimulator;
  runtime: HandMadeRuntime;
} {
  const runtime = createHandMadeRuntime();
  return { runtime, simulator: createExchangeSimulator({ market, runtime, ...options }) };
}

function ask(simulator: ExchangeSimulator, path: string): Promise<Response> {
  return Promise.resolve(simulator.fetch(new Request(`http://venue.test${path}`)));
}

test('a session of REST and stream needs neither the event loop nor anything of the world', async () => {
  const counted = await withoutWorld(async () => {
    const truth: TruthEntry[] = [];
    const { simulator, runtime } = make({ truth: (entry) => truth.push(entry) });
    const client = connectInMemory(simulator);
    client.follow(symbols);
    simulator.inject({ kind: 'epoch', atSeconds: 5 });
    simulator.inject({ kind: 'slow-snapshot', atSeconds: 6, durationSeconds: 1 });
    runtime.pass(10_000);
    const products = await (await ask(simulator, '/api/pro/v1/products')).text();
    const books = await Promise.all(
      symbols.map(async (symbol) => (await ask(simulator, `/api/pro/v1/depth?symbol=${symbol}`)).json()),
    );
    const missing = (await ask(simulator, '/nowhere')).status;
    runtime.pass(100_000);
    simulator.close();
    return { frames: client.texts.length, products: products.length, books: books.length, missing };
  });
  expect(counted.frames).toBeGreaterThan(100);
  expect(counted.products).toBeGreaterThan(500);
  expect([counted.books, counted.missing]).toEqual([3, 404]);
});

test('all that leaves the simulator bears the virtual time', async () => {
  const { simulator, runtime } = make();
  const client = connectInMemory(simulator);
  runtime.pass(1_234);
  client.send({ op: 'ping', id: 'p' });
  expect(client.texts.at(-1)).toContain(`"ts":${startMs + 1_234}`);
  const time = await (await ask(simulator, '/api/pro/v1/exchange-info?requestTime=1')).text();
  expect(time).toContain(`"requestReceiveAt":${startMs + 1_234}`);
});

test('a clock may have fractions of a millisecond', async () => {
  const runtime = createHandMadeRuntime();
  const clock = { now: () => runtime.clock.now() + 0.625, monotonic: runtime.clock.monotonic };
  const simulator = createExchangeSimulator({ market, runtime: { ...runtime, clock } });
  runtime.pass(60_000);
  const data = async (path: string) =>
    ((await (await ask(simulator, `/api/pro/v1/${path}`)).json()) as { readonly data: never }).data;
  const bars: readonly { readonly data: { readonly ts: number; readonly c: string } }[] = await data(
    'barhist?symbol=BTC/USDT&interval=1&n=2',
  );
  const minuteMs = Math.floor(runtime.clock.now() / 60_000) * 60_000;
  expect(bars.map((bar) => bar.data.ts)).toEqual([minuteMs - 60_000, minuteMs]);
  const ticker: { readonly close: string } = await data('ticker?symbol=BTC/USDT');
  expect(ticker.close).toBe(bars.at(-1)?.data.c);
  simulator.close();
});

test('a client in memory and one behind a socket see the same bytes, and are counted alike', async () => {
  const faults: readonly Fault[] = [
    { kind: 'gap', atSeconds: 1 },
    { kind: 'mute', atSeconds: 2, durationSeconds: 2, symbol: 'ETH/USDT' },
    { kind: 'epoch', atSeconds: 5 },
    { kind: 'reorder', atSeconds: 6 },
    { kind: 'slow-snapshot', atSeconds: 0, durationSeconds: 1 },
  ];
  const messages = [
    { op: 'sub', id: '1', ch: `depth:${symbols}` },
    { op: 'sub', id: 2, ch: `trades:${symbols}` },
    { op: 'sub', ch: 'bbo:BTC/USDT' },
    ...symbols.map((symbol) => ({ op: 'req', action: 'depth-snapshot', args: { symbol } })),
    { op: 'sub', ch: 'depth:NONE/NONE' },
    { op: 'req', action: 'market-trades', args: { symbol: 'BTC/USDT' } },
    { op: 'unsub', ch: 'bbo' },
    { op: 'ping', id: 'p' },
  ];
  const inMemory = make({ faults });
  const client = connectInMemory(inMemory.simulator);
  const runtime = createHandMadeRuntime();
  await using listening = await startExchangeSimulator({ market, runtime, faults });
  const socket = await connectClient(listening.endpoints.streamUrl);
  for (const message of messages) {
    client.send(message);
    socket.send(message);
  }
  while (listening.stats.frames.received < messages.length) await turn();
  for (let round = 0; round < 300; round += 1) {
    inMemory.runtime.pass(100);
    runtime.pass(100);
  }
  await socket.until(() => socket.frames.length === listening.stats.frames.sent);
  expect(socket.frames.map(({ text }) => text)).toEqual(client.texts);
  expect(client.texts.length).toBeGreaterThan(100);
  expect(listening.stats).toEqual(inMemory.simulator.stats);
});

test('REST in memory and over HTTP give the same answers', async () => {
  const inMemory = make();
  const runtime = createHandMadeRuntime();
  await using listening = await startExchangeSimulator({ market, runtime });
  for (const world of [inMemory.runtime, runtime]) world.pass(5_000);
  for (const path of [
    'products',
    'depth?symbol=BTC/USDT',
    'trades?symbol=ETH/USDT',
    'ticker',
    'nothing',
    'depth',
    `ticker?x=${'x'.repeat(2_100)}`,
  ]) {
    const answers = [
      await ask(inMemory.simulator, `/api/pro/v1/${path}`),
      await fetch(`${listening.endpoints.restUrl}/api/pro/v1/${path}`),
    ];
    const [memory, http] = await Promise.all(
      answers.map(async (answer) => [answer.status, answer.headers.get('content-type'), await answer.text()]),
    );
    expect(memory).toEqual(http);
  }
});

test('a path without a stream is refused with 404, the fault refuse with 503, and only the fault counts', () => {
  const { simulator, runtime } = make();
  expect(() => connectInMemory(simulator, { path: '/api/pro/v1/streams' })).toThrow('refused with 404');
  simulator.inject({ kind: 'refuse', atSeconds: 0, durationSeconds: 3 });
  expect(() => connectInMemory(simulator)).toThrow('refused with 503');
  runtime.pass(3_000);
  const client = connectInMemory(simulator, { path: '/1/api/pro/v2/stream?a=b' });
  expect(client.texts).toEqual(['{"m":"connected","type":"unauth"}']);
  expect(simulator.stats.connections).toEqual({ open: 1, total: 1, refused: 1, cut: 0 });
});

test.each(['at once', 'later', 'twice'] satisfies Ending[])(
  'the transport may tell of an end %s: each stream is counted out once, and nothing is sent after a cut',
  (ending) => {
    const { simulator, runtime } = make();
    const clients = [1, 2].map(() => connectInMemory(simulator, { ending }));
    for (const client of clients) client.follow(symbols);
    simulator.inject({ kind: 'drop', atSeconds: 1 });
    runtime.pass(1_000);
    const counts = clients.map(({ texts }) => texts.length);
    runtime.pass(5_000);
    expect(clients.map(({ ends }) => ends)).toEqual([['cut'], ['cut']]);
    expect(clients.map(({ texts }) => texts.length)).toEqual(counts);
    for (const client of clients) client.tellEnd();
    expect(simulator.stats.connections).toMatchObject({ open: 0, total: 2 });
    const again = connectInMemory(simulator, { ending });
    again.follow(symbols);
    runtime.pass(2_000);
    expect(again.named('depth').length).toBeGreaterThan(3);
  },
);

test.each(['at once', 'later', 'twice'] satisfies Ending[])(
  'a silent client is closed with 1000, told %s',
  (ending) => {
    const { simulator, runtime } = make();
    const client = connectInMemory(simulator, { ending });
    runtime.pass(100_000);
    client.tellEnd();
    expect(client.ends).toEqual([1000]);
    expect(simulator.stats.connections.open).toBe(0);
  },
);

test('a client that leaves is counted out and gets nothing more; pings are answered until then', () => {
  const { simulator, runtime } = make();
  const client = connectInMemory(simulator);
  client.follow(symbols);
  client.stream.pinged(new Uint8Array([7]));
  client.stream.drained();
  client.stream.closed();
  const { length } = client.texts;
  client.send({ op: 'ping' });
  runtime.pass(10_000);
  expect([client.texts.length, client.pongs, client.ends]).toEqual([length, ['7'], []]);
  expect(simulator.stats.connections.open).toBe(0);
});

test('a message of more than 1 MiB closes the stream with 1009, one of 1 MiB does not', () => {
  const { simulator } = make();
  const client = connectInMemory(simulator);
  client.stream.receive(`"${'é'.repeat((1 << 19) - 1)}"`);
  expect(client.ends).toEqual([]);
  client.stream.receive(`"${'é'.repeat(1 << 19)}"`);
  expect(client.ends).toEqual([1009]);
  expect(simulator.stats.connections.open).toBe(0);
});

test('who has sent too much hears nothing more, also before its transport tells of the end', () => {
  const { simulator, runtime } = make();
  const client = connectInMemory(simulator, { ending: 'later' });
  client.follow(symbols);
  client.stream.receive('x'.repeat((1 << 20) + 1));
  const { length } = client.texts;
  client.send({ op: 'ping' });
  runtime.pass(5_000);
  expect([client.ends, client.texts.length]).toEqual([[1009], length]);
});

test('that a stream is over is true before its client hears of it', () => {
  const events: string[] = [];
  const truth = (entry: TruthEntry): void => void (entry.kind === 'stream' && events.push(entry.event));
  const { simulator } = make({ truth });
  const cut = (): void => void events.push('cut');
  simulator.connect({}, { send() {}, pong() {}, cut, close() {}, bufferedBytes: 0 });
  simulator.inject({ kind: 'drop', atSeconds: 0 });
  expect(events).toEqual(['opened', 'closed', 'cut']);
});

test('closing cuts every stream, leaves no timer, and may be repeated; afterwards all is refused', async () => {
  const { simulator, runtime } = make({ faults: [{ kind: 'drop', atSeconds: 50 }] });
  const clients = [connectInMemory(simulator), connectInMemory(simulator, { ending: 'later' })];
  for (const client of clients) client.follow(symbols);
  for (const kind of ['refuse', 'silence', 'mute', 'lost-snapshot', 'lost-confirmation'] as const)
    simulator.inject({ kind, atSeconds: 0, durationSeconds: 100 });
  runtime.pass(1_000);
  expect(runtime.pending.length).toBeGreaterThan(6);
  simulator.close();
  simulator.close();
  expect(runtime.pending).toEqual([]);
  expect(clients.map(({ ends }) => ends)).toEqual([['cut'], ['cut']]);
  await simulator.finished;
  simulator.inject({ kind: 'silence', atSeconds: 0, durationSeconds: 1 });
  expect(() => connectInMemory(simulator)).toThrow('refused with 503');
  expect((await ask(simulator, '/api/pro/v1/products')).status).toBe(503);
  expect(runtime.pending).toEqual([]);
  expect(simulator.stats.connections).toMatchObject({ open: 0, total: 2 });
});

test('options that make no sense are refused by name, and leave no timer', () => {
  const runtime = createHandMadeRuntime();
  const attempt = (options: Partial<SimulatorOptions>) => () =>
    createExchangeSimulator({ market, runtime, ...options });
  expect(attempt({ market: { kind: 'synthetic', seed: 1, pairs: 0 } })).toThrow('got 0');
  expect(attempt({ faults: [{ kind: 'gap', atSeconds: -1 }] })).toThrow('got -1');
  expect(attempt({ faults: [{ kind: 'gap', atSeconds: 1, symbol: 'NO/NE' }] })).toThrow(
    'gap: expected a symbol that has a market here, got "NO/NE"',
  );
  expect(runtime.pending).toEqual([]);
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('a fault that was injected can be ended by its number, and `await using` ends everything', async () => {
  const runtime = createHandMadeRuntime();
  {
    await using simulator = createExchangeSimulator({
      market: { kind: 'synthetic', seed: 1, pairs: 1 },
      runtime,
    });
    const client = connectInMemory(simulator);
    const id = simulator.inject({ kind: 'silence', atSeconds: 0 });
    client.send({ op: 'ping' });
    expect(client.texts).toHaveLength(1);
    expect([simulator.endFault(id), simulator.endFault(id)]).toEqual([true, false]);
    client.send({ op: 'ping' });
    expect(client.texts).toHaveLength(2);
  }
  expect(runtime.pending).toEqual([]);
});

/** Status of the answer to an upgrade. */
function upgrade(simulator: ExchangeSimulator, request: Partial<StreamRequest> = {}): number {
  const stream = simulator.connect(request, { send() {}, pong() {}, cut() {}, close() {}, bufferedBytes: 0 });
  return 'refusedWith' in stream ? stream.refusedWith : 101;
}

test('who does not say from where it comes is this machine, who does is not', async () => {
  const { simulator } = make();
  simulator.inject({ kind: 'address-ban', atSeconds: 0, address: '127.0.0.1' });
  const products = new Request('http://venue.test/api/pro/v1/products');
  expect((await simulator.fetch(products)).status).toBe(403);
  expect((await simulator.fetch(products, { address: '10.0.0.2' })).status).toBe(200);
  expect(upgrade(simulator)).toBe(403);
  expect(upgrade(simulator, { address: '10.0.0.2' })).toBe(101);
});

test('streams that faults turn away are counted, until the close', () => {
  const { simulator } = make();
  const before = simulator.stats;
  simulator.inject({ kind: 'refused-upgrade', atSeconds: 0, status: 401 });
  expect(upgrade(simulator)).toBe(401);
  expect(simulator.stats.connections.refused).toBe(1);
  expect([before.connections.refused, before.faults['refused-upgrade']]).toEqual([0, 0]);
  simulator.close();
  expect(upgrade(simulator)).toBe(503);
  expect(simulator.stats.connections.refused).toBe(1);
});

test('faults of the options wait for the first depth subscription, also at 0', () => {
  const { simulator, runtime } = make({ faults: [{ kind: 'refused-upgrade', atSeconds: 0, status: 401 }] });
  runtime.pass(10_000);
  const client = connectInMemory(simulator);
  client.follow(symbols);
  runtime.pass(0);
  expect(upgrade(simulator)).toBe(401);
});

test('what the venue takes for the time does not change when things were asked', async () => {
  const times: number[] = [];
  const { simulator } = make({ truth: (entry) => entry.kind === 'request' && times.push(entry.timeMs) });
  simulator.inject({ kind: 'clock-skew', atSeconds: 0, seconds: 60 });
  const time = await (await ask(simulator, '/api/pro/v1/exchange-info?requestTime=1')).text();
  expect(time).toContain(`"requestReceiveAt":${startMs + 60_000}`);
  expect(times).toEqual([startMs]);
});

test('customers have the fees of the options, and money of what is listed', async () => {
  const fees = { maker: '0.0002', taker: '0.0005' };
  const memory = createTruthMemory();
  const world = { kind: 'synthetic', seed: 'fees', pairs: 1 } as const;
  const { simulator } = make({ fees, market: world, truth: memory.sink });
  expect(simulator.users.map((user) => user.fees)).toEqual([fees, fees]);
  for (const { cash } of simulator.users)
    expect(memory.balances(cash).map(({ asset }) => asset)).toEqual(['BTC', 'USDT']);
  const { sessionFile, productsFile } = syntheticSession;
  const replay = { kind: 'replay', ...(await loadReplay({ sessionFile, productsFile })), speed: 1 } as const;
  expect(make({ fees, market: replay }).simulator.users[0]?.fees).toEqual(fees);
  expect(make({ market: replay }).simulator.users[0]?.fees).toEqual({ maker: '0', taker: '0' });
});

test('an order from outside has an id of the customer whose it is', () => {
  const memory = createTruthMemory();
  const { simulator } = make({ truth: memory.sink });
  const [, { cash, uid } = { cash: '', uid: '?' }] = simulator.users;
  simulator.inject({ kind: 'foreign-order', atSeconds: 0, account: cash });
  expect(memory.orders(cash).map(({ orderId }) => orderId.includes(uid.replace('U', '')))).toEqual([true]);
});

test('a refusal lasts as long as the speed of a replay makes it', async () => {
  const { sessionFile, productsFile } = syntheticSession;
  const replay = { kind: 'replay', ...(await loadReplay({ sessionFile, productsFile })), speed: 4 } as const;
  const { simulator, runtime } = make({ market: replay });
  simulator.inject({ kind: 'refuse', atSeconds: 0, durationSeconds: 8 });
  runtime.pass(1_999);
  expect(upgrade(simulator)).toBe(503);
  runtime.pass(1);
  expect(upgrade(simulator)).toBe(101);
});

test.each([
  ['close 1001', 1001],
  ['cut', 'cut'],
])('a recorded end of a stream, %s, ends the streams of a replay', (recorded, ending) => {
  const lines = [
    'wss://v/s <-> 99',
    'wss://v/s <- 100: {"op":"sub","ch":"depth:A/B"}',
    '101: {"m":"depth-snapshot","symbol":"A/B","data":{"ts":1,"seqnum":1,"asks":[["1","1"]],"bids":[]}}',
    `wss://v/s <x> 102: ${recorded}`,
    'wss://v/s <-> 103',
    'wss://v/s <- 104: {"op":"sub","ch":"depth:A/B"}',
    '105: {"m":"depth-snapshot","symbol":"A/B","data":{"ts":1,"seqnum":9,"asks":[["1","1"]],"bids":[]}}',
  ];
  const session = parseRecording(lines.join('\n'), 'a.txt');
  const { simulator, runtime } = make({ market: { kind: 'replay', session, products: [product], speed: 1 } });
  const client = connectInMemory(simulator);
  client.follow(['A/B']);
  runtime.pass(3_000);
  expect(client.ends).toEqual([ending]);
  expect(simulator.stats.connections.open).toBe(0);
  simulator.close();
});
