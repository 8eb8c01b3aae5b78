import { expect, test } from 'vitest';
import type { AscendexChoices } from '../src/dialect/ascendex/ascendex-options.ts';
import { type VenueClient, venueCase } from './stream-venue.ts';

function connect(choices: AscendexChoices = {}): VenueClient {
  return venueCase({ choices }).connect();
}

test.each([
  ['m', '{"m":"connected","type":"unauth"}', 'recorded'],
  ['op', '{"op":"connected","type":"unauth"}', 'documented'],
  ['both', '{"m":"connected","op":"connected","type":"unauth"}', 'for clients of either'],
] as const)('the greeting in %s: %s (%s)', (greetingKey, text, _evidence) => {
  expect(connect({ greetingKey }).got).toEqual([{ text, label: { channel: 'connected' } }]);
});

test('recorded: each symbol is confirmed by itself', () => {
  const client = connect();
  client.heard();
  expect(client.ask({ op: 'sub', id: 's1', ch: 'trades:ASD/USDT,BTC/USDT' })).toEqual([
    { m: 'sub', id: 's1', ch: 'trades:ASD/USDT', code: 0 },
    { m: 'sub', id: 's1', ch: 'trades:BTC/USDT', code: 0 },
  ]);
});

test('documented, switchable: one confirmation for all that are taken, and refusals by themselves', () => {
  const client = connect({ confirmations: 'together' });
  client.heard();
  expect(client.ask({ op: 'sub', id: 's1', ch: 'trades:ASD/USDT,NO/PE,BTC/USDT' })).toEqual([
    { m: 'sub', id: 's1', ch: 'trades:NO/PE', code: 100008, reason: expect.any(String) },
    { m: 'sub', id: 's1', ch: 'trades:ASD/USDT,BTC/USDT', code: 0 },
  ]);
  expect(client.ask({ op: 'unsub', id: 'u1', ch: 'trades:ASD/USDT,BTC/USDT' })).toEqual([
    { m: 'unsub', id: 'u1', ch: 'trades:ASD/USDT,BTC/USDT', code: 0 },
  ]);
});

test('together, a confirmation that a fault loses is missing in the one for all', () => {
  const venue = venueCase({ choices: { confirmations: 'together' } });
  const client = venue.connect();
  venue.market.start();
  venue.faults.inject({ kind: 'lost-confirmation', atSeconds: 0, symbol: 'ASD/USDT' });
  expect(client.ask({ op: 'sub', id: 's1', ch: 'bbo:ASD/USDT,BTC/USDT' })).toEqual([
    { m: 'sub', id: 's1', ch: 'bbo:BTC/USDT', code: 0 },
  ]);
  expect(client.ask({ op: 'sub', id: 's2', ch: 'trades:ASD/USDT' })).toEqual([]);
});

test.each(['each', 'together'] as const)(
  'what was confirmed late (%s) is over: the end of the subscription gives back only what still waits',
  (confirmations) => {
    const venue = venueCase({ choices: { confirmations } });
    const confirms: (() => void)[] = [];
    let givenBack = 0;
    const acknowledge = (_channel: string, _symbol: string, confirm: () => void): Disposable => {
      confirms.push(confirm);
      return {
        [Symbol.dispose]() {
          givenBack += 1;
        },
      };
    };
    Object.assign(venue.market, { acknowledge });
    const client = venue.connect();
    const subscribe = (): unknown => client.ask({ op: 'sub', ch: 'trades:ASD/USDT' });
    for (let round = 0; round < 3; round += 1) {
      expect(subscribe()).toEqual([]);
      confirms.at(-1)?.();
      expect(client.heard()).toEqual([{ m: 'sub', ch: 'trades:ASD/USDT', code: 0 }]);
    }
    subscribe();
    client.send({ op: 'unsub', ch: 'trades' });
    expect(givenBack).toBe(1);
    client.heard();
    confirms.at(-1)?.();
    expect(client.heard()).toEqual([]);
  },
);

test('documented sample, switchable: the end of a subscription is confirmed without a code', () => {
  const client = connect({ unsubscribeCode: false });
  client.heard();
  expect(client.ask({ op: 'unsub', id: 'u1', ch: 'bar:*:ASD/USDT' })).toEqual([
    { m: 'unsub', id: 'u1', ch: 'bar:*:ASD/USDT' },
  ]);
});

test.each([
  ['id', 'order:cshSim000000000000000000000000A1', 'seen live'],
  ['asked', 'order:CASH', 'switchable'],
] as const)('a confirmation names the account by %s: %s (%s)', (orderChannelName, ch, _evidence) => {
  const client = connect({ orderChannelName });
  client.logIn();
  expect(client.ask({ op: 'sub', id: 's1', ch: 'order:CASH' })).toEqual([
    { m: 'sub', id: 's1', ch, code: 0 },
  ]);
});

test('documented refusals of order channels', () => {
  const client = connect();
  client.logIn();
  expect(client.ask({ op: 'sub', id: 's', ch: 'order:cshSomebodyElse' })).toEqual([
    { m: 'sub', id: 's', ch: 'order:cshSomebodyElse', code: 200006, reason: expect.any(String) },
  ]);
  for (const ch of ['order', 'order:', 'order:cash:ASD/USDT'])
    expect(client.ask({ op: 'sub', id: 's', ch })).toMatchObject([{ m: 'error', id: 's', code: 100005 }]);
});

test('seen in OsEngine: the bare word pong is no end', () => {
  const venue = venueCase();
  const client = venue.connect();
  for (let count = 0; count < 10; count += 1) {
    venue.runtime.pass(15_000);
    client.send('pong');
  }
  expect(client.ends).toEqual([]);
  expect(client.ask({ op: 'ping' }).at(-1)).toMatchObject({ m: 'pong', hp: 3 });
});

test('documented: hp tells how many pings may be missed, and a ping of the client spares it ours for 30 s', () => {
  const venue = venueCase();
  const client = venue.connect();
  venue.runtime.pass(30_000);
  expect(client.heard().slice(1)).toEqual([
    { m: 'ping', hp: 3 },
    { m: 'ping', hp: 2 },
  ]);
  expect(client.ask({ op: 'ping', id: 'p' })).toEqual([
    { m: 'pong', id: 'p', code: 0, ts: venue.now(), hp: 3 },
  ]);
  venue.runtime.pass(29_999);
  expect(client.heard()).toEqual([]);
  venue.runtime.pass(1);
  expect(client.heard()).toEqual([{ m: 'ping', hp: 3 }]);
});

test('every message says what it is about, so that a fault can strike it', () => {
  const venue = venueCase({ choices: { streamBalances: 'answered' } });
  const client = venue.connect();
  client.logIn();
  const symbol = 'ASD/USDT';
  for (const ch of [
    ...['depth', 'trades', 'bbo', 'bar:1', 'depth-realtime'].map((name) => `${name}:${symbol}`),
    'order:cash',
  ])
    client.send({ op: 'sub', ch });
  client.send({ op: 'unsub', ch: 'summary' });
  client.send({ op: 'ping' });
  client.send({ op: 'nonsense' });
  client.send({ op: 'req', action: 'balance' });
  client.send({ op: 'req', action: 'depth-snapshot', args: { symbol } });
  client.send({ op: 'req', action: 'market-trades', args: { symbol } });
  const args = {
    time: venue.now(),
    symbol,
    orderType: 'limit',
    side: 'buy',
    orderPrice: '0.0712',
    orderQty: '100',
  };
  client.send({ op: 'req', action: 'place-order', args });
  venue.runtime.pass(300);
  venue.place({ side: 'sell', sizeLots: 100, priceTicks: 712 });
  venue.desk.deposit(venue.users[0]?.cash ?? '', 'USDT', 1n);
  venue.runtime.pass(60_000);
  const labels = new Set(client.got.map(({ label }) => `${label?.channel} ${label?.symbol ?? ''}`.trim()));
  expect([...labels].sort()).toEqual([
    'auth',
    'balance',
    'bar ASD/USDT',
    'bbo ASD/USDT',
    'connected',
    'depth ASD/USDT',
    'depth-realtime ASD/USDT',
    'disconnected',
    'error',
    'order ASD/USDT',
    'ping',
    'pong',
    'reply',
    'reply ASD/USDT',
    'snapshot ASD/USDT',
    'sub',
    'sub ASD/USDT',
    'trades ASD/USDT',
    'unsub',
  ]);
});
