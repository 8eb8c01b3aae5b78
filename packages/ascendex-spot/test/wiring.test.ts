import { expect, test } from 'vitest';
import { createManualVenue, depth, fateOf, inBrief, outcomeOf, turns } from './manual-venue.ts';

const askedFor = (venue: ReturnType<typeof createManualVenue>) =>
  venue.sent('req').filter(({ args }) => args.symbol === 'BTC/USDT');

test('a refusal under the id of a lost connection does not concern the book of the next one', async () => {
  const venue = createManualVenue();
  await venue.goLive();
  const { book } = await venue.connector.marketData.open('BTC-USDT');
  book.read();
  await venue.confirm();
  const [old] = askedFor(venue);
  venue.socket().handlers.closed(1006, '');
  await venue.runtime.advance(2_000);
  venue.say({ m: 'connected', type: 'unauth' });
  await venue.confirm();
  expect(askedFor(venue)).toHaveLength(1);
  expect(askedFor(venue)[0]?.id).not.toBe(old?.id);
  venue.say({ m: 'error', id: old?.id, code: 100008, reason: 'INVALID_SYMBOL', info: 'no such symbol' });
  venue.say(depth('depth-snapshot', 12));
  expect(inBrief(book)).toBe('live 12 bid 9');
});

test('close resolves when the venue has said goodbye, or has had its time for it', async () => {
  for (const answers of [true, false]) {
    const venue = createManualVenue();
    await venue.goLive();
    const socket = venue.socket();
    // The peer does not answer by itself.
    socket.closed = true;
    const closing = venue.connector.close();
    expect([await fateOf(closing), venue.connector.state]).toEqual(['pending', 'live']);
    if (answers) socket.handlers.closed(1000, '');
    else await venue.runtime.advance(1_000);
    await closing;
    expect([venue.connector.state, socket.terminated]).toEqual(['closed', !answers]);
    expect(venue.runtime.waiting).toEqual([]);
  }
});

test('close ends the requests under way with code closed, also those without a signal of their own', async () => {
  const { connector, runtime, urls, goLive } = createManualVenue({ answer: () => undefined });
  await goLive();
  const { signal } = new AbortController();
  const fetches = [
    connector.marketData.fetchBook('BTC-USDT'),
    connector.marketData.fetchTrades('BTC-USDT', { signal }),
  ].map(outcomeOf);
  await turns();
  expect(urls.slice(1)).toHaveLength(2);
  const closing = connector.close();
  expect(await Promise.all(fetches)).toEqual(['closed', 'closed']);
  await closing;
  expect(runtime.waiting).toEqual([]);
});

test('an empty product list is a failed connect that names the host', async () => {
  const { connector, runtime } = createManualVenue({ products: [] });
  await expect(connector.connect()).rejects.toMatchObject({
    ...{ code: 'protocol', operation: 'connect' },
    message: expect.stringContaining('v.test: expected products, got an empty list'),
  });
  expect([connector.state, runtime.sockets.length, runtime.waiting]).toEqual(['idle', 0, []]);
});

test('a book of which little of a full snapshot is left is asked for anew while it is live', async () => {
  const venue = createManualVenue();
  await venue.goLive();
  const { book } = await venue.connector.marketData.open('BTC-USDT');
  book.read();
  await venue.confirm();
  const levels = (amount: string, from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => [String(9 - (from + n) / 1_000), amount] as const);
  venue.say(depth('depth-snapshot', 10, levels('1', 0, 500)));
  venue.say(depth('depth', 11, levels('0', 0, 300)));
  await venue.runtime.advance(1_000);
  expect(askedFor(venue)).toHaveLength(1);
  venue.say(depth('depth', 12, levels('0', 300, 400)));
  await venue.runtime.advance(1_000);
  expect(askedFor(venue)).toHaveLength(2);
  expect(inBrief(book)).toBe('live 12 bid 8.6');
});
