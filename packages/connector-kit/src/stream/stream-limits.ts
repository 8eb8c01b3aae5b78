import { isLimitError, type RateLimiter } from '@venuekit/rate-limiter';

/** What a session asks of a limiter. Share the limiter between sessions that the venue counts together. */
export interface StreamLimits {
  readonly limiter: RateLimiter;
  /** Id of the limit of dials. It is held until the socket is gone, for limits of how many are open. */
  readonly dial: string;
  /** Id of the limit of subscribe and unsubscribe messages. */
  readonly subscribe: string;
  /** Id of the limit of pings and pongs, which ask in the lane `cancel`: reserve some room for it. Not counted if left out. */
  readonly ping?: string;
  /**
   * Scope by which the venue counts dials. It is closed for everybody when the venue refuses an upgrade with 403, 418 or 429.
   * Subscriptions and pings belong to another one: connections that stand are not to blame.
   */
  readonly scope: string;
}

/**
 * Sends a ping or a pong as one that counts. A limiter that cannot be asked does not hold it up: without it the connection would be
 * lost, and dialling costs more than a ping. One for which there is no room, not even to wait, is left out: more of them is what the
 * venue punishes.
 */
export async function sendCounted(
  { limiter, ping }: Pick<StreamLimits, 'limiter' | 'ping'>,
  send: () => void,
  signal: AbortSignal,
): Promise<void> {
  if (ping === undefined) {
    send();
    return;
  }
  try {
    await limiter.run(ping, send, { lane: 'cancel', signal });
  } catch (error) {
    if (!isLimitError(error)) throw error;
    if (error.code === 'unavailable' || error.code === 'closed') send();
  }
}
