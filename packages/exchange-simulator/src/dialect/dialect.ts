/** The server's end of one stream, as a dialect uses it. If it throws, its stream is cut, and nobody else hears of it. */
export interface StreamSink {
  /** Sends one text message. */
  send(text: string): void;
  /** Answers a ping of the client's WebSocket. */
  pong(data: Uint8Array): void;
  /** Ends the stream without a closing handshake. */
  cut(): void;
  /** Starts the closing handshake. */
  close(code: number, reason: string): void;
  /** Bytes that were sent and are not on their way yet. */
  readonly bufferedBytes: number;
}

/** One open stream, as the transport uses it. */
export interface StreamConnection {
  /** Takes one message of the client. */
  receive(text: string): void;
  /** Takes a ping of the client's WebSocket. */
  pinged(data: Uint8Array): void;
  /** The client took something of what was buffered. */
  drained(): void;
  /** The stream is gone. Doing it again does nothing. */
  closed(): void;
}

/** How a venue speaks: its REST paths and its stream over one market. */
export interface Dialect {
  /** Path of the stream, for people. */
  readonly streamPath: string;
  /** True if a stream may be opened at `path`. */
  isStream(path: string): boolean;
  /** Answers a REST request. */
  fetch(request: Request): Response | Promise<Response>;
  /** Opens a stream; the greeting is sent at once. */
  openStream(sink: StreamSink): StreamConnection;
}
