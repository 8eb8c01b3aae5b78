import { createVirtualWorld, type Incarnation } from '@venuekit/connector-kit/testing';
import { describe, expect, test } from 'vitest';
import { createVirtualStage } from './virtual-stream.ts';

describe('a process', () => {
  test('has one incarnation at a time, and what is shared ends with it', () => {
    const client = createVirtualWorld({ seed: 'p' }).process('client');
    const first = client.start();
    expect(() => client.start()).toThrow(/not alive/);
    const budget = first.runtime.shared('budget', () => ({}));
    expect(first.runtime.shared('budget', () => ({}))).toBe(budget);
    client.crash();
    client.crash();
    const second = client.start();
    expect(second.runtime.shared('budget', () => ({}))).not.toBe(budget);
    expect([first.alive, second.alive, first.number, second.number]).toEqual([false, true, 1, 2]);
    expect(client.current).toBe(second);
  });

  test('draws from its seed by name and key, and gives other ids in every incarnation', () => {
    const draw = (seed: string, name: string): readonly (number | string)[] => {
      const process = createVirtualWorld({ seed }).process(name);
      const { random, ids } = process.start().runtime;
      const drawn = [
        random.next('a'),
        random.next('a'),
        random.next('b'),
        ids.next('order'),
        ids.next('order'),
      ];
      process.crash();
      return [...drawn, process.start().runtime.ids.next('order')];
    };
    expect(draw('s', 'one')).toEqual(draw('s', 'one'));
    expect(new Set([...draw('s', 'one'), ...draw('s', 'two'), ...draw('t', 'one')]).size).toBe(18);
  });

  test('has a wall clock that jumps and a monotonic clock that does not', async () => {
    const world = createVirtualWorld({ seed: 'p', startMs: 1_000 });
    const client = world.process('client');
    const { clock } = client.start().runtime;
    await world.run({ forMs: 10.5 });
    client.shiftClock(-500);
    expect([clock.now(), clock.monotonic(), world.clock.now()]).toEqual([510, 10.5, 1_010]);
  });

  test('that is busy gets nothing; then its timers come first and what arrived after them, in order', async () => {
    const { world, link, client, runtime, sinks, story, open } = createVirtualStage();
    await open();
    link.setLatency({ minMs: 1, maxMs: 1 });
    sinks[0]?.send('1');
    sinks[0]?.send('2');
    runtime.timers.setTimer(
      50,
      () => void story.push(`timer at ${runtime.clock.monotonic() - stalledAt}`),
      't',
    );
    runtime.timers.setTimer(100, () => void story.push('on time'), 't');
    const stalledAt = runtime.clock.monotonic();
    client.stall(100);
    await world.run({ forMs: 99 });
    expect(story).toEqual(['(opened)']);
    await world.run();
    expect(story.slice(1, 3)).toEqual(['timer at 100', '1']);
    expect(story.slice(3).toSorted()).toEqual(['2', 'on time']);
  });

  test('that is busy does not keep others waiting', async () => {
    const world = createVirtualWorld({ seed: 'p' });
    const other = world.process('other').start();
    const client = world.process('client');
    client.start();
    client.stall(1_000);
    const fired: number[] = [];
    other.runtime.timers.setTimer(5, () => void fired.push(other.runtime.clock.monotonic()), 'other');
    await world.run();
    expect(fired).toEqual([5]);
  });

  test('says what it has not given back', async () => {
    const { world, link, client, runtime, open } = createVirtualStage();
    const socket = await open();
    const timer = runtime.timers.setTimer(1_000, () => {}, 'heartbeat');
    void runtime.fetch(new Request('http://venue.test/'));
    expect(client.current?.left).toEqual({ timers: ['heartbeat'], sockets: 1, requests: 1 });
    socket.close();
    timer[Symbol.dispose]();
    await world.run();
    expect(client.current?.left).toEqual({ timers: [], sockets: 0, requests: 0 });
    expect([link.streams, world.waiting]).toEqual([0, []]);
  });

  test('reports to the logger and the meter it is started with, while it is alive', () => {
    const client = createVirtualWorld({ seed: 'p' }).process('client');
    const said: string[] = [];
    const log = (message: string): void => void said.push(message);
    const logger = { debug: log, info: log, warn: log, error: log };
    const { runtime } = client.start({ logger, meter: { count: log, record: log } });
    const speak = (): void => {
      runtime.logger.warn('careful');
      runtime.meter.count('frames');
    };
    speak();
    client.crash();
    speak();
    expect(said).toEqual(['careful', 'frames']);
  });
});

/** Does everything that an incarnation can do. */
function useAll(incarnation: Incarnation, story: string[]): void {
  const { runtime, disk } = incarnation;
  runtime.timers.setTimer(1, () => void story.push('timer'), 'dead');
  const tell = (): void => void story.push('socket');
  const handlers = { opened: tell, message: tell, closed: tell };
  const socket = runtime.openSocket('ws://venue.test/', { maxMessageBytes: 10 }, handlers);
  socket.send('x');
  socket.close();
  socket.terminate();
  runtime.fetch(new Request('http://venue.test/')).then(
    () => void story.push('reply'),
    () => void story.push('failure'),
  );
  disk.append('file', 'line');
  disk.sync('file');
  disk.remove('kept');
  incarnation.record('note', 'text');
  disk.fail('EIO');
  runtime.random.next('key');
}

describe('a dead incarnation', () => {
  test('is inert in everything it does: no line, no operation, no call, nothing planned', async () => {
    const { world, client, executed, sinks, open } = createVirtualStage();
    const incarnation = client.current as Incarnation;
    const old = await open();
    incarnation.disk.append('kept', 'line');
    client.crash();
    await world.run();
    const before = [world.trace.hash, client.operations, sinks.length];
    const story: string[] = [];
    useAll(incarnation, story);
    old.send('x');
    old.close();
    old.terminate();
    await world.run({ forMs: 60_000 });
    expect([world.trace.hash, client.operations, sinks.length]).toEqual(before);
    expect([story, executed, world.waiting]).toEqual([[], [], []]);
    expect(client.start().disk.read('kept')).toEqual(['line']);
    expect(incarnation.disk.read('file')).toEqual([]);
  });

  test('hears nothing of what it had planned, and takes nothing from the chance of the next one', async () => {
    const secondDraw = async (whileDead: number): Promise<number> => {
      const { world, client, runtime } = createVirtualStage();
      const story: string[] = [];
      runtime.timers.setTimer(5, () => void story.push('timer'), 'pending');
      runtime.fetch(new Request('http://venue.test/')).then(
        () => void story.push('reply'),
        () => void story.push('failure'),
      );
      runtime.random.next('key');
      client.crash();
      for (let draw = 0; draw < whileDead; draw += 1) runtime.random.next('key');
      await world.run();
      expect([story, world.waiting]).toEqual([[], []]);
      return client.start().runtime.random.next('key');
    };
    expect(await secondDraw(3)).toBe(await secondDraw(0));
  });

  test('goes on inertly until it awaits, and what it throws is nobody’s failure', async () => {
    const { world, client, executed } = createVirtualStage();
    const { runtime, disk } = client.current as Incarnation;
    client.crashAt({ operation: 2, when: 'after', how: 'power' });
    const fire = (): void => {
      disk.append('file', 'first');
      disk.sync('file');
      disk.append('file', 'never');
      void runtime.fetch(new Request('http://venue.test/', { method: 'POST', body: 'never' }));
      throw new Error('late');
    };
    runtime.timers.setTimer(1, fire, 'work');
    await world.run();
    expect(client.current).toBeUndefined();
    expect(client.start().disk.read('file')).toEqual(['first']);
    expect([executed, world.failures]).toEqual([[], []]);
  });
});

describe('a crash that is planned', () => {
  test('must not be at an operation that is past', () => {
    const client = createVirtualWorld({ seed: 'p' }).process('client');
    client.start().disk.append('file', 'line');
    expect(() => client.crashAt({ operation: 1, when: 'before' })).toThrow(/above 1/);
    expect(() => client.crashAt({ operation: 2.5, when: 'before' })).toThrow(/above 1.*2\.5/);
    expect(client.operations).toBe(1);
  });
});
