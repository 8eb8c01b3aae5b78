import type { Incarnation } from '@venuekit/connector-kit/testing';
import { describe, expect, test } from 'vitest';
import { createVirtualStage } from './virtual-stream.ts';

describe('the end of a stream, as `ws` has it', () => {
  test('a close on a link that is held ends by itself after 30 seconds, with 1006', async () => {
    const { client, link, open, story, world } = createVirtualStage();
    const socket = await open();
    link.hold();
    socket.close();
    await world.run({ forMs: 29_999 });
    expect(story).toEqual(['(opened)']);
    await world.run({ forMs: 1 });
    expect(story).toEqual(['(opened)', '(closed 1006 )']);
    link.release();
    await world.run();
    expect(story).toHaveLength(2);
    expect(client.current?.left.sockets).toBe(0);
    expect(link.streams).toBe(0);
  });

  test('a close that is answered leaves no timer', async () => {
    const { open, world } = createVirtualStage();
    const socket = await open();
    socket.close();
    await world.run();
    expect(world.clock.monotonic()).toBeLessThan(1_000);
  });

  test.each([
    [1_006, '', 'First argument must be a valid error code number'],
    [999, '', 'First argument must be a valid error code number'],
    [5_000, '', 'First argument must be a valid error code number'],
    [4_000, 'ü'.repeat(62), 'The message must not be greater than 123 bytes'],
  ])('a close with %i and %j throws, and the socket waits for a terminate', async (code, reason, message) => {
    const { heard, open, sinks, story, world } = createVirtualStage();
    const socket = await open();
    expect(() => socket.close(code, reason)).toThrow(message);
    socket.send('not sent');
    sinks[0]?.send('still heard');
    await world.run({ forMs: 60_000 });
    expect([heard, story]).toEqual([[], ['(opened)', 'still heard']]);
    socket.terminate();
    await world.run();
    expect(story.at(-1)).toBe('(closed 1006 )');
  });

  test('a terminate may lose what the connection had no room for, by the seed, and never the rest', async () => {
    const counts = new Set<number>();
    for (let seed = 0; seed < 60; seed += 1) {
      const { heard, open, world } = createVirtualStage(`${seed}`);
      const socket = await open();
      const sent = ['a', 'b', 'c', 'd', 'e'].map((name) => name.repeat(30_000));
      for (const frame of sent) socket.send(frame);
      socket.terminate();
      await world.run();
      const frames = heard.slice(0, -1);
      expect(heard.at(-1)).toBe('(closed)');
      expect(frames).toEqual(sent.slice(0, frames.length));
      counts.add(frames.length);
    }
    expect(counts).toEqual(new Set([2, 3, 4, 5]));
  });

  test('a terminate in a closing handshake that was lost still ends the server', async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { heard, open, world } = createVirtualStage(`${seed}`);
      const socket = await open();
      for (let sent = 0; sent < 4; sent += 1) socket.send('x'.repeat(30_000));
      socket.close();
      socket.terminate();
      await world.run();
      expect(heard.at(-1)).toBe('(closed)');
      expect(heard.filter((frame) => frame === '(closed)')).toHaveLength(1);
    }
  });
});

describe('a crash', () => {
  test.each(['close', 'terminate'] as const)('may come before and after a %s', async (how) => {
    for (const when of ['before', 'after'] as const) {
      const { client, open, story, world } = createVirtualStage();
      const socket = await open();
      client.crashAt({ operation: 2, when });
      socket[how]();
      expect(client.current).toBeUndefined();
      const said = world.trace.lines.filter((line) => line.includes(` ${how}-to-server `));
      expect(said).toHaveLength(when === 'before' ? 0 : 1);
      await world.run();
      expect(story).toEqual(['(opened)']);
    }
  });

  test('may come before and after an abort', async () => {
    for (const when of ['before', 'after'] as const) {
      const { client, runtime, world } = createVirtualStage();
      const controller = new AbortController();
      const { signal } = controller;
      runtime.fetch(new Request('https://venue.test/', { signal })).catch(() => {});
      client.crashAt({ operation: 2, when });
      controller.abort();
      expect(client.current).toBeUndefined();
      expect(world.trace.lines.some((line) => line.includes(' aborted '))).toBe(when === 'after');
    }
  });
});

test('a request that was given up and then cut is forgotten', async () => {
  const { link, runtime, world } = createVirtualStage();
  for (let asked = 0; asked < 10; asked += 1) {
    const controller = new AbortController();
    const { signal } = controller;
    runtime.fetch(new Request('https://venue.test/', { signal })).catch(() => {});
    controller.abort();
    link.cut();
    await world.run();
  }
  // Only the inside of a link shows what it keeps.
  const { connections } = link as unknown as { readonly connections: ReadonlySet<object> };
  expect(connections.size).toBe(0);
});

test('what waits in a pipe is given at the same cost a piece, however much it is', async () => {
  const { link, open, sinks, story, world } = createVirtualStage();
  await open();
  link.hold();
  const count = 30_000;
  for (let sent = 0; sent < count; sent += 1) sinks[0]?.send(`${sent}`);
  link.release();
  await world.run();
  expect(story).toHaveLength(count + 1);
  expect(story.slice(1).every((frame, index) => frame === `${index}`)).toBe(true);
});

describe('a process', () => {
  test('that is busy stays so when a shorter busy time comes', async () => {
    const { client, runtime, world } = createVirtualStage();
    let firedAtMs = 0;
    runtime.timers.setTimer(
      1,
      () => {
        firedAtMs = runtime.clock.monotonic();
      },
      't',
    );
    client.stall(100);
    client.stall(10);
    await world.run();
    expect(firedAtMs).toBe(100);
    expect(() => client.stall(Number.NaN)).toThrow(/stall/);
  });

  test('keeps the shift of its clock over a restart', () => {
    const { client, world } = createVirtualStage();
    client.shiftClock(5_000);
    client.crash();
    const { runtime } = client.start() as Incarnation;
    expect(runtime.clock.now() - world.clock.now()).toBe(5_000);
    expect(() => client.shiftClock(Number.NaN)).toThrow(/shiftClock/);
  });
});

test('what looks after each step does so when promise work has settled', async () => {
  const { world } = createVirtualStage();
  let settled = 0;
  const act = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await null;
    settled += 1;
  };
  for (const atMs of [1, 2, 3]) world.timers.setTimer(atMs, () => void act(), `${atMs}`);
  const seen: number[] = [];
  await world.run({ afterStep: () => void seen.push(settled) });
  expect(seen).toEqual([1, 2, 3]);
});
