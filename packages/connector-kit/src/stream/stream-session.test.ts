import type { VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import {
  manualDialect as dialect,
  idOf,
  type Message,
  createManualStream as setUp,
  subscribes,
  watchTopic as watch,
} from '../../test/manual-stream.ts';
import { sessionLimits } from '../../test/session-limits.ts';
import { createManualRuntime, type ManualSocket, settle } from '../testing/manual-runtime.ts';
import { createStreamSession } from './stream-session.ts';

test('nothing is dialled before connect, and live means greeted', async () => {
  const { runtime, session, states, socket, say } = setUp();
  expect(runtime.sockets).toHaveLength(0);
  const connecting = session.connect();
  await settle();
  expect(socket().options.maxMessageBytes).toBe(4 * 1024 * 1024);
  socket().handlers.opened();
  expect(session.state).toBe('connecting');
  say({ m: 'hello' });
  await connecting;
  expect(states.map(({ state }) => state)).toEqual(['connecting', 'live']);
});

test('a dial that leads nowhere ends after its deadline, is dropped, and may be tried again', async () => {
  const { runtime, session, socket, goLive } = setUp();
  const failed = session.connect().catch((error: VenueError) => error);
  await settle();
  socket().handlers.opened();
  await runtime.advance(10_000);
  expect(await failed).toMatchObject({ code: 'timeout', message: expect.stringContaining('venue.test') });
  expect(socket().terminated).toBe(true);
  expect(session.state).toBe('idle');
  expect(runtime.waiting).toEqual([]);
  await goLive();
  expect(session.state).toBe('live');
});

test('a caller that gives up takes the dial along', async () => {
  const { session, socket, runtime } = setUp();
  const abort = new AbortController();
  const connecting = session.connect({ signal: abort.signal }).catch((error) => error);
  await settle();
  const reason = new Error('enough');
  abort.abort(reason);
  expect(await connecting).toBe(reason);
  expect(socket().terminated).toBe(true);
  expect(runtime.waiting).toEqual([]);
  const late = session.connect({ timeoutMs: 50 }).catch((error: VenueError) => error.code);
  await runtime.advance(50);
  expect(await late).toBe('timeout');
  expect(runtime.waiting).toEqual([]);
});

test('a refused dial rejects and does not come back by itself', async () => {
  const { session, socket, runtime } = setUp();
  const connecting = session.connect().catch((error: VenueError) => error);
  await settle();
  socket().handlers.closed(1006, 'upgrade refused with HTTP 503', 503);
  expect(await connecting).toMatchObject({ code: 'venue-unavailable' });
  await runtime.advance(600_000);
  expect(runtime.sockets).toHaveLength(1);
});

test('comes back after every kind of end, also a clean one, with waits drawn from a doubling bound', async () => {
  const { runtime, session, states, socket, goLive, say } = setUp();
  runtime.chance = 0.999;
  await goLive();
  const waits: number[] = [];
  for (let loss = 0; loss < 9; loss += 1) {
    const lostAt = runtime.clock.monotonic();
    const dials = runtime.sockets.length;
    socket().handlers.closed(loss % 2 === 0 ? 1000 : 1006, '');
    expect(session.state).toBe('down');
    while (runtime.sockets.length === dials) await runtime.advance(1);
    waits.push(runtime.clock.monotonic() - lostAt);
    socket().handlers.opened();
    say({ m: 'hello' });
  }
  const bounds = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000];
  for (const [at, wait] of waits.entries()) {
    expect(wait).toBeGreaterThan((bounds[at] as number) * 0.99);
    expect(wait).toBeLessThanOrEqual(bounds[at] as number);
  }
  expect(states.filter(({ state }) => state === 'down')).toHaveLength(9);
});

test('only a connection that was up for a minute and brought data starts the waits anew', async () => {
  const { runtime, socket, goLive, say } = setUp({
    keepAlive: { pingAfterMs: 1_000_000, deadlineMs: 1_000 },
  });
  runtime.chance = 0.999;
  await goLive();
  const lose = async () => {
    const [from, dials] = [runtime.clock.monotonic(), runtime.sockets.length];
    socket().handlers.closed(1006, '');
    while (runtime.sockets.length === dials) await runtime.advance(1);
    const wait = runtime.clock.monotonic() - from;
    socket().handlers.opened();
    say({ m: 'hello' });
    return wait;
  };
  await lose();
  await runtime.advance(61_000);
  expect(await lose()).toBeGreaterThan(900);
  say({ m: 'data' });
  await runtime.advance(61_000);
  expect(await lose()).toBeLessThanOrEqual(500);
});

test('a venue that refuses the upgrade for too many requests is left alone for a minute', async () => {
  const { runtime, socket, goLive } = setUp();
  await goLive();
  socket().handlers.closed(1006, '');
  await runtime.advance(30_000);
  socket().handlers.closed(1006, 'upgrade refused with HTTP 429', 429);
  const dials = runtime.sockets.length;
  await runtime.advance(59_000);
  expect(runtime.sockets).toHaveLength(dials);
});

test('dials keep to their budget however often the venue accepts and drops', async () => {
  const { runtime, socket, goLive, say } = setUp();
  runtime.chance = 0;
  await goLive();
  const dialled = [0];
  for (let step = 0; step < 6_000; step += 1) {
    const before = runtime.sockets.length;
    socket().handlers.closed(1000, '');
    await runtime.advance(100);
    if (runtime.sockets.length === before) continue;
    dialled.push(runtime.clock.monotonic());
    socket().handlers.opened();
    say({ m: 'hello' });
  }
  for (const from of dialled) {
    expect(dialled.filter((at) => at >= from && at < from + 300_000).length).toBeLessThanOrEqual(20);
  }
  expect(dialled.length).toBeGreaterThan(30);
});

test('a first dial beyond the budget is refused with the time to wait', async () => {
  const limits = sessionLimits(createManualRuntime(), { dials: 1 });
  await limits.limiter.run('dial', () => {});
  const { session, runtime } = setUp({ limits });
  const refused = { code: 'rate-limited', retryAfterMs: 300_000 };
  await expect(session.connect()).rejects.toMatchObject(refused);
  await expect(Promise.all([session.connect(), session.connect()])).rejects.toMatchObject(refused);
  expect([session.state, runtime.sockets, runtime.waiting]).toEqual(['idle', [], []]);
});

test('a silent peer is pinged and then dropped, not closed', async () => {
  const { runtime, session, socket, goLive } = setUp();
  await goLive();
  const first = socket();
  await runtime.advance(8_000);
  expect(first.sent).toEqual(['ping']);
  await runtime.advance(4_999);
  expect(session.state).toBe('live');
  await runtime.advance(1);
  expect(first.terminated).toBe(true);
  expect(session.state).toBe('down');
});

test('any frame after the ping shows that the peer is there', async () => {
  const { runtime, session, say, goLive, socket } = setUp();
  await goLive();
  for (let minute = 0; minute < 10; minute += 1) {
    await runtime.advance(10_000);
    say({ m: 'data' });
  }
  expect(session.state).toBe('live');
  expect(socket().sent.length).toBeGreaterThan(5);
});

test('a process that was busy reads what has come before it calls the peer dead', async () => {
  const { runtime, session, goLive, say } = setUp();
  await goLive();
  await runtime.advance(8_000);
  runtime.stall(30_000);
  await runtime.advance(0);
  expect(session.state).toBe('live');
  say({ m: 'pong' });
  await runtime.advance(1_000);
  expect(session.state).toBe('live');
  await runtime.advance(8_000);
  runtime.stall(30_000);
  await runtime.advance(1_000);
  expect(session.state).toBe('down');
});

test('the venue’s ping is answered at once, and its farewell is an end', async () => {
  const { session, socket, say, goLive, states } = setUp();
  await goLive();
  const first = socket();
  say({ m: 'ping' });
  expect(first.sent).toEqual(['pong']);
  say({ m: 'bye' });
  expect(first.terminated).toBe(true);
  expect(session.state).toBe('down');
  expect(states.at(-1)?.reason).toMatch(/maintenance/);
});

test('what is wanted in one tick goes out together, a message per channel and ten symbols', async () => {
  const { runtime, session, socket, goLive } = setUp();
  await goLive();
  for (let n = 1; n <= 25; n += 1) {
    session.subscribe({ channel: 'depth', symbol: `S${n}` }, watch().observer);
    session.subscribe({ channel: 'trades', symbol: `S${n}` }, watch().observer);
  }
  expect(subscribes(socket())).toEqual([]);
  await runtime.advance(0);
  const frames = subscribes(socket());
  expect(frames.map((frame) => frame.split(' ')[2]?.split(':')[0])).toEqual([
    ...['depth', 'depth', 'depth'],
    ...['trades', 'trades', 'trades'],
  ]);
  expect(frames.map((frame) => frame.split(',').length)).toEqual([10, 10, 5, 10, 10, 5]);
});

test('topics are confirmed one by one; what stays unconfirmed is asked for once more and then refused', async () => {
  const { runtime, session, socket, say, goLive } = setUp();
  await goLive();
  const [one, two] = [watch(), watch()];
  session.subscribe({ channel: 'depth', symbol: 'A' }, one.observer);
  session.subscribe({ channel: 'depth', symbol: 'B' }, two.observer);
  await runtime.advance(0);
  say({ m: 'ack', id: idOf(subscribes(socket())[0]), topics: ['depth:A'] });
  expect(one.story).toEqual(['confirmed']);
  await runtime.advance(5_000);
  expect(subscribes(socket()).at(-1)).toMatch(/ depth:B$/);
  expect(two.story).toEqual([]);
  say({ m: 'data' });
  await runtime.advance(5_000);
  expect(two.story).toEqual(['refused: timeout']);
  expect(one.story).toEqual(['confirmed']);
  expect(subscribes(socket())).toHaveLength(2);
});

test('a message refused as a whole is taken apart, so that one bad symbol costs nobody else', async () => {
  const { runtime, session, socket, say, goLive } = setUp();
  await goLive();
  const [good, bad] = [watch(), watch()];
  session.subscribe({ channel: 'depth', symbol: 'GOOD' }, good.observer);
  session.subscribe({ channel: 'depth', symbol: 'BAD' }, bad.observer);
  await runtime.advance(0);
  say({ m: 'ack', id: idOf(subscribes(socket())[0]), bad: true });
  await runtime.advance(0);
  const [, first, second] = subscribes(socket());
  expect([first, second].map((frame) => frame?.split(' ')[2])).toEqual(['depth:GOOD', 'depth:BAD']);
  say({ m: 'ack', id: idOf(first), topics: ['depth:GOOD'] });
  say({ m: 'ack', id: idOf(second), bad: true });
  expect(good.story).toEqual(['confirmed']);
  expect(bad.story).toEqual(['refused: market-unavailable']);
});

test('an answer without an id, and one that names the topic in other words, are understood', async () => {
  const { runtime, session, socket, say, goLive } = setUp();
  await goLive();
  const [plain, renamed] = [watch(), watch()];
  session.subscribe({ channel: 'depth', symbol: 'A' }, plain.observer);
  session.subscribe({ channel: 'order', symbol: 'cash' }, renamed.observer);
  await runtime.advance(0);
  say({ m: 'ack', topics: ['depth:A'] });
  say({ m: 'ack', id: idOf(subscribes(socket())[1]), topics: ['order:csh123'] });
  expect(plain.story).toEqual(['confirmed']);
  expect(renamed.story).toEqual(['confirmed']);
});

test('after a lost connection everything wanted is asked for again, and nothing that was given up', async () => {
  const { runtime, session, socket, say, goLive } = setUp();
  await goLive();
  const [kept, gone] = [watch(), watch()];
  session.subscribe({ channel: 'depth', symbol: 'A' }, kept.observer);
  const leaving = session.subscribe({ channel: 'depth', symbol: 'B' }, gone.observer);
  await runtime.advance(0);
  say({ m: 'ack', id: idOf(subscribes(socket())[0]), topics: ['depth:A', 'depth:B'] });
  leaving.unsubscribe();
  await runtime.advance(0);
  expect(socket().sent.at(-1)).toMatch(/^unsub .* depth:B$/);
  const old = socket();
  old.handlers.closed(1006, 'reset');
  expect(kept.story).toEqual(['confirmed', expect.stringContaining('lost: ')]);
  await runtime.advance(500);
  socket().handlers.opened();
  say({ m: 'hello' });
  await runtime.advance(0);
  expect(subscribes(socket()).map((frame) => frame.split(' ')[2])).toEqual(['depth:A']);
  expect(gone.story).toEqual(['confirmed']);
});

test('a topic that was confirmed once and is not any more costs the connection, not the topic', async () => {
  const { runtime, session, socket, say, goLive } = setUp();
  await goLive();
  const { story, observer } = watch();
  session.subscribe({ channel: 'depth', symbol: 'A' }, observer);
  await runtime.advance(0);
  say({ m: 'ack', id: idOf(subscribes(socket())[0]), topics: ['depth:A'] });
  socket().handlers.closed(1006, '');
  await runtime.advance(500);
  const second = socket();
  second.handlers.opened();
  say({ m: 'hello' });
  await runtime.advance(5_000);
  say({ m: 'data' });
  await runtime.advance(5_000);
  expect(second.terminated).toBe(true);
  expect(story).toEqual(['confirmed', expect.stringContaining('lost')]);
});

test('nothing of an old connection reaches the new one', async () => {
  const { runtime, session, socket, say, goLive, messages } = setUp();
  await goLive();
  const old = socket();
  const { story, observer } = watch();
  session.subscribe({ channel: 'depth', symbol: 'A' }, observer);
  await runtime.advance(0);
  const oldId = idOf(subscribes(old)[0]);
  old.handlers.closed(1006, '');
  await runtime.advance(500);
  const epoch = session.epoch;
  const before = messages.length;
  say({ m: 'data' }, old);
  say({ m: 'hello' }, old);
  say({ m: 'ack', id: oldId, topics: ['depth:A'] }, old);
  old.handlers.closed(1006, 'again');
  old.handlers.opened();
  expect(messages).toHaveLength(before);
  expect(story).toEqual([]);
  expect(session.state).toBe('connecting');
  expect(session.epoch).toBe(epoch);
});

test('subscribe messages keep to their budget and go out when there is room', async () => {
  const clocked = createManualRuntime();
  const states: string[] = [];
  const session = createStreamSession<Message>({
    runtime: clocked,
    venue: 'v',
    url: 'wss://venue.test/',
    dialect: { ...dialect, readyOn: 'open' },
    onMessage() {},
    onState: ({ state }) => states.push(state),
    onRefusedFrame() {},
    limits: sessionLimits(clocked, { messages: 2 }),
    keepAlive: { pingAfterMs: 10_000_000, deadlineMs: 1_000 },
    subscriptions: { batchSize: 1, ackDeadlineMs: 1_000_000 },
  });
  const connecting = session.connect();
  await settle();
  const socket = clocked.sockets[0] as ManualSocket;
  socket.handlers.opened();
  await connecting;
  for (const symbol of ['A', 'B', 'C', 'D', 'E'])
    session.subscribe({ channel: 'x', symbol }, watch().observer);
  await clocked.advance(59_999);
  expect(subscribes(socket)).toHaveLength(2);
  await clocked.advance(1);
  expect(subscribes(socket)).toHaveLength(4);
  await clocked.advance(60_000);
  expect(subscribes(socket)).toHaveLength(5);
});

test('a frame that cannot be read is told and left out; the session goes on', async () => {
  const { session, socket, refused, say, messages, goLive } = setUp();
  await goLive();
  socket().handlers.message(Buffer.from('{"m":'));
  expect(refused).toEqual([expect.objectContaining({ code: 'protocol' })]);
  say({ m: 'data' });
  expect(messages.at(-1)).toEqual({ m: 'data' });
  expect(session.state).toBe('live');
});

test('close leaves no timer and no socket, in every state, and is final', async () => {
  for (const when of ['idle', 'connecting', 'live', 'down'] as const) {
    const { runtime, session, socket, goLive } = setUp();
    let pending: Promise<unknown> = Promise.resolve();
    if (when === 'connecting') pending = session.connect().catch((error: VenueError) => error.code);
    if (when === 'live' || when === 'down') await goLive();
    if (when === 'live') session.subscribe({ channel: 'depth', symbol: 'A' }, watch().observer);
    if (when === 'down') {
      socket().closed = true;
      socket().handlers.closed(1006, '');
    }
    await settle();
    await Promise.all([session.close(), session.close()]);
    expect(runtime.waiting, when).toEqual([]);
    expect(
      runtime.sockets.every(({ closed }) => closed),
      when,
    ).toBe(true);
    if (when === 'connecting') expect(await pending).toBe('closed');
    await expect(session.connect()).rejects.toMatchObject({ code: 'closed' });
    expect(session.send('x')).toBe(false);
  }
});

test('a peer that does not answer the farewell is dropped after a second', async () => {
  const { runtime, session, socket, goLive } = setUp();
  await goLive();
  const deaf = socket();
  deaf.closed = true;
  const closing = session.close();
  await runtime.advance(1_000);
  await closing;
  expect(deaf.terminated).toBe(true);
  expect(runtime.waiting).toEqual([]);
});

test('a URL that is none is refused when the session is made', () => {
  for (const url of ['', 'venue.test', 'http://venue.test/']) {
    expect(() => setUp({ url }), url).toThrow(expect.objectContaining({ code: 'invalid-options' }));
  }
});
