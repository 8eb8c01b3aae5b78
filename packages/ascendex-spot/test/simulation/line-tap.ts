import type { Runtime, SocketHandlers } from '@venuekit/connector-core';

/** What a tap at the line tells. */
export interface LineTap {
  dialled(): void;
  sent(text: string): void;
  /** A frame of a connection that is not over is about to be given to the client. */
  frame(text: string): void;
  /** A request is handed over. */
  asked(): void;
  /** The head of a reply came. */
  answered(status: number): void;
  /** The client ends the connection, or hears of its end; once. */
  ended(httpStatus: number | undefined): void;
}

/** The same runtime, with somebody who sees what goes over its line in either direction, and nothing that others add to it. */
export function tapLine(runtime: Runtime, tap: LineTap): Runtime {
  return {
    ...runtime,
    fetch: async (request) => {
      tap.asked();
      const reply = await runtime.fetch(request);
      tap.answered(reply.status);
      return reply;
    },
    openSocket: (url, options, handlers) => {
      let isOver = false;
      const end = (httpStatus?: number): void => {
        if (!isOver) tap.ended(httpStatus);
        isOver = true;
      };
      const tapped: SocketHandlers = {
        opened: () => handlers.opened(),
        message: (bytes) => {
          if (!isOver) tap.frame(Buffer.from(bytes).toString());
          handlers.message(bytes);
        },
        closed: (code, reason, httpStatus) => {
          end(httpStatus);
          handlers.closed(code, reason, httpStatus);
        },
      };
      tap.dialled();
      const socket = runtime.openSocket(url, options, tapped);
      return {
        send: (text) => {
          tap.sent(text);
          socket.send(text);
        },
        close: (code, reason) => {
          end();
          socket.close(code, reason);
        },
        terminate: () => {
          end();
          socket.terminate();
        },
      };
    },
  };
}
