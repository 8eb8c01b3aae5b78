import { expect, test } from 'vitest';
import { failureOf } from '../../test/failure-of.ts';
import { minute, createLimitedSessions as setUp } from '../../test/limited-sessions.ts';
import { watchTopic } from '../../test/manual-stream.ts';
import type { LimitDefinition } from '../limits/index.ts';
import { settle } from '../testing/manual-runtime.ts';

const windowMs = 300_000;

test('a dial without an answer may still arrive, and counts for as long as one that does may take', async () => {
  for (const status of [undefined, 503]) {
    const { make, runtime, socket, used } = setUp({}, { allowanceMs: 1_000 });
    const dialling = failureOf(make().connect());
    await runtime.advance(50);
    socket().handlers.closed(1006, '', status);
    await dialling;
    await runtime.advance(windowMs - 1);
    expect(used('connects'), `${status}`).toBe(1);
    await runtime.advance(1);
    expect(used('connects'), `${status}`).toBe(status === undefined ? 1 : 0);
    await runtime.advance(950);
    expect(used('connects'), `${status}`).toBe(0);
  }
});

test('a dial that led to a connection was answered when it opened, however it ends', async () => {
  const { goLive, runtime, socket, used } = setUp({}, { allowanceMs: 1_000 });
  const session = await goLive();
  await runtime.advance(500);
  socket().handlers.closed(1006, '');
  await session.close();
  await runtime.advance(windowMs - 500);
  expect(used('connects')).toBe(0);
});

test('a connection that is left counts as open until its socket is gone', async () => {
  const left = {
    'dropped while live': async ({ goLive, socket }: ReturnType<typeof setUp>) => {
      const session = await goLive();
      socket().closed = true;
      session.reconnect('no use');
    },
    'given up before its greeting': async ({ make, runtime, socket }: ReturnType<typeof setUp>) => {
      const connecting = failureOf(make().connect({ timeoutMs: 50 }));
      await settle();
      socket().closed = true;
      await runtime.advance(50);
      await connecting;
    },
    'closed, and dropped as it does not answer': async ({
      goLive,
      runtime,
      socket,
    }: ReturnType<typeof setUp>) => {
      const session = await goLive();
      socket().closed = true;
      const closing = session.close();
      await runtime.advance(1_000);
      await closing;
    },
  };
  for (const [how, leave] of Object.entries(left)) {
    const sessions = setUp();
    await leave(sessions);
    await settle();
    const [socket] = sessions.runtime.sockets;
    expect([socket?.terminated, sessions.used('sessions')], how).toEqual([true, 1]);
    socket?.handlers.closed(1006, '');
    await settle();
    expect(sessions.used('sessions'), how).toBe(0);
  }
});

test('what still waits to be sent on a connection leaves the queue as soon as the connection is left', async () => {
  for (const end of ['close', 'reconnect'] as const) {
    const changes = { ping: { windows: minute(1) } };
    const { goLive, limiter, runtime, socket } = setUp(changes, { pingAfterMs: 8_000 });
    const session = await goLive();
    const { handlers } = socket();
    handlers.message(Buffer.from('{"m":"ping"}'));
    handlers.message(Buffer.from('{"m":"ping"}'));
    await runtime.advance(8_000);
    expect([socket().sent, limiter.usage().waiting.cancel], end).toEqual([['pong'], 2]);
    if (end === 'close') void session.close();
    else session.reconnect('no use');
    expect(limiter.usage().waiting.all, end).toBe(0);
  }
});

test('a message that waits leaves with its connection, also where the limiter said late that another had left', async () => {
  const { limiter, goLive, hello, runtime, socket, want } = setUp({ subscribe: { windows: minute(1) } });
  const late = Promise.withResolvers<void>();
  const run: typeof limiter.run = limiter.run.bind(limiter);
  limiter.run = (id, work, options) =>
    run(id, work, options).catch(async (error: unknown) => {
      await late.promise;
      throw error;
    });
  want(await goLive(), 'A', 'B', 'C');
  await runtime.advance(0);
  socket().handlers.closed(1006, '');
  await runtime.advance(1_000);
  hello();
  await runtime.advance(0);
  expect(limiter.usage().waiting.all).toBe(1);
  late.resolve();
  await settle();
  socket().handlers.closed(1006, '');
  expect(limiter.usage().waiting.all).toBe(0);
});

type ChangeLimits = (limits: readonly LimitDefinition[]) => readonly LimitDefinition[];

/** Of two, one is kept for others, and a message weighs both. */
const neverRoom = { weight: 2, windows: [{ capacity: 2, windowMs: 60_000, reserved: { cancel: 1 } }] };

/** Limits under which a message of subscriptions has no room, now or ever. */
const hopeless: Readonly<Record<string, ChangeLimits>> = {
  'unknown-limit': (limits) => limits.filter(({ id }) => id !== 'subscribe'),
  'too-heavy': (limits) =>
    limits.map((limit) => (limit.id === 'subscribe' ? { ...limit, ...neverRoom } : limit)),
};

test.each([
  ['unknown-limit', 'invalid-options'],
  ['too-heavy', 'invalid-request'],
] as const)('a limiter that says %s is not asked again, and the topics are refused', async (reason, code) => {
  const { definitions, goLive, limiter, runtime, want } = setUp();
  const session = await goLive();
  const [standing] = want(session, 'A');
  await runtime.advance(0);
  limiter.setLimits(hopeless[reason]?.(definitions) ?? []);
  const asked: string[] = [];
  const run: typeof limiter.run = limiter.run.bind(limiter);
  limiter.run = (id, work, options) => {
    asked.push(id);
    return run(id, work, options);
  };
  const { observer, story } = watchTopic();
  session.subscribe({ channel: 'x', symbol: 'B' }, observer);
  await runtime.advance(60_000);
  expect([story, asked]).toEqual([[`refused: ${code}`], ['subscribe']]);
  expect([session.state, standing?.confirmed]).toEqual(['live', false]);
});
