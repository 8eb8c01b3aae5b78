/** The server's end of one stream, as a server uses it. */
export interface VirtualStreamSink {
  /** Sends one text message. */
  send(text: string): void;
  /** Answers a ping of the client's WebSocket. Clients of a runtime send none, so nothing comes of it. */
  pong(data: Uint8Array): void;
  /** Ends the stream without a closing handshake. */
  cut(): void;
  /** Starts the closing handshake. */
  close(code: number, reason: string): void;
  /** Bytes that were sent beyond the 64 KiB that a connection takes without its reader. */
  readonly bufferedBytes: number;
}

/** One open stream, as the network uses it. */
export interface VirtualStream {
  /** Takes one message of the client. */
  receive(text: string): void;
  /** The stream is gone; called once. */
  closed(): void;
  /** The client took something of what was buffered. */
  drained?(): void;
  /** Takes a ping of the client's WebSocket; never called, because a runtime's sockets have no pings. */
  pinged?(data: Uint8Array): void;
}

/** A server in a virtual world. Its own delays come from the world's timers. */
export interface VirtualServer {
  /** Answers a request. What it throws becomes a reply with status 500 and a failure of the world. */
  fetch(request: Request): Response | Promise<Response>;
  /**
   * Takes or refuses a stream. What is sent at once comes right after the stream has opened.
   * @param path path and query of the URL.
   * @param headers what the client added to the upgrade request.
   */
  openStream(
    path: string,
    sink: VirtualStreamSink,
    headers: Readonly<Record<string, string>>,
  ): VirtualStream | { readonly refusedWith: number };
}
