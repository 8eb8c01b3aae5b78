import { isLimitError, type RateLimiter } from '@venuekit/rate-limiter';
import { requireLimits } from '../limits/limit-use.ts';

/** What a session asks of a limiter. Share the limiter between sessions that the venue counts together. */
export interface StreamLimits {
  readonly limiter: RateLimiter;
  /**
   * Limiter of everything but dials, for venues that count the messages of each connection by itself: sessions then share `limiter`, and
   * each has its own one here. `limiter` if left out.
   */
  readonly messages?: RateLimiter;
  /** Id of the limit of dials. It is held until the socket is gone, for limits of how many are open. */
  readonly dial: string;
  /** Id of the limit of subscribe and unsubscribe messages. */
  readonly subscribe: string;
  /** Id of the limit of pings and pongs, which ask in the lane `cancel`: reserve some room for it. Not counted if left out. */
  readonly ping?: string;
  /** Id of the limit of logins, which ask in the lane `cancel` too. Counted as a ping if left out. */
  readonly login?: string;
  /**
   * Scope by which the venue counts dials. It is closed for everybody when the venue refuses an upgrade with 403, 418 or 429.
   * Subscriptions and pings belong to another one: connections that stand are not to blame.
   */
  readonly scope: string;
}

/** The limiter of messages on the connection. */
export function messageLimiter({ limiter, messages = limiter }: StreamLimits): RateLimiter {
  return messages;
}

/**
 * Checks once that the limiters know what a session will ask of them.
 * @throws VenueError `invalid-options` naming the first limit or scope that is missing.
 */
export function checkStreamLimits(limits: StreamLimits, venue: string): void {
  const { dial, limiter, login, ping, scope, subscribe } = limits;
  const origin = { venue, operation: 'stream' };
  const ids = [subscribe, ping, login].filter((id) => id !== undefined);
  requireLimits(limiter, { ids: [dial], scopes: [scope] }, origin);
  requireLimits(messageLimiter(limits), { ids }, origin);
}

/**
 * Sends a ping, a pong or a login as one that counts. A limiter that cannot be asked does not hold it up: without it the connection would be
 * lost, and dialling costs more than a ping. One for which there is no room, not even to wait, is left out: more of them is what the
 * venue punishes.
 */
export async function sendCounted(
  limits: StreamLimits,
  id: string | undefined,
  send: () => void,
  signal: AbortSignal,
): Promise<void> {
  if (id === undefined) {
    send();
    return;
  }
  try {
    await messageLimiter(limits).run(id, send, { lane: 'cancel', signal });
  } catch (error) {
    if (!isLimitError(error)) throw error;
    if (error.code === 'unavailable' || error.code === 'closed') send();
  }
}
