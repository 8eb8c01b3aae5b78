import type { Runtime } from '@venuekit/connector-core';
import {
  createRateLimiter,
  type LimitDefinition,
  type LimiterEvent,
  type LocalRateLimiter,
  type RateLimiterOptions,
} from '@venuekit/rate-limiter';

/** What a limiter of a venue is made of. */
export interface VenueLimiterOptions<Id extends string = string>
  extends Pick<RateLimiterOptions<Id>, 'allowanceMs' | 'sharePercent' | 'patience' | 'maxWaiting'> {
  /** Clock, timers, and where counts and warnings go. */
  readonly runtime: Runtime;
  /** Venue id, for counts and warnings. */
  readonly venue: string;
  readonly limits: readonly LimitDefinition<Id>[];
}

/**
 * Makes a limiter in the time of a runtime. What happens is counted: `rate_limit_admitted`, `rate_limit_refused`,
 * `rate_limit_penalties`, `rate_limit_late` and `rate_limit_others_used`, and waits are recorded in milliseconds as
 * `rate_limit_wait_ms`. A penalty is also a warning of the logger.
 * @throws LimitError `invalid-limits`, `invalid-request`.
 */
export function createVenueLimiter<const Id extends string>({
  runtime,
  venue,
  ...options
}: VenueLimiterOptions<Id>): LocalRateLimiter<Id> {
  const { clock, timers } = runtime;
  return createRateLimiter<Id>({
    ...options,
    time: {
      now: () => clock.monotonic(),
      setTimer: (delayMs, fire, label) => timers.setTimer(delayMs, fire, label),
    },
    observe: (event) => tell(runtime, venue, event),
  });
}

function tell({ clock, logger, meter }: Runtime, venue: string, event: LimiterEvent): void {
  switch (event.kind) {
    case 'admitted':
      meter.count('rate_limit_admitted', 1, { venue, limit: event.limit, lane: event.lane });
      meter.record('rate_limit_wait_ms', event.waitedMs, { venue, limit: event.limit, lane: event.lane });
      break;
    case 'refused':
      meter.count('rate_limit_refused', 1, { venue, limit: event.limit, code: event.code });
      break;
    case 'late':
      meter.count('rate_limit_late', event.weight, { venue, limit: event.limit });
      break;
    case 'others-used':
      meter.count('rate_limit_others_used', event.weight, { venue, limit: event.limit });
      break;
    case 'penalty': {
      const { scope, untilMs, reason } = event;
      meter.count('rate_limit_penalties', 1, { venue, scope });
      const waitMs = Math.max(0, Math.ceil(untilMs - clock.monotonic()));
      logger.warn(`${venue}: nothing of scope ${scope} goes out for ${waitMs} ms: ${reason}`, {
        scope,
        waitMs,
      });
      break;
    }
    case 'failure':
      logger.error(`${venue}: the rate limiter had a failure: ${String(event.error)}`);
      break;
    case 'pardon':
      break;
  }
}
