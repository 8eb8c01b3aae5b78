import {
  createVirtualWorld,
  type VirtualStreamSink,
  type VirtualWorld,
} from '@venuekit/connector-kit/testing';
import { describe, expect, test } from 'vitest';
import { createStreamSession, type StreamSession } from '../src/stream/stream-session.ts';
import { idOf, manualDialect } from './manual-stream.ts';
import { sessionLimits } from './session-limits.ts';
import { doneOrders, startToyClient } from './virtual-client.ts';
import { createToyVenue } from './virtual-venue.ts';

interface Stage {
  readonly world: VirtualWorld;
  readonly session: StreamSession;
  readonly states: string[];
  readonly messages: string[];
  readonly topics: string[];
}

/** The kit's own stream session against a server that greets, confirms and answers pings. */
function createSessionStage(): Stage {
  const world = createVirtualWorld({ seed: 'session' });
  const openStream = (_path: string, sink: VirtualStreamSink) => {
    const say = (message: object): void => sink.send(JSON.stringify(message));
    say({ m: 'hello' });
    const receive = (text: string): void => {
      if (text === 'ping') say({ m: 'pong' });
      else if (text.startsWith('sub ')) say({ m: 'ack', id: idOf(text) });
    };
    return { receive, closed() {} };
  };
  world.network.listen('venue.test', { fetch: () => new Response(), openStream });
  const { runtime } = world.process('client').start();
  const states: string[] = [];
  const messages: string[] = [];
  const topics: string[] = [];
  const session = createStreamSession({
    ...{ runtime, venue: 'v', url: 'ws://venue.test/stream', dialect: manualDialect },
    onMessage: ({ m }) => void messages.push(m),
    onState: ({ state }) => void states.push(state),
    onRefusedFrame: (error) => void messages.push(String(error)),
    limits: sessionLimits(runtime, { messages: 100 }),
  });
  const observer = {
    confirmed: () => void topics.push('confirmed'),
    lost: () => void topics.push('lost'),
    refused: () => void topics.push('refused'),
  };
  session.subscribe({ channel: 'trades', symbol: 'A/B' }, observer);
  return { world, session, states, messages, topics };
}

describe('the stream session of the kit in virtual time', () => {
  test('lives through a day of silence on pings', async () => {
    const { world, session, states, topics } = createSessionStage();
    void session.connect();
    await world.run({ forMs: 86_400_000 });
    expect(states).toEqual(['connecting', 'live']);
    expect(topics).toEqual(['confirmed']);
    expect(world.steps).toBeGreaterThan(20_000);
  });

  test('finds a half-open connection within its deadline and comes back when the link does', async () => {
    const { world, session, states, topics } = createSessionStage();
    void session.connect();
    await world.run({ forMs: 5_000 });
    const link = world.network.link('client', 'venue.test');
    link.hold();
    await world.run({ forMs: 13_100 });
    expect(states.slice(2, 3)).toEqual(['down']);
    expect(topics).toEqual(['confirmed', 'lost']);
    link.release();
    await world.run({ forMs: 60_000 });
    expect(session.state).toBe('live');
    expect(topics).toEqual(['confirmed', 'lost', 'confirmed']);
  });

  test('leaves no timer, socket or stream behind when it is closed', async () => {
    const { world, session } = createSessionStage();
    void session.connect();
    await world.run({ forMs: 5_000 });
    const closing = session.close();
    await world.run();
    await closing;
    expect(world.process('client').current?.left).toEqual({ timers: [], sockets: 0, requests: 0 });
    expect([world.network.link('client', 'venue.test').streams, world.waiting]).toEqual([0, []]);
    expect(world.failures).toEqual([]);
  });
});

test('a toy client that lets go of everything in the middle leaves nothing, at any time', async () => {
  for (let atMs = 0; atMs < 400; atMs += 7) {
    const world = createVirtualWorld({ seed: `${atMs}` });
    const venue = createToyVenue(world);
    world.network.listen('venue.test', venue);
    const incarnation = world.process('client').start();
    const client = startToyClient({ incarnation, orderCount: 3 });
    await world.run({ forMs: atMs });
    client[Symbol.dispose]();
    await world.run();
    expect(incarnation.left).toEqual({ timers: [], sockets: 0, requests: 0 });
    expect([venue.streams.size, world.waiting]).toEqual([0, []]);
    expect(doneOrders(incarnation.disk.read('orders')).length).toBeLessThanOrEqual(venue.orders.length);
  }
});
