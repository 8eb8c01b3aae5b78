import type { Runtime } from '@venuekit/connector-core';
import { createVenueLimiter, type LimitUse } from '../src/limits/index.ts';
import type { StreamLimits } from '../src/stream/stream-limits.ts';

/** How much a session of a test may do. */
export interface SessionLimitCounts {
  /** Dials in five minutes. */
  readonly dials?: number;
  /** Subscribe and unsubscribe messages in a minute. */
  readonly messages?: number;
}

/** Limits for one session, exact to the millisecond as manual time is. */
export function sessionLimits(
  runtime: Runtime,
  { dials = 20, messages = 1_000 }: SessionLimitCounts = {},
): StreamLimits {
  const limiter = createVenueLimiter({
    ...{ runtime, venue: 'v', allowanceMs: 0 },
    limits: [
      { id: 'dial', scope: 'ip', windows: [{ capacity: dials, windowMs: 300_000 }] },
      { id: 'subscribe', windows: [{ capacity: messages, windowMs: 60_000 }] },
    ],
  });
  return { limiter, dial: 'dial', subscribe: 'subscribe', scope: 'ip' };
}

/** A limit of so many requests a minute. */
export function minuteLimit(runtime: Runtime, count: number): LimitUse {
  const windows = [{ capacity: count, windowMs: 60_000 }];
  const limiter = createVenueLimiter({
    ...{ runtime, venue: 'v', allowanceMs: 0 },
    limits: [{ id: 'snapshot', windows }],
  });
  return { limiter, id: 'snapshot' };
}
