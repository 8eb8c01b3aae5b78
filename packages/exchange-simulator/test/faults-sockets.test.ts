import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  createExchangeSimulator,
  type ListeningSimulator,
  parseFault,
  startExchangeSimulator,
} from '../src/index.ts';
import { flush, openStage, transports } from './fault-stage.ts';
import { createPlainDialect, greeting, type PlainDialect } from './plain-dialect.ts';

describe.each(transports)('%s', (transport) => {
  test.each([
    ['refused-upgrade@0', 503],
    ['refused-upgrade@0,status=401', 401],
    ['refused-upgrade@0,status=429,seconds=9', 429],
    ['unreachable@0', 'reset'],
    ['hung-upgrade@0', 'hang'],
    ['venue-closed@0', 503],
    ['restart@0', 503],
    ['address-ban@0', 403],
    ['limit-ban@0', 429],
    ['limit-ban@0,status=403', 403],
    ['refuse@0', 503],
  ])('%s keeps streams away, for a while', async (fault, outcome) => {
    const stage = await openStage(transport);
    stage.inject({ ...parseFault(fault), durationSeconds: 5 });
    expect(await stage.connect()).toBe(outcome);
    await stage.pass(4_999);
    expect(await stage.connect()).toBe(outcome);
    await stage.pass(1);
    expect(await stage.connect()).toMatchObject({ texts: [] });
    expect(stage.dialect.heard).toEqual([]);
  });

  test.each([
    ['flap@0,count=3', 1000],
    ['flap@0,count=3,code=1006', 1006],
    ['flap@0,count=3,code=1012', 1012],
  ])('%s opens streams and closes them at once, without a word', async (fault, code) => {
    const stage = await openStage(transport);
    stage.inject(fault);
    for (let time = 0; time < 3; time += 1) {
      const client = await stage.client();
      await stage.pass(0);
      expect([await client.gone(), client.texts]).toEqual([code, []]);
    }
    const client = await stage.client();
    stage.dialect.publish('1');
    await client.settle();
    expect([client.texts, client.ended]).toEqual([['1'], undefined]);
  });

  test.each([
    ['drop@0', 1006],
    ['close@0', 1001],
    ['close@0,code=4001,value=bye', 4001],
    ['close@0,code=1006', 1006],
    ['venue-closed@0+1', 1006],
    ['restart@0+1', 1006],
    ['limit-ban@0+1', 1006],
    ['address-ban@0+1,address=127.0.0.1', 1006],
  ])('%s ends every stream', async (fault, code) => {
    const stage = await openStage(transport);
    const clients = [await stage.client(), await stage.client()];
    stage.inject(fault);
    stage.dialect.publish('never heard');
    for (const client of clients) expect([await client.gone(), client.texts]).toEqual([code, []]);
    await flush();
    expect(stage.truth.filter((entry) => entry.kind === 'stream' && entry.event === 'closed')).toHaveLength(
      2,
    );
  });

  test('what is meant for another address or path spares a stream', async () => {
    const stage = await openStage(transport);
    const client = await stage.client();
    for (const fault of [
      'close@0,address=10.0.0.1',
      'limit-ban@0,address=10.0.0.1',
      'address-ban@0,address=10.0.0.1',
      'close@0,path=nowhere',
    ])
      stage.inject(fault);
    stage.dialect.publish('heard');
    await client.settle();
    expect([client.texts, client.ended]).toEqual([['heard'], undefined]);
    expect(await stage.ask('GET', '/order')).toMatchObject({ status: 200 });
    expect(await stage.connect()).toMatchObject({ texts: [] });
  });

  test('half-open: streams that are there hear nothing and are not heard, new ones work', async () => {
    const stage = await openStage(transport);
    const dead = await stage.client();
    stage.inject('half-open@0');
    stage.dialect.publish('1');
    dead.send('into nothing');
    const alive = await stage.client();
    stage.dialect.publish('2');
    alive.send('hello');
    await alive.settle();
    await flush();
    expect([dead.texts, dead.ended, alive.texts]).toEqual([[], undefined, ['2']]);
    expect(stage.dialect.heard).toEqual(['hello']);
  });

  test('deaf: what clients send waits, and what they are sent does not', async () => {
    const stage = await openStage(transport);
    const client = await stage.client();
    stage.inject('deaf@0+10');
    client.send('a');
    client.send('b');
    stage.dialect.publish('1');
    await client.until(1);
    await stage.pass(9_999);
    expect(stage.dialect.heard).toEqual([]);
    await stage.pass(1);
    await client.settle();
    expect(stage.dialect.heard).toEqual(['a', 'b']);
  });

  test('a slow link: late, in order, no more than so many bytes in a second, and all of it counts as waiting', async () => {
    const stage = await openStage(transport);
    const client = await stage.client();
    stage.inject('slow-link@0,seconds=1,bytes=10');
    for (const text of ['0123456789', '01234', 'x']) stage.dialect.publish(text);
    const counts: number[] = [];
    for (const ms of [1_999, 1, 499, 1, 99, 1]) {
      await stage.pass(ms);
      await client.settle();
      counts.push(client.texts.length);
    }
    expect(counts).toEqual([0, 1, 1, 2, 2, 3]);
    expect(client.texts).toEqual(['0123456789', '01234', 'x']);
  });

  test('a slow link that has become fast again keeps the order', async () => {
    const stage = await openStage(transport);
    const client = await stage.client();
    stage.inject('slow-link@0+1,seconds=3');
    stage.dialect.publish('slow');
    await stage.pass(1_000);
    stage.dialect.publish('fast');
    await client.settle();
    expect(client.texts).toEqual([]);
    await stage.pass(2_000);
    await client.settle();
    stage.dialect.publish('free');
    await client.settle();
    expect(client.texts).toEqual(['slow', 'fast', 'free']);
  });

  test.each([
    ['slow-link@0,seconds=2', 2_000],
    ['slow-link@0+1,seconds=2', 2_000],
    ['slow-link@0,bytes=4', 2_000],
  ])('%s: an end comes behind what was sent before it, and nothing behind the end', async (fault, ms) => {
    const stage = await openStage(transport);
    const client = await stage.client();
    stage.inject(fault);
    const [sink] = stage.dialect.sinks;
    sink?.send('farewell');
    sink?.close(1000, '');
    sink?.send('too late');
    await stage.pass(ms - 1);
    await client.settle();
    expect([client.texts, client.ended]).toEqual([[], undefined]);
    await stage.pass(1);
    expect([await client.gone(), client.texts]).toEqual([1000, ['farewell']]);
  });

  test('the fault close comes behind what is on a slow link, too', async () => {
    const stage = await openStage(transport);
    const client = await stage.client();
    stage.inject('slow-link@0,seconds=2');
    stage.dialect.publish('before');
    stage.inject('close@0,code=4000');
    stage.dialect.publish('after');
    await stage.pass(2_000);
    expect([await client.gone(), client.texts]).toEqual([4000, ['before']]);
  });

  test('an end within a half-open while is made up for behind it', async () => {
    const stage = await openStage(transport);
    const client = await stage.client();
    stage.inject('half-open@0+5');
    for (const sink of [...stage.dialect.sinks]) sink.close(1000, 'no answer');
    await stage.pass(4_999);
    await flush();
    expect(client.ended).toBeUndefined();
    await stage.pass(1);
    expect(await client.gone()).toBe(1000);
    await flush();
    expect(stage.dialect.sinks.size).toBe(0);
  });

  test('a stream that nobody reads can be closed', async () => {
    const stage = await openStage(transport);
    const client = await stage.client();
    stage.inject('deaf@0');
    client.send('unheard');
    stage.inject('close@0');
    expect(await client.gone()).toBe(1001);
    expect(stage.dialect.heard).toEqual([]);
  });

  test('a message from nowhere reaches every stream', async () => {
    const stage = await openStage(transport);
    const clients = [await stage.client(), await stage.client()];
    stage.inject('foreign-frame@0,value={"m":"disconnected"%2C"code":1}');
    stage.inject('foreign-frame@0');
    for (const client of clients) {
      await client.settle();
      expect(client.texts).toEqual(['{"m":"disconnected","code":1}', '{}']);
    }
  });

  test('an ended fault lets streams in again, and one that is planned can be given up', async () => {
    const stage = await openStage(transport);
    const { faults, market } = stage.dialect.venue;
    const refusal = stage.inject('refused-upgrade@0');
    const planned = stage.inject('drop@5');
    expect(await stage.connect()).toBe(503);
    faults.end(refusal);
    const client = await stage.client();
    market.start();
    expect(faults.states).toMatchObject([{ id: planned, state: 'planned' }]);
    faults.end(planned);
    await stage.pass(10_000);
    await client.settle();
    expect([client.ended, stage.fired.drop]).toEqual([undefined, 0]);
  });
});

const running = new Set<() => Promise<void> | void>();

afterEach(async () => {
  for (const end of running) await end();
  running.clear();
});

interface Bare {
  readonly simulator: ListeningSimulator;
  readonly dialect: PlainDialect;
  readonly socket: Socket;
  /** Every byte behind the answer to the upgrade. */
  bytes(): Buffer;
}

/** A client that sees the bytes of its stream. */
async function openBare(): Promise<Bare> {
  const dialect = createPlainDialect();
  const market = { kind: 'synthetic', seed: 1, pairs: 1, traders: false } as const;
  const simulator = await startExchangeSimulator({ market, dialect });
  const { port, pathname } = new URL(simulator.endpoints.streamUrl);
  const socket = connect(Number(port), '127.0.0.1');
  let all = Buffer.alloc(0);
  socket.on('data', (data) => {
    all = Buffer.concat([all, data]);
  });
  socket.on('error', () => {});
  running.add(async () => {
    socket.destroy();
    await simulator.close();
  });
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  const end = '\r\n\r\n';
  const bytes = (): Buffer => all.subarray(all.indexOf(end) + end.length);
  while (!all.includes(greeting)) await flush();
  return { simulator, dialect, socket, bytes };
}

const greetingBytes = greeting.length + 2;

test('a sliced message is as many WebSocket fragments as it takes, and one message', async () => {
  const { simulator, dialect, bytes } = await openBare();
  simulator.inject(parseFault('sliced-frame@0,bytes=2'));
  dialect.publish('aé€z');
  while (bytes().length < greetingBytes + 4 * 2 + 7) await flush();
  const frames = bytes().subarray(greetingBytes);
  expect([0, 4, 8, 12].map((at) => [frames[at], frames[at + 1]])).toEqual([
    [0x01, 2],
    [0x00, 2],
    [0x00, 2],
    [0x80, 1],
  ]);
});

test('a reset within a message leaves a half of it on the wire', async () => {
  const { simulator, dialect, bytes, socket } = await openBare();
  simulator.inject(parseFault('reset-frame@0'));
  let code: string | undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code;
  });
  dialect.publish('x'.repeat(1_000));
  while (!socket.destroyed) await flush();
  expect(code).toBe('ECONNRESET');
  const frame = bytes().subarray(greetingBytes);
  expect([frame[0], frame[1], frame.readBigUInt64BE(2), frame.length]).toEqual([0x81, 127, 1_000n, 510]);
});

test('a flood of pings', async () => {
  const { simulator, bytes } = await openBare();
  simulator.inject(parseFault('ping-flood@0,times=500'));
  while (bytes().length < greetingBytes + 1_000) await flush();
  const pings = bytes().subarray(greetingBytes);
  expect(pings.every((byte, at) => byte === (at % 2 === 0 ? 0x89 : 0))).toBe(true);
});

test('a deaf exchange stops to read: what a client sends piles up at the client', async () => {
  const { simulator, socket } = await openBare();
  simulator.inject(parseFault('deaf@0'));
  // A masked text message of 60,000 bytes.
  const message = Buffer.concat([
    Buffer.from([0x81, 0xfe, 0xea, 0x60, 0, 0, 0, 0]),
    Buffer.alloc(60_000, 'x'),
  ]);
  let written = true;
  for (let time = 0; time < 1_000 && written; time += 1) {
    written = socket.write(message);
    if (!written) written = await drains(socket);
  }
  expect(written).toBe(false);
});

/** True if a socket takes more within many turns of the event loop. */
async function drains(socket: Socket): Promise<boolean> {
  for (let turn = 0; turn < 50; turn += 1) {
    if (!socket.writableNeedDrain) return true;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return false;
}

test('Retry-After says when to come back', async () => {
  const { simulator } = await openBare();
  simulator.inject(parseFault('refused-upgrade@0,status=429,seconds=7.1'));
  const socket = new WebSocket(simulator.endpoints.streamUrl);
  socket.on('error', () => {});
  const response = await new Promise<{ statusCode?: number; headers: Record<string, unknown> }>((resolve) =>
    socket.on('unexpected-response', (_request, got) => resolve(got as never)),
  );
  expect([response.statusCode, response.headers['retry-after']]).toEqual([429, '8']);
  socket.terminate();
});

test('connections that hang are given back on close', async () => {
  const { simulator } = await openBare();
  simulator.inject(parseFault('hung-upgrade@0'));
  simulator.inject(parseFault('lost-request@0'));
  const socket = new WebSocket(simulator.endpoints.streamUrl);
  const failed = new Promise((resolve) => socket.on('error', resolve));
  const request = fetch(`${simulator.endpoints.restUrl}/x`).catch((error: Error) => error.name);
  while (simulator.stats.faults['hung-upgrade'] + simulator.stats.faults['lost-request'] < 2) await flush();
  await simulator.close();
  expect([(await failed) instanceof Error, await request]).toEqual([true, 'TypeError']);
});

test('in memory, a deaf exchange answers pings behind the messages before them, when it hears again', async () => {
  const stage = await openStage('in memory');
  const pongs: string[] = [];
  const simulator = createExchangeSimulator({
    market: { kind: 'synthetic', seed: 1, pairs: 1, traders: false },
    ...{ runtime: stage.runtime, dialect: stage.dialect },
  });
  const stream = simulator.connect('/stream', {
    pong: (data) => void pongs.push(`${data} after ${stage.dialect.heard}`),
    ...{ send: () => {}, cut: () => {}, close: () => {}, bufferedBytes: 0 },
  });
  if ('refusedWith' in stream) throw new Error('expected a stream');
  simulator.inject(parseFault('deaf@0+5'));
  stream.receive('first');
  stream.pinged(new Uint8Array([7]));
  expect(pongs).toEqual([]);
  await stage.pass(5_000);
  expect(pongs).toEqual(['7 after first']);
  simulator.close();
});
