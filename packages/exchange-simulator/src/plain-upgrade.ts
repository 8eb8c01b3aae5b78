import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Answers a request that asks for an upgrade which is not known, such as `h2c`, as if it had not asked: HTTP lets a server ignore it.
 * The connection ends with the answer, because its parser is gone.
 */
export function serveWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => undefined);
  if (!(socket instanceof Socket)) {
    socket.destroy();
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => {
    response.detachSocket(socket);
    endWith(socket);
  });
  server.emit('request', request, response);
}

/** Refuses an upgrade. `headers` are whole lines. */
export function turnAway(socket: Duplex, status: string, headers = ''): void {
  socket.on('error', () => undefined);
  endWith(socket, `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${headers}\r\n`);
}

/** Ends a connection. A client that keeps its own half open must not keep the connection alive. */
function endWith(socket: Duplex, text?: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(text);
}
