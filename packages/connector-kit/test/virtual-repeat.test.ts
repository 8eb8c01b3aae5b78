import {
  createSeededTies,
  createVirtualWorld,
  guardAmbient,
  type TieBreak,
  type VirtualWorld,
} from '@venuekit/connector-kit/testing';
import { describe, expect, test } from 'vitest';
import { doneOrders, startToyClient } from './virtual-client.ts';
import { createToyVenue } from './virtual-venue.ts';

interface Changes {
  readonly ties?: TieBreak;
  readonly draw?: () => number;
  readonly before?: (world: VirtualWorld) => void;
  readonly keepTrace?: boolean;
}

async function runToy(
  seed: string,
  { ties, draw, before, keepTrace = false }: Changes = {},
): Promise<VirtualWorld> {
  const world = createVirtualWorld({ seed, keepTrace, ...(ties && { ties }) });
  world.network.listen('venue.test', createToyVenue(world));
  before?.(world);
  const client = world.process('client');
  startToyClient({ incarnation: client.start(), orderCount: 10, ...(draw && { draw }) });
  await world.run({ forMs: 1_000 });
  world.network.link('client', 'venue.test').cut();
  await world.run({ forMs: 500 });
  client.crash('power');
  startToyClient({ incarnation: client.start(), orderCount: 10, ...(draw && { draw }) });
  await world.run({ forMs: 1_500 });
  expect(world.failures).toEqual([]);
  expect(doneOrders(client.current?.disk.read('orders') ?? [])).toHaveLength(10);
  return world;
}

async function hashOf(seed: string, changes: Changes = {}): Promise<string> {
  const world = await runToy(seed, changes);
  return world.trace.hash;
}

describe('one seed and the code decide everything', () => {
  const seeds = Array.from({ length: 12 }, (_, index) => `seed-${index}`);

  test('the same seeds in any order give the same hashes, each its own', async () => {
    const forwards = new Map<string, string>();
    for (const seed of seeds) forwards.set(seed, await hashOf(seed));
    const backwards = new Map<string, string>();
    for (const seed of seeds.toReversed()) backwards.set(seed, await hashOf(seed));
    for (const seed of seeds) expect(backwards.get(seed)).toBe(forwards.get(seed));
    expect(new Set(forwards.values()).size).toBe(seeds.length);
  });

  test('chance, ids, latencies and ties are the same on every version of Node', async () => {
    const world = createVirtualWorld({ seed: 'every node' });
    world.network.listen('venue.test', createToyVenue(world));
    const incarnation = world.process('client').start();
    const { runtime } = incarnation;
    runtime.openSocket('ws://venue.test/', { maxMessageBytes: 100 }, silentHandlers);
    for (const label of ['x', 'y', 'z', 'z']) runtime.timers.setTimer(10.1, () => {}, label);
    // How long a body takes to be read differs between versions, which must not show.
    void runtime.fetch(new Request('http://venue.test/', { method: 'POST', body: 'order' }));
    for (let turn = 0; turn < 4; turn += 1) await null;
    void runtime.fetch(new Request('http://venue.test/'));
    incarnation.record(
      'drawn',
      `${runtime.random.next('a')} ${runtime.random.next('a')} ${runtime.ids.next('order')}`,
    );
    await world.run({ forMs: 1_000 });
    // Only a change of the trace or of the way in which things are drawn may change this.
    expect(world.trace.hash).toBe('0f3e21957a48b4f2f9e8a41f03b04b15004f18e1bd27135aab85a31ff0281b53');
  });

  test('keeping the lines and reading the hash on the way change nothing', async () => {
    const plain = await runToy('a');
    const watched = await runToy('a', {
      keepTrace: true,
      before: (world) => {
        world.timers.setTimer(0, () => {}, 'same');
      },
    });
    const silent = await runToy('a', {
      before: (world) => {
        world.timers.setTimer(0, () => void world.trace.hash, 'same');
      },
    });
    expect(silent.trace.hash).toBe(watched.trace.hash);
    expect(watched.trace.lines).toHaveLength(watched.trace.count);
    expect(plain.trace.lines).toEqual([]);
    expect(plain.trace.count).toBe(watched.trace.count - 1);
  });

  test('one digit of one frame changes the hash', async () => {
    const edited = (change: (frame: string) => string): Changes => ({
      before: (world) => world.network.link('client', 'venue.test').edit('to-client', change),
    });
    const same = await hashOf(
      'b',
      edited((frame) => frame),
    );
    const other = await hashOf(
      'b',
      edited((frame) => frame.replace('o', '0')),
    );
    expect(other).not.toBe(same);
  });

  test('one tie that is broken the other way changes the hash', async () => {
    let asked = 0;
    const drawn = createSeededTies('c');
    const flipped: TieBreak = (label, dueAtMs) => {
      const tie = drawn(label, dueAtMs);
      if (dueAtMs !== 300 || !label.includes('sweep')) return tie;
      asked += 1;
      return -tie;
    };
    const same = await hashOf('c', { ties: (label, dueAtMs) => drawn(label, dueAtMs) });
    expect(same).toBe(await hashOf('c'));
    expect(await hashOf('c', { ties: flipped })).not.toBe(same);
    expect(asked).toBe(2);
  });

  test('ambient chance anywhere on the path destroys equality', async () => {
    const first = await hashOf('d', { draw: Math.random });
    expect(await hashOf('d', { draw: Math.random })).not.toBe(first);
  });

  test('the guard lets the whole toy run, and names the place that reaches for chance', async () => {
    const unguarded = await hashOf('e');
    const guarded = await guardedToy(() => hashOf('e'));
    expect(guarded).toBe(unguarded);
    const reached: unknown[] = [];
    await guardedToy(() => runToy('e', { draw: () => drawFromTheWorld(reached) }));
    expect(String(reached[0])).toMatch(/Math\.random.*virtual-repeat\.test\.ts:\d+:\d+/);
  });
});

const silentHandlers = { opened() {}, message() {}, closed() {} };

async function guardedToy<T>(run: () => Promise<T>): Promise<T> {
  using _guard = guardAmbient();
  return await run();
}

function drawFromTheWorld(caught: unknown[]): number {
  try {
    return Math.random();
  } catch (error) {
    caught.push(error);
    return 0;
  }
}
