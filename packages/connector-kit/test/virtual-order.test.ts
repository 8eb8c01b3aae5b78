import { createVirtualWorld, type TieBreak, type VirtualServer } from '@venuekit/connector-kit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVirtualStage, type VirtualStage } from './virtual-stream.ts';

/** Frames in the groups in which they arrived without promise work in between. */
function watchTurns(story: string[]): readonly string[] {
  const groups: string[] = [];
  let isNew = true;
  story.push = (...items: string[]): number => {
    if (isNew) groups.push('');
    isNew = false;
    queueMicrotask(() => {
      isNew = true;
    });
    groups.push(`${groups.pop() ?? ''}${items.join('')}`);
    return items.length;
  };
  return groups;
}

/** All groupings that happen over some seeds. */
async function groupings(act: (stage: VirtualStage) => Promise<void>): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (let seed = 0; seed < 60; seed += 1) {
    const stage = createVirtualStage(`${seed}`);
    stage.link.setLatency({ minMs: 1, maxMs: 1 });
    const groups = watchTurns(stage.story);
    await act(stage);
    await stage.world.run();
    seen.add(groups.join('|'));
  }
  return seen;
}

describe('messages that come at one instant', () => {
  test('are given one by one or several in one go, by the seed, and always in order', async () => {
    const seen = await groupings(async ({ open, sinks }) => {
      await open();
      for (const frame of ['a', 'b', 'c']) sinks[0]?.send(frame);
    });
    expect(new Set(seen)).toEqual(
      new Set(['(opened)|a|b|c', '(opened)|ab|c', '(opened)|a|bc', '(opened)|abc']),
    );
  });

  test('after a hold, a delay and a busy time too', async () => {
    const arrangements: readonly ((stage: VirtualStage) => void)[] = [
      ({ link, world }) => {
        link.hold();
        world.timers.setTimer(50, () => link.release(), 'release');
      },
      ({ link }) => link.delay('to-client', 40),
      ({ client }) => client.stall(50),
    ];
    for (const arrange of arrangements) {
      const seen = await groupings(async (stage) => {
        await stage.open();
        arrange(stage);
        for (const frame of ['a', 'b']) stage.sinks[0]?.send(frame);
      });
      expect(seen).toEqual(new Set(['(opened)|a|b', '(opened)|ab']));
    }
  });

  test('the first with the news that the stream is open, and the last with its end', async () => {
    const seen = await groupings(async ({ dial, world }) => {
      const server: VirtualServer = {
        fetch: () => new Response(),
        openStream: (_path, sink) => {
          sink.send('a');
          sink.close(1000, '');
          return { receive() {}, closed() {} };
        },
      };
      world.network.listen('brief.test', server);
      world.network.link('client', 'brief.test').setLatency({ minMs: 1, maxMs: 1 });
      dial('ws://brief.test/');
    });
    expect(seen).toEqual(
      new Set([
        '(opened)|a|(closed 1000 )',
        '(opened)a|(closed 1000 )',
        '(opened)|a(closed 1000 )',
        '(opened)a(closed 1000 )',
      ]),
    );
  });

  test('end with the hold, the busy time or the crash that the first of them brings about', async () => {
    const brakes: readonly ((stage: VirtualStage) => void)[] = [
      ({ link }) => link.hold(),
      ({ client }) => client.stall(1_000),
      ({ client }) => client.crash(),
      ({ link }) => link.cut(),
    ];
    for (const brake of brakes) {
      for (let seed = 0; seed < 20; seed += 1) {
        const stage = createVirtualStage(`${seed}`);
        const { link, runtime, sinks, world } = stage;
        link.setLatency({ minMs: 0, maxMs: 0 });
        const heard: string[] = [];
        const message = (): void => {
          heard.push('message');
          if (heard.length === 1) brake(stage);
        };
        const closed = (): void => void heard.push(`closed at ${world.steps}`);
        runtime.openSocket('ws://venue.test/', { maxMessageBytes: 9 }, { opened() {}, message, closed });
        await world.run();
        for (const frame of ['a', 'b', 'c']) sinks[0]?.send(frame);
        await world.run({ maxSteps: 1 });
        expect(heard).toEqual(['message']);
      }
    }
  });

  test('are all given when the handler of one throws, and each that throws is a failure', async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { link, runtime, sinks, world } = createVirtualStage(`${seed}`);
      link.setLatency({ minMs: 0, maxMs: 0 });
      const kept: Uint8Array[] = [];
      const message = (bytes: Uint8Array): void => {
        kept.push(bytes);
        throw new Error('handler');
      };
      runtime.openSocket('ws://venue.test/', { maxMessageBytes: 9 }, { opened() {}, closed() {}, message });
      await world.run();
      for (const frame of ['a', 'b', 'c']) sinks[0]?.send(frame);
      await world.run();
      expect(world.failures).toHaveLength(3);
      expect(kept.map((bytes) => [...bytes])).toEqual([[0], [0], [0]]);
    }
  });
});

describe('requests', () => {
  test('meet faults and are counted in the order of their calls, whether they have bodies or not', async () => {
    const { client, executed, link, runtime, world } = createVirtualStage();
    link.loseRequest();
    link.answer({ status: 418, body: '' });
    client.crashAt({ operation: 4, when: 'before' });
    const statuses: string[] = [];
    const ask = (name: string, init: RequestInit): void =>
      void runtime
        .fetch(new Request('https://venue.test/', init))
        .then(({ status }) => void statuses.push(`${name} ${status}`));
    ask('one', { method: 'POST', body: 'one' });
    ask('two', {});
    ask('three', { method: 'POST', body: new URLSearchParams('a=3') });
    ask('four', { method: 'POST', body: 'four' });
    expect(world.trace.lines.filter((line) => line.includes(' fault '))).toEqual([
      '0 client>venue.test/1 fault lose-request',
      '0 client>venue.test/2 fault answer {"reply":{"status":418,"body":""}}',
    ]);
    expect(client.current).toBeUndefined();
    await world.run();
    expect(executed).toEqual(['a=3']);
    expect(statuses).toEqual([]);
  });

  test('are in the trace in the order of their calls, also where another is made while a body is read', async () => {
    for (let turns = 0; turns < 12; turns += 1) {
      const { runtime, world } = createVirtualStage();
      const post = new Request('https://venue.test/order', { method: 'POST', body: '{"id":1}' });
      void runtime.fetch(post);
      for (let turn = 0; turn < turns; turn += 1) await null;
      void runtime.fetch(new Request('https://venue.test/query'));
      await world.run();
      const asked = world.trace.lines.filter((line) => / request(?:-body)? /.test(line));
      expect(asked).toEqual([
        expect.stringMatching(/\/1 request \["POST"/),
        expect.stringMatching(/\/2 request \["GET"/),
        '0 client>venue.test/1 request-body {"id":1}',
      ]);
    }
  });
});

test('timers of one label and instant come in either order, by the seed', async () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 40; seed += 1) {
    const world = createVirtualWorld({ seed: `${seed}` });
    let order = '';
    for (const name of ['a', 'b', 'c'])
      world.timers.setTimer(
        5,
        () => {
          order += name;
        },
        'same',
      );
    await world.run();
    orders.add(order);
  }
  expect(orders.size).toBe(6);
});

test('two runs have one hash if their timers were fired in one order, and only then', async () => {
  const timer = fc.record({ label: fc.constantFrom('a', 'b'), atMs: fc.constantFrom(1, 2) });
  const keys = fc.array(fc.nat(3), { minLength: 6, maxLength: 6 });
  const seen = { same: 0, different: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(timer, { maxLength: 6 }), keys, keys, async (timers, one, other) => {
      const [first, second] = [await fired(timers, one), await fired(timers, other)];
      expect(first.hash === second.hash).toBe(first.order === second.order);
      seen[first.order === second.order ? 'same' : 'different'] += 1;
    }),
    { numRuns: 300 },
  );
  expect(Math.min(seen.same, seen.different)).toBeGreaterThan(20);
});

/** The order in which timers are fired whose ties are broken by these keys, and the hash of the run. */
async function fired(
  timers: readonly { readonly label: string; readonly atMs: number }[],
  keys: readonly number[],
): Promise<{ readonly order: string; readonly hash: string }> {
  let order = '';
  const numbers = new Map<string, number[]>();
  const ties: TieBreak = (label, atMs, nth = 0) => keys[numbers.get(`${label} ${atMs}`)?.[nth] ?? 0] ?? 0;
  const world = createVirtualWorld({ seed: 's', ties });
  for (const [number, { label, atMs }] of timers.entries()) {
    const alike = `world/${label} ${atMs}`;
    numbers.set(alike, [...(numbers.get(alike) ?? []), number]);
    const fire = (): void => {
      order += number;
    };
    world.timers.setTimer(atMs, fire, label);
  }
  await world.run();
  return { order, hash: world.trace.hash };
}

test('how timers of one label are numbered does not depend on others, nor on those that are gone', async () => {
  const asked: [string, number | undefined][] = [];
  const ties = (label: string, _dueAtMs: number, nth?: number): number => {
    asked.push([label, nth]);
    return 0;
  };
  const world = createVirtualWorld({ seed: 's', ties });
  const set = (label: string): Disposable => world.timers.setTimer(5, () => {}, label);
  set('gone')[Symbol.dispose]();
  for (const label of ['a', 'b', 'a', 'gone']) set(label);
  await world.run();
  expect(asked.toSorted()).toEqual([
    ['world/a', 0],
    ['world/a', 1],
    ['world/b', 0],
    ['world/gone', 0],
  ]);
});
