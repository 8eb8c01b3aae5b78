import fc from 'fast-check';
import { expect, test } from 'vitest';
import { carriedBy, createManualShards, type WatchedTopic } from '../../test/manual-stream-shards.ts';

const name = fc.constantFrom(...'ABCDEFG');
const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('want' as const), name, channel: fc.constantFrom('x', 'y') }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('renew' as const), which: fc.nat(9) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 100, 2_000, 9_000, 70_000),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('greet' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const), which: fc.nat(3) }) },
);

/** Shards of which a few messages go out in a minute, so that what is left stays at the venue for a while. */
async function setUp() {
  const made = createManualShards({ messages: 3 });
  const { confirmAll, greet, runtime, shards, want } = made;
  const topics = new Map<string, WatchedTopic>();
  const greeted = new Set<unknown>();
  const lost = new Set<unknown>();
  const open = () => runtime.sockets.filter((one) => !one.closed && !lost.has(one));
  const greetAll = async () => {
    for (const one of open()) {
      if (greeted.has(one)) continue;
      greeted.add(one);
      await greet(one);
    }
    confirmAll();
  };
  const connecting = shards.connect();
  await runtime.advance(0);
  await greetAll();
  await connecting;
  const pick = (which: number) => [...topics.keys()][which % Math.max(topics.size, 1)] ?? '';
  return { ...made, confirmAll, greetAll, lost, open, pick, topics, want };
}

test('whatever comes and goes, a symbol is on one session at a time, no session has too many, and all are confirmed in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60, size: 'max' }), async (plan) => {
      const { confirmAll, greetAll, lost, open, pick, runtime, shards, topics, want } = await setUp();
      const expectApart = (): void => {
        const carried = open().flatMap(carriedBy);
        expect(carried).toEqual([...new Set(carried)]);
        for (const one of open()) expect(carriedBy(one).length).toBeLessThanOrEqual(2);
      };
      for (const one of plan) {
        if (one.do === 'want') {
          const key = `${one.channel}:${one.name}`;
          if (!topics.has(key)) topics.set(key, want(one.name, one.channel));
        } else if (one.do === 'leave') {
          topics.get(pick(one.which))?.unsubscribe();
          topics.delete(pick(one.which));
        } else if (one.do === 'renew') topics.get(pick(one.which))?.renew('mute');
        else if (one.do === 'greet') await greetAll();
        else if (one.do === 'lose') {
          const socket = open()[one.which];
          if (socket !== undefined) lost.add(socket);
          socket?.handlers.closed(1006, 'reset');
        } else await runtime.advance(one.ms);
        for (const [key, topic] of topics) if (topic.story.at(-1)?.startsWith('refused')) topics.delete(key);
        expectApart();
      }
      for (let turn = 0; turn < 20; turn += 1) {
        await runtime.advance(4_000);
        await greetAll();
        expectApart();
      }
      for (let turn = 0; turn < 600; turn += 1) {
        await runtime.advance(1_000);
        await greetAll();
        confirmAll();
      }
      for (const [key, topic] of topics) if (topic.story.at(-1)?.startsWith('refused')) topics.delete(key);
      expect([shards.state, [...topics.values()].every(({ confirmed }) => confirmed)]).toEqual([
        'live',
        true,
      ]);
      const symbols = new Set([...topics.keys()].map((key) => key.slice(2)));
      expect(new Set(open().flatMap(carriedBy))).toEqual(symbols);
      await shards.close();
      expect(runtime.waiting).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
