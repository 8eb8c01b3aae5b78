import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVirtualStage } from './virtual-stream.ts';

describe('a stream without faults', () => {
  test('gives every frame once and in order, both ways, whatever the latencies and the gaps', async () => {
    const sends = fc.array(fc.record({ gapMs: fc.nat(5), up: fc.boolean() }), {
      minLength: 1,
      maxLength: 40,
    });
    const latency = fc.tuple(fc.nat(3), fc.nat(30));
    await fc.assert(
      fc.asyncProperty(fc.string(), sends, latency, async (seed, planned, [minMs, spreadMs]) => {
        const { world, link, sinks, heard, story, open } = createVirtualStage(seed);
        link.setLatency({ minMs, maxMs: minMs + spreadMs });
        const socket = await open();
        for (const [index, { gapMs, up }] of planned.entries()) {
          if (up) socket.send(`${index}`);
          else sinks[0]?.send(`${index}`);
          await world.run({ forMs: gapMs });
        }
        await world.run();
        const wanted = (up: boolean) =>
          planned.flatMap((each, index) => (each.up === up ? [`${index}`] : []));
        expect(heard).toEqual(wanted(true));
        expect(story).toEqual(['(opened)', ...wanted(false)]);
      }),
      { numRuns: 150 },
    );
  });

  test('is opened before the greeting that the server sends at once', async () => {
    const stage = createVirtualStage();
    const { world, dial, story } = stage;
    world.network.listen('greeter.test', {
      fetch: () => new Response(),
      openStream: (path, sink, headers) => {
        sink.send(`hello ${path} ${JSON.stringify(headers)}`);
        return { receive() {}, closed() {} };
      },
    });
    dial('wss://greeter.test/a/b?c=d');
    await world.run();
    expect(story).toEqual(['(opened)', 'hello /a/b?c=d {}']);
  });

  test('says of everything that was sent and delivered when it was', async () => {
    const { world, link, open } = createVirtualStage();
    link.setLatency({ minMs: 2.5, maxMs: 2.5 });
    const socket = await open();
    socket.send('line one\nline two');
    await world.run();
    expect(world.trace.lines).toEqual(
      expect.arrayContaining([
        '5 client>venue.test#1 send-to-server line one\\nline two',
        '7.5 venue.test timer client>venue.test#1 to-server',
        '7.5 client>venue.test#1 receive-to-server line one\\nline two',
      ]),
    );
  });
});

describe('the end of a stream', () => {
  test('by the client: a handshake after what was sent before; its code comes back', async () => {
    const { world, client, sinks, heard, story, open } = createVirtualStage();
    const socket = await open();
    socket.send('last');
    socket.close(4001, 'enough');
    socket.close(4002, 'twice');
    socket.send('too late');
    // The dial, the send and the close; what is done to a socket that is not open is no operation.
    expect(client.operations).toBe(3);
    sinks[0]?.send('still heard');
    expect(story).toEqual(['(opened)']);
    await world.run();
    expect(heard).toEqual(['last', '(closed)']);
    expect(story).toEqual(['(opened)', 'still heard', '(closed 4001 enough)']);
  });

  test('by the server: after what was sent before', async () => {
    const { world, sinks, heard, story, open } = createVirtualStage();
    await open();
    sinks[0]?.send('last');
    sinks[0]?.close(1012, 'restart');
    sinks[0]?.send('too late');
    await world.run();
    expect(story).toEqual(['(opened)', 'last', '(closed 1012 restart)']);
    expect(heard).toEqual(['(closed)']);
  });

  test('by terminate: told in a later step, once, and nothing is heard in between', async () => {
    const { world, sinks, heard, story, client, open } = createVirtualStage();
    const socket = await open();
    sinks[0]?.send('on its way');
    socket.terminate();
    socket.terminate();
    socket.send('nowhere');
    expect(story).toEqual(['(opened)']);
    expect(client.current?.left.sockets).toBe(1);
    await world.run({ maxSteps: 1 });
    expect(story).toEqual(['(opened)', '(closed 1006 )']);
    await world.run();
    sinks[0]?.send('to nobody');
    await world.run();
    expect(story).toHaveLength(2);
    expect(heard).toEqual(['(closed)']);
    expect(client.current?.left.sockets).toBe(0);
  });

  test('by terminate: nothing is heard in between also where it would arrive at the same instant', async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { world, link, sinks, story, open } = createVirtualStage(`${seed}`);
      link.setLatency({ minMs: 0, maxMs: 0 });
      const socket = await open();
      sinks[0]?.send('on its way');
      socket.terminate();
      await world.run();
      expect(story).toEqual(['(opened)', '(closed 1006 )']);
    }
  });

  test('by a server that cuts, once or twice', async () => {
    const { world, sinks, heard, story, open } = createVirtualStage();
    await open();
    sinks[0]?.cut();
    sinks[0]?.cut();
    await world.run();
    expect(story).toEqual(['(opened)', '(closed 1006 connection reset)']);
    expect(heard).toEqual(['(closed)']);
  });

  test('by a crash: the server hears of it, the dead client does not', async () => {
    const { world, link, client, sinks, heard, story, open } = createVirtualStage();
    const socket = await open();
    socket.send('before');
    sinks[0]?.send('to nobody');
    client.crash();
    socket.send('after');
    expect(link.streams).toBe(0);
    await world.run();
    expect(heard).toEqual(['before', '(closed)']);
    expect(story).toEqual(['(opened)']);
  });

  test('by a message that is too long: 1006 and the words of `ws`, after a handshake in which nothing is heard', async () => {
    const { world, dial, sinks, heard, story } = createVirtualStage();
    dial('ws://venue.test/', 4);
    await world.run();
    for (const frame of ['1234', '12345', '1']) sinks[0]?.send(frame);
    await world.run();
    expect(story).toEqual(['(opened)', '1234', '(closed 1006 Max payload size exceeded)']);
    expect(heard).toEqual(['(closed)']);
  });
});

describe('a stream that does not come to be', () => {
  test.each([
    ['ws://nobody.test/', '(closed 1006 connect ECONNREFUSED nobody.test)'],
    ['ws://venue.test/refused', '(closed 1006 upgrade refused with HTTP 429 429)'],
  ])('%s', async (url, ending) => {
    const { world, dial, story } = createVirtualStage();
    dial(url);
    expect(story).toEqual([]);
    await world.run();
    expect(story).toEqual([ending]);
  });

  test('closing while it is dialled tells 1006, and the server hears of its end', async () => {
    const { world, dial, heard, story, sinks } = createVirtualStage();
    dial().close();
    await world.run();
    expect(story).toEqual(['(closed 1006 )']);
    expect(sinks).toHaveLength(1);
    expect(heard).toEqual(['(closed)']);
  });
});

describe('what the receiver gets', () => {
  test('are bytes that are its own only during the call', async () => {
    const { world, runtime, sinks } = createVirtualStage();
    const kept: Uint8Array[] = [];
    const seen: string[] = [];
    const message = (bytes: Uint8Array): void => {
      kept.push(bytes);
      seen.push(new TextDecoder().decode(bytes));
    };
    const handlers = { opened() {}, closed() {}, message };
    runtime.openSocket('ws://venue.test/', { maxMessageBytes: 100 }, handlers);
    await world.run();
    sinks[0]?.send('precious');
    await world.run();
    expect(seen).toEqual(['precious']);
    expect(kept.map((bytes) => [...bytes])).toEqual([Array(8).fill(0)]);
  });

  test('a handler that throws is a failure of the world, and the next message comes', async () => {
    const { world, runtime, sinks } = createVirtualStage();
    let calls = 0;
    const message = (): void => {
      calls += 1;
      throw new Error('handler');
    };
    runtime.openSocket('ws://venue.test/', { maxMessageBytes: 100 }, { opened() {}, closed() {}, message });
    await world.run();
    sinks[0]?.send('1');
    sinks[0]?.send('2');
    await world.run();
    expect(calls).toBe(2);
    expect(world.failures.map(({ label, error }) => `${label} ${error}`)).toEqual(
      Array(2).fill('client/client>venue.test#1 to-client Error: handler'),
    );
  });

  test('beyond 64 KiB of what is not taken, the server sees bytes buffered, and hears when they are taken', async () => {
    const drains: number[] = [];
    const stage = createVirtualStage('slow', {
      drained: () => drains.push(stage.sinks[0]?.bufferedBytes ?? -1),
    });
    await stage.open();
    stage.link.hold();
    for (let sent = 0; sent < 3; sent += 1) stage.sinks[0]?.send('x'.repeat(30_000));
    expect(stage.sinks[0]?.bufferedBytes).toBe(90_000 - 65_536);
    stage.link.release();
    await stage.world.run();
    expect(drains).toEqual([0]);
  });

  test('a message that was made longer on the way counts as long as it is', async () => {
    const { link, open, sinks } = createVirtualStage();
    await open();
    link.hold();
    link.edit('to-client', () => 'ü'.repeat(40_000));
    sinks[0]?.send('short');
    expect(sinks[0]?.bufferedBytes).toBe(80_000 - 65_536);
  });
});
