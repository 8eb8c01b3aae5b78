import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { createVirtualWorld } from '@venuekit/connector-kit/testing';
import { describe, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type CountingVenue, createCountingVenue, mostWithin } from './counting-venue.ts';
import { allowed, clientCount, makeStormClients } from './storm-clients.ts';

/** Ten clients of one process in virtual time, whose messages take up to 0.9 s: almost the allowance of the limiter. */
function setUp(seed: string) {
  const world = createVirtualWorld({ seed });
  const venue = createCountingVenue(() => world.clock.monotonic());
  world.network.listen('venue.test', {
    fetch: () => new Response(),
    openStream: (_path, sink) => venue.open((text) => sink.send(text)),
  });
  const incarnation = world.process('client').start();
  const link = world.network.link('client', 'venue.test');
  link.setLatency({ minMs: 1, maxMs: 900 });
  const clients = makeStormClients(incarnation.runtime, 'ws://venue.test/');
  for (const session of clients.sessions) void session.connect();
  const recovers = async (withinMs: number) => {
    // A cut has to be heard first.
    await world.run({ forMs: 1_000 });
    const end = await world.run({ forMs: withinMs, until: () => clients.complete });
    return end === 'condition';
  };
  return { world, venue, link, clients, incarnation, recovers };
}

function expectNothingExceeded(venue: CountingVenue): void {
  expect(mostWithin(venue.dialsMs, 300_000)).toBeLessThanOrEqual(allowed.dials);
  expect(mostWithin(venue.messagesMs, 60_000)).toBeLessThanOrEqual(allowed.messages);
  expect(venue.mostSessions).toBeLessThanOrEqual(allowed.sessions);
}

describe('ten clients that lose their connections together', () => {
  test('come back, and their subscriptions wait for the next minute', async () => {
    const { venue, link, recovers } = setUp('one drop');
    expect(await recovers(70_000)).toBe(true);
    link.cut();
    expect(await recovers(70_000)).toBe(true);
    expectNothingExceeded(venue);
    expect(venue.dialsMs).toHaveLength(20);
    expect(venue.messagesMs).toHaveLength(300);
  });

  test.each(['a', 'b', 'c'])(
    'again and again stay within what the venue allows, and come back (%s)',
    async (seed) => {
      const { world, venue, link, clients, incarnation, recovers } = setUp(seed);
      for (const [cuts, everyMs] of [
        [60, 2_000],
        [30, 20_000],
        [200, 300],
      ] as const) {
        for (let cut = 0; cut < cuts; cut += 1) {
          await world.run({ forMs: everyMs });
          link.cut();
        }
        // Every client needs one of the dials, and a minute has room for the subscriptions of one storm.
        expect(await recovers(420_000)).toBe(true);
      }
      expectNothingExceeded(venue);
      // What is allowed was needed.
      expect(mostWithin(venue.dialsMs, 300_000)).toBeGreaterThan(allowed.dials - 5);
      expect(mostWithin(venue.messagesMs, 60_000)).toBeGreaterThan(allowed.messages - 5);
      const closing = clients.close();
      await world.run();
      await closing;
      expect(incarnation.left).toEqual({ timers: [], sockets: 0, requests: 0 });
      expect(clients.limiter.usage()).toMatchObject({ running: 0, waiting: { all: 0 } });
      expect(world.failures).toEqual([]);
    },
  );

  test('do not dial while the venue refuses them, and come back when it does not', async () => {
    const { world, venue, link, recovers } = setUp('refused');
    expect(await recovers(70_000)).toBe(true);
    link.refuse(429);
    link.cut();
    await world.run({ forMs: 3_000 });
    link.accept();
    const dials = venue.dialsMs.length;
    await world.run({ forMs: 56_000 });
    expect(venue.dialsMs).toHaveLength(dials);
    expect(await recovers(150_000)).toBe(true);
    expectNothingExceeded(venue);
  });
});

test('over real sockets no more is dialled than the venue allows, however often everybody is dropped', {
  timeout: 30_000,
}, async () => {
  const venue = createCountingVenue(() => performance.now());
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket: WebSocket) => {
    const stream = venue.open((text) => socket.send(text));
    socket.on('message', (data) => stream.receive(String(data)));
    socket.on('close', () => stream.closed());
  });
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const clients = makeStormClients(createSystemRuntime(), url, { firstMs: 20, maxMs: 40 });
  await Promise.all(clients.sessions.map((session) => session.connect()));
  for (const dials of [20, 30, 40, 45]) {
    for (const socket of server.clients) socket.terminate();
    await vi.waitUntil(() => venue.dialsMs.length >= dials, { timeout: 5_000, interval: 5 });
    const live = Math.min(clientCount, dials === 45 ? 5 : clientCount);
    const count = () => clients.sessions.filter(({ state }) => state === 'live').length;
    await vi.waitUntil(() => count() === live && venue.sessions === live, { timeout: 5_000, interval: 5 });
  }
  // The other five wait in the limiter for the end of the five minutes.
  const waiting = () => clients.limiter.usage().limits.find(({ id }) => id === 'connects')?.waiting;
  await vi.waitUntil(() => waiting() === 5, { timeout: 5_000, interval: 5 });
  expect(venue.dialsMs).toHaveLength(allowed.dials);
  expect(venue.messagesMs.length).toBeLessThanOrEqual(allowed.messages);
  expect(venue.mostSessions).toBeLessThanOrEqual(allowed.sessions);
  await clients.close();
  expect(clients.limiter.usage()).toMatchObject({ waiting: { all: 0 } });
  server.close();
});
