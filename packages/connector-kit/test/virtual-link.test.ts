import { describe, expect, test } from 'vitest';
import { createVirtualStage, type VirtualStage } from './virtual-stream.ts';

/** Sends 1 to 5 both ways with the faults that `arrange` asks for, and gives what arrived. */
async function exchanged(arrange: (stage: VirtualStage) => void): Promise<{
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly stage: VirtualStage;
}> {
  const stage = createVirtualStage();
  const socket = await stage.open();
  arrange(stage);
  for (const frame of ['1', '2', '3', '4', '5']) {
    socket.send(frame);
    stage.sinks[0]?.send(frame);
  }
  await stage.world.run();
  return { up: stage.heard, down: stage.story.slice(1), stage };
}

const all = ['1', '2', '3', '4', '5'];

describe('faults of the next messages', () => {
  test('drop, in the one direction only', async () => {
    const { up, down } = await exchanged(({ link }) => {
      link.drop('to-server');
      link.drop('to-server', 2);
    });
    expect(up).toEqual(['4', '5']);
    expect(down).toEqual(all);
  });

  test('duplicate', async () => {
    const { up, down } = await exchanged(({ link }) => link.duplicate('to-client', 2));
    expect(up).toEqual(all);
    expect(down).toEqual(['1', '1', '2', '2', '3', '4', '5']);
  });

  test('swap, once and again', async () => {
    expect((await exchanged(({ link }) => link.swap('to-client'))).down).toEqual(['2', '1', '3', '4', '5']);
    const twice = await exchanged(({ link }) => {
      link.swap('to-server');
      link.swap('to-server');
    });
    expect(twice.up).toEqual(['2', '1', '4', '3', '5']);
  });

  test('a swapped message that nothing follows arrives after a second, or before the end of the stream', async () => {
    const { world, link, heard, open } = createVirtualStage();
    const socket = await open();
    link.setLatency({ minMs: 0, maxMs: 0 });
    link.swap('to-server');
    socket.send('alone');
    await world.run({ forMs: 999 });
    expect(heard).toEqual([]);
    await world.run({ forMs: 1 });
    expect(heard).toEqual(['alone']);
    link.swap('to-server');
    socket.send('last');
    socket.close();
    await world.run();
    expect(heard).toEqual(['alone', 'last', '(closed)']);
  });

  test('edit, each change for one message', async () => {
    const { up } = await exchanged(({ link }) => {
      link.edit('to-server', (text) => `${text}!`);
      link.edit('to-server', (text) => `${text}?`);
    });
    expect(up).toEqual(['1!', '2?', '3', '4', '5']);
  });

  test('kinds meet on one message, and a dropped one leaves the others to the next', async () => {
    const { up } = await exchanged(({ link }) => {
      link.drop('to-server');
      link.edit('to-server', (text) => `${text}!`);
      link.duplicate('to-server');
    });
    expect(up).toEqual(['2!', '2!', '3', '4', '5']);
  });

  test('one that is doubled or late is not swapped as well: the swap waits for the next', async () => {
    const doubled = await exchanged(({ link }) => {
      link.duplicate('to-server');
      link.swap('to-server');
    });
    expect(doubled.up).toEqual(['1', '1', '3', '2', '4', '5']);
    const late = await exchanged(({ link }) => {
      link.delay('to-server', 5_000);
      link.swap('to-server');
    });
    expect(late.up).toEqual(['1', '3', '2', '4', '5']);
    expect(late.stage.world.clock.monotonic()).toBeGreaterThan(5_000);
  });

  test('delay: the message is late and those behind it wait', async () => {
    const { world, link, heard, open } = createVirtualStage();
    const socket = await open();
    link.setLatency({ minMs: 1, maxMs: 1 });
    link.delay('to-server', 500);
    socket.send('late');
    socket.send('behind');
    await world.run({ forMs: 500 });
    expect(heard).toEqual([]);
    await world.run({ forMs: 1 });
    expect(heard).toEqual(['late', 'behind']);
  });

  test('other links are not touched', async () => {
    const { up } = await exchanged(({ world }) =>
      world.network.link('other', 'venue.test').drop('to-server', 9),
    );
    expect(up).toEqual(all);
  });
});

describe('a cut', () => {
  test('loses what is under way, both ends hear of it once, and a new dial works', async () => {
    const { world, link, sinks, heard, story, open } = createVirtualStage();
    const socket = await open();
    socket.send('lost');
    sinks[0]?.send('lost');
    link.cut();
    socket.send('lost too');
    link.cut();
    await world.run();
    expect(heard).toEqual(['(closed)']);
    expect(story).toEqual(['(opened)', '(closed 1006 connection reset)']);
    const next = await open();
    next.send('arrives');
    await world.run();
    expect(heard).toEqual(['(closed)', 'arrives']);
  });

  test('that is done again does not put off the news of the first', async () => {
    const { world, link, story, open } = createVirtualStage();
    await open();
    link.setLatency({ minMs: 10, maxMs: 10 });
    for (let time = 0; time <= 10; time += 1) {
      link.cut();
      await world.run({ forMs: 1 });
    }
    expect(story).toEqual(['(opened)', '(closed 1006 connection reset)']);
  });

  test('in the middle of a closing handshake ends both sides all the same', async () => {
    const { world, link, heard, story, open } = createVirtualStage();
    const socket = await open();
    socket.close(1000, 'done');
    link.cut();
    await world.run();
    expect(heard).toEqual(['(closed)']);
    expect(story).toEqual(['(opened)', '(closed 1006 connection reset)']);
  });

  test('comes with the end of a server: its streams break and new dials are refused', async () => {
    const { world, story, dial } = createVirtualStage();
    const server = { fetch: () => new Response(), openStream: () => ({ receive() {}, closed() {} }) };
    const listening = world.network.listen('brief.test:8080', server);
    expect(() => world.network.listen('brief.test:8080', server)).toThrow(/brief\.test:8080/);
    dial('ws://brief.test:8080/');
    await world.run();
    listening[Symbol.dispose]();
    await world.run();
    dial('ws://brief.test:8080/');
    await world.run();
    expect(story).toEqual([
      '(opened)',
      '(closed 1006 connection reset)',
      '(closed 1006 connect ECONNREFUSED brief.test:8080)',
    ]);
  });

  test('comes with the end of a server once: ending it again leaves the next one alone', async () => {
    const { world, story, dial } = createVirtualStage();
    const server = { fetch: () => new Response(), openStream: () => ({ receive() {}, closed() {} }) };
    const first = world.network.listen('brief.test', server);
    first[Symbol.dispose]();
    world.network.listen('brief.test', { ...server });
    dial('ws://brief.test/');
    await world.run();
    first[Symbol.dispose]();
    dial('ws://brief.test/');
    await world.run();
    expect(story).toEqual(['(opened)', '(opened)']);
  });
});

describe('a hold', () => {
  test('lets nothing arrive and tells nobody; a release gives it all in order', async () => {
    const { world, link, sinks, heard, story, dial, open } = createVirtualStage();
    const socket = await open();
    socket.send('1');
    link.hold();
    socket.send('2');
    sinks[0]?.send('a');
    dial();
    await world.run({ forMs: 3_600_000 });
    expect([heard, story, sinks.length]).toEqual([[], ['(opened)'], 1]);
    socket.send('3');
    link.release();
    await world.run();
    expect(heard).toEqual(['1', '2', '3']);
    expect(story).toEqual(expect.arrayContaining(['(opened)', 'a']));
    expect(sinks).toHaveLength(2);
  });

  test('a client that gives up hears of its own end; the server only after the release', async () => {
    const { world, link, heard, story, open } = createVirtualStage();
    const socket = await open();
    link.hold();
    socket.terminate();
    await world.run({ forMs: 60_000 });
    expect(story).toEqual(['(opened)', '(closed 1006 )']);
    expect(heard).toEqual([]);
    link.release();
    await world.run();
    expect(heard).toEqual(['(closed)']);
  });
});

describe('a refusal', () => {
  test.each([
    ['connection', ['(closed 1006 connect ECONNREFUSED venue.test)']],
    ['silence', []],
    [503, ['(closed 1006 upgrade refused with HTTP 503 503)']],
  ] as const)('%s of dials, until they are accepted again', async (how, ending) => {
    const { world, link, story, sinks, dial, open } = createVirtualStage();
    link.refuse(how);
    dial();
    await world.run({ forMs: 3_600_000 });
    expect(story).toEqual(ending);
    expect(sinks).toHaveLength(0);
    link.accept();
    await open();
    expect(sinks).toHaveLength(1);
  });

  test('leaves streams that are open alone', async () => {
    const { world, link, heard, open } = createVirtualStage();
    const socket = await open();
    link.refuse('connection');
    socket.send('still here');
    await world.run();
    expect(heard).toEqual(['still here']);
    expect(link.streams).toBe(1);
  });
});

test('latencies are drawn evenly from their range', async () => {
  const tenths = new Set<number>();
  for (let seed = 0; seed < 80; seed += 1) {
    const { world, link, heard, open } = createVirtualStage(`${seed}`);
    const socket = await open();
    link.setLatency({ minMs: 10, maxMs: 20 });
    const fromMs = world.clock.monotonic();
    socket.send('late');
    await world.run({ until: () => heard.length === 1 });
    const latencyMs = world.clock.monotonic() - fromMs;
    expect(latencyMs).toBeGreaterThanOrEqual(10);
    expect(latencyMs).toBeLessThanOrEqual(20);
    tenths.add(Math.floor(latencyMs) - 10);
  }
  expect(tenths.size).toBe(10);
});

test('a latency that is no range is refused', () => {
  const { link } = createVirtualStage();
  for (const range of [
    { minMs: 2, maxMs: 1 },
    { minMs: -1, maxMs: 1 },
    { minMs: 0, maxMs: Number.NaN },
  ])
    expect(() => link.setLatency(range)).toThrow(/setLatency/);
});
