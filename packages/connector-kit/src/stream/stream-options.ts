import type { Runtime, VenueError } from '@venuekit/connector-core';
import type { BackoffOptions } from './backoff.ts';
import type { KeepAliveOptions } from './keep-alive.ts';
import type { StreamDialect } from './stream-dialect.ts';
import type { StreamLimits } from './stream-limits.ts';
import type { SubscriptionOptions } from './subscriptions.ts';

/**
 * `idle` before the first dial; `down` between a lost connection and the next one, and after a login that was refused for good;
 * `closed` for good.
 */
export type StreamState = 'idle' | 'connecting' | 'live' | 'down' | 'closed';

/** The session changed. */
export interface StreamStateChange {
  readonly state: StreamState;
  /** Why, in a few words; `undefined` where the state says it all. */
  readonly reason: string | undefined;
  /** With `down`: local time of the last frame that came, in milliseconds since the epoch. */
  readonly sinceMs?: number;
  /**
   * With `down`: why the session does not come back by itself. The venue refused the login with `authentication` or `permission`,
   * which another dial would not change; nothing is dialled until `connect` is called again.
   */
  readonly error?: VenueError;
}

/** What a session is made of. */
export interface StreamSessionOptions<M> {
  readonly runtime: Runtime;
  /** Venue id for errors. */
  readonly venue: string;
  readonly url: string;
  readonly dialect: StreamDialect<M>;
  /**
   * The first look at every frame of a live connection, before it is decoded: true if it was data and has been taken, then nothing else
   * sees it; false to have it decoded. The bytes are valid only during the call. What it throws is told as a refused frame.
   */
  readonly takeBytes?: (bytes: Uint8Array, receivedAtMs: number) => boolean;
  /** Every other message, acks and pongs included, with the local time at which its bytes came. */
  readonly onMessage: (message: M, receivedAtMs: number) => void;
  /** Every change of state, in order. */
  readonly onState: (change: StreamStateChange) => void;
  /** A frame that could not be decoded or handled; it is left out. */
  readonly onRefusedFrame: (error: VenueError) => void;
  /** Limits of dials, of subscribe and unsubscribe messages, of pings and of logins. */
  readonly limits: StreamLimits;
  readonly keepAlive?: KeepAliveOptions;
  readonly subscriptions?: SubscriptionOptions;
  readonly backoff?: BackoffOptions;
  /** Time in which a dial must lead to a usable session, login included, in milliseconds; 10,000 by default. */
  readonly handshakeTimeoutMs?: number;
  /** A longer message ends the connection; 4 MiB by default. */
  readonly maxMessageBytes?: number;
}
