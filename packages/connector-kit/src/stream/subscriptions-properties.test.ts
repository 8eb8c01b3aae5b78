import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createManualStream, idOf } from '../../test/manual-stream.ts';
import type { Subscription } from './subscriptions.ts';

const symbols = ['A', 'B', 'C', 'D'] as const;
const symbol = fc.constantFrom(...symbols);
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('want' as const), symbol }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('leave' as const), symbol }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('renew' as const), symbol }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('hear' as const), ignore: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(5) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 10, 6_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const) }) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

interface Wanted {
  readonly subscription: Subscription;
  isConfirmed: boolean;
  isOver: boolean;
}

/** A venue that hears frames in their order, answers late and in any order, and a client that wants this and that of it. */
async function setUp() {
  const quiet = { pingAfterMs: 1e12, deadlineMs: 1_000 };
  const stream = createManualStream({
    keepAlive: quiet,
    subscriptions: { batchSize: 2, ackDeadlineMs: 5_000 },
  });
  const { runtime, say, session } = stream;
  await stream.goLive();
  const wanted = new Map<string, Wanted>();
  let heard = 0;
  let connection = stream.socket();
  let answers: string[] = [];
  const atVenue = new Set<string>();
  /** Ids of messages whose answer may confirm a symbol: sent since it was wanted or lost. */
  const valid = new Map<string, Set<string>>();
  let answering = '';

  const notice = (): void => {
    if (stream.socket() !== connection) {
      [connection, heard, answers] = [stream.socket(), 0, []];
      atVenue.clear();
    }
    for (const frame of connection.sent) {
      const [op, id = '', topics = ''] = frame.split(' ');
      if (op !== 'sub' || seen.has(id)) continue;
      seen.add(id);
      for (const one of topics.slice(2).split(',')) valid.get(one)?.add(id);
    }
  };
  const seen = new Set<string>();
  const want = (name: string): void => {
    if (wanted.has(name)) return;
    notice();
    valid.set(name, new Set());
    const subscription = session.subscribe(
      { channel: 'x', symbol: name },
      {
        confirmed: () => {
          notice();
          expect([own.isOver, own.isConfirmed, valid.get(name)?.has(answering)]).toEqual([
            false,
            false,
            true,
          ]);
          own.isConfirmed = true;
        },
        lost: () => {
          notice();
          valid.set(name, new Set());
          expect([own.isOver, own.isConfirmed]).toEqual([false, true]);
          own.isConfirmed = false;
        },
        refused: () => {
          expect(own.isOver).toBe(false);
          own.isOver = true;
          wanted.delete(name);
        },
      },
    );
    const own: Wanted = { subscription, isConfirmed: false, isOver: false };
    wanted.set(name, own);
  };
  const leave = (name: string): void => {
    const own = wanted.get(name);
    if (own === undefined) return;
    own.isOver = true;
    own.subscription.unsubscribe();
    wanted.delete(name);
  };
  /** The venue hears the next frame. One that it ignores is never an unsubscribe message. */
  const hear = (ignore: boolean): boolean => {
    notice();
    const frame = connection.sent[heard];
    if (frame === undefined) return false;
    heard += 1;
    const [op, , topics = ''] = frame.split(' ');
    const names = topics.slice(2).split(',');
    if (op === 'unsub') for (const one of names) atVenue.delete(one);
    if (op !== 'sub' || ignore) return true;
    for (const one of names) atVenue.add(one);
    answers.push(frame);
    return true;
  };
  const answer = (which: number): boolean => {
    notice();
    const [frame] = answers.splice(which % Math.max(answers.length, 1), 1);
    if (frame === undefined) return false;
    answering = idOf(frame);
    const topics = (frame.split(' ')[2] ?? '').slice(2).split(',');
    say({ m: 'ack', id: answering, topics: topics.map((one) => `x:${one}`) });
    answering = '';
    return true;
  };
  const wait = async (ms: number): Promise<void> => {
    await runtime.advance(ms);
    if (stream.socket() !== connection || session.state !== 'live') await comeBack();
    notice();
  };
  const comeBack = async (): Promise<void> => {
    while (session.state === 'down') await runtime.advance(1_000);
    if (session.state === 'live') return;
    stream.socket().handlers.opened();
    say({ m: 'hello' });
    await runtime.advance(0);
  };
  const lose = async (): Promise<void> => {
    stream.socket().handlers.closed(1006, '');
    await comeBack();
    notice();
  };
  /** Until nobody has anything to say. */
  const rest = async (): Promise<void> => {
    for (let quietTurns = 0; quietTurns < 4; quietTurns += 1) {
      await wait(quietTurns % 2 === 0 ? 1 : 6_000);
      while (hear(false) || answer(0)) quietTurns = 0;
    }
  };
  const act = async (one: Action): Promise<void> => {
    if (one.do === 'want') want(one.symbol);
    else if (one.do === 'leave') leave(one.symbol);
    else if (one.do === 'renew') wanted.get(one.symbol)?.subscription.renew('mute');
    else if (one.do === 'hear') hear(one.ignore);
    else if (one.do === 'answer') answer(one.which);
    else if (one.do === 'wait') await wait(one.ms);
    else await lose();
  };
  return { act, atVenue, rest, wanted };
}

test('whatever is wanted, left, renewed, answered late or not at all: in the end the venue sends what is wanted, and no answer confirms what was asked for later', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60, size: 'max' }), async (plan) => {
      const { act, atVenue, rest, wanted } = await setUp();
      for (const one of plan) await act(one);
      await rest();
      expect([...atVenue].sort()).toEqual([...wanted.keys()].sort());
      for (const [name, { isConfirmed, subscription }] of wanted)
        expect([name, isConfirmed, subscription.confirmed]).toEqual([name, true, true]);
    }),
    { numRuns: 150 },
  );
});
