import { expect, test } from 'vitest';
import { failureOf } from '../../test/failure-of.ts';
import { minute, createLimitedSessions as setUp } from '../../test/limited-sessions.ts';
import { createManualStream, manualDialect, subscribes, watchTopic } from '../../test/manual-stream.ts';
import { settle } from '../testing/manual-runtime.ts';
import { createStreamSession, type StreamSession } from './stream-session.ts';

test('a session is counted until its socket is gone, and a dial until its window is over', async () => {
  const { goLive, make, runtime, socket, used } = setUp({
    sessions: { windows: [{ capacity: 1, policy: 'concurrent' }] },
  });
  const first = await goLive();
  expect([used('connects'), used('sessions')]).toEqual([1, 1]);
  const second = make();
  expect(await failureOf(second.connect())).toMatchObject({ code: 'rate-limited', retryAfterMs: undefined });
  expect(runtime.sockets).toHaveLength(1);
  // A peer that does not answer the farewell is dropped after a second; until then its session counts.
  socket().closed = true;
  const closing = first.close();
  expect(used('sessions')).toBe(1);
  socket().handlers.closed(1000, '');
  await closing;
  expect([used('connects'), used('sessions')]).toEqual([1, 0]);
  await goLive(second);
});

test('a redial waits for room in the limiter, and close takes it out of there', async () => {
  const { goLive, limiter, runtime, socket } = setUp({
    connects: { windows: [{ capacity: 1, windowMs: 300_000 }] },
  });
  const session = await goLive();
  socket().handlers.closed(1006, '');
  await runtime.advance(60_000);
  expect([limiter.usage().waiting.query, runtime.sockets.length, session.state]).toEqual([1, 1, 'down']);
  await session.close();
  expect([limiter.usage().waiting.all, runtime.waiting]).toEqual([0, []]);
});

test('a redial that waits goes out as soon as there is room', async () => {
  const { goLive, hello, runtime, socket } = setUp({
    connects: { windows: [{ capacity: 1, windowMs: 300_000 }] },
  });
  const session = await goLive();
  socket().handlers.closed(1006, '');
  await runtime.advance(299_999);
  expect(runtime.sockets).toHaveLength(1);
  await runtime.advance(1);
  hello();
  expect(session.state).toBe('live');
});

test('a dial that is refused with too many closes the scope for every session', async () => {
  for (const status of [403, 418, 429, 503]) {
    const { make, runtime, socket, used } = setUp();
    const refused = failureOf(make().connect());
    await settle();
    socket().handlers.closed(1006, '', status);
    expect(await refused).toMatchObject({ code: 'venue-unavailable' });
    expect(used('sessions')).toBe(0);
    const other = failureOf(make().connect({ timeoutMs: 100 }));
    await runtime.advance(100);
    const isClosed = status !== 503;
    expect(await other, `${status}`).toMatchObject(
      isClosed ? { code: 'rate-limited', retryAfterMs: 60_000 } : { code: 'timeout' },
    );
    if (isClosed) expect(await other).toMatchObject({ message: expect.stringContaining('held up by') });
  }
});

test('a refusal that comes after its dial was given up still closes the scope', async () => {
  const { limiter, make, runtime, socket } = setUp();
  const given = failureOf(make().connect({ timeoutMs: 50 }));
  await settle();
  socket().closed = true;
  await runtime.advance(50);
  await given;
  socket().handlers.closed(1006, '', 429);
  expect(limiter.usage().penalties).toMatchObject([{ scope: 'ip', reason: expect.stringContaining('429') }]);
});

test('a message that waits is put together when it leaves, of what is wanted then', async () => {
  const { goLive, runtime, socket, want } = setUp({ subscribe: { windows: minute(1) } });
  const session = await goLive();
  const [a, b, c, d] = want(session, 'A', 'B', 'C', 'D');
  await runtime.advance(0);
  expect(subscribes(socket()).map((frame) => frame.split(' ')[2])).toEqual(['x:A,B']);
  c?.unsubscribe();
  want(session, 'E', 'F');
  await runtime.advance(60_000);
  expect(subscribes(socket()).map((frame) => frame.split(' ')[2])).toEqual(['x:A,B', 'x:D,E']);
  a?.unsubscribe();
  await runtime.advance(60_000);
  expect(socket().sent.filter((frame) => frame.startsWith('unsub'))).toHaveLength(1);
  expect([b?.confirmed, d?.confirmed]).toEqual([false, false]);
});

test('a message that nobody wants any more leaves nothing charged', async () => {
  const { goLive, runtime, used, want } = setUp({ subscribe: { windows: minute(1) } });
  const session = await goLive();
  want(session, 'A', 'B');
  await runtime.advance(0);
  const [c] = want(session, 'C');
  await runtime.advance(0);
  c?.unsubscribe();
  await runtime.advance(60_000);
  expect(used('subscribe')).toBe(0);
  expect(session.state).toBe('live');
});

test('a lost connection takes its waiting message along, and the next one asks anew', async () => {
  const { goLive, hello, limiter, runtime, socket, want } = setUp({ subscribe: { windows: minute(1) } });
  const session = await goLive();
  want(session, 'A', 'B', 'C');
  await runtime.advance(0);
  expect(limiter.usage().waiting.all).toBe(1);
  socket().handlers.closed(1006, '');
  await settle();
  expect(limiter.usage().waiting.all).toBe(0);
  await runtime.advance(1_000);
  hello();
  await runtime.advance(59_000);
  expect(subscribes(socket())).toHaveLength(1);
  expect(subscribes(socket(0))).toHaveLength(1);
});

test('sessions that wait take turns', async () => {
  const { goLive, runtime, want } = setUp({ subscribe: { windows: minute(2) } });
  for (const session of [await goLive(), await goLive()]) want(session, 'A', 'B', 'C', 'D', 'E', 'F', 'G');
  await runtime.advance(60_000);
  expect(runtime.sockets.map((socket) => subscribes(socket).length)).toEqual([3, 1]);
  await runtime.advance(60_000);
  expect(runtime.sockets.map((socket) => subscribes(socket).length)).toEqual([4, 2]);
});

test('pings and pongs are counted ahead of everything, and no penalty of dials holds them up', async () => {
  const { goLive, limiter, runtime, socket, used } = setUp({}, { pingAfterMs: 8_000 });
  await goLive();
  limiter.penalise('ip', limiter.now() + 600_000, 'HTTP 429');
  await runtime.advance(8_000);
  socket().handlers.message(Buffer.from('{"m":"ping"}'));
  expect(socket().sent).toEqual(['ping', 'pong']);
  expect(used('ping')).toBe(2);
});

test('a limiter that has failed does not hold up pings', async () => {
  const { goLive, limiter, runtime, socket } = setUp({}, { pingAfterMs: 8_000 });
  const session = await goLive();
  limiter.close();
  await runtime.advance(8_000);
  expect(socket().sent).toEqual(['ping']);
  expect(session.state).toBe('live');
});

test('a pong that still waits when its connection is left is not sent on the next one', async () => {
  const { goLive, hello, limiter, runtime, socket } = setUp({ ping: { windows: minute(1) } });
  await goLive();
  const ping = () => socket().handlers.message(Buffer.from('{"m":"ping"}'));
  ping();
  ping();
  expect([socket().sent, limiter.usage().waiting.cancel]).toEqual([['pong'], 1]);
  socket().handlers.closed(1006, '');
  await settle();
  expect(limiter.usage().waiting.all).toBe(0);
  await runtime.advance(1_000);
  hello();
  expect(socket().sent).toEqual([]);
});

test('a limiter whose queue is full is asked again, for subscriptions as for dials', async () => {
  const changes = {
    subscribe: { windows: minute(1) },
    connects: { windows: [{ capacity: 1, windowMs: 60_000 }] },
  };
  const { goLive, hello, runtime, socket, want } = setUp(changes, { maxWaiting: 0 });
  const session = await goLive();
  want(session, 'A', 'B', 'C', 'D');
  await runtime.advance(60_000);
  expect(subscribes(socket())).toHaveLength(2);
  socket().handlers.closed(1006, '');
  await runtime.advance(1_000);
  hello();
  socket().handlers.closed(1006, '');
  await runtime.advance(120_000);
  expect(runtime.sockets.length).toBeGreaterThan(2);
  await session.close();
  expect(runtime.waiting).toEqual([]);
});

test('a limiter that was closed refuses what is not subscribed yet', async () => {
  const { goLive, limiter, runtime } = setUp();
  const session = await goLive();
  const { observer, story } = watchTopic();
  limiter.close();
  session.subscribe({ channel: 'x', symbol: 'A' }, observer);
  await runtime.advance(0);
  expect(story).toEqual(['refused: closed']);
});

test('a limiter that lacks a limit is refused when the session is made', () => {
  const { limiter } = setUp();
  const limits = { limiter, dial: 'dial', subscribe: 'subscribe', ping: 'ping', scope: 'ip' };
  for (const wrong of [{ dial: 'no' }, { subscribe: 'no' }, { ping: 'no' }, { scope: 'no' }])
    expect(() => createManualStream({ limits: { ...limits, ...wrong } }), JSON.stringify(wrong)).toThrow(
      expect.objectContaining({
        code: 'invalid-options',
        message: expect.stringMatching(/(limit|scope) no,/),
      }),
    );
});

test('a caller that leaves while the limiter has not answered yet takes the dial along', async () => {
  const { limiter, make, runtime } = setUp();
  const asked: AbortSignal[] = [];
  // A limiter that several processes share answers later.
  const slow = {
    ...{ usage: () => limiter.usage(), now: () => limiter.now() },
    run: (_id: string, _work: unknown, { signal }: { signal: AbortSignal }) => {
      asked.push(signal);
      return new Promise(() => {});
    },
  } as unknown as typeof limiter;
  make();
  const { session } = createManualStream({
    limits: { limiter: slow, dial: 'dial', subscribe: 'subscribe', scope: 'ip' },
  });
  const abort = new AbortController();
  const calls = [1, 2].map(() => session.connect({ signal: abort.signal }));
  const ended = Promise.allSettled(calls);
  await settle();
  expect(asked).toHaveLength(1);
  const reason = new Error('enough');
  abort.abort(reason);
  expect(await ended).toEqual([1, 2].map(() => ({ status: 'rejected', reason })));
  await settle();
  expect(asked[0]?.aborted).toBe(true);
  expect([session.state, runtime.sockets.length]).toEqual(['idle', 0]);
  void failureOf(session.connect());
  await settle();
  expect(asked).toHaveLength(2);
});

test('however often the venue pings, one pong waits, and none goes out uncounted', async () => {
  const { goLive, limiter, runtime, socket, used } = setUp(
    { ping: { windows: minute(2) } },
    { maxWaiting: 0 },
  );
  await goLive();
  const ping = () => socket().handlers.message(Buffer.from('{"m":"ping"}'));
  for (let at = 0; at < 50; at += 1) ping();
  await settle();
  expect([socket().sent, used('ping')]).toEqual([['pong', 'pong'], 2]);
  const patient = setUp({ ping: { windows: minute(2) } });
  await patient.goLive();
  for (let at = 0; at < 50; at += 1) patient.socket().handlers.message(Buffer.from('{"m":"ping"}'));
  await settle();
  expect(patient.limiter.usage().waiting.all).toBe(1);
  await patient.runtime.advance(60_000);
  expect(patient.socket().sent).toHaveLength(3);
  expect([limiter.usage().waiting.all, runtime.sockets.length]).toEqual([0, 1]);
});

test('a session that is closed while it says that it connects dials nothing and counts nothing', async () => {
  const { limiter, runtime, used } = setUp();
  const session: StreamSession = createStreamSession({
    ...{ runtime, venue: 'v', url: 'ws://venue.test/', dialect: manualDialect },
    limits: { limiter, dial: 'dial', subscribe: 'subscribe', scope: 'ip' },
    onState: ({ state }) => void (state === 'connecting' && session.close()),
    ...{ onMessage() {}, onRefusedFrame() {} },
  });
  expect(await failureOf(session.connect())).toMatchObject({ code: 'closed' });
  await settle();
  expect([session.state, runtime.sockets.length, used('sessions'), used('connects')]).toEqual([
    'closed',
    0,
    0,
    0,
  ]);
  expect(runtime.waiting).toEqual([]);
});
