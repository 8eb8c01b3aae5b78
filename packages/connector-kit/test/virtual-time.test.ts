import { isVenueError } from '@venuekit/connector-core';
import { createVirtualWorld } from '@venuekit/connector-kit/testing';
import { describe, expect, test } from 'vitest';

function createStage() {
  const world = createVirtualWorld({ seed: 'time' });
  const fired: string[] = [];
  const set = (label: string, delayMs: number, act = (): void => {}): Disposable =>
    world.timers.setTimer(
      delayMs,
      () => {
        fired.push(label);
        act();
      },
      label,
    );
  return { world, fired, set };
}

describe('virtual time', () => {
  test('passes from timer to timer, in due order, and is the same for every reader of the step', async () => {
    const { world, fired, set } = createStage();
    const seen: number[][] = [];
    const look = (): void => void seen.push([world.clock.now(), world.clock.monotonic()]);
    set('late', 3_600_000, look);
    set('early', 0.25, look);
    expect(world.waiting).toEqual(['world/early', 'world/late']);
    expect(await world.run()).toBe('idle');
    expect(fired).toEqual(['early', 'late']);
    expect(seen).toEqual([
      [1_700_000_000_000, 0.25],
      [1_700_003_600_000, 3_600_000],
    ]);
    expect(world.steps).toBe(2);
  });

  test('adds delays exactly, in any order', async () => {
    const { world, set } = createStage();
    const chain = (delays: readonly number[]): void => {
      const [next, ...rest] = delays;
      if (next !== undefined) set('chain', next, () => chain(rest));
    };
    chain([0.1, 0.2, 0.7, 1_000.3]);
    chain([1_000.3, 0.7, 0.2, 0.1]);
    await world.run();
    expect(world.clock.monotonic()).toBe(1_001.3);
  });

  test('rounds delays up to whole microseconds and takes those below 0 as 0', async () => {
    const { world, set } = createStage();
    set('tiny', 0.000_01);
    set('below', -5);
    await world.run({ maxSteps: 1 });
    expect(world.clock.monotonic()).toBe(0);
    await world.run();
    expect(world.clock.monotonic()).toBe(0.001);
    expect(() => set('nothing', Number.NaN)).toThrow(/got NaN/);
  });

  test('waits between two steps until promise work has settled', async () => {
    const { world, set, fired } = createStage();
    set('first', 1, () => {
      void (async () => {
        for (let turn = 0; turn < 1_000; turn += 1) await Promise.resolve();
        await new Response(new Request('http://a.test', { method: 'POST', body: 'text' }).body).text();
        fired.push('settled');
      })();
    });
    set('second', 1.001);
    await world.run();
    expect(fired).toEqual(['first', 'settled', 'second']);
  });

  test('orders what is due at one instant by tie, then by creation', async () => {
    const ties = (label: string): number => ['world/b', 'world/c', 'world/a'].indexOf(label);
    const world = createVirtualWorld({ seed: 'ties', ties });
    const fired: string[] = [];
    for (const name of ['a1', 'b1', 'c1', 'a2', 'b2'])
      world.timers.setTimer(5, () => void fired.push(name), name.slice(0, 1));
    await world.run();
    expect(fired).toEqual(['b1', 'b2', 'c1', 'a1', 'a2']);
  });

  test('varies that order with the seed', async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 40; seed += 1) {
      const world = createVirtualWorld({ seed: `${seed}` });
      const fired: string[] = [];
      for (const name of ['a', 'b', 'c']) world.timers.setTimer(5, () => void fired.push(name), name);
      await world.run();
      orders.add(fired.join(''));
    }
    expect(orders.size).toBe(6);
  });
});

describe('a run', () => {
  test('ends with its time, which has passed even if nothing was left', async () => {
    const { world, set, fired } = createStage();
    set('inside', 10);
    set('outside', 10.001);
    expect(await world.run({ forMs: 10 })).toBe('time');
    expect([fired, world.clock.monotonic()]).toEqual([['inside'], 10]);
    expect(await world.run({ forMs: 10 })).toBe('idle');
    expect(world.clock.monotonic()).toBe(20);
  });

  test('ends with its condition, which is asked before the first step too', async () => {
    const { world, set, fired } = createStage();
    for (let at = 1; at <= 5; at += 1) set(`${at}`, at);
    expect(await world.run({ until: () => fired.length === 3 })).toBe('condition');
    expect(await world.run({ until: () => true })).toBe('condition');
    expect(fired).toEqual(['1', '2', '3']);
  });

  test('ends with its steps, and looks after each of them', async () => {
    const { world, set, fired } = createStage();
    for (let at = 1; at <= 5; at += 1) set(`${at}`, at);
    const seen: string[] = [];
    expect(await world.run({ maxSteps: 2, afterStep: () => void seen.push(fired.join('')) })).toBe('steps');
    expect(seen).toEqual(['1', '12']);
    const broken = (): void => {
      throw new Error('an invariant');
    };
    await expect(world.run({ afterStep: broken })).rejects.toThrow('an invariant');
    expect(await world.run()).toBe('idle');
  });

  test('goes on after a timer that throws, and tells of it', async () => {
    const { world, set, fired } = createStage();
    set('bad', 1, () => {
      throw new RangeError('oh');
    });
    set('good', 2);
    await world.run();
    expect(fired).toEqual(['bad', 'good']);
    expect(world.failures).toMatchObject([{ label: 'world/bad', atMs: 1, error: { message: 'oh' } }]);
  });

  test('is one at a time', async () => {
    const { world } = createStage();
    const first = world.run();
    const error: unknown = await world.run().catch((reason: unknown) => reason);
    expect(isVenueError(error) && error.code).toBe('invalid-options');
    await first;
  });

  test('does nothing in a world that is closed', async () => {
    const { world, set, fired } = createStage();
    const { runtime } = world.process('p').start();
    set('dropped', 1);
    runtime.timers.setTimer(1, () => void fired.push('p'), 'dropped too');
    world.close();
    set('refused', 1)[Symbol.dispose]();
    expect(world.waiting).toEqual([]);
    expect(await world.run()).toBe('idle');
    expect(fired).toEqual([]);
  });
});

test('a timer that was taken away is not fired; taking it away again does nothing', async () => {
  const { world, set, fired } = createStage();
  const timer = set('gone', 1);
  set('kept', 1);
  timer[Symbol.dispose]();
  timer[Symbol.dispose]();
  await world.run();
  timer[Symbol.dispose]();
  expect(fired).toEqual(['kept']);
});
