import type { Random } from '@venuekit/connector-core';
import type { User, UserNames } from '../users/user-types.ts';
import type { Venue } from '../venue/venue.ts';

/** What a message to a client is about, so that faults can strike messages of one kind. */
export interface FrameLabel {
  /** As the dialect names its channels, such as `depth` or `order`; of answers, what they answer. */
  readonly channel: string;
  readonly symbol?: string;
}

/** The server's end of one stream, as a dialect uses it. If it throws, its stream is cut, and nobody else hears of it. */
export interface StreamSink {
  /** Sends one text message. */
  send(text: string, label?: FrameLabel): void;
  /** Answers a ping of the client's WebSocket. */
  pong(data: Uint8Array): void;
  /** Ends the stream without a closing handshake. */
  cut(): void;
  /** Starts the closing handshake. */
  close(code: number, reason: string): void;
  /** Bytes that were sent and are not on their way yet. */
  readonly bufferedBytes: number;
}

/** One open stream, as the transport uses it. One that throws is cut, and nobody else hears of it. */
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

/** Who sends a request. */
export interface Caller {
  /** IP address. */
  readonly address: string;
}

/** A request to open a stream. */
export interface StreamRequest extends Caller {
  /** Path with its query, if there is one. */
  readonly path: string;
  /** Of the upgrade. */
  readonly headers: Headers;
}

/** How a venue speaks, over one exchange. */
export interface OpenDialect {
  /** Path of the public stream, for people. */
  readonly streamPath: string;
  /** True if a stream may be opened at `path`, which has no query. */
  isStream(path: string): boolean;
  /** Answers a REST request. What it throws is answered with HTTP 500 and its message. */
  fetch(request: Request, caller: Caller): Response | Promise<Response>;
  /** The HTTP status with which a stream is refused, for a path that {@link OpenDialect.isStream}; `undefined` if it may be opened. */
  refuseStream(request: StreamRequest): number | undefined;
  /** Opens a stream that is not refused; the greeting is sent at once. */
  openStream(request: StreamRequest, sink: StreamSink): StreamConnection;
}

/** The way in which a venue speaks: its REST paths, its stream, its names, its limits. */
export interface Dialect {
  /** For people, such as `ascendex`. */
  readonly name: string;
  /** Names of a new customer; `number` counts from 1, and `random` decides the rest. */
  nameUser(number: number, random: Random): UserNames;
  /** Id of an order that a customer places by hand, without a program; letters and digits if left out. */
  nameOrder?(user: User, atMs: number, random: Random): string;
  /** Begins to serve an exchange; called once, before anything happens there. */
  open(venue: Venue): OpenDialect;
}
