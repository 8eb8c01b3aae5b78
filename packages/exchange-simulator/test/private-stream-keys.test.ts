import { expect, test } from 'vitest';
import type { Fault } from '../src/faults/fault-types.ts';
import { credentials, type Message, type VenueCase, type VenueClient, venueCase } from './stream-venue.ts';

const balances = { USDT: '1000', ASD: '250' };

function listening(venue: VenueCase): VenueClient {
  const client = venue.connect();
  client.logIn();
  client.ask({ op: 'sub', ch: 'order:cash' });
  return client;
}

function place(venue: VenueCase, client: VenueClient): readonly Message[] {
  const order = {
    symbol: 'ASD/USDT',
    orderType: 'limit',
    side: 'buy',
    orderPrice: '0.0712',
    orderQty: '500',
  };
  return client.ask({ op: 'req', action: 'place-order', args: { ...order, time: venue.now() } });
}

/** The code of each request that looks at the account. */
function codes(client: VenueClient): readonly unknown[] {
  return [
    { op: 'req', action: 'open-order', args: {} },
    { op: 'req', action: 'depth-snapshot-realtime', args: { symbol: 'ASD/USDT' } },
    { op: 'sub', ch: 'order:cash' },
    { op: 'sub', ch: 'depth-realtime:ASD/USDT' },
  ].map((message) => client.ask(message).find(({ m }) => m === 'error')?.code);
}

const served = [undefined, undefined, undefined, undefined];
const refusedWith = (code: number): readonly number[] => [code, code, code, code];

test('a key that expires while a stream is open can do nothing more on it', () => {
  const expiresAtMs = venueCase().now() + 1_000;
  const users = [{ group: 4, balances, keys: [{ ...credentials, expiresAtMs }] }];
  const venue = venueCase({ users });
  const client = listening(venue);
  expect(codes(client)).toEqual(served);
  venue.runtime.pass(1_000);
  expect(codes(client)).toEqual(refusedWith(200001));
  expect(place(venue, client)).toMatchObject([
    { m: 'order', action: 'place-order', status: 'Err', info: { code: 200001 } },
  ]);
});

const faults: readonly [Fault, number | undefined, number | undefined][] = [
  [{ kind: 'lost-permission', atSeconds: 0 }, 200015, undefined],
  [{ kind: 'lost-permission', atSeconds: 0, right: 'view' }, undefined, 200015],
  [{ kind: 'expired-key', atSeconds: 0 }, 200001, 200001],
  [{ kind: 'changed-ips', atSeconds: 0 }, 200015, 200015],
];

test.each(faults)('a fault of keys is felt on a stream that is open: %o', (fault, trade, view) => {
  const venue = venueCase();
  const client = listening(venue);
  venue.market.start();
  venue.faults.inject(fault);
  const [reply] = place(venue, client).slice(-1);
  expect((reply?.info as Message | undefined)?.code).toBe(trade);
  expect(codes(client)).toEqual(view === undefined ? served : refusedWith(view));
});

test('our choice: what a stream is subscribed to goes on when its key does not, and may be left', () => {
  const venue = venueCase();
  const client = listening(venue);
  place(venue, client);
  venue.market.start();
  venue.faults.inject({ kind: 'expired-key', atSeconds: 0 });
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 712 });
  expect(client.heard().map(({ data }) => data?.st)).toEqual(['PartiallyFilled']);
  expect(client.ask({ op: 'unsub', id: 'u', ch: 'order:cash' })).toMatchObject([{ m: 'unsub', code: 0 }]);
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 712 });
  expect(client.heard()).toEqual([]);
});
