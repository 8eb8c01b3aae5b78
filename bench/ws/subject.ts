/** A connection that takes messages, whoever opened it. */
export interface WsConnection {
  /** From now on every message goes there, in order. */
  listen(hear: (frame: Buffer) => void): void;
  /** Says something to the server. */
  send(text: string): void;
}

/** A way to take messages from the network. */
export interface WsSubject {
  /** Resolves once the connection stands. */
  open(url: string): Promise<WsConnection>;
}
