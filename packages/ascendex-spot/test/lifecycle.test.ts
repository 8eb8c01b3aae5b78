import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { inspect } from 'node:util';
import { VenueError } from '@venuekit/connector-core';
import { createAscendexDialect, noLimits, startExchangeSimulator } from '@venuekit/exchange-simulator';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { type AscendexSpotOptions, createAscendexSpot } from '../src/index.ts';

const manyConnects = { connects: { capacity: 100_000, windowMs: 1_000 } };

function at(port: number): AscendexSpotOptions['endpoints'] {
  return { restUrl: `http://127.0.0.1:${port}`, streamUrl: `ws://127.0.0.1:${port}` };
}

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Lets closed handles leave the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('a thousand connects and closes leave no handle, timer or listener', { timeout: 60_000 }, async () => {
  const simulator = await startExchangeSimulator({
    market: { kind: 'synthetic', seed: 'cycles', pairs: 2 },
    dialect: createAscendexDialect({ limits: noLimits }),
  });
  const abort = new AbortController();
  await turns(5);
  const cycle = async (n: number) => {
    const venue = createAscendexSpot({ endpoints: simulator.endpoints, limits: manyConnects });
    const connecting = venue.connect({ signal: abort.signal });
    // Some are closed before they are connected, some while they open a market, some with a live book.
    if (n % 10 === 1) {
      await Promise.all([venue.close(), expect(connecting).rejects.toMatchObject({ code: 'closed' })]);
      return;
    }
    await connecting;
    const market = await venue.marketData.open('BTC-USDT');
    market.book.read();
    // Few, because the subscribe messages of a process share the venue's budget of a minute.
    if (n % 25 === 0) await market.book.whenLive({ timeoutMs: 5_000 });
    await venue.close();
    expect(market.book.read().state).toBe('closed');
  };
  await cycle(0);
  await turns(5);
  const before = process.getActiveResourcesInfo().sort();
  for (let n = 0; n < 1_000; n += 1) await cycle(n);
  await turns(5);
  const after = process.getActiveResourcesInfo().sort();
  expect(after.filter((kind) => kind !== 'Immediate').length).toBeLessThanOrEqual(before.length);
  expect(simulator.stats.connections.open).toBe(0);
  expect(inspect(abort.signal, { showHidden: true, depth: 3 })).not.toMatch(/\[Function/);
  await simulator.close();
});

test('nothing happens before connect: no request, no timer, no socket', async () => {
  const endpoints = at(9);
  const before = process.getActiveResourcesInfo();
  const venue = createAscendexSpot({ endpoints });
  expect(process.getActiveResourcesInfo()).toEqual(before);
  expect(venue.state).toBe('idle');
  expect(() => venue.marketData.instruments).toThrow(expect.objectContaining({ code: 'not-connected' }));
  await expect(venue.marketData.open('BTC-USDT')).rejects.toMatchObject({ code: 'not-connected' });
  await expect(venue.marketData.fetchTickers()).rejects.toMatchObject({ code: 'not-connected' });
  await venue.close();
  await venue.close();
  await expect(venue.connect()).rejects.toMatchObject({ code: 'closed' });
  await expect(venue.marketData.open('BTC-USDT')).rejects.toMatchObject({ code: 'closed' });
});

test('options that make no sense are refused at once, by name', () => {
  const bad = [
    [{ restUrl: 'ftp://x', streamUrl: 'ws://x' }, 'restUrl'],
    [{ restUrl: 'http://x', streamUrl: 'http://x' }, 'streamUrl'],
    [{ restUrl: 'http://user:pw@x', streamUrl: 'ws://x' }, 'restUrl'],
    [undefined, 'restUrl'],
  ] as const;
  for (const [endpoints, field] of bad) {
    const make = () => createAscendexSpot({ endpoints: endpoints as never });
    expect(make).toThrow(
      expect.objectContaining({ code: 'invalid-options', message: expect.stringContaining(field) }),
    );
    expect(make).not.toThrow(/pw/);
  }
});

async function failure(port: number, options: { timeoutMs?: number } = {}): Promise<VenueError> {
  const venue = createAscendexSpot({ endpoints: at(port), limits: manyConnects });
  const error = await venue.connect(options).catch((reason) => reason);
  expect(venue.state).toBe('idle');
  await venue.close();
  expect(error).toBeInstanceOf(VenueError);
  return error;
}

test('a closed port, a silent server and one that answers HTML each get a sentence with the host', async () => {
  const silent = createTcpServer();
  const html = createServer((_, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<html><body>This domain is for sale</body></html>');
  });
  const [silentPort, htmlPort] = [await listening(silent), await listening(html)];
  const closed = createTcpServer();
  const closedPort = await listening(closed);
  closed.close();

  expect(await failure(closedPort)).toMatchObject({
    code: 'transport',
    message: expect.stringContaining(`${closedPort}`),
  });
  const timeout = await failure(silentPort, { timeoutMs: 300 });
  expect(timeout).toMatchObject({ code: 'timeout' });
  expect(timeout.message).toContain(
    `expected the product list of 127.0.0.1:${silentPort} within 300 ms, got none`,
  );
  const sale = await failure(htmlPort);
  expect(sale).toMatchObject({ code: 'protocol', message: expect.stringContaining('text/html') });
  expect(sale.message).toContain(`127.0.0.1:${htmlPort}`);
  silent.close();
  html.close();
});

test('a venue whose REST works and whose stream does not is a failed connect that can be tried again', async () => {
  const simulator = await startExchangeSimulator({ market: { kind: 'synthetic', seed: 1, pairs: 2 } });
  const deaf = createServer();
  const streams = new WebSocketServer({ server: deaf });
  const port = await listening(deaf);
  const venue = createAscendexSpot({
    endpoints: { ...simulator.endpoints, streamUrl: `ws://127.0.0.1:${port}` },
    limits: manyConnects,
  });
  // It accepts the socket and never greets.
  await expect(venue.connect({ timeoutMs: 400 })).rejects.toThrow(
    `expected a greeting on the stream of 127.0.0.1:${port} within 400 ms, got none`,
  );
  expect(venue.state).toBe('idle');
  streams.on('connection', (socket) => socket.send('{"m":"connected","type":"unauth"}'));
  await venue.connect({ timeoutMs: 5_000 });
  expect(venue.state).toBe('live');
  await venue.close();
  for (const socket of streams.clients) socket.terminate();
  streams.close();
  deaf.close();
  await simulator.close();
});

test('a caller’s abort ends a connect with its own reason', async () => {
  const silent = createTcpServer();
  const port = await listening(silent);
  const venue = createAscendexSpot({ endpoints: at(port) });
  const abort = new AbortController();
  const connecting = venue.connect({ signal: abort.signal });
  const reason = new Error('enough');
  abort.abort(reason);
  await expect(connecting).rejects.toBe(reason);
  await venue.close();
  silent.close();
});
