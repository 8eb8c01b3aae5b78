import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Serves a request that asks for an upgrade which is not known, such as `h2c`, as if it had not asked: HTTP lets a server ignore it. The server
 * has let go of the connection, and knows nothing of a body; so it is given the connection anew, with the request ahead of what is still to come.
 */
export function serveWithoutUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { method, url, httpVersion, rawHeaders } = request;
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.toLowerCase() !== 'upgrade') text += `${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`;
  socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/**
 * Lets an upgrade wait until everything that its connection was asked before has been answered: what is done about it earlier would come ahead of
 * those answers. It is forgotten if the connection ends meanwhile.
 * @param last is the newest answer of the connection, sent or not.
 */
export function whenAnswered(last: ServerResponse | undefined, socket: Duplex, act: () => void): void {
  if (last === undefined || last.closed) {
    act();
    return;
  }
  // The server listens to the connection no more.
  const ignore = (): void => undefined;
  const end = (): void => endWith(socket);
  socket.on('error', ignore);
  socket.once('end', end);
  last.once('close', () => {
    if (!socket.writable) return;
    socket.off('error', ignore);
    socket.off('end', end);
    // The server would end it as one that is not used.
    if (socket instanceof Socket) socket.setTimeout(0);
    act();
  });
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
