import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { depthStream } from '../depth/depth-stream.ts';
import { workload } from './workload.ts';

const keySuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * All messages as they are on the wire, in one piece: a server that writes them one by one is slower than its client, which would then be
 * measured waiting.
 */
const burst = Buffer.concat(depthStream(workload).frames.map(toWire));
const server = createServer().on('upgrade', (request, socket) => {
  const key = `${request.headers['sec-websocket-key']}${keySuffix}`;
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on('error', () => socket.destroy());
  // Whatever a client says means: again.
  socket.on('data', () => socket.write(burst));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());

/** One text message, in one frame. */
function toWire(message: Buffer): Buffer {
  const long = message.length > 125;
  if (message.length > 65_535) throw new Error(`expected at most 65535 bytes, got ${message.length}`);
  const head = Buffer.from(
    long ? [0x81, 126, message.length >> 8, message.length & 0xff] : [0x81, message.length],
  );
  return Buffer.concat([head, message]);
}
