import { expect, test } from 'vitest';
import { createVirtualTime, type VirtualTime } from '../../virtual-time.ts';
import { createKeepAlive, type KeepAlive } from './keep-alive.ts';

function watch(isPaused = () => false): { time: VirtualTime; keepAlive: KeepAlive; log: string[] } {
  const time = createVirtualTime(0);
  const log: string[] = [];
  const keepAlive = createKeepAlive({
    ...time,
    isPaused,
    ping: (hp) => log.push(`${time.clock.now()} ping ${hp}`),
    giveUp: () => log.push(`${time.clock.now()} gone`),
  });
  return { time, keepAlive, log };
}

test('a silent client is pinged after 15 s and given up after two pings without an answer', () => {
  const { time, log } = watch();
  time.runUntil(100_000);
  expect(log).toEqual(['15000 ping 3', '30000 ping 2', '45000 gone']);
});

test('any frame counts as an answer', () => {
  const { time, keepAlive, log } = watch();
  for (const atMs of [14_000, 28_000, 44_000, 60_000]) {
    time.runUntil(atMs);
    keepAlive.heard();
  }
  expect(log).toEqual(['43000 ping 3', '59000 ping 3']);
});

test('a ping of the client spares it ours for 30 s', () => {
  const { time, keepAlive, log } = watch();
  keepAlive.heard();
  keepAlive.pinged();
  time.runUntil(10_000);
  keepAlive.heard();
  time.runUntil(31_000);
  expect(log).toEqual(['30000 ping 3']);
});

test('a paused watch neither pings nor gives up', () => {
  let paused = true;
  const { time, log } = watch(() => paused);
  time.runUntil(100_000);
  paused = false;
  time.runUntil(106_000);
  expect(log).toEqual(['105000 ping 3']);
});

test('nothing follows the end', () => {
  const { time, keepAlive, log } = watch();
  keepAlive.close();
  time.runUntil(100_000);
  expect(log).toEqual([]);
});
