import type { Incarnation, VirtualLink } from '@venuekit/connector-kit/testing';
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
      const lost = sent.length - frames.length;
      const said = world.trace.lines.map((line) => / lost-to-server (.*)$/.exec(line)?.[1]);
      expect(said.filter((line) => line !== undefined)).toEqual(lost === 0 ? [] : [`${lost} at the end`]);
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

/** What a link keeps: only its inside shows it. */
function keptBy(link: VirtualLink): { readonly connections: number; readonly pipes: number } {
  const inside = link as unknown as Readonly<Record<'connections' | 'pipes', ReadonlySet<object>>>;
  return { connections: inside.connections.size, pipes: inside.pipes.size };
}

const nothingKept = { connections: 0, pipes: 0 };

describe('a link forgets', () => {
  test('a request that was given up and then cut', async () => {
    const { link, runtime, world } = createVirtualStage();
    for (let asked = 0; asked < 10; asked += 1) {
      const controller = new AbortController();
      const { signal } = controller;
      runtime.fetch(new Request('https://venue.test/', { signal })).catch(() => {});
      controller.abort();
      link.cut();
      await world.run();
    }
    expect(keptBy(link)).toEqual(nothingKept);
  });

  test('a request that was given up on its way, once it has arrived', async () => {
    const { executed, link, runtime, world } = createVirtualStage();
    const controller = new AbortController();
    const { signal } = controller;
    runtime.fetch(new Request('https://venue.test/', { signal })).catch(() => {});
    controller.abort();
    expect(keptBy(link).connections).toBe(1);
    await world.run();
    expect(executed).toEqual(['']);
    expect(keptBy(link)).toEqual(nothingKept);
  });

  test.each<[string, (link: VirtualLink) => void]>([
    ['as it should', () => {}],
    ['with an answer of the link', (link) => link.answer({ status: 500, body: '' })],
    ['with a reset before', (link) => link.reset('before')],
    ['with a reset after', (link) => link.reset('after')],
    ['with a body that breaks', (link) => link.breakBody(1)],
    ['with a refusal', (link) => link.refuse('connection')],
    ['with a status', (link) => link.refuse(503)],
  ])('a request that ended %s', async (_how, arrange) => {
    const { link, runtime, world } = createVirtualStage();
    arrange(link);
    const body = 'order';
    runtime.fetch(new Request('https://venue.test/', { method: 'POST', body })).catch(() => {});
    await world.run();
    expect(keptBy(link)).toEqual(nothingKept);
  });

  test.each<[string, (link: VirtualLink) => void]>([
    ['that is lost', (link) => link.loseRequest()],
    ['whose reply is lost', (link) => link.loseReply()],
    ['that meets silence', (link) => link.refuse('silence')],
    ['whose body stalls', (link) => link.stallBody(1)],
  ])('a request %s once it is given up, cut, or its process is dead', async (_what, arrange) => {
    for (const end of ['abort', 'cut', 'crash'] as const) {
      const { client, link, runtime, world } = createVirtualStage();
      arrange(link);
      const controller = new AbortController();
      const { signal } = controller;
      runtime.fetch(new Request('https://venue.test/', { signal })).catch(() => {});
      await world.run();
      expect(client.current?.left.requests).toBe(1);
      if (end === 'abort') controller.abort();
      else if (end === 'cut') link.cut();
      else client.crash();
      await world.run();
      expect(keptBy(link)).toEqual(nothingKept);
    }
  });

  test.each(['close', 'terminate', 'cut', 'crash', 'close by the server', 'cut by the server'])(
    'a stream after a %s',
    async (end) => {
      const { client, link, open, sinks, world } = createVirtualStage();
      const socket = await open();
      if (end === 'close' || end === 'terminate') socket[end]();
      else if (end === 'cut') link.cut();
      else if (end === 'crash') client.crash();
      else if (end === 'cut by the server') sinks[0]?.cut();
      else sinks[0]?.close(1_000, '');
      await world.run();
      expect(keptBy(link)).toEqual(nothingKept);
      expect(link.streams).toBe(0);
    },
  );

  test('a dial that was refused', async () => {
    const { dial, link, world } = createVirtualStage();
    for (const how of ['connection', 503] as const) {
      link.refuse(how);
      dial();
    }
    await world.run();
    expect(keptBy(link)).toEqual(nothingKept);
    expect(link.streams).toBe(0);
  });
});

test('what a client sends to a server that is gone already is lost, and uses up no fault', async () => {
  const { link, open, sinks, world } = createVirtualStage();
  const socket = await open();
  sinks[0]?.cut();
  link.drop('to-server');
  socket.send('late');
  expect(link.pending).toEqual(['drop to-server']);
  expect(world.trace.lines.at(-1)).toMatch(/ lost-to-server late$/);
});

test('an answer to a request that was given up is not in the trace', async () => {
  const { executed, runtime, world } = createVirtualStage();
  const controller = new AbortController();
  const { signal } = controller;
  runtime
    .fetch(new Request('https://venue.test/', { method: 'POST', body: 'order', signal }))
    .catch(() => {});
  await world.run({ maxSteps: 1 });
  controller.abort();
  await world.run();
  expect(executed).toEqual(['order']);
  expect(world.trace.lines.filter((line) => line.includes(' reply'))).toEqual([]);
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

  test('keeps the shifts of its clock, which add up, over a restart', () => {
    const { client, world } = createVirtualStage();
    client.shiftClock(7_000);
    client.shiftClock(-2_000);
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
