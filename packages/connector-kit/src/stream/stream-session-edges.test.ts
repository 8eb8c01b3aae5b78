import type { VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import {
  createManualStream,
  manualDialect as dialect,
  idOf,
  type Message,
} from '../../test/manual-stream.ts';
import { type ManualSocket, settle } from '../testing/manual-runtime.ts';
import { Backoff } from './backoff.ts';
import type { StreamSessionOptions } from './stream-options.ts';

function setUp(options: Partial<StreamSessionOptions<Message>> = {}, messages?: number) {
  const stream = createManualStream(
    { keepAlive: { pingAfterMs: 10_000_000, deadlineMs: 1_000 }, ...options },
    messages,
  );
  const want = (symbol: string, channel = 'depth') => {
    const story: string[] = [];
    const subscription = stream.session.subscribe(
      { channel, symbol },
      {
        confirmed: () => void story.push('confirmed'),
        lost: () => void story.push('lost'),
        refused: (error) => void story.push(`refused: ${error.code}`),
      },
    );
    return { story, ...subscription, unsubscribe: () => subscription.unsubscribe() };
  };
  return { ...stream, reconnect: () => stream.comeBack(), want };
}

const frames = (socket: ManualSocket, op: string) =>
  socket.sent.filter((frame) => frame.startsWith(`${op} `));

/** A session with one topic, which is confirmed. */
async function withConfirmed() {
  const made = setUp();
  await made.goLive();
  const first = made.want('A');
  await made.runtime.advance(0);
  made.say({ m: 'ack', id: idOf(frames(made.socket(), 'sub')[0]) });
  return { ...made, first };
}

test('given up and wanted again in one tick: nothing is unsubscribed', async () => {
  const { first, runtime, socket, want } = await withConfirmed();
  first.unsubscribe();
  want('A');
  await runtime.advance(0);
  expect(frames(socket(), 'unsub')).toEqual([]);
});

test('given up, wanted again and given up in one tick: it is unsubscribed, once', async () => {
  const { first, runtime, socket, want } = await withConfirmed();
  first.unsubscribe();
  const second = want('A');
  second.unsubscribe();
  await runtime.advance(0);
  expect(frames(socket(), 'unsub').map((frame) => frame.split(' ')[2])).toEqual(['depth:A']);
  expect(frames(socket(), 'sub')).toHaveLength(1);
  second.unsubscribe();
  want('A').unsubscribe();
  await runtime.advance(0);
  expect(frames(socket(), 'unsub')).toHaveLength(1);
});

test('taken up again before it was left, and refused then: it is still at the venue, and is left', async () => {
  const { first, runtime, socket, say, want } = await withConfirmed();
  first.unsubscribe();
  const second = want('A');
  const fresh = want('B');
  await runtime.advance(0);
  const again = idOf(frames(socket(), 'sub')[1]);
  say({ m: 'ack', id: again, topics: ['depth:A'], bad: true });
  say({ m: 'ack', id: again, topics: ['depth:B'], bad: true });
  await runtime.advance(0);
  expect([second.story, fresh.story]).toEqual([
    ['refused: market-unavailable'],
    ['refused: market-unavailable'],
  ]);
  expect(frames(socket(), 'unsub').map((frame) => frame.split(' ')[2])).toEqual(['depth:A']);
});

test('what was asked for without an answer, and is given up before it is asked for again, is unsubscribed', async () => {
  const { runtime, socket, goLive, want } = setUp({}, 1);
  await goLive();
  const wanted = want('A');
  await runtime.advance(0);
  expect(frames(socket(), 'sub')).toHaveLength(1);
  // Asked for again as soon as the budget allows: not yet.
  await runtime.advance(10_000);
  wanted.unsubscribe();
  await runtime.advance(60_000);
  expect([frames(socket(), 'sub').length, frames(socket(), 'unsub').length]).toEqual([1, 1]);
});

test('an old subscription that ends again does not end the new one', async () => {
  const { runtime, socket, say, goLive, want } = setUp();
  await goLive();
  const first = want('A');
  first.unsubscribe();
  const second = want('A');
  first.unsubscribe();
  await runtime.advance(0);
  say({ m: 'ack', id: idOf(frames(socket(), 'sub')[0]), topics: ['depth:A'] });
  expect(second.story).toEqual(['confirmed']);
});

test('what was never asked for is not unsubscribed, and what was is so once', async () => {
  const { runtime, socket, say, goLive, want } = setUp();
  await goLive();
  want('A').unsubscribe();
  const asked = want('B');
  await runtime.advance(0);
  say({ m: 'ack', id: idOf(frames(socket(), 'sub')[0]) });
  asked.unsubscribe();
  await runtime.advance(0);
  want('C');
  await runtime.advance(0);
  expect(frames(socket(), 'unsub').map((frame) => frame.split(' ')[2])).toEqual(['depth:B']);
});

test.each(['before', 'during'])(
  'what is given up %s an outage is not unsubscribed on the new connection',
  async (when) => {
    const { runtime, socket, say, goLive, reconnect, want } = setUp();
    await goLive();
    const wanted = want('A');
    await runtime.advance(0);
    say({ m: 'ack', id: idOf(frames(socket(), 'sub')[0]) });
    if (when === 'before') wanted.unsubscribe();
    const gone = reconnect();
    wanted.unsubscribe();
    await gone;
    expect(socket().sent).toEqual([]);
  },
);

test('the observer of a topic that was given up hears nothing more, whatever becomes of the message', async () => {
  const { runtime, goLive, want } = setUp();
  await goLive();
  const wanted = want('A');
  await runtime.advance(0);
  wanted.unsubscribe();
  expect(runtime.waiting).not.toContain('subscribe-deadline');
  await runtime.advance(20_000);
  expect(wanted.story).toEqual([]);
});

test('a confirmed topic is not refused by a late answer, nor by that to another message', async () => {
  const { runtime, socket, say, goLive, want } = setUp();
  await goLive();
  const [a, b] = [want('A'), want('B', 'trades')];
  await runtime.advance(0);
  const [one, two] = frames(socket(), 'sub').map(idOf);
  say({ m: 'ack', id: one as string, topics: ['trades:B'], bad: true });
  say({ m: 'ack', id: two as string });
  say({ m: 'ack', id: two as string, topics: ['trades:B'], bad: true });
  say({ m: 'ack', topics: ['trades:B'], bad: true });
  expect(b.story).toEqual(['confirmed']);
  expect(a.story).not.toContain('confirmed');
});

test('confirmed and lost topics leave no deadline behind', async () => {
  const { runtime, socket, say, goLive, want } = setUp();
  await goLive();
  want('A');
  await runtime.advance(0);
  say({ m: 'ack', id: idOf(frames(socket(), 'sub')[0]) });
  expect(runtime.waiting).not.toContain('subscribe-deadline');
  want('B');
  await runtime.advance(0);
  socket().handlers.closed(1006, '');
  expect(runtime.waiting).toEqual(['stream-redial']);
});

test('a new connection starts the tries anew, and asks together again', async () => {
  const { runtime, socket, say, goLive, reconnect, want } = setUp();
  await goLive();
  const [a, b] = [want('A'), want('B')];
  await runtime.advance(0);
  say({ m: 'ack', id: idOf(frames(socket(), 'sub')[0]), bad: true });
  await runtime.advance(0);
  expect(frames(socket(), 'sub')).toHaveLength(3);
  await reconnect();
  expect(frames(socket(), 'sub').map((frame) => frame.split(' ')[2])).toEqual(['depth:A,B']);
  await runtime.advance(5_000);
  expect([...a.story, ...b.story]).toEqual([]);
  expect(frames(socket(), 'sub')).toHaveLength(2);
});

test('unsubscribe messages keep to the budget too', async () => {
  const { runtime, socket, say, goLive, want } = setUp({}, 1);
  await goLive();
  const wanted = want('A');
  await runtime.advance(0);
  say({ m: 'ack', id: idOf(frames(socket(), 'sub')[0]) });
  wanted.unsubscribe();
  await runtime.advance(59_999);
  expect(frames(socket(), 'unsub')).toEqual([]);
  await runtime.advance(1);
  expect(frames(socket(), 'unsub')).toHaveLength(1);
});

test('close tells no observer', async () => {
  const { runtime, session, socket, say, goLive, want } = setUp();
  await goLive();
  const wanted = want('A');
  await runtime.advance(0);
  say({ m: 'ack', id: idOf(frames(socket(), 'sub')[0]) });
  await session.close();
  expect(wanted.story).toEqual(['confirmed']);
});

test('connect resolves at once while live, and an aborted one dials nothing', async () => {
  const { runtime, session, goLive } = setUp();
  await expect(session.connect({ signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  expect(runtime.sockets).toHaveLength(0);
  await goLive();
  expect(await Promise.race([session.connect().then(() => 'live'), settle()])).toBe('live');
});

test('one of two callers that gives up leaves the dial to the other', async () => {
  const { runtime, session, socket, say } = setUp();
  const [hasty, patient] = [
    session.connect({ timeoutMs: 50 }).catch((error: VenueError) => error.code),
    session.connect(),
  ];
  await runtime.advance(50);
  expect(await hasty).toBe('timeout');
  expect(socket().terminated).toBe(false);
  say({ m: 'hello' });
  await patient;
});

test('a caller that gives up during a redial leaves the redial alone', async () => {
  const { runtime, session, socket, goLive } = setUp();
  await goLive();
  socket().handlers.closed(1006, '');
  await runtime.advance(500);
  const hasty = session.connect({ timeoutMs: 50 }).catch((error: VenueError) => error.code);
  await runtime.advance(50);
  expect(await hasty).toBe('timeout');
  expect(socket().terminated).toBe(false);
});

test('nothing is sent before the greeting; a second greeting changes nothing; epochs count dials', async () => {
  const { runtime, session, states, socket, say, reconnect } = setUp();
  const connecting = session.connect();
  await settle();
  socket().handlers.opened();
  expect(session.send('x')).toBe(false);
  expect(socket().sent).toEqual([]);
  say({ m: 'hello' });
  say({ m: 'hello' });
  await connecting;
  expect(states.filter(({ state }) => state === 'live')).toHaveLength(1);
  await runtime.advance(0);
  expect(runtime.waiting).toEqual(['keep-alive-idle']);
  expect(session.epoch).toBe(1);
  await reconnect();
  expect(session.epoch).toBe(2);
});

test('an old socket that opens late does not make a new dial live', async () => {
  const { runtime, session, socket } = setUp({ dialect: { ...dialect, readyOn: 'open' } });
  const connecting = session.connect();
  await settle();
  socket().handlers.opened();
  await connecting;
  const old = socket();
  old.handlers.closed(1006, '');
  await runtime.advance(500);
  old.handlers.opened();
  expect(session.state).toBe('connecting');
});

test('close waits for the peer’s farewell, and no longer', async () => {
  const { runtime, session, socket, goLive } = setUp();
  await goLive();
  socket().closed = true;
  let closed = false;
  const closing = session.close().then(() => {
    closed = true;
  });
  await settle();
  expect(closed).toBe(false);
  socket().handlers.closed(1000, '');
  await closing;
  expect(runtime.waiting).toEqual([]);
});

test('data alone does not start the waits anew', async () => {
  const { runtime, socket, say, goLive } = setUp();
  runtime.chance = 0.999;
  await goLive();
  const waits: number[] = [];
  for (let n = 0; n < 3; n += 1) {
    say({ m: 'data' });
    const [from, dials] = [runtime.clock.monotonic(), runtime.sockets.length];
    socket().handlers.closed(1006, '');
    while (runtime.sockets.length === dials) await runtime.advance(1);
    waits.push(runtime.clock.monotonic() - from);
    say({ m: 'hello' });
  }
  expect(waits).toEqual([499, 999, 1_998]);
});

test.each([403, 418, 429])(
  'HTTP %i is followed by a minute of rest, and by jitter on top',
  async (status) => {
    const { runtime, socket, goLive } = setUp();
    runtime.chance = 0.999;
    await goLive();
    socket().handlers.closed(1006, '');
    await runtime.advance(500);
    socket().handlers.closed(1006, 'refused', status);
    const dials = runtime.sockets.length;
    await runtime.advance(60_000);
    expect(runtime.sockets).toHaveLength(dials);
    await runtime.advance(1_000);
    expect(runtime.sockets).toHaveLength(dials + 1);
  },
);

test('no ping is sent to a venue that talks; a pong in the same millisecond counts; a late timer gives a second chance', async () => {
  const { runtime, session, socket, say, goLive } = setUp({
    keepAlive: { pingAfterMs: 8_000, deadlineMs: 5_000 },
  });
  await goLive();
  for (let n = 0; n < 10; n += 1) {
    await runtime.advance(4_000);
    say({ m: 'data' });
  }
  expect(socket().sent).toEqual([]);
  await runtime.advance(8_000);
  expect(socket().sent).toEqual(['ping']);
  say({ m: 'pong' });
  await runtime.advance(7_999);
  expect(session.state).toBe('live');
  await runtime.advance(1);
  runtime.stall(5_300);
  await runtime.advance(0);
  expect(session.state).toBe('live');
});

test('a backoff stays within its bounds for ever', () => {
  const backoff = new Backoff({ next: () => 0.999 }, { firstMs: 500, maxMs: 30_000 });
  const waits = Array.from({ length: 100 }, () => backoff.next());
  expect(waits.slice(10).every((wait) => wait === 29_970)).toBe(true);
});
