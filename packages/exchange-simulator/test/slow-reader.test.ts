import { expect, test } from 'vitest';
import type { Market } from '../src/market/market.ts';
import { parseRecording } from '../src/recording/recording-text.ts';
import { createReplayMarket } from '../src/replay/replay-market.ts';
import type { VirtualTime } from '../src/virtual-time.ts';
import { product, stage, synthetic } from './stream-stage.ts';

const mebibyte = 1 << 20;

const lines = [
  'wss://v/s <- 100: {"op":"sub","ch":"depth:A/B"}',
  '100: {"m":"depth-snapshot","symbol":"A/B","data":{"ts":1,"seqnum":1,"asks":[["1","1"]],"bids":[]}}',
  '101: {"m":"depth","symbol":"A/B","data":{"ts":1,"seqnum":2,"asks":[["2","1"]],"bids":[]}}',
];

const fastReplay = (time: VirtualTime): Market =>
  createReplayMarket(
    { session: parseRecording(lines.join('\n'), 'a.txt'), products: [product], speed: 'max' },
    time,
  );

test('a client that lets 64 MiB pile up is cut and counted', () => {
  const client = stage(synthetic);
  client.unread = 64 * mebibyte;
  client.stream.receive('{"op":"ping"}');
  expect(client.log).not.toContain('cut');
  client.unread += 1;
  client.stream.receive('{"op":"ping"}');
  expect([client.log.at(-1), client.counters.cut]).toEqual(['cut', 1]);
  const { length } = client.log;
  client.stream.receive('{"op":"ping"}');
  client.time.runUntil(60_000);
  expect(client.log.length).toBe(length);
});

test('pongs that pile up count as well', () => {
  const client = stage(synthetic);
  client.unread = 64 * mebibyte + 1;
  client.stream.pinged(new Uint8Array());
  expect(client.log.slice(-2)).toEqual(['pong', 'cut']);
});

test('at speed max a subscriber that takes nothing for ten seconds is cut, and the replay goes on', () => {
  const reader = stage(fastReplay);
  const stalled = reader.open();
  for (const { stream } of [reader, stalled]) stream.receive('{"op":"sub","ch":"depth:A/B"}');
  reader.stream.receive('{"op":"req","action":"depth-snapshot","args":{"symbol":"A/B"}}');
  stalled.unread = 2 * mebibyte;
  reader.time.runUntil(9_999);
  expect(reader.log.length).toBe(2);
  reader.time.runUntil(10_001);
  expect(stalled.log.at(-1)).toBe('cut');
  expect(reader.log.at(-1)).toContain('"seqnum":2');
});

test('a slow reader is waited for as long as it takes something', () => {
  const slow = stage(fastReplay);
  slow.stream.receive('{"op":"sub","ch":"depth:A/B"}');
  slow.stream.receive('{"op":"req","action":"depth-snapshot","args":{"symbol":"A/B"}}');
  slow.unread = 5 * mebibyte;
  for (let second = 8; second < 40; second += 8) {
    slow.time.runUntil(second * 1_000);
    slow.unread -= mebibyte;
    slow.stream.drained();
  }
  expect(slow.log).not.toContain('cut');
  slow.time.runUntil(40_000);
  expect(slow.log.at(-1)).toContain('"seqnum":2');
});

test('nobody waits for a client that follows nothing', () => {
  const reader = stage(fastReplay);
  const idle = reader.open();
  idle.unread = 2 * mebibyte;
  reader.stream.receive('{"op":"sub","ch":"depth:A/B"}');
  reader.stream.receive('{"op":"req","action":"depth-snapshot","args":{"symbol":"A/B"}}');
  reader.time.runUntil(1_000);
  expect(reader.log.at(-1)).toContain('"seqnum":2');
  expect(idle.log).not.toContain('cut');
});

test('in a silence the recorded clock waits for nobody', () => {
  const { time, stream, faults, market } = stage(fastReplay);
  stream.receive('{"op":"sub","ch":"depth:A/B"}');
  time.runUntil(100);
  expect(market.elapsedSeconds()).toBe(0);
  faults.inject({ kind: 'silence', atSeconds: 0 });
  time.runUntil(101);
  expect(market.elapsedSeconds()).toBe(1);
});

test('a subscription that ended before its confirmation is not confirmed', () => {
  const { time, stream, log } = stage((time) =>
    createReplayMarket(
      {
        session: parseRecording([...lines, '102: {"m":"sub","ch":"depth:A/B"}'].join('\n'), 'a.txt'),
        products: [product],
        speed: 1,
      },
      time,
    ),
  );
  stream.receive('{"op":"sub","ch":"depth:A/B","id":1}');
  stream.receive('{"op":"unsub","ch":"depth:A/B","id":2}');
  stream.receive('{"op":"sub","ch":"depth:A/B","id":3}');
  time.runUntil(10_000);
  const confirmations = log.filter((text) => /"m":"(?:un)?sub"/.test(text));
  expect(confirmations.map((text) => /"id":(\d)/.exec(text)?.[1])).toEqual(['2', '3']);
});
