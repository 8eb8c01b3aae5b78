import {
  clientLimits,
  endpointPath,
  rateLimits,
  type VenueLimit,
  type VenueLimitId,
} from '@venuekit/ascendex-wire';
import { createHttpClient } from '@venuekit/connector-kit/http';
import { createVenueLimiter, type LimitDefinition, sharedLimiter } from '@venuekit/connector-kit/limits';
import { createManualRuntime } from '@venuekit/connector-kit/testing';
import { describe, expect, test } from 'vitest';
import { type AscendexSpotOptions, ascendexLimits, createAscendexSpot } from '../src/index.ts';
import { createManualVenue, type ManualVenueOptions, outcomeOf, product, turns } from './manual-venue.ts';

const streamUrl = 'ws://v.test/';
const exchangeInfo = { requestReceiveAt: 1, latency: 1, requestTimeEcho: 1 };

/** A venue that answers every request, and when the requests came. */
function setUp(options: ManualVenueOptions = {}) {
  const timesMs: number[] = [];
  const venue = createManualVenue({
    answer: (url, runtime) => {
      timesMs.push(runtime.clock.monotonic());
      return url.pathname.includes('info') ? exchangeInfo : [];
    },
    ...options,
  });
  const ask = (connector = venue.connector) => outcomeOf(connector.marketData.fetchTickers());
  return { ...venue, timesMs, ask };
}

test('the venue’s data are limits of a rate limiter as they are', () => {
  // That this compiles is the point: the package of the protocol knows no limiter.
  const limits: readonly LimitDefinition<VenueLimitId>[] = rateLimits satisfies readonly VenueLimit[];
  const limiter = createVenueLimiter({ runtime: createManualRuntime(), venue: 'ascendex', limits });
  expect(limiter.usage().limits).toHaveLength(rateLimits.length);
});

test('our share is three quarters of what a session may send, and twenty dials', () => {
  const limiter = createVenueLimiter({
    ...{ runtime: createManualRuntime(), venue: 'ascendex' },
    limits: ascendexLimits({ 'open-order': { capacity: 7 } }),
  });
  const ours = limiter.usage().limits.map(({ id, windows }) => [id, windows[0]?.capacity]);
  expect(Object.fromEntries(ours)).toMatchObject({
    ...{ rest: 10, 'balance-data': 8, connects: 20, sessions: 20, dial: undefined },
    ...{ 'admin-ops': 600, 'stream-ops': 112, requests: 7_500, 'order-requests': 6_000 },
    ...{ 'snapshot-requests': 300, 'open-order': 7 },
  });
});

describe('connectors of one process that were made separately', () => {
  test('share the pace of requests: ten at once, then five a second', async () => {
    const { ask, connector, goLive, make, runtime, timesMs } = setUp();
    const other = make();
    await goLive(connector);
    await goLive(other);
    await runtime.advance(10_000);
    const answers = Array.from({ length: 16 }, (_, n) => ask(n % 2 === 0 ? connector : other));
    await turns();
    expect(timesMs).toHaveLength(10);
    await runtime.advance(1_200);
    expect(await Promise.all(answers)).toEqual(answers.map(() => 'resolved'));
    const sinceMs = timesMs.map((atMs) => Math.round(atMs - (timesMs[0] ?? 0)));
    expect(sinceMs.slice(9)).toEqual([0, 200, 400, 600, 800, 1_000, 1_200]);
  });

  test('share it with a feed of bars that was made of the same parts', async () => {
    const { ask, connector, goLive, make, runtime, timesMs, urls } = setUp();
    const other = make();
    await goLive(connector);
    await goLive(other);
    await runtime.advance(10_000);
    const place = { venue: 'ascendex', host: 'v.test', scope: 'ip' };
    const limiter = sharedLimiter(runtime, place, () =>
      createVenueLimiter({ runtime, venue: 'ascendex', limits: clientLimits }),
    );
    const bars = createHttpClient({
      ...{ runtime, venue: 'ascendex', baseUrl: 'http://v.test/' },
      limits: { limiter, scope: 'ip', unstatedPenaltyMs: 1 },
    });
    const page = {
      operation: 'bars',
      method: 'GET',
      path: endpointPath('bars'),
      limit: { id: 'rest' },
    } as const;
    const answers = Array.from({ length: 18 }, (_, n) =>
      n % 3 === 2 ? outcomeOf(bars.request(page)) : ask(n % 3 === 0 ? connector : other),
    );
    await turns();
    const before = urls.length;
    expect([timesMs.length, limiter.usage().waiting.all]).toEqual([10, 8]);
    await runtime.advance(1_600);
    expect(await Promise.all(answers)).toEqual(answers.map(() => 'resolved'));
    expect(urls.length - before).toBe(8);
    expect(urls.filter((url) => url.includes('barhist'))).toHaveLength(6);
  });

  test('share a penalty, for requests and for dials', async () => {
    let busy = false;
    const reply = () => new Response('{}', { status: 429, headers: { 'retry-after': '5' } });
    const { ask, connector, goLive, make, runtime, socket, urls } = setUp({
      answer: () => (busy ? reply() : []),
    });
    const other = make();
    await goLive(connector);
    await goLive(other);
    busy = true;
    expect(await ask(connector)).not.toBe('resolved');
    busy = false;
    const asked = urls.length;
    const waiting = ask(other);
    socket().handlers.closed(1006, '');
    const third = outcomeOf(make().connect());
    await runtime.advance(4_999);
    expect([urls.length, runtime.sockets.length]).toEqual([asked, 2]);
    await runtime.advance(1);
    expect(await waiting).toBe('resolved');
    await turns();
    expect(runtime.sockets.length).toBeGreaterThan(2);
    await runtime.advance(20_000);
    await third;
  });

  test('a dial that was refused holds up requests of all of them for a minute', async () => {
    const { ask, goLive, make, runtime, socket, timesMs } = setUp();
    await goLive();
    const refused = outcomeOf(make().connect());
    await turns();
    socket().handlers.closed(1006, '', 429);
    expect(await refused).toBe('venue-unavailable');
    const waiting = ask();
    await runtime.advance(9_999);
    expect(timesMs).toEqual([]);
    await runtime.advance(1);
    expect(await waiting).toBe('timeout');
    await runtime.advance(50_000);
    expect(await ask()).toBe('resolved');
  });

  test('share the room for subscriptions and snapshots', async () => {
    const products = Array.from({ length: 700 }, (_, n) => product(`A${n}/USDT`));
    const { confirm, connector, goLive, make, runtime, sent } = setUp({
      products,
      venueOptions: { symbolsPerSession: Number.POSITIVE_INFINITY },
    });
    const other = make();
    await goLive(connector);
    await goLive(other);
    for (const venue of [connector, other]) {
      for (const { pair } of venue.marketData.instruments) (await venue.marketData.open(pair)).book.read();
    }
    await runtime.advance(0);
    const subscribed = () =>
      runtime.sockets.flatMap((socket) => socket.sent).filter((text) => text.includes('"sub"'));
    expect(subscribed()).toHaveLength(112);
    await confirm();
    // The second connector has 42 messages of ten symbols; of those of the first nothing is confirmed.
    expect(sent('req')).toHaveLength(300);
  });

  test('but not with one that has numbers of its own', async () => {
    const { connector, goLive, make, runtime, ask, timesMs } = setUp();
    const own = make(streamUrl, { limits: { rest: { capacity: 100, windowMs: 1_000 } } });
    await goLive(connector);
    await goLive(own);
    const answers = Array.from({ length: 60 }, () => ask(own));
    const others = Array.from({ length: 9 }, () => ask(connector));
    await turns();
    expect(timesMs).toHaveLength(69);
    expect(await Promise.all([...answers, ...others])).not.toContain('timeout');
    expect(runtime.waiting.filter((label) => label === 'rate-limit')).toEqual([]);
  });

  test('nor do two with the same numbers of their own share anything', async () => {
    const { ask, goLive, make, runtime } = setUp();
    const limits = { rest: { capacity: 2, windowMs: 60_000 } };
    const [first, second] = [make(streamUrl, { limits }), make(streamUrl, { limits })];
    await goLive(first);
    await goLive(second);
    // Each has asked for the products, so there is room for one more.
    expect(await Promise.all([ask(first), ask(second)])).toEqual(['resolved', 'resolved']);
    const waiting = ask(first);
    await runtime.advance(10_000);
    expect(await waiting).toBe('timeout');
  });
});

test('a connector with numbers of its own has one limiter for its requests and its stream', async () => {
  const { ask, goLive, make, runtime, socket, timesMs } = setUp();
  const own = make(streamUrl, { limits: { rest: { capacity: 100, windowMs: 1_000 } } });
  await goLive(own);
  socket().handlers.closed(1006, '');
  await runtime.advance(500);
  socket().handlers.closed(1006, '', 429);
  const waiting = ask(own);
  await runtime.advance(10_000);
  expect([timesMs, await waiting]).toEqual([[], 'timeout']);
});

test('pings and pongs count as the venue counts them', async () => {
  const { goLive, make, runtime, say, socket } = setUp();
  const limiter = createVenueLimiter({ runtime, venue: 'ascendex', limits: ascendexLimits() });
  await goLive(make(streamUrl, { limiter }));
  await runtime.advance(8_000);
  say({ m: 'ping', hp: 3 });
  const pings = limiter.usage().limits.find(({ id }) => id === 'admin-ops');
  expect([socket().sent.map((text) => JSON.parse(text).op), pings?.windows[0]?.used]).toEqual([
    ['ping', 'pong'],
    2,
  ]);
});

test('a limiter that somebody brings is used for everything, and not closed', async () => {
  const { goLive, make, runtime } = setUp();
  const limits = ascendexLimits();
  const limiter = createVenueLimiter({ runtime, venue: 'ascendex', limits });
  const own = make(streamUrl, { limiter });
  await goLive(own);
  (await own.marketData.open('BTC-USDT')).book.read();
  await runtime.advance(0);
  const used = Object.fromEntries(limiter.usage().limits.map(({ id, windows }) => [id, windows[0]?.used]));
  expect(used).toMatchObject({ connects: 1, sessions: 1, 'stream-ops': 1 });
  expect(limiter.usage().limits.find(({ id }) => id === 'rest')?.admitted).toBe(1);
  await own.close();
  expect(limiter.tryAcquire('rest')).toBeDefined();
});

test('limits that make no sense are refused when the connector is made', () => {
  const runtime = createManualRuntime();
  const endpoints = { restUrl: 'http://v.test/', streamUrl };
  const windows = [{ capacity: 1, windowMs: 1_000 }];
  const limiter = createVenueLimiter({ runtime, venue: 'v', limits: [{ id: 'rest', scope: 'ip', windows }] });
  const bad: [Partial<AscendexSpotOptions>, RegExp][] = [
    [{ limits: { connects: { capacity: 0 } } }, /limits: .*connects.*capacity/],
    [{ limits: { dial: { capacity: 1 } } as never }, /expected some of rest, .*, got dial/],
    [{ limits: { snapshots: { capacity: 1 } } as never }, /got snapshots/],
    [{ limits: {}, limiter }, /got both/],
    [{ limiter: limiter as never }, /the limit balance-data, got one with rest/],
  ];
  for (const [options, message] of bad) {
    expect(() => createAscendexSpot({ endpoints, runtime, ...options })).toThrow(
      expect.objectContaining({ code: 'invalid-options', message: expect.stringMatching(message) }),
    );
  }
});

test('whoever waits for a connection is told that it is the limit of dials that has no room', async () => {
  const { connector, goLive, runtime, socket } = setUp({ limits: { connects: { capacity: 1 } } });
  await goLive();
  socket().handlers.closed(1006, '');
  await runtime.advance(1_000);
  const waiting = connector.connect({ timeoutMs: 100 }).catch((error: Error) => error.message);
  await runtime.advance(100);
  expect(await waiting).toBe(
    '[ascendex] connect: expected room in the rate limits for one more connection to v.test within 100 ms, got none',
  );
});
