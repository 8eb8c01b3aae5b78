import { expect, test } from 'vitest';
import { failureOf } from '../../test/failure-of.ts';
import { loginDialect } from '../../test/manual-stream.ts';
import { carriedBy, createManualShards } from '../../test/manual-stream-shards.ts';
import { settle } from '../testing/manual-runtime.ts';
import type { StreamShards } from './stream-shards.ts';

/** Live, with symbols A, B, … two a session. */
async function withSymbols(names: string, options: Parameters<typeof createManualShards>[0] = {}) {
  const made = createManualShards(options);
  const topics = [...names].map((name) => made.want(name));
  await made.goLive();
  return { ...made, topics };
}

const carried = ({ runtime }: ReturnType<typeof createManualShards>) => runtime.sockets.map(carriedBy);

test('a session is dialled when those before it have their number of symbols, and not before connect', async () => {
  const made = createManualShards();
  const { goLive, greet, runtime, shards, states, want } = made;
  const topics = [want('A'), want('A', 'y'), want('B')];
  expect([runtime.sockets.length, shards.state]).toEqual([0, 'idle']);
  await goLive();
  expect(carried(made)).toEqual([['A', 'B']]);
  topics.push(want('C'), want('A', 'z'), want('D', 'y'));
  expect([runtime.sockets.length, shards.state]).toEqual([2, 'connecting']);
  await greet();
  await runtime.advance(0);
  made.confirmAll();
  expect(carried(made)).toEqual([
    ['A', 'B'],
    ['C', 'D'],
  ]);
  expect(topics.map(({ story }) => story.join())).toEqual(topics.map(() => 'confirmed'));
  const expected = ['connecting', 'live', 'connecting', 'live'];
  expect(states.map(({ state }) => state)).toEqual(expected);
});

test('connect dials the first session; when that is live, the others come up by themselves', async () => {
  const { greet, runtime, shards, states, want } = createManualShards();
  for (const name of 'ABCDEF') want(name);
  let isConnected = false;
  const connecting = shards.connect().then(() => {
    isConnected = true;
  });
  await settle();
  expect(runtime.sockets).toHaveLength(1);
  await greet();
  await connecting;
  expect([isConnected, runtime.sockets.length, shards.state]).toEqual([true, 3, 'connecting']);
  await greet(runtime.sockets[2]);
  expect(shards.state).toBe('connecting');
  await greet(runtime.sockets[1]);
  expect(states.map(({ state }) => state)).toEqual(['connecting', 'live']);
});

test('a first dial that fails leaves nothing dialled, and says what a single session says', async () => {
  const { runtime, shards, socket, states, want } = createManualShards();
  for (const name of 'ABC') want(name);
  const failed = failureOf(shards.connect());
  await settle();
  socket().handlers.closed(1006, 'refused', 503);
  expect((await failed).code).toBe('venue-unavailable');
  await runtime.advance(600_000);
  expect([runtime.sockets.length, runtime.waiting, shards.state]).toEqual([1, [], 'idle']);
  expect(states.at(-1)).toMatchObject({ state: 'idle', reason: 'connection closed: refused (1006)' });
});

test('a further dial that fails is tried again with growing waits, and costs the others nothing', async () => {
  const { greet, runtime, shards, socket, states, topics, want } = await withSymbols('AB');
  runtime.chance = 0.999;
  const third = want('C');
  const waits: number[] = [];
  for (let failures = 0; failures < 4; failures += 1) {
    const [from, dials] = [runtime.clock.monotonic(), runtime.sockets.length];
    socket().handlers.closed(1006, 'refused');
    expect([shards.state, states.at(-1)?.reason]).toEqual(['down', 'connection closed: refused (1006)']);
    while (runtime.sockets.length === dials) await runtime.advance(1);
    waits.push(runtime.clock.monotonic() - from);
  }
  expect(waits).toEqual([499, 999, 1_998, 3_996]);
  await greet();
  expect([shards.state, third.story, topics.map(({ story }) => story.length)]).toEqual([
    'live',
    ['confirmed'],
    [1, 1],
  ]);
});

test('dials share one budget, and each session has its own for messages', async () => {
  const { greet, limitsAsked, runtime, shards, socket, want } = await withSymbols('AB', {
    ...{ dials: 2, messages: 1 },
  });
  const third = want('C');
  await greet();
  expect([third.story, limitsAsked]).toEqual([['confirmed'], [0, 1]]);
  want('D');
  want('E');
  await runtime.advance(0);
  expect([runtime.sockets.length, shards.isWaitingForRoom, shards.state]).toEqual([2, true, 'connecting']);
  expect(socket(0).sent).toHaveLength(1);
  await runtime.advance(300_000);
  expect([runtime.sockets.length, shards.isWaitingForRoom]).toEqual([3, false]);
});

test('a loss is told to the owners of the topics of that session, then to everyone, with its reason', async () => {
  const story: string[] = [];
  const made = await withSymbols('ABC', {
    onState: ({ state, reason, sinceMs }) => story.push(`${state} ${reason} ${sinceMs}`),
  });
  const { greet, runtime, shards, say, socket, topics } = made;
  shards.subscribe(
    { channel: 'y', symbol: 'C' },
    { confirmed() {}, lost: () => story.push(`lost while ${shards.state}`), refused() {} },
  );
  await runtime.advance(0);
  made.confirmAll();
  say({ m: 'data' }, socket(1));
  const heardMs = runtime.clock.now();
  await runtime.advance(1_000);
  story.length = 0;
  socket(1).handlers.closed(1006, 'reset');
  expect(story).toEqual(['lost while down', `down connection closed: reset (1006) ${heardMs}`]);
  expect(topics.map(({ confirmed }) => confirmed)).toEqual([true, true, false]);
  await runtime.advance(500);
  await greet();
  expect([shards.state, topics.every(({ confirmed }) => confirmed)]).toEqual(['live', true]);
});

test('what is said about a symbol goes to its session, and no two connections have the same epoch', async () => {
  const { greet, runtime, shards, socket } = await withSymbols('ABC');
  expect([shards.send('A', 'to A'), shards.send('C', 'to C'), shards.send('Z', 'to Z')]).toEqual([
    ...[true, true, false],
  ]);
  expect([socket(0).sent.at(-1), socket(1).sent.at(-1)]).toEqual(['to A', 'to C']);
  const before = [shards.epoch('A'), shards.epoch('B'), shards.epoch('C'), shards.epoch('Z')];
  expect(before).toEqual([1, 1, 2, 0]);
  shards.reconnect('C', 'nothing fits any more');
  shards.reconnect('Z', 'who?');
  expect([socket(0).terminated, socket(1).terminated, shards.send('C', 'x')]).toEqual([false, true, false]);
  await runtime.advance(500);
  await greet();
  expect([shards.epoch('A'), shards.epoch('C')]).toEqual([1, 3]);
});

test('the place of a symbol is free a while after its last topic was left, and a symbol that returns before keeps it', async () => {
  const made = await withSymbols('AB');
  const { confirmAll, runtime, shards, socket, topics, want } = made;
  const second = want('A', 'y');
  await runtime.advance(0);
  confirmAll();
  topics[0]?.unsubscribe();
  await runtime.advance(60_000);
  expect(shards.epoch('A')).toBe(1);
  second.unsubscribe();
  await runtime.advance(9_999);
  const again = want('A');
  await runtime.advance(0);
  confirmAll();
  await runtime.advance(60_000);
  expect([carriedBy(socket()), runtime.sockets.length]).toEqual([['B', 'A'], 1]);
  again.unsubscribe();
  await runtime.advance(9_999);
  expect(shards.epoch('A')).toBe(1);
  await runtime.advance(1);
  want('E');
  await runtime.advance(0);
  expect([carriedBy(socket()), shards.epoch('A'), runtime.sockets.length]).toEqual([['B', 'E'], 0, 1]);
});

test('a place is not free while the message that leaves it waits', async () => {
  const { runtime, shards, socket, topics } = await withSymbols('A', { messages: 1, symbolsPerSession: 1 });
  topics[0]?.unsubscribe();
  await runtime.advance(59_999);
  expect([shards.epoch('A'), carriedBy(socket())]).toEqual([1, ['A']]);
  await runtime.advance(1);
  expect([shards.epoch('A'), carriedBy(socket())]).toEqual([1, []]);
  await runtime.advance(4_999);
  expect(shards.epoch('A')).toBe(1);
  await runtime.advance(5_001);
  expect(shards.epoch('A')).toBe(0);
});

test('a topic that the venue refuses takes no place', async () => {
  const { runtime, say, shards, socket, want } = await withSymbols('A');
  const refused = want('B');
  await runtime.advance(0);
  say({ m: 'ack', id: socket().sent.at(-1)?.split(' ')[1] ?? '', bad: true });
  expect(refused.story).toEqual(['refused: market-unavailable']);
  await runtime.advance(5_000);
  expect([shards.epoch('A'), shards.epoch('B')]).toEqual([1, 0]);
  want('C');
  expect(runtime.sockets).toHaveLength(1);
});

test('an old subscription that ends again takes nothing from a new one', async () => {
  const { confirmAll, runtime, shards, socket, topics, want } = await withSymbols('ABC');
  topics[2]?.unsubscribe();
  want('C');
  await runtime.advance(0);
  confirmAll();
  topics[2]?.unsubscribe();
  await runtime.advance(60_000);
  expect(shards.epoch('C')).toBe(2);
  socket(1).handlers.closed(1006, 'reset');
  expect(shards.state).toBe('down');
});

test('a session that waits for room is on its way, also if it alone has topics', async () => {
  const { shards, states, topics, want } = await withSymbols('AB', { dials: 1 });
  for (const topic of topics) topic.unsubscribe();
  want('C');
  expect([shards.state, shards.isWaitingForRoom, states.at(-1)?.state]).toEqual([
    'connecting',
    true,
    'connecting',
  ]);
});

test('everyone hears of a loss after all owners, whatever one of them gives up meanwhile', async () => {
  const story: string[] = [];
  const made = await withSymbols('AB', { onState: ({ state }) => story.push(state) });
  const { confirmAll, greet, runtime, shards, socket, topics } = made;
  const giveUp = (): void => {
    for (const topic of topics) topic.unsubscribe();
  };
  for (const channel of ['x', 'y']) {
    const lost = (): void => {
      story.push(channel);
      giveUp();
    };
    shards.subscribe({ channel, symbol: 'C' }, { confirmed() {}, lost, refused() {} });
  }
  await greet();
  await runtime.advance(0);
  confirmAll();
  story.length = 0;
  socket(1).handlers.closed(1006, 'reset');
  expect(story).toEqual(['x', 'y', 'down']);
});

test('a session without symbols is closed after a minute, unless it gets one before', async () => {
  const made = await withSymbols('ABCDE');
  const { limitsAsked, runtime, shards, states, topics, want } = made;
  const closed = () => runtime.sockets.map((one) => one.closed);
  for (const topic of topics.slice(2)) topic.unsubscribe();
  await runtime.advance(69_999);
  const late = want('F');
  expect([shards.epoch('F'), closed()]).toEqual([2, [false, false, false]]);
  await runtime.advance(1);
  expect(closed()).toEqual([false, false, true]);
  made.confirmAll();
  await runtime.advance(600_000);
  late.unsubscribe();
  await runtime.advance(69_999);
  expect(closed()).toEqual([false, false, true]);
  await runtime.advance(1);
  expect(closed()).toEqual([false, true, true]);
  const before = states.length;
  want('X');
  await runtime.advance(0);
  expect([runtime.sockets.length, limitsAsked]).toEqual([4, [0, 1, 2]]);
  expect(states.slice(before).map(({ state }) => state)).toEqual(['connecting']);
});

test('the first session stays without symbols', async () => {
  const { runtime, shards, socket, topics } = await withSymbols('AB');
  for (const topic of topics) topic.unsubscribe();
  await runtime.advance(600_000);
  expect([socket().closed, shards.state, runtime.waiting]).toEqual([false, 'live', ['keep-alive-idle']]);
});

test('a session that is down and has no topics does not count', async () => {
  const { runtime, shards, socket, states, topics, want } = await withSymbols('ABC');
  socket(1).handlers.closed(1006, 'reset');
  expect(shards.state).toBe('down');
  topics[2]?.unsubscribe();
  expect([shards.state, states.at(-1)?.state]).toEqual(['live', 'live']);
  const again = want('D');
  expect([shards.state, states.at(-1)]).toMatchObject([
    'down',
    { state: 'down', reason: 'connection closed: reset (1006)' },
  ]);
  again.unsubscribe();
  socket(0).handlers.closed(1006, 'reset');
  for (const topic of topics) topic.unsubscribe();
  expect(shards.state).toBe('down');
  await runtime.advance(500);
  expect(shards.state).toBe('connecting');
});

test('a login that is refused for good on one session is told, and dialled again only when asked', async () => {
  const dialect = { ...loginDialect };
  const { runtime, say, shards, states, want } = createManualShards({ dialect });
  const greet = async (at: number, code?: 'authentication') => {
    const one = runtime.sockets[at];
    one?.handlers.opened();
    say({ m: 'hello' }, one);
    await settle();
    say({ m: 'login', ...(code && { code }) }, one);
    await settle();
  };
  for (const name of 'ABC') want(name);
  const connecting = shards.connect();
  await settle();
  await greet(0);
  await connecting;
  await greet(1, 'authentication');
  expect(states.at(-1)).toMatchObject({ state: 'down', error: { code: 'authentication' } });
  await runtime.advance(600_000);
  want('D');
  expect([runtime.sockets.length, shards.state]).toEqual([2, 'down']);
  await shards.connect();
  expect([runtime.sockets.length, shards.state]).toEqual([3, 'connecting']);
  await greet(2, 'authentication');
  void shards.connect();
  await shards.close();
  expect([runtime.sockets.length, runtime.waiting]).toEqual([3, []]);
});

test('a refused login is told also when the whole is down already', async () => {
  const { runtime, say, shards, socket, states, want } = createManualShards({ dialect: loginDialect });
  for (const name of 'ABC') want(name);
  const connecting = shards.connect();
  await settle();
  socket(0).handlers.opened();
  say({ m: 'hello' });
  await settle();
  say({ m: 'login' });
  await connecting;
  socket(0).handlers.closed(1006, 'reset');
  socket(1).handlers.opened();
  say({ m: 'hello' }, socket(1));
  await settle();
  say({ m: 'login', code: 'permission' }, socket(1));
  expect(states.slice(-2)).toMatchObject([
    { state: 'down' },
    { state: 'down', error: { code: 'permission' } },
  ]);
  expect(runtime.sockets).toHaveLength(2);
});

test('close ends all sessions, also those on their way, and leaves nothing', async () => {
  const { runtime, shards, socket, states, topics, want } = await withSymbols('ABCDE');
  topics[4]?.unsubscribe();
  await runtime.advance(11_000);
  topics[3]?.unsubscribe();
  for (const name of 'FGH') want(name);
  socket(1).handlers.closed(1006, 'reset');
  expect(runtime.waiting).toContain('stream-place');
  let isClosed = false;
  socket(0).closed = true;
  const closing = shards.close().then(() => {
    isClosed = true;
  });
  expect(shards.close()).toBe(shards.close());
  await settle();
  expect(isClosed).toBe(false);
  socket(0).handlers.closed(1000, '');
  await closing;
  want('A').unsubscribe();
  want('Z').unsubscribe();
  expect([runtime.waiting, shards.state]).toEqual([[], 'closed']);
  await runtime.advance(600_000);
  expect(states.filter(({ state }) => state === 'closed')).toHaveLength(1);
  expect([states.at(-1)?.state, runtime.sockets.length]).toEqual(['closed', 4]);
  expect(await failureOf(shards.connect())).toMatchObject({ code: 'closed' });
});

test('close leaves no timer of a session that was to be closed for want of symbols', async () => {
  const { runtime, shards, topics } = await withSymbols('ABC');
  topics[2]?.unsubscribe();
  await runtime.advance(11_000);
  expect(runtime.waiting).toContain('stream-empty');
  await shards.close();
  expect(runtime.waiting).toEqual([]);
});

test('whoever closes from a callback finds everything closed', async () => {
  for (const when of ['connecting', 'live', 'down', 'closed'] as const) {
    const made: { shards?: StreamShards } = {};
    const told: string[] = [];
    const { goLive, runtime, shards, socket, want } = createManualShards({
      onState: ({ state }) => {
        told.push(state);
        if (told.length > 2 && state === when) void made.shards?.close();
      },
    });
    made.shards = shards;
    await goLive();
    for (const name of 'ABC') want(name);
    for (const one of [...runtime.sockets]) {
      one.handlers.opened();
      one.handlers.message(Buffer.from('{"m":"hello"}'));
    }
    if (shards.state !== 'closed') socket().handlers.closed(1006, '');
    socket().closed = true;
    await shards.close();
    expect([runtime.waiting, told.filter((state) => state === 'closed')], when).toEqual([[], ['closed']]);
    expect(runtime.sockets.map(({ closed }) => closed).includes(false), when).toBe(false);
  }
});

test.each([0, -1, 1.5, Number.NaN])('%d symbols a session are a mistake', (symbolsPerSession) => {
  const make = () => createManualShards({ symbolsPerSession });
  expect(make).toThrow(expect.objectContaining({ code: 'invalid-options' }));
  expect(make).toThrow(/symbolsPerSession: expected a whole number from 1 or Infinity/);
});

test('without a bound everything is on one session', async () => {
  const names = Array.from({ length: 300 }, (_, at) => String.fromCharCode(0x4e00 + at)).join('');
  const { runtime, topics } = await withSymbols(names, { symbolsPerSession: Number.POSITIVE_INFINITY });
  expect([runtime.sockets.length, topics.every(({ confirmed }) => confirmed)]).toEqual([1, true]);
});
