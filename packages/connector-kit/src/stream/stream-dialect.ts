import type { VenueError } from '@venuekit/connector-core';

/** One thing to subscribe to: a channel of one symbol, in the venue's words. */
export interface Topic {
  readonly channel: string;
  readonly symbol: string;
}

/** What a message means for the session itself. */
export type StreamControl =
  /** The venue's greeting: the session may be used. */
  | { readonly type: 'ready' }
  /** The venue asks whether we are there. */
  | { readonly type: 'ping' }
  /** The answer to our ping. */
  | { readonly type: 'pong' }
  /**
   * The venue confirmed topics, or refused them where `error` is given. `id` is that of the subscribe message, where the venue
   * echoes it; no `topics` means all of that message.
   */
  | {
      readonly type: 'ack';
      readonly id: string | undefined;
      readonly topics: readonly Topic[];
      readonly error: VenueError | undefined;
    }
  /** The answer to our login: without an `error`, the session may be used. */
  | { readonly type: 'login'; readonly error: VenueError | undefined }
  /** The venue is about to close. */
  | { readonly type: 'closing'; readonly reason: string };

/** What a session must know about a venue's stream; all of it pure. `M` is the venue's decoded message. */
export interface StreamDialect<M> {
  /** Whether the session may be used, or logged in, when the socket is open, or only after the venue's greeting. */
  readonly readyOn: 'open' | 'greeting';
  /** @throws VenueError `protocol` for bytes that are not a message; they are counted and left out. */
  decode(bytes: Uint8Array): M;
  /** What the message means for the session; `undefined` for data. Acks are handed on to the owner too. */
  control(message: M): StreamControl | undefined;
  /** One message that subscribes to a channel of several symbols. */
  encodeSubscribe(id: string, channel: string, symbols: readonly string[]): string;
  /** One message that ends it. */
  encodeUnsubscribe(id: string, channel: string, symbols: readonly string[]): string;
  /**
   * The message that logs in, for a session that may be used only after the venue's answer to it, which is a control of type `login`.
   * Called when the message leaves, so that a time in it is that of its sending. The text is sent and not kept.
   * @throws VenueError that refuses the login as the venue's own answer would. Of anything else that is thrown, nothing is passed on.
   */
  encodeLogin?(): string;
  /** The message that asks whether the venue is there. */
  encodePing(): string;
  /** The answer to the venue's own question. */
  encodePong(): string;
}
