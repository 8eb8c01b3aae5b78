import { expect, test } from 'vitest';
import { createLimitedSessions, minute } from '../../test/limited-sessions.ts';
import { createManualStream, idOf, watchTopic } from '../../test/manual-stream.ts';
import type { Subscription } from './subscriptions.ts';

const messagesOf = ({ sent }: { readonly sent: readonly string[] }): string[] =>
  sent.map((frame) => frame.replace(/ \S+ /, ' ')).filter((frame) => frame.includes('sub '));

/** A session with topics A, B, …, which are confirmed. */
async function withConfirmed(count = 1, messages?: number) {
  const stream = createManualStream({ keepAlive: { pingAfterMs: 10_000_000, deadlineMs: 1_000 } }, messages);
  await stream.goLive();
  const want = (symbol: string) => {
    const { observer, story } = watchTopic();
    const since: number[] = [];
    const lost = (reason: string, sinceMs: number): void => {
      since.push(sinceMs);
      observer.lost(reason, sinceMs);
    };
    const subscription = stream.session.subscribe({ channel: 'depth', symbol }, { ...observer, lost });
    return { since, story, subscription };
  };
  const topics = Array.from({ length: count }, (_, at) => want(String.fromCharCode(65 + at)));
  await stream.runtime.advance(0);
  stream.confirmAll();
  stream.socket().sent.length = 0;
  const [first] = topics as [(typeof topics)[number]];
  const { story, since, subscription } = first;
  const ack = (at = -1, bad = false) => {
    const asked = stream.socket().sent.filter((frame) => frame.startsWith('sub '));
    const [, id, topics = ''] = asked.at(at)?.split(' ') ?? [];
    const named = topics.slice('depth:'.length).split(',');
    stream.say({ m: 'ack', id: id ?? '', topics: named.map((symbol) => `depth:${symbol}`), bad });
  };
  return { ...stream, ack, since, story, subscription, topics, want };
}

test('a mute topic is lost at once, left, asked for again, and confirmed by the new answer', async () => {
  const { ack, runtime, session, since, socket, story, subscription } = await withConfirmed();
  subscription.renew('mute for 30 s', 1_234);
  expect([story, since, subscription.confirmed]).toEqual([
    ['confirmed', 'lost: mute for 30 s'],
    [1_234],
    false,
  ]);
  await runtime.advance(0);
  expect(messagesOf(socket())).toEqual(['unsub depth:A', 'sub depth:A']);
  ack();
  expect([story.at(-1), subscription.confirmed]).toEqual(['confirmed', true]);
  await runtime.advance(20_000);
  expect([session.state, socket().sent.length]).toEqual(['live', 2]);
});

test('who does not say until when a topic was heard is told the time of its confirmation, which is sure', async () => {
  const { ack, runtime, say, since, subscription } = await withConfirmed();
  const confirmedAtMs = runtime.clock.now();
  await runtime.advance(5_000);
  say({ m: 'data' });
  subscription.renew('mute');
  await runtime.advance(1_000);
  ack();
  subscription.renew('mute again');
  expect(since).toEqual([confirmedAtMs, confirmedAtMs + 6_000]);
});

test('what is not confirmed is not renewed', async () => {
  const { ack, runtime, socket, story, subscription, want } = await withConfirmed();
  const other = want('B');
  const expectNothing = (of: Subscription, heard: readonly string[], story: readonly string[]): void => {
    const before = socket().sent.length;
    of.renew('mute');
    expect([story, socket().sent.length]).toEqual([heard, before]);
  };
  expectNothing(other.subscription, [], other.story);
  await runtime.advance(0);
  expectNothing(other.subscription, [], other.story);
  ack(-1, true);
  expectNothing(other.subscription, ['refused: market-unavailable'], other.story);
  subscription.renew('mute');
  expectNothing(subscription, ['confirmed', 'lost: mute'], story);
  await runtime.advance(0);
  expectNothing(subscription, ['confirmed', 'lost: mute'], story);
  ack();
  subscription.unsubscribe();
  expectNothing(subscription, ['confirmed', 'lost: mute', 'confirmed'], story);
  await runtime.advance(0);
  expect(messagesOf(socket()).slice(1)).toEqual(['unsub depth:A', 'sub depth:A', 'unsub depth:A']);
});

test('topics that are renewed together are left and asked for together', async () => {
  const { runtime, socket, topics } = await withConfirmed(3);
  for (const { subscription } of topics) subscription.renew('mute');
  await runtime.advance(0);
  expect(messagesOf(socket())).toEqual(['unsub depth:A,B,C', 'sub depth:A,B,C']);
});

test('leaving and asking again keep to the limits', async () => {
  const { runtime, socket, subscription } = await withConfirmed(1, 1);
  subscription.renew('mute');
  await runtime.advance(59_999);
  expect(messagesOf(socket())).toEqual([]);
  await runtime.advance(1);
  expect(messagesOf(socket())).toEqual(['unsub depth:A']);
  await runtime.advance(60_000);
  expect(messagesOf(socket())).toEqual(['unsub depth:A', 'sub depth:A']);
});

test.each([
  ['before it is left', 0, ['unsub depth:A']],
  ['between leaving and asking', 60_000, ['unsub depth:A']],
  ['when it was asked for', 120_000, ['unsub depth:A', 'sub depth:A', 'unsub depth:A']],
] as const)('a topic that is given up %s is not at the venue afterwards', async (_, afterMs, expected) => {
  const { runtime, socket, story, subscription } = await withConfirmed(1, 1);
  subscription.renew('mute');
  await runtime.advance(afterMs);
  subscription.unsubscribe();
  await runtime.advance(60_000);
  expect([messagesOf(socket()), story]).toEqual([expected, ['confirmed', 'lost: mute']]);
});

test.each([0, 60_000, 120_000])(
  'a connection that is lost %i ms after a renewal began is no second loss, and the topic is asked for once',
  async (afterMs) => {
    const { comeBack, runtime, socket, story, subscription } = await withConfirmed(1, 1);
    subscription.renew('mute');
    await runtime.advance(afterMs);
    await comeBack();
    await runtime.advance(60_000);
    expect([messagesOf(socket())[0], messagesOf(socket()).join().includes('unsub')]).toEqual([
      'sub depth:A',
      false,
    ]);
    expect(story).toEqual(['confirmed', 'lost: mute']);
  },
);

test('an answer to what was asked before the renewal does not confirm it', async () => {
  const { ack, runtime, socket, story, subscription, want } = await withConfirmed();
  const other = want('B');
  await runtime.advance(5_000);
  const [first, second] = socket().sent;
  expect([first, second].map((frame) => frame?.split(' ')[2])).toEqual(['depth:B', 'depth:B']);
  ack(0);
  subscription.renew('mute');
  other.subscription.renew('mute');
  ack(0);
  ack(1);
  await runtime.advance(0);
  ack(0);
  ack(1);
  expect(other.story).toEqual(['confirmed', 'lost: mute']);
  ack();
  expect([story.at(-1), other.story.at(-1)]).toEqual(['confirmed', 'confirmed']);
});

test('a renewal without an answer, twice, costs the connection', async () => {
  const { runtime, session, socket, story, subscription } = await withConfirmed();
  subscription.renew('mute');
  await runtime.advance(10_000);
  expect([socket().terminated, session.state, story]).toEqual([true, 'down', ['confirmed', 'lost: mute']]);
});

test('a renewal that the venue refuses gives the topic up', async () => {
  const { ack, runtime, session, story, subscription } = await withConfirmed();
  subscription.renew('mute');
  await runtime.advance(0);
  ack(-1, true);
  await runtime.advance(20_000);
  expect([story.at(-1), session.state]).toEqual(['refused: market-unavailable', 'live']);
});

test('whoever hears that the connection is lost cannot renew another topic of it', async () => {
  const stream = await withConfirmed();
  const { observer } = watchTopic();
  const other = watchTopic();
  const made: Subscription[] = [];
  const lost = (): void => made[1]?.renew('while at it');
  made.push(stream.session.subscribe({ channel: 'x', symbol: '1' }, { ...observer, lost }));
  made.push(stream.session.subscribe({ channel: 'x', symbol: '2' }, other.observer));
  await stream.runtime.advance(0);
  stream.confirmAll();
  await stream.comeBack();
  expect(messagesOf(stream.socket())).toEqual(['sub depth:A', 'sub x:1,2']);
  expect(other.story).toEqual(['confirmed', expect.stringContaining('code 1006')]);
});

test('a renewal that the limiter will never let through is a refusal', async () => {
  const { definitions, goLive, limiter, runtime, socket } = createLimitedSessions({
    subscribe: { windows: minute(2) },
  });
  const session = await goLive();
  const { observer, story } = watchTopic();
  const subscription = session.subscribe({ channel: 'x', symbol: 'A' }, observer);
  await runtime.advance(0);
  socket().handlers.message(Buffer.from(JSON.stringify({ m: 'ack', id: idOf(socket().sent[0]) })));
  limiter.setLimits(definitions.filter(({ id }) => id !== 'subscribe'));
  subscription.renew('mute');
  await runtime.advance(60_000);
  expect([story, session.state]).toEqual([['confirmed', 'lost: mute', 'refused: invalid-options'], 'live']);
});

test('what stays without an answer is left as well as refused: it may have been heard', async () => {
  const { runtime, socket, want } = await withConfirmed();
  const { story } = want('B');
  await runtime.advance(10_000);
  await runtime.advance(0);
  expect([story, messagesOf(socket())]).toEqual([
    ['refused: timeout'],
    ['sub depth:B', 'sub depth:B', 'unsub depth:B'],
  ]);
});
