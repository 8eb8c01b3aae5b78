import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLimitKeeper, type LimitKeeper } from '../src/dialect/ascendex/limit-keeper.ts';
import { defaultLimits } from '../src/dialect/ascendex/limit-options.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { judgeAll } from './models/slow-limits.ts';
import { credentials, type VenueCase, type VenueClient, venueCase } from './stream-venue.ts';

const minuteMs = 60_000;

async function riskInfo(
  venue: VenueCase,
  version: 1 | 2,
  address = '10.0.0.1',
): Promise<Record<string, unknown>> {
  const url = `http://venue/api/pro/v${version}/risk-limit-info?ip=${address}`;
  const response = await venue.dialect.fetch(new Request(url), { address: '10.9.9.9' });
  const { code, data } = (await response.json()) as {
    code: number;
    data: { webSocket: Record<string, unknown> };
  };
  expect(code).toBe(0);
  return data.webSocket;
}

function loggedIn(venue: VenueCase): VenueClient {
  const client = venue.connect();
  client.logIn();
  return client;
}

/** Sends a message so often; gives how often it was answered. */
function repeat(client: VenueClient, times: number, message: object): number {
  let answered = 0;
  for (let count = 0; count < times; count += 1) if (client.ask(message).length > 0) answered += 1;
  return answered;
}

const groups = [
  ['admin', { op: 'ping' }, 800, 1_000],
  ['stream', { op: 'unsub', ch: 'bbo' }, 150, 200],
  ['orders', { op: 'req', action: 'cancel-all', args: {} }, 8_000, 10_000],
  ['snapshots', { op: 'req', action: 'depth-snapshot', args: { symbol: 'ASD/USDT' } }, 400, 500],
  ['requests', { op: 'req', action: 'market-trades', args: { symbol: 'ASD/USDT' } }, 10_000, 10_000],
] as const;

test.each(groups)(
  'documented limits: %s messages are ignored beyond the first level, and beyond the second the session ends',
  (_group, message, ignoreAbove, banAbove) => {
    const venue = venueCase();
    const client = loggedIn(venue);
    const before = message.op === 'ping' ? 1 : 0;
    expect(repeat(client, banAbove - before, message)).toBe(ignoreAbove - before);
    expect(client.ends).toEqual([]);
    client.send(message);
    expect(client.ends).toEqual(['cut']);
    expect(venue.refusal()).toBe(403);
    expect(venue.refusal({ address: '10.0.0.2' })).toBeUndefined();
  },
);

test('documented: operations of a group share its threshold, whatever their case of letters', () => {
  const venue = venueCase();
  const client = loggedIn(venue);
  const args = { symbol: 'ASD/USDT' };
  expect(repeat(client, 200, { op: 'req', action: 'Depth-Snapshot', args })).toBe(200);
  expect(repeat(client, 201, { op: 'req', action: 'depth-snapshot-top100', args })).toBe(200);
  expect(repeat(client, 100, { op: 'sub', ch: 'bbo:ASD/USDT' })).toBe(100);
  expect(repeat(client, 51, { op: 'unsub', ch: 'bbo' })).toBe(50);
});

test('seen in OsEngine: the bare word pong counts among the pongs', () => {
  const venue = venueCase({ choices: { limits: { admin: [3, 4] } } });
  const client = venue.connect();
  for (let count = 0; count < 3; count += 1) expect(client.ask('pong' as never)).toBeDefined();
  expect(client.ask({ op: 'ping' })).toEqual([]);
});

test('documented: other messages are answered while a group is ignored, and the group is after 15 minutes', () => {
  const venue = venueCase();
  const client = loggedIn(venue);
  repeat(client, 151, { op: 'unsub', ch: 'bbo' });
  expect(client.ask({ op: 'ping' })).toMatchObject([{ m: 'pong' }]);
  // A client that lives shows it.
  for (let left = 90; left > 0; left -= 1) {
    venue.runtime.pass(left === 1 ? 9_999 : 10_000);
    client.ask({ op: 'ping' });
  }
  expect(client.ask({ op: 'unsub', ch: 'bbo' })).toEqual([]);
  venue.runtime.pass(1);
  expect(client.ask({ op: 'unsub', ch: 'bbo' })).toMatchObject([{ m: 'unsub' }]);
});

test('our choice: an address is counted over all of its sessions, and each address by itself', () => {
  const venue = venueCase();
  const [one, two] = [loggedIn(venue), loggedIn(venue)];
  const other = venue.connect({ address: '10.0.0.2' });
  expect(repeat(one, 100, { op: 'unsub', ch: 'bbo' }) + repeat(two, 100, { op: 'unsub', ch: 'bbo' })).toBe(
    150,
  );
  expect(repeat(other, 150, { op: 'unsub', ch: 'bbo' })).toBe(150);
  two.send({ op: 'unsub', ch: 'bbo' });
  expect([one.ends, two.ends]).toEqual([[], ['cut']]);
});

test('v1 sample: 45 connections in 5 minutes, and the next one bans the address', async () => {
  const venue = venueCase();
  for (let count = 0; count < 45; count += 1) {
    expect(venue.refusal()).toBeUndefined();
    venue.runtime.pass(6_000);
  }
  expect(venue.refusal()).toBe(403);
  const until = venue.now() + 15 * minuteMs;
  const ban = {
    isBanned: true,
    bannedUntil: until,
    violationCode: 100014,
    reason: 'MAX_REQ_COUNT_PER_IP: more than 45 connections in 5 min',
  };
  expect(await riskInfo(venue, 1)).toEqual({
    ...{ windowSizeInMinutes: 5, maxNumRequests: 45, maxSessionPerIp: 300 },
    ...ban,
  });
  expect(await riskInfo(venue, 2)).toMatchObject({ status: ban });
  expect(await riskInfo(venue, 2, '10.0.0.2')).toMatchObject({
    status: { isBanned: false, bannedUntil: -1 },
  });
  venue.runtime.pass(15 * minuteMs - 1);
  expect(venue.refusal()).toBe(403);
  venue.runtime.pass(1);
  expect(venue.refusal()).toBeUndefined();
  expect(await riskInfo(venue, 2)).toMatchObject({ status: { isBanned: false } });
});

test('the 46th connection is taken as soon as the first is five minutes old', () => {
  const venue = venueCase();
  for (let count = 0; count < 45; count += 1) venue.refusal();
  venue.runtime.pass(5 * minuteMs);
  expect(venue.refusal()).toBeUndefined();
});

test('v2 sample: the report has every name and number of it', async () => {
  const level1 = { auth: 800, ping: 800, pong: 800, sub: 150, unsub: 150, req: 10_000 };
  const others = {
    ...{ batch_place_order: 10_000, batch_cancel_order: 10_000, market_trades: 10_000, balance: 10_000 },
    ...{
      open_order: 10_000,
      margin_risk: 10_000,
      futures_account_snapshot: 10_000,
      futures_open_orders: 10_000,
    },
  };
  expect(await riskInfo(venueCase(), 2)).toEqual({
    status: { isBanned: false, bannedUntil: -1, violationCode: 0, reason: '' },
    limits: { maxWebSocketSessionsPerIpAccountGroup: 20, maxWebSocketSessionsPerIpTotal: 300 },
    messageThreshold: {
      level1OpThreshold: level1,
      level2OpThreshold: { auth: 1_000, ping: 1_000, pong: 1_000, sub: 200, unsub: 200, req: 10_000 },
      level1ReqThreshold: {
        ...{ place_order: 8_000, cancel_order: 8_000, cancel_all: 8_000 },
        ...{ depth_snapshot: 400, depth_snapshot_top100: 400 },
        ...others,
      },
      level2ReqThreshold: {
        ...{ place_order: 10_000, cancel_order: 10_000, cancel_all: 10_000 },
        ...{ depth_snapshot: 500, depth_snapshot_top100: 500 },
        ...others,
      },
    },
  });
});

test('a message too many is told, with its group and when it ends', async () => {
  const venue = venueCase({ choices: { limits: { stream: [1, 2], banMs: 30_000, windowMs: 2_500 } } });
  const client = venue.connect();
  for (let count = 0; count < 3; count += 1) client.send({ op: 'unsub', ch: 'bbo' });
  expect(await riskInfo(venue, 2)).toMatchObject({
    status: {
      ...{ isBanned: true, bannedUntil: venue.now() + 30_000, violationCode: 100014 },
      reason: 'MAX_REQ_COUNT_PER_IP: more than 2 stream messages in 2.5 s',
    },
    messageThreshold: { level1OpThreshold: { sub: 1 }, level2OpThreshold: { sub: 2 } },
  });
});

test('v2 sample: 20 sessions of an address and group, 300 of an address; a place is free when one has gone', () => {
  const venue = venueCase({ choices: { limits: { connects: 1_000, sessionsPerAddress: 30 } } });
  const open = (path?: string): VenueClient => {
    const options = path === undefined ? {} : { path };
    expect(venue.refusal(options)).toBeUndefined();
    return venue.connect(options);
  };
  const clients = Array.from({ length: 20 }, () => open());
  expect(venue.refusal()).toBe(429);
  for (let count = 0; count < 9; count += 1) open('/5/api/pro/v1/stream');
  open('/api/pro/v1/stream');
  expect(venue.refusal({ path: '/api/pro/v1/stream' })).toBe(429);
  expect(venue.refusal({ address: '10.0.0.2' })).toBeUndefined();
  clients[0]?.stream.closed();
  clients[0]?.stream.closed();
  open();
  expect(venue.refusal()).toBe(429);
});

test('our choice, switchable: how a stream is refused', () => {
  const limits = { sessionsPerGroup: 1, connects: 2, crowdedStatus: 503, bannedStatus: 429 };
  const venue = venueCase({ choices: { limits } });
  expect(venue.refusal()).toBeUndefined();
  venue.connect();
  expect([venue.refusal(), venue.refusal()]).toEqual([503, 429]);
});

test('a session that is cut for its messages is over: nothing of it is left', () => {
  const venue = venueCase({ choices: { limits: { stream: [5, 5] } } });
  const client = loggedIn(venue);
  for (const ch of ['order:cash', 'bar:1:ASD/USDT', 'depth-realtime:ASD/USDT'])
    client.send({ op: 'sub', ch });
  const before = venue.runtime.pending.length;
  repeat(client, 3, { op: 'unsub', ch: 'bbo' });
  expect(client.ends).toEqual(['cut']);
  expect(venue.runtime.pending.length).toBeLessThan(before);
  expect([venue.market.symbols.length, venue.runtime.pending]).toEqual([3, ['depth']]);
  expect(JSON.stringify(client.got)).not.toContain(credentials.secret);
  const args = {
    time: venue.now(),
    symbol: 'ASD/USDT',
    orderType: 'limit',
    side: 'buy',
    orderPrice: '0.07',
    orderQty: '100',
  };
  client.send({ op: 'req', action: 'place-order', args });
  expect(venue.desk.openOrders(venue.users[0]?.cash ?? '')).toEqual([]);
});

/** A keeper that is asked by hand. */
function keeperCase(): { keeper: LimitKeeper; pass(ms: number): void } {
  const runtime = createHandMadeRuntime();
  return { keeper: createLimitKeeper(defaultLimits, runtime.clock), pass: runtime.pass };
}

test('a count agrees with one that is made anew for every message', () => {
  const limits = { windowMs: 60_000, ignoreMs: 100_000, ignoreAbove: 4, banAbove: 7 };
  const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40_000 })), { maxLength: 60 });
  fc.assert(
    fc.property(gaps, (waits) => {
      const runtime = createHandMadeRuntime();
      const keeper = createLimitKeeper(
        { ...defaultLimits, ...limits, stream: [limits.ignoreAbove, limits.banAbove] },
        runtime.clock,
      );
      const times: number[] = [];
      const verdicts = waits.map((waitMs) => {
        runtime.pass(waitMs);
        times.push(runtime.clock.monotonic());
        return keeper.judge('a', ['stream']);
      });
      expect(verdicts).toEqual(judgeAll(times, limits));
    }),
  );
});

test('a session that ends twice frees one place', () => {
  const { keeper } = keeperCase();
  const places = Array.from({ length: 20 }, () => keeper.enter('a', '4'));
  for (let count = 0; count < 2; count += 1) places[0]?.[Symbol.dispose]();
  expect(keeper.connect('a', '4')).toBeUndefined();
  keeper.enter('a', '4');
  expect(keeper.connect('a', '4')).toBe(429);
});

test('addresses are forgotten when nothing of theirs counts any more', () => {
  const { keeper, pass } = keeperCase();
  const stay = keeper.enter('stays', undefined);
  for (let count = 0; count < 5_000; count += 1) keeper.connect(`old ${count}`, undefined);
  pass(5 * minuteMs);
  for (let count = 0; count < 600; count += 1) keeper.connect(`new ${count}`, undefined);
  expect(keeper.size).toBeLessThan(900);
  stay[Symbol.dispose]();
});

test('however many addresses come, no more than ten thousand are remembered', () => {
  const { keeper } = keeperCase();
  keeper.enter('stays', '4');
  for (let count = 0; count < 10_500; count += 1) keeper.connect(`address ${count}`, undefined);
  expect(keeper.size).toBe(10_000);
  for (let count = 0; count < 19; count += 1) keeper.enter('stays', '4');
  expect(keeper.connect('stays', '4')).toBe(429);
});

test('a fault silences the streams of an address as if it had sent too much, and the pings of others are answered', () => {
  const venue = venueCase();
  const [client, other] = [loggedIn(venue), venue.connect({ address: '10.0.0.2' })];
  venue.faults.inject({ kind: 'limit-silence', atSeconds: 0, durationSeconds: 10, address: '10.0.0.1' });
  expect([repeat(client, 3, { op: 'ping' }), repeat(other, 3, { op: 'ping' })]).toEqual([0, 3]);
  venue.runtime.pass(10_000);
  expect(repeat(client, 3, { op: 'ping' })).toBe(3);
});

test('an address that a fault bans is told so, and until when', async () => {
  const venue = venueCase();
  venue.faults.inject({ kind: 'limit-ban', atSeconds: 0, durationSeconds: 60, address: '10.0.0.1' });
  venue.runtime.pass(10_000);
  const banned = { isBanned: true, bannedUntil: 1_767_225_660_123, violationCode: 100014 };
  expect((await riskInfo(venue, 2)).status).toMatchObject(banned);
  expect(await riskInfo(venue, 1)).toMatchObject(banned);
  expect((await riskInfo(venue, 2, '10.0.0.2')).status).toMatchObject({ isBanned: false, bannedUntil: -1 });
  venue.runtime.pass(50_000);
  expect((await riskInfo(venue, 2)).status).toMatchObject({ isBanned: false });
});
