/** Time, in milliseconds. */
export interface Clock {
  /** Wall time: milliseconds since the epoch, UTC. It may jump; use it for time stamps. */
  now(): number;
  /** Time that only goes forward, from an arbitrary start. Use it for durations. */
  monotonic(): number;
}

/** The only source of delays. */
export interface Timers {
  /**
   * Calls `fire` once after `delayMs`.
   * @param label names the timer in traces; timers of one kind share it.
   * @returns disposing it cancels the timer; disposing it again, or after it fired, does nothing.
   */
  setTimer(delayMs: number, fire: () => void, label: string): Disposable;
}

/** The only source of chance. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded). `key` names what it is for, so that a seeded source can draw by name. */
  next(key: string): number;
}

/** The only source of identifiers. */
export interface Ids {
  /** An identifier that this source has not given before; `kind` names what it is for. Letters and digits. */
  next(kind: string): string;
}

/** Values beside a log message. Never secrets. */
export type LogFields = Readonly<Record<string, string | number | bigint | boolean | undefined>>;

/** Where messages for operators go. The default writes nothing. */
export interface Logger {
  /** Details for the developer of a connector. */
  debug(message: string, fields?: LogFields): void;
  /** What an operator wants to know once. */
  info(message: string, fields?: LogFields): void;
  /** What an operator should look at. */
  warn(message: string, fields?: LogFields): void;
  /** What is broken. */
  error(message: string, fields?: LogFields): void;
}

/** Where counts go. The default counts nothing. */
export interface Meter {
  /** Adds `by` (1 if left out) to the counter `name`. */
  count(name: string, by?: number, labels?: Readonly<Record<string, string>>): void;
  /** Records one measured value, for example a duration in milliseconds. */
  record(name: string, value: number, labels?: Readonly<Record<string, string>>): void;
}

/** What a socket is opened with. */
export interface SocketOptions {
  /** A longer message closes the socket. */
  readonly maxMessageBytes: number;
  /** Extra headers of the upgrade request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What a socket tells its owner. All are given before the dial starts, so that no message is missed. After `closed`, nothing
 * more is called.
 */
export interface SocketHandlers {
  /** The connection is up. */
  opened(): void;
  /** One text or binary message, as bytes. The bytes belong to the receiver only during the call. */
  message(bytes: Uint8Array): void;
  /**
   * The connection is gone, or never came to be; called exactly once.
   * @param code the WebSocket close code; 1006 if the connection broke without one.
   * @param reason the peer's text, or what broke.
   * @param httpStatus the status with which the upgrade was refused, if it was.
   */
  closed(code: number, reason: string, httpStatus?: number): void;
}

/** A WebSocket, as connectors use it. */
export interface Socket {
  /** Sends one text message. Does nothing on a socket that is not open. */
  send(text: string): void;
  /** Starts the closing handshake. */
  close(code?: number, reason?: string): void;
  /** Drops the connection at once, for a peer that does not answer. `closed` follows. */
  terminate(): void;
}

/** Opens a WebSocket. Bring your own to go through a proxy or an agent. */
export type OpenSocket = (url: string, options: SocketOptions, handlers: SocketHandlers) => Socket;

/**
 * Everything that a connector takes from the world around it. Nothing is ambient: the system gives one implementation, a
 * simulation another, and one seed then drives it all.
 */
export interface Runtime {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly meter: Meter;
  /** HTTP. Bring your own to go through a proxy or an agent. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** WebSockets. */
  readonly openSocket: OpenSocket;
  /**
   * One object per key and runtime, made at the first call. Budgets that several connectors must share live here, under
   * `venue:host:scope`.
   */
  shared<T>(key: string, create: () => T): T;
}
