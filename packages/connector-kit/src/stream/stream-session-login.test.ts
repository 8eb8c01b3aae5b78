import { inspect } from 'node:util';
import { VenueError } from '@venuekit/connector-core';
import { canaryCredentials, canaryIn, canaryInText } from '@venuekit/tooling-vitest/secret-canary';
import { expect, test } from 'vitest';
import { failureOf } from '../../test/failure-of.ts';
import { createLimitedSessions, minute } from '../../test/limited-sessions.ts';
import {
  createManualStream,
  loginDialect,
  type Message,
  subscribes,
  watchTopic,
} from '../../test/manual-stream.ts';
import { createVenueLimiter } from '../limits/index.ts';
import { settle } from '../testing/manual-runtime.ts';
import type { StreamSessionOptions } from './stream-options.ts';

function setUp(options: Partial<StreamSessionOptions<Message>> = {}) {
  const stream = createManualStream({ dialect: loginDialect, ...options });
  /** The newest socket opens and greets. */
  const greet = () => {
    stream.socket().handlers.opened();
    stream.say({ m: 'hello' });
  };
  /** Connects up to the login, and says what becomes of that. */
  const dial = async () => {
    const connecting = stream.session.connect().then(
      () => 'live',
      (error: VenueError) => error.code,
    );
    await settle();
    greet();
    await settle();
    return connecting;
  };
  const logIn = async () => {
    const connecting = stream.session.connect();
    await settle();
    greet();
    await settle();
    stream.say({ m: 'login' });
    await connecting;
  };
  return { ...stream, dial, greet, logIn };
}

test.each(['open', 'greeting'] as const)(
  'a session that is usable on %s logs in then, and is live with the answer',
  async (readyOn) => {
    const { runtime, say, session, socket, states } = setUp({ dialect: { ...loginDialect, readyOn } });
    session.subscribe({ channel: 'orders', symbol: 'cash' }, watchTopic().observer);
    let isLive = false;
    const connecting = session.connect().then(() => {
      isLive = true;
    });
    await settle();
    socket().handlers.opened();
    await settle();
    expect(socket().sent).toEqual(readyOn === 'open' ? ['login'] : []);
    say({ m: 'hello' });
    say({ m: 'hello' });
    await runtime.advance(1_000);
    expect([isLive, session.state, session.send('x'), socket().sent]).toEqual([
      false,
      'connecting',
      false,
      ['login'],
    ]);
    say({ m: 'login' });
    await connecting;
    await runtime.advance(0);
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'live']);
    expect([socket().sent[0], subscribes(socket()).length]).toEqual(['login', 1]);
  },
);

test('an answer to a login that was not sent means nothing', async () => {
  const { say, session, socket } = setUp();
  void session.connect();
  await settle();
  socket().handlers.opened();
  say({ m: 'login' });
  say({ m: 'login', code: 'authentication' });
  expect(session.state).toBe('connecting');
  const without = createManualStream();
  await without.goLive();
  without.say({ m: 'login', code: 'authentication' });
  expect(without.session.state).toBe('live');
});

test('a login without an answer is a dial that leads nowhere, whose deadline it shares', async () => {
  const { greet, runtime, session, socket } = setUp();
  const failed = failureOf(session.connect());
  await settle();
  await runtime.advance(9_000);
  greet();
  await runtime.advance(1_000);
  expect(await failed).toMatchObject({ code: 'timeout' });
  expect([socket().terminated, session.state, runtime.waiting]).toEqual([true, 'idle', []]);
});

test.each(['authentication', 'permission'] as const)(
  'a login refused with %s is told, and nothing is dialled until somebody asks for it',
  async (code) => {
    const { dial, greet, logIn, runtime, say, session, socket, states } = setUp();
    const { observer, story } = watchTopic();
    session.subscribe({ channel: 'orders', symbol: 'cash' }, observer);
    const refused = dial();
    await settle();
    say({ m: 'login', code });
    expect(await refused).toBe(code);
    expect([session.state, socket().terminated]).toEqual(['down', true]);
    expect(states.at(-1)).toMatchObject({ state: 'down', reason: 'the login was refused: no' });
    expect(states.at(-1)?.error).toMatchObject({ code });
    await runtime.advance(600_000);
    expect([runtime.sockets.length, runtime.waiting]).toEqual([1, []]);
    await logIn();
    await runtime.advance(0);
    expect([session.state, subscribes(socket()).length, story]).toEqual(['live', 1, []]);
    socket().handlers.closed(1006, '');
    await runtime.advance(500);
    greet();
    await settle();
    say({ m: 'login' });
    expect(session.state).toBe('live');
  },
);

test('a login that is refused on a later dial, or taken back, ends a session that would come back', async () => {
  for (const when of ['redial', 'live'] as const) {
    const { greet, logIn, runtime, say, session, socket, states } = setUp();
    await logIn();
    if (when === 'redial') {
      socket().handlers.closed(1006, '');
      await runtime.advance(500);
      greet();
      await settle();
    }
    const waiting = when === 'redial' ? failureOf(session.connect()) : undefined;
    const dials = runtime.sockets.length;
    say({ m: 'login', code: 'authentication' });
    if (waiting !== undefined) expect(await waiting).toMatchObject({ code: 'authentication' });
    await runtime.advance(600_000);
    expect([session.state, runtime.sockets.length, runtime.waiting], when).toEqual(['down', dials, []]);
    expect(states.at(-1)?.error, when).toMatchObject({ code: 'authentication' });
  }
});

test('an owner who asks for a dial as soon as he hears of a login taken back gets one', async () => {
  const { logIn, runtime, say, session, socket, states } = setUp();
  const asked: Promise<void>[] = [];
  const lost = () => void asked.push(session.connect());
  session.subscribe({ channel: 'orders', symbol: 'cash' }, { confirmed() {}, lost, refused() {} });
  await logIn();
  await runtime.advance(0);
  say({ m: 'ack', id: subscribes(socket())[0]?.split(' ')[1] ?? '' });
  say({ m: 'login', code: 'authentication' });
  expect([runtime.sockets.length, session.state]).toEqual([2, 'connecting']);
  expect(states.at(-1)).toEqual({ state: 'connecting', reason: undefined });
  socket().handlers.opened();
  say({ m: 'hello' });
  await settle();
  say({ m: 'login' });
  await Promise.all(asked);
  expect(session.state).toBe('live');
});

test('a login refused for another reason is a failed dial: the first rejects, a later one is tried again', async () => {
  const first = setUp();
  const refused = first.dial();
  await settle();
  first.say({ m: 'login', code: 'venue-unavailable' });
  expect(await refused).toBe('venue-unavailable');
  expect([first.session.state, first.runtime.waiting]).toEqual(['idle', []]);
  const { greet, logIn, runtime, say, session, socket, states } = setUp();
  await logIn();
  socket().handlers.closed(1006, '');
  await runtime.advance(500);
  greet();
  await settle();
  say({ m: 'login', code: 'venue-unavailable' });
  expect([session.state, states.at(-1)?.error, runtime.waiting]).toEqual([
    'down',
    undefined,
    ['stream-redial'],
  ]);
  await runtime.advance(1_000);
  greet();
  await settle();
  say({ m: 'login' });
  expect(session.state).toBe('live');
});

test.each([
  ['ping', {}],
  ['login', { login: 'login' }],
] as const)('a login counts as a %s, waits for room and is made when it leaves', async (counted, named) => {
  const changes = { [counted]: { windows: [{ capacity: 1, windowMs: 5_000 }] } };
  const { hello, limiter, make, runtime, socket } = createLimitedSessions(changes);
  const made: number[] = [];
  const encodeLogin = (): string => `login ${made.push(runtime.clock.monotonic())}`;
  await limiter.run(counted, () => {});
  const session = make({
    dialect: { ...loginDialect, encodeLogin },
    limits: { limiter, dial: 'dial', subscribe: 'subscribe', ping: 'ping', scope: 'ip', ...named },
  });
  const connecting = session.connect();
  await settle();
  hello();
  await runtime.advance(4_999);
  expect([made, socket().sent]).toEqual([[], []]);
  await runtime.advance(1);
  expect([made, socket().sent]).toEqual([[5_000], ['login 1']]);
  socket().handlers.message(Buffer.from('{"m":"login"}'));
  await connecting;
});

test('a login that waits leaves the queue with its connection', async () => {
  const { hello, limiter, make, runtime, socket } = createLimitedSessions({ ping: { windows: minute(1) } });
  await limiter.run('ping', () => {});
  const session = make({ dialect: loginDialect });
  const failed = failureOf(session.connect());
  await settle();
  hello();
  await settle();
  expect(limiter.usage().waiting.all).toBe(1);
  await runtime.advance(10_000);
  expect([(await failed).code, limiter.usage().waiting.all, socket().sent]).toEqual(['timeout', 0, []]);
});

test('a limit of logins that the limiter does not have is a mistake that shows at once', () => {
  const { runtime } = createManualStream();
  const windows = [{ capacity: 1, windowMs: 5_000 }];
  const limits = [
    { id: 'dial', scope: 'ip', windows },
    { id: 'subscribe', windows },
  ];
  const limiter = createVenueLimiter({ runtime, venue: 'v', limits });
  const make = () =>
    setUp({ limits: { limiter, dial: 'dial', subscribe: 'subscribe', login: 'auth', scope: 'ip' } });
  expect(make).toThrow(expect.objectContaining({ code: 'invalid-options' }));
  expect(make).toThrow(/auth/);
});

test('the text of a login is in nothing that can be seen, also while it waits and when it fails', async () => {
  const { apiKey, secret } = canaryCredentials;
  const failures: (() => string)[] = [
    () => `{"op":"auth","key":"${apiKey}","sig":"${secret}"}`,
    () => {
      throw new TypeError(`not a key: ${apiKey} ${secret}`);
    },
    () => {
      throw new VenueError({ code: 'authentication', message: 'the key has expired' });
    },
  ];
  const expected = ['timeout', 'protocol', 'authentication'];
  for (const [at, encodeLogin] of failures.entries()) {
    const logged: string[] = [];
    const { greet, messages, refused, runtime, session, socket, states } = setUp({
      dialect: { ...loginDialect, encodeLogin },
    });
    const log = (...words: unknown[]) => void logged.push(inspect(words));
    Object.assign(runtime, { logger: { debug: log, info: log, warn: log, error: log } });
    const failed = failureOf(session.connect());
    await settle();
    greet();
    const seen = inspect([session, states], { depth: 20, showHidden: true });
    await runtime.advance(10_000);
    const error = await failed;
    expect(error.code).toBe(expected[at]);
    expect(socket().sent).toHaveLength(at === 0 ? 1 : 0);
    for (const value of [error, states, refused, messages, session])
      expect(canaryIn(value), `${at}`).toBeUndefined();
    expect(canaryInText(`${seen}${logged.join()}${inspect(error, { depth: 20 })}`)).toBeUndefined();
  }
});
