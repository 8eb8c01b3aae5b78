import { expect, test } from 'vitest';
import type { StreamConnection } from '../src/dialect/dialect.ts';
import type { Market } from '../src/market/market.ts';
import { parseRecording } from '../src/recording/recording-text.ts';
import { createReplayMarket } from '../src/replay/replay-market.ts';
import { product, stage, synthetic } from './stream-stage.ts';

test('a silent client is pinged twice, told why, and closed with 1000', () => {
  const { time, log } = stage(synthetic);
  time.runUntil(100_000);
  expect(log.slice(1)).toEqual([
    '{"m":"ping","hp":3}',
    '{"m":"ping","hp":2}',
    '{"m":"disconnected","code":100005,"reason":"INVALID_WS_REQUEST_DATA","info":"no answer to two pings"}',
    'close 1000',
  ]);
});

test('a ping of the client spares it ours for thirty seconds', () => {
  const { time, log, stream } = stage(synthetic);
  stream.receive('{"op":"ping"}');
  time.runUntil(29_000);
  expect(log.filter((text) => text.includes('"ping"'))).toEqual([]);
});

test('in a silence nobody is given up, and two silences end with the later one', () => {
  const { time, log, faults, stream } = stage(synthetic);
  stream.receive('{"op":"sub","ch":"depth:BTC/USDT"}');
  faults.inject({ kind: 'silence', atSeconds: 0, durationSeconds: 400 });
  faults.inject({ kind: 'silence', atSeconds: 0, durationSeconds: 800 });
  const before = log.length;
  time.runUntil(150_000);
  expect([faults.silent, log.length]).toEqual([true, before]);
  time.runUntil(201_000);
  expect(faults.silent).toBe(false);
  expect(log).not.toContain('close 1000');
});

test('a book that fell into a silence is not one that was given', () => {
  const { time, faults, log, stream } = stage(synthetic);
  stream.receive('{"op":"sub","ch":"depth:BTC/USDT"}');
  faults.inject({ kind: 'silence', atSeconds: 0, durationSeconds: 5 });
  stream.receive('{"op":"req","action":"depth-snapshot","args":{"symbol":"BTC/USDT"}}');
  faults.inject({ kind: 'gap', atSeconds: 0 });
  time.runUntil(10_000);
  expect([faults.fired.gap, log.some((text) => text.includes('"m":"depth"'))]).toEqual([0, true]);
});

test('a client that has the book and does not follow it notices nothing', () => {
  const { time, faults, stream } = stage(synthetic);
  stream.receive('{"op":"req","action":"depth-snapshot","args":{"symbol":"BTC/USDT"}}');
  faults.inject({ kind: 'gap', atSeconds: 0 });
  time.runUntil(10_000);
  expect(faults.fired.gap).toBe(0);
});

test('a refusal is of real time, divided by the speed', () => {
  const { time, faults } = stage(synthetic);
  faults.inject({ kind: 'refuse', atSeconds: 0, durationSeconds: 8 });
  time.runUntil(1_999);
  expect(faults.refusing).toBe(true);
  time.runUntil(2_001);
  expect(faults.refusing).toBe(false);
});

test('the end of a subscription of several symbols is confirmed one by one, of one pattern once', () => {
  const { log, stream } = stage(synthetic);
  stream.receive('{"op":"unsub","id":"u","ch":"depth:BTC/USDT,ETH/USDT"}');
  stream.receive('{"op":"unsub","id":"v","ch":"depth:*"}');
  expect(log.slice(1)).toEqual([
    '{"m":"unsub","id":"u","ch":"depth:BTC/USDT","code":0}',
    '{"m":"unsub","id":"u","ch":"depth:ETH/USDT","code":0}',
    '{"m":"unsub","id":"v","ch":"depth:*","code":0}',
  ]);
});

test('a stream gives at most 500 levels a side, and 100 where that is asked for', () => {
  const levels = JSON.stringify(Array.from({ length: 600 }, (_, index) => [String(index + 1), '1']));
  const lines = [
    'wss://v/s <- 100: {"op":"sub","ch":"depth:A/B"}',
    `100: {"m":"depth-snapshot","symbol":"A/B","data":{"ts":1,"seqnum":1,"asks":${levels},"bids":[]}}`,
  ];
  const { time, log, stream } = stage((time) =>
    createReplayMarket(
      { session: parseRecording(lines.join('\n'), 'a.txt'), products: [product], speed: 1 },
      time,
    ),
  );
  stream.receive('{"op":"sub","ch":"trades:A/B"}');
  stream.receive('{"op":"sub","ch":"depth:A/B"}');
  time.runUntil(3_000);
  for (const action of ['depth-snapshot', 'depth-snapshot-top100']) {
    stream.receive(JSON.stringify({ op: 'req', action, args: { symbol: 'A/B' } }));
  }
  const sides = log
    .filter((text) => text.includes('depth-snapshot"'))
    .map((text) => JSON.parse(text).data.asks.length);
  expect(sides).toEqual([500, 100]);
});

test('the recorded clock does not wait for a client that has left or unsubscribed', () => {
  const lines = [
    'wss://v/s <- 100: {"op":"sub","ch":"depth:A/B"}',
    '100: {"m":"depth-snapshot","symbol":"A/B","data":{"ts":1,"seqnum":1,"asks":[["1","1"]],"bids":[]}}',
  ];
  for (const leave of [
    (stream: StreamConnection) => stream.closed(),
    (stream: StreamConnection) => stream.receive('{"op":"unsub","ch":"depth"}'),
  ]) {
    let market: Market | undefined;
    const { time, stream } = stage((time) => {
      market = createReplayMarket(
        { session: parseRecording(lines.join('\n'), 'a.txt'), products: [product], speed: 1 },
        time,
      );
      return market;
    });
    stream.receive('{"op":"sub","ch":"depth:A/B"}');
    time.runUntil(100);
    expect(market?.elapsedSeconds()).toBe(0);
    leave(stream);
    time.runUntil(200);
    expect(market?.elapsedSeconds()).toBeCloseTo(0.1, 3);
  }
});
