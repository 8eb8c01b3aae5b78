import { expect, test } from 'vitest';
import { createAscendexSpot } from '../src/index.ts';
import { createManualVenue, fateOf, outcomeOf, product, turns } from './manual-venue.ts';

/** A venue whose product list never comes. */
const mute = () => createManualVenue({ products: undefined });

test('calls of connect share one attempt, and each keeps its own deadline', async () => {
  const { connector, runtime, urls } = mute();
  const first = connector.connect({ timeoutMs: 9_000 });
  const second = connector.connect({ timeoutMs: 100 });
  await turns();
  expect(urls).toHaveLength(1);
  await runtime.advance(100);
  await expect(second).rejects.toThrow('expected the product list of v.test within 100 ms, got none');
  expect(connector.state).toBe('connecting');
  await runtime.advance(8_900);
  await expect(first).rejects.toMatchObject({ code: 'timeout' });
  expect(connector.state).toBe('idle');
  expect(runtime.waiting).toEqual([]);
});

test('a call that says nothing waits for 20 s', async () => {
  // One dial and no more, so that nothing else decides.
  const { connector, runtime, socket, goLive } = createManualVenue({
    limits: { connects: { capacity: 1, windowMs: 600_000 } },
  });
  await goLive();
  socket().handlers.closed(1006, '');
  const connecting = outcomeOf(connector.connect());
  await runtime.advance(19_999);
  expect(await fateOf(connecting)).toBe('pending');
  await runtime.advance(1);
  expect(await connecting).toBe('timeout');
  // It was live before, so it goes on trying by itself.
  expect(connector.state).toBe('down');
});

test('when the last caller has left the attempt is given up, and may be begun again', async () => {
  const { connector, runtime, events, socket, goLive } = createManualVenue();
  const aborts = [new AbortController(), new AbortController()];
  const calls = aborts.map(({ signal }) => connector.connect({ signal }).catch((error) => error.message));
  await turns();
  const given = socket();
  aborts[0]?.abort(new Error('one'));
  await turns();
  expect(given.terminated).toBe(false);
  aborts[1]?.abort(new Error('two'));
  expect(connector.state).toBe('idle');
  expect(await Promise.all(calls)).toEqual(['one', 'two']);
  await turns();
  expect(given.terminated).toBe(true);
  expect(runtime.waiting).toEqual([]);
  await goLive();
  const states = events.map((event) => event.kind === 'connection' && event.state);
  expect(states).toEqual(['idle', 'connecting', 'idle', 'connecting', 'live']);
});

test('after close has resolved no timer and no pending connect is left', async () => {
  const { connector, runtime, events } = mute();
  let settled = false;
  connector
    .connect()
    .catch(() => {})
    .finally(() => {
      settled = true;
    });
  await turns();
  await connector.close();
  expect({ waiting: runtime.waiting, settled }).toEqual({ waiting: [], settled: true });
  const states = events.map((event) => event.kind === 'connection' && event.state);
  expect(states).toEqual(['idle', 'connecting', 'closed']);
});

test('a listener that closes the connector as it begins to connect ends the attempt', async () => {
  const { connector, runtime, urls } = createManualVenue();
  let closing: Promise<void> | undefined;
  connector.events.subscribe((event) => {
    if (event.kind === 'connection' && event.state === 'connecting') closing = connector.close();
  });
  await expect(connector.connect()).rejects.toMatchObject({ code: 'closed' });
  await closing;
  expect({ state: connector.state, waiting: runtime.waiting, urls }).toEqual({
    state: 'closed',
    waiting: [],
    urls: [],
  });
});

test('close inside a listener of down is final', async () => {
  const { connector, runtime, socket, goLive } = createManualVenue();
  await goLive();
  let closing: Promise<void> | undefined;
  connector.events.subscribe((event) => {
    if (event.kind === 'connection' && event.state === 'down') closing = connector.close();
  });
  socket().handlers.closed(1006, '');
  await closing;
  await runtime.advance(30_000);
  expect({
    dials: runtime.sockets.length,
    state: connector.state,
    waiting: runtime.waiting,
  }).toEqual({ dials: 1, state: 'closed', waiting: [] });
});

test('the gap is told before live, and begins with the last frame of the lost connection', async () => {
  const { connector, runtime, say, goLive } = createManualVenue();
  await goLive();
  await runtime.advance(2_000);
  say({ m: 'pong' });
  const lastFrameAt = runtime.clock.now();
  const story: string[] = [];
  connector.events.subscribe((event) => {
    if (event.kind === 'connection') story.push(event.state);
    if (event.kind === 'gap') story.push(`gap from +${event.fromMs - lastFrameAt}`);
  });
  // The silence is noticed after 13 s, and a new dial is due soon after.
  await runtime.advance(13_000);
  await runtime.advance(2_000);
  say({ m: 'connected', type: 'unauth' });
  expect(story).toEqual(['live', 'down', 'gap from +0', 'live']);
});

test('each outage is one gap from its first moment, and one change to down', async () => {
  const { runtime, events, socket, say, goLive } = createManualVenue();
  await goLive();
  for (const _ of [1, 2]) {
    const from = runtime.clock.now();
    socket().handlers.closed(1006, '');
    await runtime.advance(600);
    socket().handlers.closed(1006, '');
    await runtime.advance(2_000);
    say({ m: 'connected', type: 'unauth' });
    expect(events.filter(({ kind }) => kind === 'gap').at(-1)).toMatchObject({ fromMs: from });
  }
  const story = events.map((event) => (event.kind === 'connection' ? event.state : event.kind));
  expect(story.filter((word) => word === 'down')).toHaveLength(2);
  expect(story.filter((word) => word === 'gap')).toHaveLength(2);
});

test('an open socket is not a session before the greeting', async () => {
  const { connector, socket, say } = createManualVenue();
  const connecting = connector.connect();
  await turns();
  socket().handlers.opened();
  expect(connector.state).toBe('connecting');
  say({ m: 'connected', type: 'unauth' });
  await connecting;
  expect(connector.state).toBe('live');
});

test('instruments are loaded once, and a row that cannot be used is told', async () => {
  const { connector, events, urls, socket, goLive } = createManualVenue({
    products: [product('BTC/USDT'), product('ETH/USDT', { tickSize: 'x' })],
  });
  const failed = expect(connector.connect()).rejects.toMatchObject({ code: 'venue-unavailable' });
  await turns();
  socket().handlers.closed(1006, '', 503);
  await failed;
  await goLive();
  expect(urls.filter((url) => url.includes('products'))).toHaveLength(1);
  expect(events.filter(({ kind }) => kind === 'data-refused')).toHaveLength(1);
});

test('connectors of one host share 112 subscribe messages a minute and 20 dials in five; another host has its own', async () => {
  const products = Array.from({ length: 1_200 }, (_, n) => product(`A${n}/USDT`));
  const { runtime, connector, make, socket, goLive, sent } = createManualVenue({
    products,
    venueOptions: { symbolsPerSession: Number.POSITIVE_INFINITY },
  });
  await goLive();
  for (const { pair } of connector.marketData.instruments) {
    (await connector.marketData.open(pair)).book.read();
  }
  await runtime.advance(0);
  expect(sent('sub')).toHaveLength(112);
  const elsewhere = make('ws://other.test/');
  await goLive(elsewhere);
  (await elsewhere.marketData.open('A1-USDT')).book.read();
  await runtime.advance(0);
  expect(sent('sub')).toHaveLength(1);
  expect(socket().url).toContain('other.test');
  for (let n = 1; n < 20; n += 1) {
    await goLive(make());
    // Each asks for the products, and there are five requests a second.
    await runtime.advance(200);
  }
  await expect(make().connect()).rejects.toMatchObject({ code: 'rate-limited' });
});

test('the stream’s path is completed only where there is none', async () => {
  const proxied = createManualVenue({ streamUrl: 'ws://v.test/proxy/stream?token=1' });
  await proxied.goLive();
  expect(proxied.socket().url).toBe('ws://v.test/proxy/stream?token=1');
  const plain = createManualVenue();
  await plain.goLive();
  expect(plain.socket().url).toMatch(/^ws:\/\/v\.test\/\w/);
});

test.each([
  ['streamUrl', { streamUrl: 'ws://v.test/x#part' }],
  ['streamUrl', { streamUrl: 'ws://v.test/x#' }],
  ['restUrl', { restUrl: 'http://v.test/#part' }],
  ['restUrl', { restUrl: 'http://v.test/?key=1' }],
  ['restUrl', { restUrl: 'http://v.test/?' }],
])('a %s that would be cut or lost is refused when the connector is made: %j', (field, change) => {
  const endpoints = { restUrl: 'http://v.test/', streamUrl: 'ws://v.test/', ...change };
  expect(() => createAscendexSpot({ endpoints })).toThrow(
    expect.objectContaining({
      code: 'invalid-options',
      message: expect.stringMatching(new RegExp(`endpoints\\.${field}: .* without .*(query|fragment)`)),
    }),
  );
});
