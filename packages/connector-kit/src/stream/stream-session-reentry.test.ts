import type { VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { createManualStream, idOf, subscribes, watchTopic } from '../../test/manual-stream.ts';
import { settle } from '../testing/manual-runtime.ts';
import type { StreamSession } from './stream-session.ts';

test('a session that is closed by whoever hears of the loss stays closed', async () => {
  const made: { session?: StreamSession } = {};
  const onState = ({ state }: { readonly state: string }) => {
    if (state === 'down') void made.session?.close();
  };
  const { runtime, session, socket, goLive } = createManualStream({ onState });
  made.session = session;
  await goLive();
  socket().handlers.closed(1006, 'reset');
  await settle();
  expect(runtime.waiting).toEqual([]);
  await runtime.advance(60_000);
  expect([runtime.sockets.length, session.state]).toEqual([1, 'closed']);
});

test('a session that is closed by whoever hears of the greeting leaves no timer', async () => {
  const made: { session?: StreamSession } = {};
  const onState = ({ state }: { readonly state: string }) => {
    if (state === 'live') void made.session?.close();
  };
  const { runtime, session, say, socket } = createManualStream({ onState });
  made.session = session;
  session.subscribe({ channel: 'depth', symbol: 'A' }, watchTopic().observer);
  const connecting = session.connect().catch((error: VenueError) => error.code);
  await settle();
  socket().handlers.opened();
  say({ m: 'hello' });
  expect(await connecting).toBe('closed');
  expect(runtime.waiting).toEqual([]);
});

test('closing again from the callback that says closed waits for the same end', async () => {
  const made: { session?: StreamSession; again?: Promise<void> } = {};
  const told: string[] = [];
  const { session, goLive } = createManualStream({
    onState: ({ state }) => {
      told.push(state);
      if (state === 'closed' && made.session !== undefined) made.again = made.session.close();
    },
  });
  made.session = session;
  await goLive();
  await session.close();
  await made.again;
  expect(told).toEqual(['connecting', 'live', 'closed']);
});

test('the owners of topics hear of a loss before everyone else, with the time of the last frame', async () => {
  const order: string[] = [];
  const { runtime, session, say, socket, goLive, confirmAll } = createManualStream({
    onState: ({ state, sinceMs }) => order.push(sinceMs === undefined ? state : `${state} since ${sinceMs}`),
  });
  await goLive();
  const { observer } = watchTopic();
  session.subscribe(
    { channel: 'depth', symbol: 'A' },
    { ...observer, lost: (_, sinceMs) => order.push(`topic since ${sinceMs}`) },
  );
  await runtime.advance(0);
  confirmAll();
  await runtime.advance(100);
  say({ m: 'data' });
  const heard = runtime.clock.now();
  await runtime.advance(3_000);
  socket().handlers.closed(1006, '');
  expect(order.slice(-2)).toEqual([`topic since ${heard}`, `down since ${heard}`]);
});

test('an answer about one topic says nothing of its neighbour, whatever became of the first', async () => {
  for (const firstAnswer of ['given up', 'answered twice'] as const) {
    const { runtime, session, socket, say, goLive } = createManualStream();
    await goLive();
    const [a, b] = [watchTopic(), watchTopic()];
    const first = session.subscribe({ channel: 'depth', symbol: 'A' }, a.observer);
    session.subscribe({ channel: 'depth', symbol: 'B' }, b.observer);
    await runtime.advance(0);
    const id = idOf(subscribes(socket())[0]);
    if (firstAnswer === 'given up') first.unsubscribe();
    else say({ m: 'ack', id, topics: ['depth:A'] });
    say({ m: 'ack', id, topics: ['depth:A'] });
    expect(b.story, firstAnswer).toEqual([]);
    say({ m: 'ack', id, topics: ['depth:B'], bad: true });
    expect(b.story, firstAnswer).toEqual(['refused: market-unavailable']);
  }
});

test('the answer to an ended subscription does not confirm a later one of the same topic', async () => {
  const { runtime, session, socket, say, goLive } = createManualStream();
  await goLive();
  const [a, b] = [watchTopic(), watchTopic()];
  const first = session.subscribe({ channel: 'depth', symbol: 'A' }, a.observer);
  await runtime.advance(0);
  first.unsubscribe();
  await runtime.advance(0);
  session.subscribe({ channel: 'depth', symbol: 'A' }, b.observer);
  await runtime.advance(0);
  const [old, fresh] = subscribes(socket());
  say({ m: 'ack', id: idOf(old), topics: ['depth:A'] });
  expect(b.story).toEqual([]);
  say({ m: 'ack', id: idOf(fresh), topics: ['depth:A'] });
  expect(b.story).toEqual(['confirmed']);
});

test('a late answer to the first try counts while the second is under way', async () => {
  const { runtime, session, socket, say, goLive } = createManualStream();
  await goLive();
  const { story, observer } = watchTopic();
  session.subscribe({ channel: 'depth', symbol: 'A' }, observer);
  await runtime.advance(5_000);
  const [first, second] = subscribes(socket());
  expect(second).toBeDefined();
  say({ m: 'ack', id: idOf(first), topics: ['depth:A'] });
  expect(story).toEqual(['confirmed']);
  await runtime.advance(4_000);
  say({ m: 'ack', id: idOf(second), topics: ['depth:A'] });
  await runtime.advance(1_000);
  expect(story).toEqual(['confirmed']);
});

test('a dial that throws is a failed dial, at first and later, and the session goes on', async () => {
  const { runtime, session, goLive, socket, say } = createManualStream();
  const { openSocket } = runtime;
  const broken = () => {
    throw new SyntaxError('Invalid URL');
  };
  Object.assign(runtime, { openSocket: broken });
  await expect(session.connect()).rejects.toMatchObject({ code: 'transport' });
  expect([session.state, runtime.waiting]).toEqual(['idle', []]);
  Object.assign(runtime, { openSocket });
  await goLive();
  Object.assign(runtime, { openSocket: broken });
  socket().handlers.closed(1006, '');
  await runtime.advance(2_000);
  Object.assign(runtime, { openSocket });
  await runtime.advance(10_000);
  socket().handlers.opened();
  say({ m: 'hello' });
  expect(session.state).toBe('live');
});

test('a reconnect that is asked for is like any other loss', async () => {
  const { runtime, session, socket, states, goLive } = createManualStream();
  await goLive();
  const first = socket();
  session.reconnect('nothing fits any more');
  expect([first.terminated, session.state, states.at(-1)?.reason]).toEqual([
    true,
    'down',
    'nothing fits any more',
  ]);
  await runtime.advance(500);
  expect(runtime.sockets).toHaveLength(2);
  await session.close();
  session.reconnect('too late');
  expect(runtime.waiting).toEqual([]);
});

test('a process that is always busy notices a dead peer all the same', async () => {
  const { runtime, states, goLive } = createManualStream();
  await goLive();
  await runtime.advance(8_000);
  for (let stall = 0; stall < 5; stall += 1) {
    runtime.stall(10_000);
    await runtime.advance(0);
  }
  expect(states.map(({ state }) => state)).toContain('down');
});

test('a URL with a password is not repeated in the error about it', () => {
  const make = () => createManualStream({ url: 'https://user:secret@venue.test/#x' });
  expect(make).toThrow(expect.objectContaining({ code: 'invalid-options' }));
  expect(make).not.toThrow(/secret/);
});
