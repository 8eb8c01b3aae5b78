import { VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { loginDialect, type Message, createManualStream as setUp } from '../../test/manual-stream.ts';
import { settle } from '../testing/manual-runtime.ts';
import type { StreamSessionOptions } from './stream-options.ts';

/** A session whose data frames are taken as bytes. */
function takingData(options: Partial<StreamSessionOptions<Message>> = {}) {
  const taken: string[] = [];
  const seen: string[] = [];
  const takeBytes = (bytes: Uint8Array, receivedAtMs: number): boolean => {
    const text = Buffer.from(bytes).toString();
    seen.push(text);
    if (!text.includes('"data"')) return false;
    taken.push(`${receivedAtMs} ${text}`);
    return true;
  };
  return { ...setUp({ takeBytes, ...options }), taken, seen };
}

test('what is taken as bytes is seen by nobody else, and what is not is decoded as ever', async () => {
  const { goLive, messages, runtime, say, seen, socket, taken } = takingData();
  await goLive();
  say({ m: 'data', id: '1' });
  say({ m: 'ping' });
  say({ m: 'other' });
  expect(taken).toEqual([`${runtime.clock.now()} {"m":"data","id":"1"}`]);
  expect(messages.map(({ m }) => m)).toEqual(['hello', 'ping', 'other']);
  expect(socket().sent).toEqual(['pong']);
  expect(seen).toHaveLength(3);
});

test('only frames of the live connection are offered', async () => {
  const { runtime, say, seen, session, socket } = takingData({ dialect: loginDialect });
  const connecting = session.connect();
  await settle();
  const first = socket();
  first.handlers.opened();
  for (const m of ['data', 'hello', 'data', 'login']) say({ m });
  await connecting;
  expect(seen).toEqual([]);
  say({ m: 'data' });
  expect(seen).toHaveLength(1);
  first.handlers.closed(1006, '');
  say({ m: 'data' }, first);
  await runtime.advance(500);
  say({ m: 'data' });
  expect([session.state, seen.length]).toEqual(['connecting', 1]);
});

test('what is taken shows that the peer is there, and that the connection brings data', async () => {
  const { comeBack, goLive, runtime, say, session, socket } = takingData();
  runtime.chance = 0.999;
  await goLive();
  await comeBack();
  for (let at = 0; at < 20; at += 1) {
    await runtime.advance(4_000);
    say({ m: 'data' });
  }
  expect([session.state, socket().sent]).toEqual(['live', []]);
  const from = runtime.clock.monotonic();
  await comeBack();
  expect(runtime.clock.monotonic() - from).toBeLessThanOrEqual(500);
});

test('whoever throws while it looks is told so as of a refused frame, and sees the next one', async () => {
  const own = new VenueError({ code: 'protocol', message: 'expected a price, got none' });
  const thrown: unknown[] = [own, new TypeError('undefined is not a price')];
  const takeBytes = (): boolean => {
    if (thrown.length > 0) throw thrown.shift();
    return true;
  };
  const { goLive, messages, refused, say, session } = setUp({ takeBytes });
  await goLive();
  for (let at = 0; at < 3; at += 1) say({ m: 'data' });
  expect(refused).toEqual([own, expect.objectContaining({ code: 'protocol' })]);
  expect([session.state, messages.map(({ m }) => m)]).toEqual(['live', ['hello']]);
});

test('whoever ends the connection while it looks hears no more of it', async () => {
  let looks = 0;
  const made = setUp({
    takeBytes: () => {
      looks += 1;
      made.session.reconnect('the scanner lost its place');
      return true;
    },
  });
  await made.goLive();
  const first = made.socket();
  made.say({ m: 'data' });
  made.say({ m: 'data' }, first);
  expect([looks, made.session.state, first.terminated]).toEqual([1, 'down', true]);
});
