import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Level } from '../src/market/market.ts';
import { type Message, type VenueCase, type VenueClient, venueCase } from './stream-venue.ts';

const ch = 'depth-realtime:ASD/USDT';
const action = 'depth-snapshot-realtime';
const args = { symbol: 'ASD/USDT' };

function following(venue: VenueCase): VenueClient {
  const client = venue.connect();
  client.logIn();
  client.send({ op: 'sub', id: 's', ch });
  return client;
}

const changes = (messages: readonly Message[]): readonly Message[] =>
  messages.filter(({ m }) => m === 'depth-realtime');

test('documented (realtime page): the book comes by itself after the subscription, with time 0', () => {
  const venue = venueCase();
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 712 });
  venue.place({ side: 'buy', sizeLots: 200, priceTicks: 711 });
  expect(following(venue).heard()).toEqual([
    { m: 'sub', id: 's', ch, code: 0 },
    {
      m: 'depth-snapshot-realtime',
      symbol: 'ASD/USDT',
      data: { ts: 0, seqnum: 1, asks: [['0.0712', '100']], bids: [['0.0711', '200']] },
    },
  ]);
});

test('documented: changes come at once, each operation as one, with the next number', () => {
  const venue = venueCase();
  const client = following(venue);
  client.heard();
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 712 });
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 713 });
  venue.place({ side: 'buy', sizeLots: 150, priceTicks: 713 });
  const ts = venue.now();
  expect(client.heard()).toEqual([
    { m: 'depth-realtime', symbol: 'ASD/USDT', data: { ts, seqnum: 2, asks: [['0.0712', '100']], bids: [] } },
    { m: 'depth-realtime', symbol: 'ASD/USDT', data: { ts, seqnum: 3, asks: [['0.0713', '100']], bids: [] } },
    {
      m: 'depth-realtime',
      symbol: 'ASD/USDT',
      data: {
        ...{ ts, seqnum: 4, bids: [] },
        asks: [
          ['0.0712', '0'],
          ['0.0713', '50'],
        ],
      },
    },
  ]);
});

test('documented: each session counts by itself, and goes on where it was', () => {
  const venue = venueCase();
  const first = following(venue);
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 712 });
  const second = following(venue);
  second.heard();
  first.heard();
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 713 });
  expect([first.heard()[0]?.data?.seqnum, second.heard()[0]?.data?.seqnum]).toEqual([3, 2]);
  first.ask({ op: 'unsub', ch: 'depth-realtime' });
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 714 });
  expect(first.heard()).toEqual([]);
  expect(first.ask({ op: 'sub', ch })[1]?.data?.seqnum).toBe(3);
});

test('documented: the request gives the book with the newest number of the session', () => {
  const venue = venueCase();
  const client = following(venue);
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 712 });
  const [answer] = client.ask({ op: 'req', id: 'r', action, args });
  expect(answer).toEqual({
    m: 'depth-snapshot-realtime',
    symbol: 'ASD/USDT',
    data: { ts: 0, seqnum: 2, asks: [['0.0712', '100']], bids: [] },
  });
  expect(client.got.at(-1)?.label).toEqual({ channel: 'snapshot', symbol: 'ASD/USDT' });
});

test('documented refusals: without a login, without a symbol, of an unknown symbol', () => {
  const venue = venueCase();
  const stranger = venue.connect();
  expect(stranger.ask({ op: 'req', id: 'r', action, args }).at(-1)).toMatchObject({
    m: 'error',
    code: 100009,
  });
  const client = following(venue);
  expect(client.ask({ op: 'req', id: 'r', action, args: { symbol: 'NO/PE' } })).toEqual([
    { m: action, id: 'r', code: 100008, reason: 'SYMBOL_ERROR', info: expect.any(String) },
  ]);
  expect(client.ask({ op: 'req', id: 'r', action, args: {} })).toMatchObject([{ m: 'error', code: 100005 }]);
  expect(client.ask({ op: 'sub', id: 's', ch: 'depth-realtime:NO/PE' })).toMatchObject([
    { m: 'sub', code: 100008 },
  ]);
});

test('what is lost in a mute leaves a gap in the numbers', () => {
  const venue = venueCase();
  const client = following(venue);
  client.heard();
  venue.market.start();
  venue.faults.inject({ kind: 'mute', atSeconds: 0, durationSeconds: 5 });
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 712 });
  expect([client.heard(), venue.counters.withheld]).toEqual([[], 1]);
  venue.runtime.pass(5_000);
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 713 });
  expect(client.heard()).toMatchObject([{ data: { seqnum: 3 } }]);
});

test('each operation of the engine is told only while somebody wants it', () => {
  const venue = venueCase();
  const told: string[] = [];
  const client = venue.connect({ onText: (text) => void told.push(text) });
  client.logIn();
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 712 });
  expect(told.filter((text) => text.includes('realtime'))).toEqual([]);
});

/** What a client makes of the messages: it takes the book as it comes and lays the changes over it. */
function bookOf(messages: readonly Message[]): unknown {
  const sides = { asks: new Map<string, string>(), bids: new Map<string, string>() };
  for (const { m, data } of messages) {
    for (const side of ['asks', 'bids'] as const) {
      if (m === 'depth-snapshot-realtime') sides[side].clear();
      for (const [price, size] of (data?.[side] ?? []) as readonly Level[]) {
        if (size === '0') sides[side].delete(price);
        else sides[side].set(price, size);
      }
    }
  }
  return [...sides.asks].sort().concat([...sides.bids].sort());
}

test('a book that is kept from the changes is that of the market after every operation', () => {
  const operation = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    sizeLots: fc.integer({ min: 100, max: 900 }),
    priceTicks: fc.integer({ min: 700, max: 712 }),
    cancels: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
      const venue = venueCase();
      const client = following(venue);
      const heard: Message[] = [];
      const ids: string[] = [];
      for (const { cancels, ...request } of operations) {
        const oldest = cancels ? ids.shift() : undefined;
        if (oldest === undefined) ids.push(venue.place(request));
        else venue.floor.cancel(oldest);
        heard.push(...client.heard());
        const { asks = [], bids = [] } = venue.market.liveBook('ASD/USDT', 99) ?? {};
        expect(bookOf(heard)).toEqual([...asks].sort().concat([...bids].sort()));
      }
      const numbers = changes(heard).map(({ data }) => data?.seqnum);
      expect(numbers).toEqual(numbers.map((_, index) => index + 2));
    }),
    { numRuns: 30 },
  );
});
