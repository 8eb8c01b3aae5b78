import type { Socket, SocketHandlers, SocketOptions } from '@venuekit/connector-core';
import WebSocket, { type ClientOptions, type RawData } from 'ws';

/** After an error the peer is told why, and has this long to take it, in milliseconds. */
const farewellMs = 1_000;

/** What `ws` gives for one message, as one piece of bytes. */
function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/**
 * Opens a WebSocket on `ws`. Compression is off (it costs far more than it saves on small frames, and a bomb could hide in it),
 * redirects are not followed, and messages have a bound.
 */
export function openSystemSocket(url: string, options: SocketOptions, handlers: SocketHandlers): Socket {
  const settings: ClientOptions = {
    maxPayload: options.maxMessageBytes,
    perMessageDeflate: false,
    followRedirects: false,
    ...(options.headers === undefined ? {} : { headers: { ...options.headers } }),
  };
  const socket = new WebSocket(url, settings);
  let failure = '';
  let httpStatus: number | undefined;

  socket.on('open', () => handlers.opened());
  socket.on('message', (data) => handlers.message(toBytes(data)));
  socket.on('unexpected-response', (request, response) => {
    httpStatus = response.statusCode;
    failure = `upgrade refused with HTTP ${httpStatus}`;
    response.resume();
    request.destroy();
    socket.terminate();
  });
  let dropping: NodeJS.Timeout | undefined;
  socket.on('error', (error) => {
    // Without this listener an error would end the process; `close` follows it.
    failure ||= error.message;
    // At once where there is no connection; else only if the peer answers the goodbye, for which nobody reads any more.
    dropping ??= setTimeout(() => socket.terminate(), farewellMs);
  });
  socket.on('close', (code, reason) => {
    clearTimeout(dropping);
    socket.removeAllListeners();
    // A late error of a dropped connection has no one left to hear it.
    socket.on('error', () => {});
    handlers.closed(code, failure || reason.toString(), httpStatus);
  });

  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code = 1000, reason = '') => socket.close(code, reason),
    terminate: () => socket.terminate(),
  };
}
