import { type Grant, type Lane, LimitError, type RateLimiter } from '@venuekit/rate-limiter';
import { toVenueError } from '../limits/limit-refusal.ts';
import { type ExchangeWatch, type HttpExchange, type HttpReply, runHttpExchange } from './http-exchange.ts';
import { readRetryAfterMs } from './retry-after.ts';

/** What a client asks before it sends anything. */
export interface HttpLimits {
  /** Share it between clients that the venue counts together. */
  readonly limiter: RateLimiter;
  /** Whom the venue counts together: closed for everybody by a reply of 429 or 418, or of 403 with a `Retry-After`. */
  readonly scope: string;
  /** How long the scope is closed by a reply that does not say how long, in milliseconds. */
  readonly unstatedPenaltyMs: number;
}

/** What one request counts as. */
export interface RequestLimit {
  /** Id of the limit. */
  readonly id: string;
  /** What the limit says if left out. */
  readonly weight?: number;
  /** `query` if left out. */
  readonly lane?: Lane;
}

/** Statuses that mean too many requests, whatever else they say. */
const tooManyStatuses = new Set([418, 429]);

/** The longest that a reply can close a scope, in milliseconds: a day. */
const longestPenaltyMs = 86_400_000;

/** Sends one request, once, as soon as there is room for it. The exchange's deadline is for the wait as well. */
export async function runLimitedExchange(
  exchange: HttpExchange,
  limits: HttpLimits,
  limit: RequestLimit,
  signal: AbortSignal | undefined,
): Promise<HttpReply> {
  const { limiter } = limits;
  const { method, origin, timeoutMs } = exchange;
  const { id, ...asked } = limit;
  const deadlineMs = limiter.now() + timeoutMs;
  const send = (grant: Grant): Promise<HttpReply> => {
    const leftMs = deadlineMs - limiter.now();
    if (leftMs <= 0) {
      grant.release();
      throw new LimitError({ code: 'deadline', message: `${id}: room only at its deadline` });
    }
    return runGranted(
      grant,
      (watch) => runHttpExchange(exchange, { signal, leftMs, watch }),
      exchange,
      limits,
    );
  };
  try {
    return await limiter.run(id, send, { ...asked, deadlineMs, ...(signal !== undefined && { signal }) });
  } catch (error) {
    throw toVenueError(error, { ...origin, timeoutMs, isCommand: method !== 'GET' });
  }
}

async function runGranted(
  grant: Grant,
  run: (watch: ExchangeWatch) => Promise<HttpReply>,
  { runtime }: HttpExchange,
  limits: HttpLimits,
): Promise<HttpReply> {
  let wasSent = false;
  try {
    return await run({
      sent: () => {
        wasSent = true;
        grant.sent();
      },
      replied: (status, headers) => {
        grant.replied();
        closeScope(limits, status, readRetryAfterMs(headers, runtime.clock.now()));
      },
    });
  } finally {
    if (!wasSent) grant.release();
  }
}

/** The venue wants to hear nothing for a while: then nobody of the scope asks it. */
function closeScope(
  { limiter, scope, unstatedPenaltyMs }: HttpLimits,
  status: number,
  retryAfterMs: number | undefined,
): void {
  const isPenalty = tooManyStatuses.has(status) || (status === 403 && retryAfterMs !== undefined);
  if (!isPenalty) return;
  const told = retryAfterMs === undefined ? 'without Retry-After' : `with Retry-After ${retryAfterMs} ms`;
  // No time at all, or one that is over, says no more than nothing; and no reply closes a scope for ever.
  const stated = retryAfterMs === undefined || retryAfterMs === 0 ? unstatedPenaltyMs : retryAfterMs;
  const untilMs = limiter.now() + Math.min(stated, longestPenaltyMs);
  limiter.penalise(scope, untilMs, `a request was answered with HTTP ${status} ${told}`);
}
