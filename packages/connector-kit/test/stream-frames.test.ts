import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { expect, test } from 'vitest';
import type { StreamStateChange } from '../src/stream/stream-options.ts';
import { createStreamSession } from '../src/stream/stream-session.ts';
import { manualDialect } from './manual-stream.ts';
import { sessionLimits } from './session-limits.ts';

const text = 0x1;
const binary = 0x2;
const continued = 0x0;
const close = 0x8;

/** The beginning of a frame as servers send it: not masked. */
function header(opcode: number, size: number, isLast = true): Buffer {
  const first = (isLast ? 0x80 : 0) | opcode;
  if (size < 126) return Buffer.from([first, size]);
  const head = Buffer.alloc(10);
  head.writeUInt8(first, 0);
  head.writeUInt8(127, 1);
  head.writeBigUInt64BE(BigInt(size), 2);
  return head;
}

const frame = (opcode: number, payload: Buffer, isLast = true): Buffer =>
  Buffer.concat([header(opcode, payload.length, isLast), payload]);

/** Answers an upgrade request, by hand, so that every byte that follows is the test's. */
async function upgrade(socket: Socket): Promise<void> {
  const [request] = (await once(socket, 'data')) as [Buffer];
  const [, key = ''] = /sec-websocket-key: *(\S+)/i.exec(request.toString()) ?? [];
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

/** One byte after the other, each in a packet of its own. */
async function drip(socket: Socket, bytes: Buffer): Promise<void> {
  socket.setNoDelay(true);
  for (const byte of bytes) {
    socket.write(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
}

/** A session with a server whose bytes are the test's. */
async function setUp() {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const runtime = createSystemRuntime();
  const states: StreamStateChange[] = [];
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  const tell = (): void => {
    for (const look of [...waiting]) look();
  };
  /** Resolves when something is so. */
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        waiting.splice(waiting.indexOf(look), 1);
        resolve();
      };
      waiting.push(look);
      look();
    });
  const session = createStreamSession({
    ...{ runtime, venue: 'v', dialect: { ...manualDialect, readyOn: 'open' } },
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    limits: sessionLimits(runtime),
    maxMessageBytes: 64 * 1024,
    takeBytes: (bytes) => {
      taken.push(Buffer.from(bytes).toString());
      tell();
      return true;
    },
    onState: (change) => {
      states.push(change);
      tell();
    },
    ...{ onMessage() {}, onRefusedFrame() {} },
  });
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const connecting = session.connect();
  const [socket] = await accepted;
  socket.on('error', () => {});
  await upgrade(socket);
  await connecting;
  const end = async (): Promise<void> => {
    await session.close();
    socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { end, session, socket, states, taken, until };
}

test('a message that comes byte by byte, or in several frames, is one message', async () => {
  const { end, socket, taken, until } = await setUp();
  const long = 'x'.repeat(300);
  await drip(socket, Buffer.concat([frame(text, Buffer.from('sliced')), frame(binary, Buffer.from(long))]));
  const pieces = ['in ', 'three ', 'pieces'].map((piece) => Buffer.from(piece)) as [Buffer, Buffer, Buffer];
  await drip(socket, frame(text, pieces[0], false));
  await drip(socket, frame(continued, pieces[1], false));
  await drip(socket, frame(continued, pieces[2]));
  await until(() => taken.length === 3);
  expect(taken).toEqual(['sliced', long, 'in three pieces']);
  await end();
});

const tooLong: readonly (readonly [string, Buffer])[] = [
  ['one that says that it will be, before it comes', header(binary, 100 * 1024 * 1024)],
  [
    'one whose pieces are together',
    Buffer.concat([
      frame(binary, Buffer.alloc(40_000), false),
      frame(continued, Buffer.alloc(40_000), false),
      header(continued, 1),
    ]),
  ],
];

test.each(tooLong)('a message that is too long ends the connection with 1009: %s', async (_, bytes) => {
  const { end, session, socket, states, taken, until } = await setUp();
  const answer = once(socket, 'data') as Promise<[Buffer]>;
  socket.write(bytes);
  const [closing] = await answer;
  expect([closing[0], maskedCode(closing)]).toEqual([0x80 | close, 1_009]);
  socket.end();
  await until(() => states.some(({ state }) => state === 'down'));
  expect(states.at(-1)?.reason).toMatch(/Max payload size exceeded/);
  expect([session.state, taken]).toEqual(['down', []]);
  await end();
});

test('a peer that keeps its side open after a message that is too long is left within two seconds', async () => {
  const { end, session, socket, states, until } = await setUp();
  const begun = performance.now();
  socket.write(header(binary, 100 * 1024 * 1024));
  await until(() => states.some(({ state }) => state === 'down'));
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect(states.at(-1)?.reason).toMatch(/Max payload size exceeded/);
  expect(session.state).toBe('down');
  await end();
});

/** The code of a closing frame, which clients mask. */
function maskedCode(bytes: Buffer): number {
  const [, , a = 0, b = 0, , , high = 0, low = 0] = bytes;
  return ((high ^ a) << 8) | (low ^ b);
}
