import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { parseRecording, startExchangeSimulator, type TruthEntry } from '../src/index.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { createPlainDialect, greeting } from './plain-dialect.ts';
import { closeAll, connectTo, startReplay, startSynthetic } from './running-simulator.ts';
import { product } from './stream-stage.ts';

afterEach(closeAll);

test('a client that keeps its half of a refused upgrade open does not hold up the end', {
  timeout: 3_000,
}, async () => {
  const simulator = await startSynthetic();
  simulator.inject({ kind: 'refuse', atSeconds: 0 });
  const socket = connect({
    port: Number(new URL(simulator.endpoints.restUrl).port),
    host: '127.0.0.1',
    allowHalfOpen: true,
  });
  socket.write(
    'GET /api/pro/v1/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  await once(socket, 'data');
  await simulator.close();
  socket.destroy();
});

test('frame pings are not answered in a silence', async () => {
  const simulator = await startSynthetic();
  const client = await connectTo(simulator);
  let pongs = 0;
  client.socket.on('pong', () => (pongs += 1));
  simulator.inject({ kind: 'silence', atSeconds: 0 });
  client.socket.ping();
  client.send({ op: 'ping' });
  while (simulator.stats.frames.withheld === 0) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(pongs).toBe(0);
});

test('names that a client chose are counted up to two hundred', async () => {
  const simulator = await startReplay();
  for (let n = 0; n < 260; n += 1) await (await fetch(`${simulator.endpoints.restUrl}/x${n}`)).text();
  const { rest } = simulator.stats.requests;
  expect([Object.keys(rest).length, rest.other]).toEqual([201, 60]);
});

/** Sends an upgrade by hand; the client keeps its half of the connection open. */
function ask(restUrl: string, path: string): { socket: Socket; answer: Promise<string> } {
  const { port } = new URL(restUrl);
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('end', () => resolve(text));
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n`);
  return { socket, answer };
}

test('an upgrade with a long URL is refused with 414', { timeout: 3_000 }, async () => {
  const simulator = await startSynthetic();
  const path = `/api/pro/v1/stream?${'x'.repeat(2_048)}`;
  const { socket, answer } = ask(simulator.endpoints.restUrl, path);
  expect(await answer).toMatch(/^HTTP\/1\.1 414 /);
  await simulator.close();
  socket.destroy();
});

const world = { kind: 'synthetic', seed: 1, pairs: 1, traders: false } as const;

test('a fault can be ended by its number, and the stats go on', async () => {
  const simulator = await startSynthetic();
  const id = simulator.inject({ kind: 'http-error', atSeconds: 0, status: 502, durationSeconds: 100 });
  const ask = async (): Promise<number> => (await fetch(`${simulator.endpoints.restUrl}/x`)).status;
  expect(await ask()).toBe(502);
  expect([simulator.endFault(id), simulator.endFault(id)]).toEqual([true, false]);
  expect(await ask()).toBe(404);
  expect(simulator.stats.requests.rest).toEqual({ '/x': 1 });
});

test('at the end of `await using` both of its ports are given back', async () => {
  const urls: string[] = [];
  {
    await using simulator = await startExchangeSimulator({ market: world, adminPort: 0 });
    const { restUrl, adminUrl = '' } = simulator.endpoints;
    urls.push(restUrl, adminUrl);
    for (const url of urls) expect((await fetch(url)).status).toBeGreaterThanOrEqual(200);
  }
  for (const url of urls) await expect(fetch(url)).rejects.toThrow();
});

test('requests that are never finished do not hold up the end', { timeout: 3_000 }, async () => {
  const simulator = await startExchangeSimulator({ market: world, adminPort: 0 });
  const { restUrl, adminUrl = '' } = simulator.endpoints;
  const ends = [restUrl, adminUrl].map(async (url) => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
    socket.on('error', () => {});
    // The first one is whole: when it is answered, the server has seen the second.
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    await once(socket, 'data');
    return socket;
  });
  const sockets = await Promise.all(ends);
  const gone = sockets.map(closeOf);
  await simulator.close();
  await Promise.all(gone);
});

test('a simulator whose admin port is taken leaves nothing behind', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const servers = (): number =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
  const before = servers();
  const runtime = createHandMadeRuntime();
  const { port: adminPort } = other.address() as AddressInfo;
  await expect(startExchangeSimulator({ market: world, runtime, adminPort })).rejects.toMatchObject({
    ...{ code: 'invalid-options' },
    message: expect.stringContaining(
      `cannot listen on 127.0.0.1:${adminPort}: the port is in use`,
    ) as unknown,
  });
  expect(runtime.pending).toEqual([]);
  // A handle is let go of a turn of the event loop after its close.
  for (let turn = 0; turn < 20 && servers() > before; turn += 1)
    await new Promise((resolve) => setImmediate(resolve));
  expect(servers()).toBe(before);
  other.close();
});

test('what is true is told to the options and to the admin port', async () => {
  const told: TruthEntry[] = [];
  const truth = (entry: TruthEntry): void => void told.push(entry);
  await using simulator = await startExchangeSimulator({ market: world, adminPort: 0, truth });
  const { restUrl, adminUrl } = simulator.endpoints;
  await (await fetch(`${restUrl}/x`)).text();
  const request = { kind: 'request', path: '/x', status: 404 };
  expect(told.filter(({ kind }) => kind === 'request')).toMatchObject([request]);
  expect(await (await fetch(`${adminUrl}/truth/requests`)).json()).toMatchObject([request]);
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

test.runIf(hasIpv6)('an address of IPv6 is in brackets, and callers have it', async () => {
  await using simulator = await startExchangeSimulator({ market: world, host: '::1' });
  const { restUrl, streamUrl } = simulator.endpoints;
  expect([restUrl, streamUrl]).toEqual([
    expect.stringMatching(/^http:\/\/\[::1\]:\d+$/),
    expect.stringMatching(/^ws:\/\/\[::1\]:\d+\//),
  ]);
  const status = async (): Promise<number> => (await fetch(`${restUrl}/api/pro/v1/products`)).status;
  expect(await status()).toBe(200);
  await (await connectTo(simulator)).close();
  simulator.inject({ kind: 'address-ban', atSeconds: 0, address: '::1' });
  expect(await status()).toBe(403);
  await expect(connectTo(simulator)).rejects.toThrow('403');
});

test('an address that this machine has not is an error that says so', async () => {
  await expect(startSynthetic({ host: '203.0.113.1' })).rejects.toMatchObject({
    code: 'invalid-options',
    message: expect.stringMatching(/cannot listen on 203\.0\.113\.1:0: .*EADDRNOTAVAIL/) as unknown,
  });
});

test('what was sent before a cut is on its way', async () => {
  const dialect = createPlainDialect();
  await using simulator = await startExchangeSimulator({ market: world, dialect });
  const client = await connectTo(simulator);
  await client.until(() => client.frames.length === 1);
  dialect.publish('the last words');
  simulator.inject({ kind: 'drop', atSeconds: 0 });
  expect(await client.gone).toBe(1006);
  expect(client.frames.map(({ text }) => text)).toEqual([greeting, 'the last words']);
});

/** Resolves when a connection is gone, in whatever way. */
function closeOf(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

/** What a connection got until it said enough, or was gone. */
async function answerTo(restUrl: string, request: readonly string[], enough: RegExp): Promise<string> {
  const socket = connect({ port: Number(new URL(restUrl).port), host: '127.0.0.1' });
  socket.on('error', () => {});
  const gone = closeOf(socket);
  let text = '';
  socket.on('data', (data) => {
    text += data.toString();
    if (enough.test(text)) socket.destroy();
  });
  socket.write([...request, 'Host: x', '', ''].join('\r\n'));
  await gone;
  return text;
}

test('a client may write WebSocket as it likes, and nothing is compressed', async () => {
  const dialect = createPlainDialect();
  await using simulator = await startExchangeSimulator({ market: world, dialect });
  const upgrade = ['Connection: Upgrade', 'Upgrade: WebSocket', 'Sec-WebSocket-Version: 13'];
  const request = [
    'GET /stream HTTP/1.1',
    ...upgrade,
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Extensions: permessage-deflate',
  ];
  const text = await answerTo(simulator.endpoints.restUrl, request, /connected/);
  expect(text).toMatch(/^HTTP\/1\.1 101 /);
  expect(text).not.toContain('permessage-deflate');
  expect(text).toContain(greeting);
});

test('an answer that is cut off begins as the whole one', async () => {
  await using simulator = await startExchangeSimulator({ market: world, dialect: createPlainDialect() });
  const { restUrl } = simulator.endpoints;
  const whole = await fetch(`${restUrl}/x`);
  const text = await whole.text();
  simulator.inject({ kind: 'cut-reply', atSeconds: 0 });
  const [head = '', body = ''] = (await answerTo(restUrl, ['GET /x HTTP/1.1'], /(?!)/)).split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  expect(head.toLowerCase()).toContain(`content-length: ${text.length}`);
  expect(head.toLowerCase()).toContain(`content-type: ${whole.headers.get('content-type')}`);
  const begin = body.replace('"served":2', '"served":1');
  expect([begin.length > 0, begin.length < text.length, text.startsWith(begin)]).toEqual([true, true, true]);
});

test('who is turned out is told why', async () => {
  await using simulator = await startExchangeSimulator({ market: world });
  const client = await connectTo(simulator);
  const told = once(client.socket, 'close');
  simulator.inject({ kind: 'close', atSeconds: 0, code: 4001, value: 'bye' });
  expect(String(await told)).toBe('4001,bye');
});

test('a message that says it will be too long is refused before it comes', async () => {
  await using simulator = await startExchangeSimulator({ market: world, dialect: createPlainDialect() });
  const client = await connectTo(simulator);
  const header = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 1, 0, 0, 0, 0]);
  // The library has no way to send a half of a message.
  (client.socket as unknown as { readonly _socket: Socket })._socket.write(header);
  expect(await client.gone).toBe(1009);
});

test('a replay that waits for a slow reader goes on as soon as it reads', async () => {
  // More than what systems keep for the two ends of a connection.
  const [frames, more] = [400, 'x'.repeat(50_000)];
  const frame = (name: string, seqnum: number): string =>
    `{"m":"${name}","symbol":"A/B","data":{"ts":1,"seqnum":${seqnum},"asks":[],"bids":[]},"more":"${more}"}`;
  const lines = [
    'wss://v/s <- 100: {"op":"sub","ch":"depth:A/B"}',
    `100: ${frame('depth-snapshot', 1)}`,
    ...Array.from({ length: frames }, (_, at) => `${101 + at}: ${frame('depth', 2 + at)}`),
  ];
  const session = parseRecording(lines.join('\n'), 'long.txt');
  await using simulator = await startExchangeSimulator({
    market: { kind: 'replay', session, products: [product], speed: 'max' },
  });
  const client = await connectTo(simulator);
  client.socket.pause();
  client.send({ op: 'sub', ch: 'depth:A/B' });
  await standstill(() => simulator.stats.frames.sent);
  expect(simulator.stats.frames.sent).toBeLessThan(frames);
  client.socket.resume();
  await simulator.finished;
  await client.until(() => client.named('depth').length === frames);
  expect(simulator.stats.connections).toMatchObject({ open: 1, cut: 0 });
});

/** Waits until a count that has begun to grow does not any more. */
async function standstill(count: () => number): Promise<void> {
  let before = count();
  for (let turns = 0; turns < 100; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (count() < 10 || count() > before) turns = 0;
    before = count();
  }
}
