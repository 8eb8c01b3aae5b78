import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startChaosProxy } from '../src/chaos/index.ts';
import { countTimers, echo, openHandles, patternOf, startBench, turns, until } from './chaos-bench.ts';

/** Takes a port that a proxy has left; gives what frees it again. */
async function takePort(port: number): Promise<() => Promise<void>> {
  const thief = createServer();
  thief.listen(port, '127.0.0.1');
  await once(thief, 'listening');
  return async () => {
    thief.close();
    await once(thief, 'close');
  };
}

describe('without toxics', () => {
  test('bytes pass both ways and are counted', async () => {
    await using bench = await startBench();
    const [client, server] = await bench.pair();
    client.socket.write(patternOf(1_000));
    server.socket.write(patternOf(3_000));
    await until(() => server.received().length === 1_000 && client.received().length === 3_000);
    expect(server.received()).toEqual(patternOf(1_000));
    expect(client.received()).toEqual(patternOf(3_000));
    expect(bench.proxy.stats).toEqual({
      connections: 1,
      open: 1,
      bytesToServer: 1_000,
      bytesToClient: 3_000,
      refused: 0,
    });
  });

  test('a half-close is passed on, and the other way stays open', async () => {
    await using bench = await startBench();
    const [client, server] = await bench.pair();
    client.socket.end('last words');
    await until(() => server.ended);
    expect(server.received().toString()).toBe('last words');
    expect(client.ended).toBe(false);
    server.socket.end('the answer');
    await until(() => client.closed && server.closed && bench.proxy.stats.open === 0);
    expect(client.received().toString()).toBe('the answer');
    expect([client.failure, server.failure]).toEqual([undefined, undefined]);
  });

  test.each(['client', 'server'] as const)(
    'a reset by the %s is passed on, behind its bytes',
    async (who) => {
      await using bench = await startBench();
      const [client, server] = await bench.pair();
      const [dying, other] = who === 'client' ? [client, server] : [server, client];
      dying.socket.write('before', () => dying.socket.resetAndDestroy());
      await until(() => other.closed && bench.proxy.stats.open === 0);
      expect(other.received().toString()).toBe('before');
      expect(other.failure).toBe('ECONNRESET');
    },
  );

  test('a client whose server cannot be reached is reset, and counted as refused', async () => {
    await using bench = await startBench();
    await using lonely = await startChaosProxy({ target: { host: '127.0.0.1', port: 1 }, seed: 'x' });
    const client = await bench.dial(lonely.port);
    await until(() => client.closed && lonely.stats.open === 0);
    expect(client.failure).toBe('ECONNRESET');
    expect(lonely.stats).toMatchObject({ connections: 1, refused: 1 });
  });

  test('a client that is cut before its server is reached is not counted as refused', async () => {
    await using bench = await startBench();
    // Dies as soon as it is accepted: the server is still being dialled.
    bench.proxy.add({ kind: 'limit', bytes: 0, ending: 'reset' });
    const client = bench.knock();
    await until(() => client.closed && bench.proxy.stats.open === 0);
    expect(bench.served).toHaveLength(0);
    expect(bench.proxy.stats).toMatchObject({ connections: 1, refused: 0 });
  });
});

describe('cut', () => {
  test('resets every connection on both sides', async () => {
    await using bench = await startBench();
    const ends = [...(await bench.pair()), ...(await bench.pair())];
    bench.proxy.cut();
    await until(() => ends.every(({ closed }) => closed) && bench.proxy.stats.open === 0);
    expect(ends.map(({ failure }) => failure)).toEqual(Array(4).fill('ECONNRESET'));
    const [next, server] = await bench.pair();
    next.socket.write('a new one works');
    await until(() => server.received().toString() === 'a new one works');
  });

  test('with end, both sides see a peer that closed', async () => {
    await using bench = await startBench();
    const [client, server] = await bench.pair();
    bench.proxy.cut('end');
    await until(() => client.ended && server.ended);
    client.socket.end('too late');
    server.socket.end('too late');
    await until(() => client.closed && server.closed && bench.proxy.stats.open === 0);
    expect([client.failure, server.failure]).toEqual([undefined, undefined]);
    expect([client.received().length, server.received().length]).toEqual([0, 0]);
  });

  test('a reset may follow an end at once, and leaves no socket behind', async () => {
    await using bench = await startBench();
    const before = openHandles();
    const [client, server] = await bench.pair();
    bench.proxy.cut('end');
    bench.proxy.cut('reset');
    await until(() => client.ended || client.closed);
    client.socket.destroy();
    server.socket.destroy();
    await until(() => bench.proxy.stats.open === 0 && openHandles() === before);
  });
});

describe('hold and release', () => {
  test('nothing arrives while held, not even an end, and all of it afterwards', async () => {
    await using bench = await startBench();
    const [client, server] = await bench.pair();
    bench.proxy.hold();
    client.socket.end(patternOf(5_000));
    server.socket.write(patternOf(4_000));
    await turns(200);
    expect([server.received().length, client.received().length, server.ended]).toEqual([0, 0, false]);
    bench.proxy.release();
    await until(() => server.ended && client.received().length === 4_000);
    expect(server.received()).toEqual(patternOf(5_000));
    expect(client.received()).toEqual(patternOf(4_000));
  });

  test('nobody learns of a reset before the release', async () => {
    await using bench = await startBench();
    const [client, server] = await bench.pair();
    bench.proxy.hold();
    server.socket.resetAndDestroy();
    await turns(200);
    expect([client.closed, client.ended]).toEqual([false, false]);
    bench.proxy.release();
    await until(() => client.closed);
    expect(client.failure).toBe('ECONNRESET');
  });

  test('a new connection is accepted and carries nothing until the release', async () => {
    await using bench = await startBench(echo);
    bench.proxy.hold();
    const client = await bench.dial();
    client.socket.write('hello?');
    await turns(200);
    expect(client.received().length).toBe(0);
    bench.proxy.release();
    await until(() => client.received().toString() === 'hello?');
  });
});

describe('refuse and accept', () => {
  test('connections are refused and accepted again on the same port; open ones go on', async () => {
    await using bench = await startBench(echo);
    const [early] = await bench.pair();
    for (let round = 0; round < 3; round += 1) {
      bench.proxy.refuse();
      await expect(bench.dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      bench.proxy.accept();
      const late = await bench.dial();
      late.socket.write('late');
      await until(() => late.received().toString() === 'late');
    }
    early.socket.write('early');
    await until(() => early.received().toString() === 'early');
    expect(bench.proxy.stats.connections).toBe(4);
  });

  test('saying either twice, or both at once, changes nothing', async () => {
    await using bench = await startBench(echo);
    bench.proxy.accept();
    bench.proxy.refuse();
    bench.proxy.refuse();
    bench.proxy.accept();
    bench.proxy.refuse();
    await expect(bench.dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    bench.proxy.accept();
    await bench.pair();
  });

  test('a port that someone else took meanwhile is taken back once it is free', async () => {
    const runtime = countTimers();
    await using bench = await startBench(echo, { runtime });
    bench.proxy.refuse();
    const release = await takePort(bench.proxy.port);
    bench.proxy.accept();
    await until(() => runtime.delaysMs.length > 0);
    await release();
    await until(() => runtime.armed() === 0);
    await bench.pair();
  });
});

describe('close', () => {
  test('leaves no socket, timer or listener behind, whatever was going on', async () => {
    const runtime = countTimers();
    const before = openHandles();
    {
      await using bench = await startBench(echo, { runtime });
      const [slow] = await bench.pair();
      await bench.pair();
      bench.proxy.add({ kind: 'latency', latencyMs: 60_000 });
      slow.socket.write('on its way');
      await until(() => runtime.armed() === 1);
      bench.proxy.hold();
      const [held] = await bench.pair();
      held.socket.write(patternOf(100_000));
      bench.proxy.cut('end');
      bench.proxy.release();
      const [last] = await bench.pair();
      last.socket.write('on its way');
      await until(() => runtime.armed() === 1);
      bench.proxy.refuse();
      bench.proxy.accept();
      const closed = bench.proxy.close();
      expect(bench.proxy.close()).toBe(closed);
      await closed;
      expect(runtime.armed()).toBe(0);
      expect(bench.proxy.stats.open).toBe(0);
      await expect(bench.dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
    await until(() => openHandles() === before);
  });

  test('a proxy that waits for its port gives up', async () => {
    const runtime = countTimers();
    await using bench = await startBench(echo, { runtime });
    bench.proxy.refuse();
    const release = await takePort(bench.proxy.port);
    bench.proxy.accept();
    await until(() => runtime.armed() === 1);
    await bench.proxy.close();
    expect(runtime.armed()).toBe(0);
    await release();
    await expect(bench.dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('afterwards nothing can be added or accepted, and the rest does nothing', async () => {
    await using bench = await startBench();
    await bench.proxy.close();
    const closed = expect.objectContaining({ code: 'closed' });
    expect(() => bench.proxy.add({ kind: 'hang' })).toThrow(closed);
    expect(() => bench.proxy.accept()).toThrow(closed);
    for (const act of ['reset', 'cut', 'hold', 'release', 'refuse'] as const) bench.proxy[act]();
  });
});

describe('starting', () => {
  test('an address that cannot be listened on is refused with its name', async () => {
    await using bench = await startBench();
    const { port } = bench.proxy;
    const again = startChaosProxy({ target: { host: '127.0.0.1', port: 9 }, seed: 'x', port });
    await expect(again).rejects.toMatchObject({
      code: 'invalid-options',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });

  test.each([0, 1.5, -1, 65_536, Number.NaN])('a target with port %d is refused', async (port) => {
    const started = startChaosProxy({ target: { host: '127.0.0.1', port }, seed: 'x' });
    await expect(started).rejects.toMatchObject({ code: 'invalid-options' });
  });

  test('urlFor gives the same URL through the proxy', async () => {
    await using bench = await startBench();
    const { proxy, serverPort: port } = bench;
    const through = `127.0.0.1:${proxy.port}`;
    for (const [url, expected] of [
      [`http://localhost:${port}`, `http://${through}`],
      [`http://127.0.0.1:${port}/api?a=1`, `http://${through}/api?a=1`],
      [`ws://127.0.0.1:${port}/stream`, `ws://${through}/stream`],
      [`wss://name:word@example.test:${port}/#part`, `wss://name:word@${through}/#part`],
    ] as const) {
      expect(proxy.urlFor(url)).toBe(expected);
    }
    for (const url of ['nowhere', `ftp://127.0.0.1:${port}`, 'ws://127.0.0.1/stream']) {
      expect(() => proxy.urlFor(url), url).toThrow(expect.objectContaining({ code: 'invalid-options' }));
    }
  });
});
