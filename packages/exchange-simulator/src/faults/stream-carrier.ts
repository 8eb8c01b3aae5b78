import type { StreamSink } from '../dialect/dialect.ts';

/** The server's end of a stream, with what only a real socket can do; in memory it has none of that. */
export interface StreamCarrier extends StreamSink {
  /** Sends one message as fragments of so many bytes. */
  sendInPieces?(text: string, bytes: number): void;
  /** Sends the first half of a message, and resets the connection. */
  cutWithin?(text: string): void;
  /** Sends a ping of the WebSocket. */
  ping?(): void;
  /** Stops to read from the socket. */
  pause?(): void;
  /** Reads again. */
  resume?(): void;
}
