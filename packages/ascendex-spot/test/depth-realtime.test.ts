import { inspect } from 'node:util';
import type { LiveBook } from '@venuekit/connector-core';
import { startExchangeSimulator } from '@venuekit/exchange-simulator';
import { expect, onTestFinished, test } from 'vitest';
import { createAscendexSpot } from '../src/index.ts';

/** A simulator of a few busy pairs, and the key of its first user. */
async function setUp() {
  const simulator = await startExchangeSimulator({
    market: { kind: 'synthetic', seed: 'real time', pairs: 3 },
  });
  onTestFinished(() => simulator.close());
  const [user] = simulator.users;
  const [key] = user?.keys ?? [];
  if (user === undefined || key === undefined) throw new Error('expected a user with a key');
  const credentials = { apiKey: key.key, secret: key.revealSecret() };
  const make = (secret = credentials.secret) => {
    const venue = createAscendexSpot({
      endpoints: simulator.endpoints,
      credentials: { ...credentials, secret },
      venueOptions: { depth: 'realtime', accountGroup: user.group },
    });
    onTestFinished(() => venue.close());
    return venue;
  };
  return { simulator, credentials, make };
}

test('books of the real-time channel follow each change, and a fresh snapshot is the same book', async () => {
  const { simulator, make } = await setUp();
  const venue = make();
  await venue.connect({ timeoutMs: 10_000 });
  const pairs = [...venue.marketData.instruments].map(({ pair }) => pair);
  const markets = await Promise.all(pairs.map((pair) => venue.marketData.open(pair, { streams: ['book'] })));
  await Promise.all(markets.map(({ book }) => book.whenLive({ timeoutMs: 10_000 })));
  expect(simulator.stats.requests.subscribe).toEqual({ 'depth-realtime': 1 });
  for (const { book } of markets) {
    for await (const event of book) if (event.kind === 'book' && book.stats.applied >= 5) break;
    expect((await book.audit({ timeoutMs: 10_000 })).outcome).toBe('equal');
    const view = book.read() as LiveBook;
    expect(view.bestBid?.price.lessThan(view.bestAsk?.price ?? '0')).toBe(true);
    expect(book.stats).toMatchObject({ gaps: 0, resyncs: 0, silences: 0 });
  }
});

test('a wrong secret ends connect with code authentication, shows no key anywhere', async () => {
  const { credentials, make } = await setUp();
  const wrong = 'wrong-secret-of-nobody';
  const venue = make(wrong);
  const told: unknown[] = [];
  venue.events.subscribe((event) => told.push(event));
  const failure = await venue.connect({ timeoutMs: 10_000 }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'authentication' });
  const shown = inspect([failure, told, venue], { depth: 20, showHidden: true });
  expect(shown).not.toContain(wrong);
  expect(shown).not.toContain(credentials.apiKey);
  expect(venue.state).toBe('idle');
});

test('real-time depth without a key, and a depth that there is not, are refused when the connector is made', () => {
  const endpoints = { restUrl: 'http://v.test', streamUrl: 'ws://v.test' };
  const make = (venueOptions: object) => () => createAscendexSpot({ endpoints, venueOptions });
  expect(make({ depth: 'realtime' })).toThrow(expect.objectContaining({ code: 'invalid-options' }));
  expect(make({ depth: 'fast' })).toThrow(/venueOptions.depth: expected throttled or realtime, got "fast"/);
});
