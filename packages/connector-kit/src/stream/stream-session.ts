import type { AsyncOptions } from '@venuekit/connector-core';
import { ReturningSession } from './returning-session.ts';
import type { Topic } from './stream-dialect.ts';
import { checkStreamLimits } from './stream-limits.ts';
import type { StreamSessionOptions, StreamState } from './stream-options.ts';
import { checkStreamUrl } from './stream-url.ts';
import type { Subscription, TopicObserver } from './subscriptions.ts';

/** A connection to a venue's stream that comes back by itself. */
export interface StreamSession {
  readonly state: StreamState;
  /** Rises with every dial: what belongs to an old connection can be told by it. */
  readonly epoch: number;
  /** True while the session waits for room in the limit of dials. */
  readonly isWaitingForRoom: boolean;
  /**
   * Dials once. Without room in the limit of dials it is refused at once with `rate-limited` and the time to wait; only a session
   * that was live before waits for room by itself. A session whose login was refused for good dials again only when this is called.
   * @throws VenueError `timeout`, `transport`, `venue-unavailable`, `rate-limited`, `closed`, or the error of a refused login:
   * `authentication`, `permission` and what else the dialect says.
   */
  connect(options?: AsyncOptions): Promise<void>;
  /** Wants a topic from now on, on every connection to come. */
  subscribe(topic: Topic, observer: TopicObserver): Subscription;
  /** Ends the current connection, which is of no more use, and dials again as after any other loss. */
  reconnect(reason: string): void;
  /** Sends one message if the session is live; says whether it did. */
  send(text: string): boolean;
  /** Ends everything at once; leaves no timer and no socket. */
  close(): Promise<void>;
}

/**
 * Makes a session. Nothing is dialled before `connect`.
 * @throws VenueError `invalid-options` for a bad URL, or a limit that its limiter does not have.
 */
export function createStreamSession<M>(options: StreamSessionOptions<M>): StreamSession {
  const { limits, url, venue } = options;
  checkStreamUrl(url, venue);
  checkStreamLimits(limits, venue);
  return new ReturningSession(options);
}
