import { createHash } from 'node:crypto';
import type { Socket as TcpSocket } from 'node:net';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { expect, test } from 'vitest';
import { patternOf, startBench, until } from './chaos-bench.ts';

/** Constant of the WebSocket protocol, RFC 6455 section 1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const messageBytes = 1_000;

/** Answers an upgrade, with the head of the reply before the first frame; then sends one binary message after another. */
function serveMessages(socket: TcpSocket): void {
  let request = '';
  socket.on('data', (bytes: Buffer) => {
    request += bytes.toString('latin1');
    const key = /^sec-websocket-key: (.+)\r$/im.exec(request)?.[1];
    if (!request.endsWith('\r\n\r\n') || key === undefined) return;
    request = '';
    socket.write(replyTo(key));
    const frame = Buffer.concat([
      Buffer.of(0x82, 126, messageBytes >> 8, messageBytes & 255),
      patternOf(messageBytes),
    ]);
    socket.write(Buffer.concat([frame, frame, frame]));
  });
}

function replyTo(key: string): string {
  const accept = createHash('sha1').update(`${key}${guid}`).digest('base64');
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  return `${[...head, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`;
}

/** The head of the reply has the same length for every key. */
const headBytes = replyTo('x').length;

interface Seen {
  readonly messages: number[];
  readonly closings: number[];
}

function open(url: string): Seen {
  const seen: Seen = { messages: [], closings: [] };
  createSystemRuntime().openSocket(
    url,
    { maxMessageBytes: 10_000 },
    {
      opened() {},
      message: (bytes) => void seen.messages.push(bytes.length),
      closed: (code) => void seen.closings.push(code),
    },
  );
  return seen;
}

test.each(['reset', 'end'] as const)(
  'a connection that dies in the middle of a frame (%s) gives the whole messages and closes with 1006',
  async (ending) => {
    await using bench = await startBench(({ socket }) => serveMessages(socket));
    const bytes = headBytes + 4 + messageBytes + 4 + messageBytes / 2;
    bench.proxy.add({ kind: 'limit', bytes, ending, direction: 'to-client' });
    const seen = open(bench.proxy.urlFor(`ws://127.0.0.1:${bench.serverPort}/stream`));
    await until(() => seen.closings.length > 0);
    expect(bench.proxy.stats.bytesToClient).toBe(bytes);
    expect(seen).toEqual({ messages: [messageBytes], closings: [1006] });
  },
);

test('a handshake and messages in single bytes are only slower', async () => {
  await using bench = await startBench(({ socket }) => serveMessages(socket));
  bench.proxy.add({ kind: 'slicer', sliceBytes: 1 });
  const seen = open(bench.proxy.urlFor(`ws://127.0.0.1:${bench.serverPort}/stream`));
  await until(() => seen.messages.length === 3);
  expect(seen).toEqual({ messages: [messageBytes, messageBytes, messageBytes], closings: [] });
  bench.proxy.cut();
  await until(() => seen.closings.length > 0);
  expect(seen.closings).toEqual([1006]);
});
