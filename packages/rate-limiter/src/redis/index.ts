import { LimitError } from '../limit-error.ts';
import { Limiter } from '../limiter.ts';
import type { RateLimiter, RateLimiterOptions } from '../rate-limiter.ts';
import { invalidRequest } from '../request-check.ts';
import { isRedisClient, type RedisClient } from './redis-client.ts';
import { RedisGate } from './redis-gate.ts';
import { RedisStore } from './redis-store.ts';
import { StoreAway, type WhenAway } from './store-away.ts';

export type { IoredisClient, NodeRedisClient, RedisClient } from './redis-client.ts';
export type { WhenAway } from './store-away.ts';

/** What a shared limiter is made with. */
export interface RedisRateLimiterOptions<Id extends string = string> extends RateLimiterOptions<Id> {
  /** A connected client of `ioredis` or `redis`. It stays the caller's to close. */
  readonly client: RedisClient;
  /**
   * Names what is shared: limiters with the same prefix on the same server count together, and should have the same limits. For
   * example `binance:1.2.3.4`.
   */
  readonly keyPrefix: string;
  /** What to do while the store cannot be reached. There is no default: it is a decision about your ban. */
  readonly whenAway: WhenAway;
  /** How long the store may take to answer, in milliseconds; 1,000 by default. Then it counts as away. */
  readonly replyTimeoutMs?: number;
  /** How often a store that is away is tried, in milliseconds; 1,000 by default. */
  readonly retryMs?: number;
  /** How long what a process holds of a `concurrent` limit outlives the process, in milliseconds; 10,000 by default. */
  readonly leaseMs?: number;
  /**
   * How long a process whose turn it is may take to come, in milliseconds; 500 by default. One that crashed while it waited holds
   * the others up by this much, once.
   */
  readonly turnGraceMs?: number;
}

/** A limiter whose limits are shared by all processes on one store. */
export type SharedRateLimiter<Id extends string = string> = RateLimiter<Id>;

/**
 * Makes a limiter that shares its limits through Redis. One atomic script takes everything that a request needs, or nothing, by the
 * server's clock. Processes take turns: each brings the first of its own queue, and the order among those is first come, first
 * served.
 *
 * Windows begin at the store, so the allowance has to cover the way from there too: half of it is for that, and a grant that took
 * longer is given back and asked for again. `replied()` does not end a window early.
 *
 * Room that comes back early, and a pardon, are used at once by the process that gave them and within a second by the others. What
 * is held of a `concurrent` limit is renewed until its grant is done, also after `close()`.
 *
 * @throws LimitError `invalid-limits`, also for an allowance under 10 ms and for policies of your own; `invalid-request` for other
 * options.
 */
export function createRedisRateLimiter<const Id extends string>(
  options: RedisRateLimiterOptions<Id>,
): SharedRateLimiter<Id> {
  const { client, keyPrefix, whenAway, limits } = options;
  const { replyTimeoutMs = 1_000, retryMs = 1_000, leaseMs = 10_000, turnGraceMs = 500 } = options;
  if (!isRedisClient(client))
    throw invalidRequest(undefined, 'client', 'a client of ioredis or redis', client);
  if (typeof keyPrefix !== 'string' || keyPrefix === '' || !keyPrefix.isWellFormed())
    throw invalidRequest(undefined, 'keyPrefix', 'a well-formed text that is not empty', keyPrefix);
  checkWhenAway(whenAway);
  for (const [name, value] of Object.entries({ replyTimeoutMs, retryMs, leaseMs, turnGraceMs })) {
    if (!(Number.isFinite(value) && value > 0))
      throw invalidRequest(undefined, name, 'a time above 0', value);
  }
  const limiter = new Limiter(options, (owner) => {
    const store = new RedisStore(client, owner.settings.time, replyTimeoutMs);
    const away = new StoreAway({ owner, whenAway, definitions: limits, retryMs });
    const gate = new RedisGate({
      owner,
      store,
      away,
      keyPrefix,
      leaseMs,
      turnGraceMs,
      answerMs: replyTimeoutMs,
    });
    gate.changing(limits);
    return gate;
  });
  return limiter as unknown as SharedRateLimiter<Id>;
}

function checkWhenAway(whenAway: WhenAway): void {
  if (whenAway === 'refuse') return;
  const percent: unknown = typeof whenAway === 'object' ? whenAway?.sharePercent : whenAway;
  if (Number.isSafeInteger(percent) && (percent as number) >= 1 && (percent as number) <= 100) return;
  const message = "whenAway: expected 'refuse', or a sharePercent from 1 to 100";
  throw new LimitError({ code: 'invalid-request', field: 'whenAway', message });
}
